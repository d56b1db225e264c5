//! Rankings at their size: compares every one with a count of every single view, and says what summing up, following and opening cost.
//! `cargo bench --bench rankings`, on SQLite; with `BENCH_DATABASE_URL` on that PostgreSQL database, which must be empty.
//! `BENCH_ARTICLES` (100,000) and `BENCH_VIEWS` (1,000,000) say how many.

#[path = "../tests/it/truth.rs"]
mod truth;

use std::path::Path;
use std::time::Instant;

use tidings::app::database_settings;
use tidings::config::Config;
use tidings::db::{Database, Scope, view, write};
use tidings::ranking::{Batch, By, View, Window, fold};
use truth::{NOW, Size};

/// What the environment says.
fn setting(name: &str) -> Option<String> {
    std::env::vars().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// How often a ranking is looked up.
const READS: u32 = 1_000_000;

async fn open(folder: &Path) -> Database {
    let mut config = Config::default();
    config.database.url = setting("BENCH_DATABASE_URL").unwrap_or_else(|| format!("sqlite://{}/rankings.db", folder.display()));
    Database::open(&database_settings(&config.database)).await.expect("a database")
}

/// 100,000 views of 10,000 articles, as they come within ten seconds.
async fn burst(db: &Database, articles: i64, round: i64) {
    let on = write::begin(db).await.expect("a transaction");
    for batch in 0..250 {
        let view = |n: i64| View {
            article: (batch * 400 + n) % 10_000 * (articles / 10_000).max(1) % articles + 1,
            at: u32::try_from(NOW - n % 10).expect("after 1970"),
            key: 0,
        };
        let batch_of = Batch { views: (0..400).map(view).collect(), excluded: Vec::new() };
        view::keep(&on, (2 + round, batch), NOW * 1_000, batch_of.pack()).await.expect("it is kept");
    }
    write::commit(db, on).await.expect("a commit");
}

#[tokio::main]
async fn main() {
    let number = |name: &str, default: i64| setting(name).and_then(|text| text.parse().ok()).unwrap_or(default);
    let (articles, views) = (number("BENCH_ARTICLES", 100_000), number("BENCH_VIEWS", 1_000_000));
    let folder = std::env::temp_dir().join(format!("tidings-bench-rankings-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let db = open(&folder).await;
    let size = Size { articles, tags: (articles / 50).max(20), views: usize::try_from(views).expect("a number") };
    let begin = Instant::now();
    truth::fill(&db, size).await;
    println!("{articles} articles, {} tags: imported in {:.0} s", size.tags, begin.elapsed().as_secs_f64());
    let (times, mut keeper, charts) = truth::run(&db, size).await;
    println!(
        "{views} views: summed up in {:.1} s; 156 refreshes of ten minutes each in {:.2} s; opened anew in {:.2} s",
        times.folding.as_secs_f64(),
        times.refreshing.as_secs_f64(),
        times.opening.as_secs_f64()
    );
    println!("{} rankings have the first 50 places that counting every view gives, twice", times.compared);
    for round in 0..5 {
        burst(&db, articles, round).await;
        let statements = db.written();
        let begin = Instant::now();
        while fold(&db, NOW * 1_000).await.expect("it sums up").has_more {}
        let summed = begin.elapsed();
        let begin = Instant::now();
        keeper.refresh(NOW * 1_000).await.expect("it follows");
        println!(
            "100,000 views of 10,000 articles: {:.0} ms to sum up ({} statements), {:.0} ms to follow",
            summed.as_secs_f64() * 1_000.0,
            db.written() - statements,
            begin.elapsed().as_secs_f64() * 1_000.0
        );
    }
    let begin = Instant::now();
    for _ in 0..READS {
        assert!(charts.chart(Scope::Site, By::Views(Window::Day)).is_some());
    }
    println!("a ranking is found in {:.0} ns", begin.elapsed().as_secs_f64() * 1e9 / f64::from(READS));
    let (lists, counted) = charts.size();
    println!("{lists} rankings, {counted} articles with counts");
    drop(keeper);
    db.close().await;
    drop(std::fs::remove_dir_all(&folder));
}
