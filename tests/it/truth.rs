//! Rankings compared with a count of every single view: views by Zipf's law over 31 days, some of which come late, through the same
//! doors as readers' from where they are kept. A bench runs the same with more of them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Cursor;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tidings::clock::Clock;
use tidings::db::{self, Database, ListKey, ListShape, Order, Scope, Visibility, view, write};
use tidings::ingest::Import;
use tidings::ranking::{Batch, By, Charts, HALF_LIFE_SECS, Keeper, Totals, View, Window, fold, heat};

/// 2026-03-01T00:07:30Z, in seconds since 1970.
pub const NOW: i64 = 1_772_323_650;

const DAY: i64 = 86_400;

/// Views of a batch.
const BATCH: usize = 2_000;

/// Places that are compared.
const PLACES: usize = 50;

/// How large the portal is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub articles: i64,
    pub tags: i64,
    pub views: usize,
}

/// Numbers that look random.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    /// Below 1.
    #[expect(clippy::cast_precision_loss, reason = "31 bits")]
    fn share(&mut self) -> f64 {
        self.next() as f64 / (1_u64 << 31) as f64
    }
}

fn is_draft(article: i64) -> bool {
    article % 97 == 0
}

/// Views that an article came with.
fn imported(article: i64) -> i64 {
    article * 31 % 500
}

/// When an article was published, in milliseconds since 1970.
fn published(article: i64) -> i64 {
    (NOW - 40 * DAY - article * 7_919 % (400 * DAY)) * 1_000
}

fn tags(article: i64, size: Size) -> Vec<i64> {
    let mut tags = [7, 13, 29].map(|factor| article * factor % size.tags + 1).to_vec();
    tags.sort_unstable();
    tags.dedup();
    tags
}

/// Every list of an article that has a ranking: the site, the channel (7 to 30) and its root (1 to 6), tags, topic, source.
fn scopes(article: i64, size: Size) -> Vec<Scope> {
    let leaf = article % 24;
    let mut scopes = vec![Scope::Site, Scope::Channel(7 + leaf), Scope::Channel(1 + leaf / 4), Scope::Source(article % 50 + 1)];
    scopes.extend(tags(article, size).into_iter().map(Scope::Tag));
    scopes.extend((article % 10 == 0).then_some(Scope::Topic(article / 10 % 20 + 1)));
    scopes
}

/// The portal in the import format.
pub fn lines(size: Size) -> String {
    let mut text =
        "{\"kind\":\"site\",\"externalId\":\"site\",\"name\":\"门户\",\"url\":\"https://portal.example\"}\n".to_owned();
    let mut noun = |kind: &str, id: i64, rest: &str| {
        let _ =
            writeln!(text, "{{\"kind\":\"{kind}\",\"id\":{id},\"externalId\":\"{kind}-{id}\",\"slug\":\"{kind}-{id}\"{rest}}}");
    };
    for id in 1..=30 {
        let parent = if id > 6 { format!(",\"parent\":\"channel-{}\"", 1 + (id - 7) / 4) } else { String::new() };
        noun("channel", id, &format!(",\"name\":\"频道{id}\"{parent}"));
    }
    (1..=size.tags).for_each(|id| noun("tag", id, &format!(",\"name\":\"标签{id}\"")));
    (1..=20).for_each(|id| noun("topic", id, &format!(",\"title\":\"专题{id}\"")));
    (1..=50).for_each(|id| noun("source", id, &format!(",\"name\":\"来源{id}\"")));
    for id in 1..=size.articles {
        let tags: Vec<String> = tags(id, size).into_iter().map(|tag| format!("\"标签{tag}\"")).collect();
        let topic = if id % 10 == 0 { format!("\"topic-{}\"", id / 10 % 20 + 1) } else { String::new() };
        let at = chrono::DateTime::from_timestamp_millis(published(id)).expect("an instant").to_rfc3339();
        let _ = writeln!(
            text,
            "{{\"kind\":\"article\",\"id\":{id},\"externalId\":\"a{id}\",\"title\":\"第{id}篇\",\"body\":\"<p>正文</p>\",\
             \"channel\":\"channel-{}\",\"tags\":[{}],\"topics\":[{topic}],\"source\":\"source-{}\",\"publishedAt\":\"{at}\",\
             \"viewCount\":{},\"status\":\"{}\"}}",
            7 + id % 24,
            tags.join(","),
            id % 50 + 1,
            imported(id),
            if is_draft(id) { "draft" } else { "published" }
        );
    }
    text
}

/// Puts the portal into `db`.
pub async fn fill(db: &Database, size: Size) {
    let clock = Clock::fixed(chrono::DateTime::from_timestamp(NOW, 0).expect("an instant"));
    let done = Import::new(db.clone(), clock).run(Cursor::new(lines(size).into_bytes()), |p| panic!("{p:?}"), |_| {}).await;
    assert_eq!(done.expect("an import").refused, 0);
}

/// Views as (when they come, article, when it was), in the order in which they come.
fn views(size: Size) -> Vec<(i64, i64, i64)> {
    let mut dice = Dice(7);
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "far below 2^53")]
    let mut view = || {
        let rank = ((size.articles as f64).powf(dice.share())) as i64;
        // So that neighbours in the ranking are not neighbours by number.
        let article = rank * 7_919 % size.articles + 1;
        let at = NOW - (dice.share() * 31.0 * DAY as f64) as i64;
        let late = if dice.next().is_multiple_of(33) { (dice.share() * 20.0 * 3_600.0) as i64 } else { 0 };
        ((at + late).min(NOW), article, at)
    };
    let mut views: Vec<_> = (0..size.views).map(|_| view()).collect();
    views.sort_unstable();
    views
}

/// Keeps views as the door for beacons does.
async fn keep(db: &Database, views: &[(i64, i64, i64)], number: &mut i64) {
    let on = write::begin(db).await.expect("a transaction");
    for some in views.chunks(BATCH) {
        let view =
            |(_, article, at): &(i64, i64, i64)| View { article: *article, at: u32::try_from(*at).expect("after 1970"), key: 0 };
        let batch = Batch { views: some.iter().map(view).collect(), excluded: Vec::new() };
        *number += 1;
        view::keep(&on, (1, *number), some[0].0 * 1_000, batch.pack()).await.expect("it is kept");
    }
    write::commit(db, on).await.expect("a commit");
}

/// What took how long.
#[derive(Debug, Default)]
pub struct Times {
    pub folding: Duration,
    pub refreshing: Duration,
    pub opening: Duration,
    pub compared: usize,
}

/// Lets readers read, and compares every ranking with what was read.
pub async fn run(db: &Database, size: Size) -> (Times, Keeper, Arc<Charts>) {
    let all = views(size);
    let (mut times, mut number) = (Times::default(), 0);
    let begin = NOW - 26 * 3_600;
    let middle = all.partition_point(|(comes, ..)| *comes < begin);
    for some in all[..middle].chunks(BATCH * 100) {
        keep(db, some, &mut number).await;
        let clock = Instant::now();
        while fold(db, begin * 1_000).await.expect("it sums up").has_more {}
        times.folding += clock.elapsed();
    }
    let charts = Arc::new(Charts::default());
    let mut keeper = Keeper::open(db, Arc::clone(&charts), begin * 1_000).await.expect("rankings");
    let mut rest = &all[middle..];
    for step in 1..=156 {
        let now = begin + step * 600;
        let (some, later) = rest.split_at(rest.partition_point(|(comes, ..)| *comes <= now));
        rest = later;
        if !some.is_empty() {
            keep(db, some, &mut number).await;
        }
        let clock = Instant::now();
        while fold(db, now * 1_000).await.expect("it sums up").has_more {}
        times.folding += clock.elapsed();
        let clock = Instant::now();
        keeper.refresh(now * 1_000).await.expect("it follows");
        times.refreshing += clock.elapsed();
    }
    assert!(rest.is_empty());
    let truth = Truth::of(&all);
    times.compared = truth.compare(&charts, size);
    // The same from what is in the database alone.
    drop(keeper);
    let charts = Arc::new(Charts::default());
    let clock = Instant::now();
    let keeper = Keeper::open(db, Arc::clone(&charts), NOW * 1_000).await.expect("rankings");
    times.opening = clock.elapsed();
    assert_eq!(truth.compare(&charts, size), times.compared);
    let mut totals = Totals::default();
    totals.add(truth.articles.keys().copied());
    while totals.waiting() > 0 {
        totals.write(db).await.expect("rows");
    }
    for scope in [Scope::Site, Scope::Channel(2), Scope::Tag(3), Scope::Topic(5), Scope::Source(7)] {
        truth.compare_list(db, scope, size).await;
    }
    (times, keeper, charts)
}

/// Each article's views in the hour, the day, the week, the month, ever, and as they fade.
struct Truth {
    articles: HashMap<i64, ([i64; 5], f64)>,
}

impl Truth {
    fn of(views: &[(i64, i64, i64)]) -> Self {
        let (minute, hour) = (NOW / 60, NOW / 3_600);
        let mut articles: HashMap<i64, ([i64; 5], f64)> = HashMap::new();
        for (_, article, at) in views.iter().filter(|(_, article, _)| !is_draft(*article)) {
            let (counts, weight) = articles.entry(*article).or_insert(([0, 0, 0, 0, imported(*article)], 0.0));
            let is_in = [at / 60 > minute - 60, at / 60 > minute - 1_440, at / 3_600 > hour - 168, at / 3_600 > hour - 720, true];
            for (count, is_in) in counts.iter_mut().zip(is_in) {
                *count += i64::from(is_in);
            }
            #[expect(clippy::cast_precision_loss, reason = "seconds of a month")]
            let age = (NOW - at) as f64 / HALF_LIFE_SECS as f64;
            *weight += (-age).exp2();
        }
        Self { articles }
    }

    /// Compares every ranking; how many there are.
    fn compare(&self, charts: &Charts, size: Size) -> usize {
        let mut lists: HashMap<Scope, Vec<i64>> = HashMap::new();
        // What nobody has read for a month is in no ranking but that of all time, which lists have.
        for article in self.articles.iter().filter(|(_, (counts, _))| counts[3] > 0).map(|(article, _)| *article) {
            for scope in scopes(article, size) {
                lists.entry(scope).or_default().push(article);
            }
        }
        let mut compared = 0;
        for (scope, articles) in &lists {
            for (place, window) in Window::EVERY.into_iter().enumerate() {
                let mut expected: Vec<(i64, i64)> = articles
                    .iter()
                    .map(|article| (self.articles[article].0[place], *article))
                    .filter(|(views, _)| *views > 0)
                    .collect();
                expected.sort_unstable_by(|a, b| b.cmp(a));
                expected.truncate(PLACES);
                let found: Vec<(i64, i64)> = charts.chart(*scope, By::Views(window)).map_or_else(Vec::new, |chart| {
                    chart
                        .places
                        .iter()
                        .take(PLACES)
                        .map(|(score, article)| (i64::try_from(*score).expect("views"), *article))
                        .collect()
                });
                assert_eq!(found, expected, "{scope:?} {window:?}");
                compared += 1;
            }
            for by in [By::Trending, By::Fresh] {
                #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
                let score = |article: &i64| match by {
                    By::Trending => self.articles[article].1,
                    _ => {
                        self.articles[article].0[4] as f64
                            * (-((NOW * 1_000 - published(*article)) as f64) / (2 * DAY * 1_000) as f64).exp2()
                    }
                };
                let mut expected: Vec<(f64, i64)> = articles.iter().map(|article| (score(article), *article)).collect();
                expected.sort_unstable_by(|a, b| b.partial_cmp(a).expect("numbers"));
                let chart = charts.chart(*scope, by).expect("somebody has read");
                assert_eq!(chart.places.len(), expected.len().min(100), "{scope:?} {by:?}");
                for ((found, article), (score_there, _)) in chart.places.iter().zip(&expected).take(PLACES) {
                    let found = heat(by, *found, NOW * 1_000);
                    assert!((found / score_there - 1.0).abs() < 1e-9, "{scope:?} {by:?}: {found} {score_there}");
                    assert!((score(article) / score_there - 1.0).abs() < 1e-9, "{scope:?} {by:?}: {article} stands in its place");
                }
                compared += 1;
            }
        }
        compared
    }

    /// Compares the list of `scope` by views, once rows say what was read.
    async fn compare_list(&self, db: &Database, scope: Scope, size: Size) {
        let views = |article: i64| self.articles.get(&article).map_or(imported(article), |(counts, _)| counts[4]);
        let mut expected: Vec<(i64, i64)> = (1..=size.articles)
            .filter(|article| !is_draft(*article) && scopes(*article, size).contains(&scope))
            .map(|article| (views(article), article))
            .collect();
        expected.sort_unstable_by(|a, b| b.cmp(a));
        expected.truncate(PLACES);
        let shape = ListShape { order: Order::MostRead, ..ListShape::PLAIN };
        let key = ListKey { shape, ..ListKey::newest(scope, i64::try_from(PLACES).expect("few"), NOW * 1_000) };
        let rows = db.reader().all(db::lists(&[key], &Visibility::public(NOW * 1_000))).await.expect("a list");
        let mut found: Vec<(i64, i64)> = rows.iter().map(|(_, article)| (article.view_count, article.id)).collect();
        found.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(found, expected, "{scope:?}");
    }
}
