//! Every article that was read within a month, with its sums, and the best of each list: kept up to date view by view, so that what a
//! refresh costs follows what was read since the last, not how large the portal is. Knows no database.

use std::collections::{HashMap, HashSet};

use super::by::{By, Window};
use super::part::Reads;
use super::top::{Entry, Top};
use super::weight::Weight;

/// Minutes that the hour and the day look back over, the present one among them.
pub const MINUTES: [i64; 2] = [60, 24 * 60];

/// Hours that the week and the month look back over, the present one among them.
pub const HOURS: [i64; 2] = [7 * 24, 30 * 24];

/// How much older what has twice as many views may be, in milliseconds.
const TWICE_MILLIS: i64 = 2 * 24 * 3_600_000;

/// From some time before anything was published until 1970, in units of [`TWICE_MILLIS`].
const LONG_AGO: i64 = 1 << 15;

/// The number of a list and what it is ordered by.
pub type ListName = (i64, By);

/// What readers' lists say of an article that they show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The numbers of its lists (`db::Scope`).
    pub scopes: Vec<i64>,
    /// Milliseconds since 1970.
    pub published_at: i64,
    /// Views that it came with from elsewhere.
    pub imported: i64,
}

/// How often an article was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// In the hour, the day, the week and the month.
    pub windows: [u32; 4],
    /// In all, with what it came with from elsewhere.
    pub all: i64,
}

impl Counts {
    /// In `window`.
    pub fn within(&self, window: Window) -> i64 {
        self.windows.get(window as usize).map_or(self.all, |views| i64::from(*views))
    }
}

/// What was read of an article until now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sums {
    /// In the hour, the day, the week and the month.
    pub windows: [u32; 4],
    /// Here, in all, as of part number `until`.
    pub counted: i64,
    /// What earlier parts say is in `counted` already.
    pub until: i64,
    /// Fading.
    pub weight: Weight,
}

#[derive(Clone, Debug, Default)]
struct Stand {
    sums: Sums,
    /// None: readers do not see it.
    facts: Option<Facts>,
}

impl Stand {
    fn all(&self) -> i64 {
        self.sums.counted + self.facts.as_ref().map_or(0, |facts| facts.imported)
    }

    /// The score in each order, by its number; 0: not in the list.
    fn scores(&self) -> [u64; By::EVERY.len()] {
        let [hour, day, week, month] = self.sums.windows.map(u64::from);
        let Some(facts) = self.facts.as_ref().filter(|_| month > 0) else { return [0; By::EVERY.len()] };
        let all = u64::try_from(self.all()).unwrap_or(0);
        [hour, day, week, month, all, self.sums.weight.score(), fresh(all, facts.published_at)]
    }
}

/// 2^40.
const UNIT: f64 = 1_099_511_627_776.0;

#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn exact(number: i64) -> f64 {
    number as f64
}

/// A number that orders articles by views for their age at any time: the logarithm of the views to the base of two, and one for each
/// two days since 1790 when it was published, in units of 2^-40.
fn fresh(views: u64, published_at: i64) -> u64 {
    let whole = published_at.div_euclid(TWICE_MILLIS) + LONG_AGO;
    let fraction = exact(published_at.rem_euclid(TWICE_MILLIS)) / exact(TWICE_MILLIS);
    #[expect(clippy::cast_possible_truncation, reason = "below 2^47")]
    let rest = ((exact(i64::try_from(views).unwrap_or(i64::MAX)).log2() + fraction) * UNIT).round() as i64;
    u64::try_from((whole << 40) + rest).unwrap_or(0).max(1)
}

/// What a score of [`By::Fresh`] is worth at `now` (milliseconds since 1970): the views that an article published now would need.
pub fn fresh_worth(score: u64, now: i64) -> f64 {
    let whole = i64::try_from(score >> 40).unwrap_or(0) - LONG_AGO - now.div_euclid(TWICE_MILLIS);
    let rest = exact(i64::try_from(score & ((1 << 40) - 1)).unwrap_or(0)) / UNIT;
    (exact(whole) + rest - exact(now.rem_euclid(TWICE_MILLIS)) / exact(TWICE_MILLIS)).exp2()
}

/// The best of a list in each order, by its number.
#[derive(Debug, Default)]
struct Orders {
    tops: [Top; By::EVERY.len()],
    /// Those that may have changed.
    touched: [bool; By::EVERY.len()],
}

/// See the module.
#[derive(Debug)]
pub struct Board {
    /// The last minute of the windows, since 1970.
    minute: i64,
    stands: HashMap<i64, Stand>,
    lists: HashMap<i64, Orders>,
    /// Lists in which an order may have changed.
    touched: HashSet<i64>,
    /// Articles whose sums have.
    counted: HashSet<i64>,
}

impl Board {
    /// One whose windows end with `minute` (since 1970), of articles with these sums; which of them readers see is not known yet.
    pub fn new(minute: i64, sums: impl IntoIterator<Item = (i64, Sums)>) -> Self {
        let stands: HashMap<i64, Stand> =
            sums.into_iter().map(|(article, sums)| (article, Stand { sums, facts: None })).collect();
        let counted = stands.keys().copied().collect();
        Self { minute, stands, lists: HashMap::new(), touched: HashSet::new(), counted }
    }

    /// The last minute of the windows, since 1970.
    pub fn minute(&self) -> i64 {
        self.minute
    }

    /// Every article that was read within a month.
    pub fn articles(&self) -> impl Iterator<Item = i64> {
        self.stands.keys().copied()
    }

    /// Whether `article` was.
    pub fn knows(&self, article: i64) -> bool {
        self.stands.contains_key(&article)
    }

    /// Lists and articles that are to come with the next change, though they may be what they were.
    pub fn touch(&mut self, lists: impl IntoIterator<Item = ListName>, articles: impl IntoIterator<Item = i64>) {
        for (scope, by) in lists {
            self.lists.entry(scope).or_default().touched[by.number()] = true;
            self.touched.insert(scope);
        }
        self.counted.extend(articles);
    }

    /// Puts every list in order, once the facts of all are known: cheaper than one article after the other.
    pub fn fill(&mut self, facts: HashMap<i64, Facts>) {
        for (article, facts) in facts {
            if let Some(stand) = self.stands.get_mut(&article) {
                stand.facts = Some(facts);
            }
        }
        for (article, stand) in &self.stands {
            let scores = stand.scores();
            for scope in stand.facts.iter().flat_map(|facts| &facts.scopes) {
                let orders = self.lists.entry(*scope).or_default();
                for (top, score) in orders.tops.iter_mut().zip(scores).filter(|(_, score)| *score > 0) {
                    top.offer((score, *article));
                }
            }
        }
        for (scope, orders) in &mut self.lists {
            orders.tops.iter_mut().for_each(Top::cut);
            orders.touched = [true; By::EVERY.len()];
            self.touched.insert(*scope);
        }
    }

    /// What readers' lists say of `article` now; none: they do not show it.
    pub fn set_facts(&mut self, article: i64, facts: Option<Facts>) {
        let Some(stand) = self.stands.get_mut(&article).filter(|stand| stand.facts != facts) else { return };
        let before = stand.scores();
        let left = std::mem::replace(&mut stand.facts, facts).map(|facts| facts.scopes).unwrap_or_default();
        let after = stand.scores();
        let entered = stand.facts.as_ref().map(|facts| facts.scopes.clone()).unwrap_or_default();
        let nothing = [0; By::EVERY.len()];
        self.rank(article, &left, before, nothing);
        self.rank(article, &entered, nothing, after);
        self.counted.insert(article);
    }

    /// In all, `counted` views of `article` were counted as of part number `until`. What it has in windows stays.
    pub fn count_anew(&mut self, article: i64, counted: i64, until: i64) {
        let stand = self.stands.entry(article).or_default();
        let before = stand.scores();
        (stand.sums.counted, stand.sums.until) = (counted, until);
        let after = stand.scores();
        let scopes = stand.facts.as_ref().map(|facts| facts.scopes.clone()).unwrap_or_default();
        self.rank(article, &scopes, before, after);
        self.counted.insert(article);
    }

    /// More views of `article`, of part number `number`.
    pub fn add(&mut self, article: i64, number: i64, reads: &[Reads]) {
        let (minute, hour) = (self.minute, self.minute.div_euclid(60));
        self.change(article, |sums| {
            for read in reads {
                let read_minute = read.at.div_euclid(60);
                // A minute ahead is forgiven; what a clock that was further ahead has left is in no window.
                let read_hour = if read_minute <= minute + 1 { read_minute.div_euclid(60) } else { i64::MIN };
                for (views, length) in sums.windows.iter_mut().zip(MINUTES) {
                    let is_in = (minute - length + 1..=minute + 1).contains(&read_minute);
                    *views = views.saturating_add(if is_in { read.count } else { 0 });
                }
                for (views, length) in sums.windows[2..].iter_mut().zip(HOURS) {
                    *views = views.saturating_add(if read_hour > hour - length { read.count } else { 0 });
                }
                sums.counted += if number > sums.until { i64::from(read.count) } else { 0 };
                sums.weight = sums.weight.with(i64::from(read.count), read.at);
            }
        });
    }

    /// Views of `article` leave a window.
    pub fn leave(&mut self, window: Window, article: i64, count: u32) {
        if self.knows(article) {
            self.change(article, |sums| {
                if let Some(views) = sums.windows.get_mut(window as usize) {
                    *views = views.saturating_sub(count);
                }
            });
        }
    }

    /// The windows end with `minute` from here on: what leaves them has been told by [`Self::leave`].
    pub fn advance(&mut self, minute: i64) {
        self.minute = minute;
    }

    fn change(&mut self, article: i64, change: impl FnOnce(&mut Sums)) {
        let stand = self.stands.entry(article).or_default();
        let before = stand.scores();
        change(&mut stand.sums);
        let after = stand.scores();
        let is_over = stand.sums.windows == [0; 4];
        let scopes = stand.facts.as_mut().map(|facts| std::mem::take(&mut facts.scopes)).unwrap_or_default();
        self.rank(article, &scopes, before, after);
        self.counted.insert(article);
        if is_over {
            self.stands.remove(&article);
        } else if let Some(facts) = self.stands.get_mut(&article).and_then(|stand| stand.facts.as_mut()) {
            facts.scopes = scopes;
        }
    }

    fn rank(&mut self, article: i64, scopes: &[i64], before: [u64; By::EVERY.len()], after: [u64; By::EVERY.len()]) {
        if before == after {
            return;
        }
        for scope in scopes {
            let orders = self.lists.entry(*scope).or_default();
            if orders.touched == [false; By::EVERY.len()] {
                self.touched.insert(*scope);
            }
            let each = orders.tops.iter_mut().zip(&mut orders.touched).zip(before.into_iter().zip(after));
            for ((top, touched), (old, new)) in each.filter(|(_, (old, new))| old != new) {
                top.set(article, old, new);
                *touched = true;
            }
        }
    }

    /// Lists that may have changed since the last call, each as it is: best first, with their scores.
    pub fn take_lists(&mut self) -> Vec<(ListName, Vec<Entry>)> {
        let touched = std::mem::take(&mut self.touched);
        self.fill_up(&touched);
        let mut lists = Vec::new();
        for scope in touched {
            let Some(orders) = self.lists.get_mut(&scope) else { continue };
            let touched = std::mem::take(&mut orders.touched);
            let orders_of = By::EVERY.into_iter().zip(&orders.tops).zip(touched).filter(|(_, touched)| *touched);
            lists.extend(orders_of.map(|((by, top), _)| ((scope, by), top.shown().to_vec())));
            if orders.tops.iter().all(Top::is_empty) {
                self.lists.remove(&scope);
            }
        }
        lists
    }

    /// Makes those orders of the lists `touched` anew of which too little is certain, all in one go.
    fn fill_up(&mut self, touched: &HashSet<i64>) {
        let short = |scope: &i64| {
            let orders = self.lists.get(scope)?;
            let short = std::array::from_fn(|at| orders.tops[at].is_short());
            (short != [false; By::EVERY.len()]).then_some((*scope, short))
        };
        let short: HashMap<i64, [bool; By::EVERY.len()]> = touched.iter().filter_map(short).collect();
        if short.is_empty() {
            return;
        }
        let mut anew: HashMap<i64, [Top; By::EVERY.len()]> = HashMap::new();
        for (article, stand) in &self.stands {
            let scores = stand.scores();
            for scope in stand.facts.iter().flat_map(|facts| &facts.scopes).filter(|scope| short.contains_key(scope)) {
                for (top, score) in anew.entry(*scope).or_default().iter_mut().zip(scores).filter(|(_, score)| *score > 0) {
                    top.offer((score, *article));
                }
            }
        }
        for (scope, short) in short {
            let Some(orders) = self.lists.get_mut(&scope) else { continue };
            let each = orders.tops.iter_mut().zip(anew.remove(&scope).unwrap_or_default()).zip(short);
            for ((top, mut fresh), _) in each.filter(|(_, is_short)| *is_short) {
                fresh.cut();
                *top = fresh;
            }
        }
    }

    /// Articles that were counted since the last call; none: not read within a month.
    pub fn take_counts(&mut self) -> Vec<(i64, Option<Counts>)> {
        let counted = std::mem::take(&mut self.counted);
        let counts = |stand: &Stand| Counts { windows: stand.sums.windows, all: stand.all() };
        counted.into_iter().map(|article| (article, self.stands.get(&article).map(counts))).collect()
    }
}
