//! Keeps this program's rankings up to date: follows what is counted, by whichever program, and what lists say of articles.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::board::{Board, Facts, HOURS, ListName, MINUTES, Sums};
use super::by::{By, Window};
use super::charts::{Chart, Charts, State};
use super::part::{Reads, pack_lists, unpack_lists, unpack_reads};
use super::top::Entry;
use super::weight::Weight;
use crate::db::{self, Database, Scope, view, write};
use crate::error::Result;
use crate::journal::RELISTED;

/// Parts that are read at once.
const PARTS: i64 = 200;

/// Entries of the journal that are read at once.
const ENTRIES: i64 = 1_000;

/// Articles whose lists are read at once.
const ARTICLES: usize = 2_000;

/// Windows that must move on by more minutes than these are summed up anew: the clock has jumped, or the machine slept.
const MOST_MINUTES: i64 = 60;

/// Milliseconds of a minute.
const MINUTE_MILLIS: i64 = 60_000;

/// From when movement in one order is measured.
#[derive(Default)]
struct Step {
    /// Which step it is, since 1970.
    at: i64,
    /// The lists as it began, by scope; none: they are not known.
    lists: Option<HashMap<i64, Arc<Vec<i64>>>>,
}

/// See the module.
pub struct Keeper {
    db: Database,
    charts: Arc<Charts>,
    board: Board,
    /// The last part that is in: its number and minute.
    part: (i64, i64),
    /// The last entry of the journal that is in.
    entry: i64,
    steps: [Step; By::EVERY.len()],
}

impl Keeper {
    /// Fills `charts` with what is counted at `now` (milliseconds since 1970), and goes on from there.
    pub async fn open(db: &Database, charts: Arc<Charts>, now: i64) -> Result<Self> {
        let minute = now.div_euclid(MINUTE_MILLIS);
        let mut steps: [Step; By::EVERY.len()] =
            By::EVERY.map(|by| Step { at: minute.div_euclid(by.step_minutes()), lists: None });
        for (kind, at, lists) in db.reader().all(view::steps()).await? {
            if let Some(step) = usize::try_from(kind).ok().and_then(|kind| steps.get_mut(kind)) {
                let lists = unpack_lists(&lists)?.into_iter().map(|(scope, list)| (scope, Arc::new(list))).collect();
                *step = Step { at, lists: Some(lists) };
            }
        }
        let (board, part, entry) = count(db, minute).await?;
        let mut keeper = Self { db: db.clone(), charts, board, part, entry, steps };
        keeper.publish();
        Ok(keeper)
    }

    /// Takes in what has been counted and changed until `now` (milliseconds since 1970).
    pub async fn refresh(&mut self, now: i64) -> Result<()> {
        let minute = now.div_euclid(MINUTE_MILLIS);
        if (self.board.minute() - 1..=self.board.minute() + MOST_MINUTES).contains(&minute) {
            self.step(minute).await?;
            self.slide(minute).await?;
        } else {
            let (board, part, entry) = count(&self.db, minute).await?;
            // Movement goes on from where it was measured before.
            for by in By::EVERY {
                self.steps[by.number()].at = minute.div_euclid(by.step_minutes());
            }
            (self.board, self.part, self.entry) = (board, part, entry);
            let (lists, articles) = self.charts.names();
            self.board.touch(lists, articles);
        }
        while self.follow(now).await? {}
        while self.hear(now).await? {}
        self.publish();
        Ok(())
    }

    /// Lets the windows end with `minute`.
    async fn slide(&mut self, minute: i64) -> Result<()> {
        let last = self.board.minute();
        if minute <= last {
            return Ok(());
        }
        let reader = self.db.reader();
        let mut gone = Vec::new();
        for (window, length) in [Window::Hour, Window::Day].into_iter().zip(MINUTES) {
            for (of, number, views) in reader.all(view::parts_of(last - length, minute - length, self.part.0)).await? {
                if (number, of) <= self.part {
                    let reads = unpack_reads(of, &views)?;
                    gone.extend(reads.into_iter().map(|read| (window, read.article, read.count)));
                }
            }
        }
        let (hour, last) = (minute.div_euclid(60), last.div_euclid(60));
        for (window, length) in [Window::Week, Window::Month].into_iter().zip(HOURS).filter(|_| hour > last) {
            let views = reader.all(view::views_of(last - length, hour - length)).await?;
            gone.extend(views.into_iter().map(|(article, views)| (window, article, u32::try_from(views).unwrap_or(u32::MAX))));
        }
        for (window, article, count) in gone {
            self.board.leave(window, article, count);
        }
        self.board.advance(minute);
        Ok(())
    }

    /// Takes in some of what has been counted; false if that was nothing.
    async fn follow(&mut self, now: i64) -> Result<bool> {
        let parts = self.db.reader().all(view::parts_after(self.part, PARTS)).await?;
        let Some((minute, number, _)) = parts.last() else { return Ok(false) };
        let part = (*number, *minute);
        let mut reads: BTreeMap<(i64, i64), Vec<Reads>> = BTreeMap::new();
        for (minute, number, views) in &parts {
            for read in unpack_reads(*minute, views)? {
                reads.entry((read.article, *number)).or_default().push(read);
            }
        }
        let mut new: Vec<i64> = reads.keys().map(|(article, _)| *article).filter(|article| !self.board.knows(*article)).collect();
        new.dedup();
        let facts = facts(&self.db, &new, now).await?;
        for (article, counted, until) in totals(&self.db, &new).await? {
            self.board.count_anew(article, counted, until);
        }
        for ((article, number), reads) in &reads {
            self.board.add(*article, *number, reads);
        }
        for (article, facts) in facts {
            self.board.set_facts(article, Some(facts));
        }
        self.part = part;
        Ok(true)
    }

    /// Takes in some of what the journal says; false if that was all.
    async fn hear(&mut self, now: i64) -> Result<bool> {
        let entries = self.db.reader().all(db::journal_after(self.entry, ENTRIES)).await?;
        let Some(last) = entries.last() else { return Ok(false) };
        let mut articles: Vec<i64> = if entries.iter().any(|entry| entry.action == RELISTED) {
            self.board.articles().collect()
        } else {
            entries.iter().filter(|entry| entry.entity == "article").map(|entry| entry.entity_id).collect()
        };
        articles.retain(|article| self.board.knows(*article));
        let mut facts = facts(&self.db, &articles, now).await?;
        // An import may have brought views along that were counted elsewhere.
        for (article, counted, until) in totals(&self.db, &articles).await? {
            self.board.count_anew(article, counted, until);
        }
        for article in articles {
            self.board.set_facts(article, facts.remove(&article));
        }
        self.entry = last.seq;
        Ok(entries.len() as u64 == ENTRIES.unsigned_abs())
    }

    /// Writes down how lists stand where a step begins with `minute` or has before.
    async fn step(&mut self, minute: i64) -> Result<()> {
        // What was read most ever is not shown from here.
        for by in By::EVERY.into_iter().filter(|by| *by != By::Views(Window::All)) {
            let at = minute.div_euclid(by.step_minutes());
            if self.steps[by.number()].at == at {
                continue;
            }
            let charts = self.charts.all_by(by);
            let lists: HashMap<i64, Arc<Vec<i64>>> =
                charts.iter().map(|(scope, chart)| (*scope, Arc::new(articles_of(&chart.places)))).collect();
            let packed = pack_lists(lists.iter().map(|(scope, list)| (*scope, list.as_slice())));
            let on = write::begin(&self.db).await?;
            view::keep_step(&on, i64::try_from(by.number()).unwrap_or(0), at, packed).await?;
            write::commit(&self.db, on).await?;
            self.board.touch(charts.iter().map(|(scope, _)| (*scope, by)), []);
            self.steps[by.number()] = Step { at, lists: Some(lists) };
        }
        Ok(())
    }

    /// Shows readers what has changed.
    fn publish(&mut self) {
        let mut news: Vec<(ListName, Chart)> = Vec::new();
        for (name, places) in self.board.take_lists() {
            let old = self.charts.get(name);
            let before = match &self.steps[name.1.number()].lists {
                Some(lists) => Some(lists.get(&name.0).cloned().unwrap_or_default()),
                // Nothing has been written down yet: movement is measured from what was shown first.
                None => old.as_ref().and_then(|old| old.before.clone()).or_else(|| Some(Arc::new(articles_of(&places)))),
            };
            if old.as_ref().is_none_or(|old| old.places != places || old.before != before) {
                news.push((name, Chart { places, before }));
            }
        }
        self.charts.put_lists(news);
        self.charts.put_counts(self.board.take_counts());
        self.charts.set_state(State { part: self.part.0, minute: self.board.minute(), entry: self.entry });
    }
}

/// What is counted up to `minute`, with the last part and the last entry of the journal that are in it.
async fn count(db: &Database, minute: i64) -> Result<(Board, (i64, i64), i64)> {
    // First: what is written while lists are read is looked at again.
    let entry = db.reader().all(db::newest_journal_entry()).await?.first().copied().unwrap_or(0);
    let [hour, day] = MINUTES.map(|length| minute - length);
    let [week, month] = HOURS.map(|length| minute.div_euclid(60) - length);
    let last = minute + 1;
    let counted = view::counted(db, (day, last), (week, month, last.div_euclid(60))).await?;
    let counted_until = counted.number;
    let number = |views: i64| u32::try_from(views).unwrap_or(u32::MAX);
    let sums = |(article, week, month, counted, value, at): (i64, i64, i64, i64, f64, i64)| {
        let weight = Weight { value, at }.no_later(last * 60);
        let windows = [0, 0, number(week), number(month)];
        (article, Sums { windows, counted, until: counted_until, weight })
    };
    let mut sums: HashMap<i64, Sums> = counted.totals.into_iter().map(sums).collect();
    for (of, _, views) in &counted.parts {
        for read in unpack_reads(*of, views)? {
            if let Some(sums) = sums.get_mut(&read.article) {
                sums.windows[1] = sums.windows[1].saturating_add(read.count);
                sums.windows[0] = sums.windows[0].saturating_add(if *of > hour { read.count } else { 0 });
            }
        }
    }
    let mut board = Board::new(minute, sums);
    let articles: Vec<i64> = board.articles().collect();
    board.fill(facts(db, &articles, minute * MINUTE_MILLIS).await?);
    Ok((board, (counted.number, i64::MAX), entry))
}

fn articles_of(places: &[Entry]) -> Vec<i64> {
    places.iter().map(|(_, article)| *article).collect()
}

/// What was counted of `articles`, as (article, views, the last part that is in them).
async fn totals(db: &Database, articles: &[i64]) -> Result<Vec<(i64, i64, i64)>> {
    let mut totals = Vec::new();
    for some in articles.chunks(ARTICLES) {
        totals.extend(db.reader().all(view::totals_now(some.to_vec())).await?);
    }
    Ok(totals)
}

/// What lists say of those of `articles` that readers see in some at `now` (milliseconds since 1970).
async fn facts(db: &Database, articles: &[i64], now: i64) -> Result<HashMap<i64, Facts>> {
    let mut facts: HashMap<i64, Facts> = HashMap::new();
    for some in articles.chunks(ARTICLES) {
        for (article, scope, published_at, imported) in db.reader().all(view::listed(some.to_vec(), now)).await? {
            let known = facts.entry(article).or_insert_with(|| Facts { scopes: Vec::new(), published_at, imported });
            if Scope::is_ranked(scope) {
                known.scopes.push(scope);
            }
        }
    }
    for facts in facts.values_mut() {
        facts.scopes.sort_unstable();
    }
    Ok(facts)
}
