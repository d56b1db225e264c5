//! How late what is scheduled is: articles that are all due in the same second, and a follower of the journal that notes when it
//! hears of each. `cargo bench --bench schedule`, on SQLite; with `BENCH_DATABASE_URL` on that PostgreSQL database, in a schema of
//! its own. Also what publishing one article costs the processor, with few and with many articles in the portal.

use std::fmt::Write as _;
use std::io::Cursor;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tidings::app::{App, Options, database_settings};
use tidings::auth::Actor;
use tidings::clock::Clock;
use tidings::config::Config;
use tidings::db::{Database, newest_journal_entry};
use tidings::editorial::{Content, Office, Release, Seen};
use tidings::ingest::Import;
use tidings::journal::Tail;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Due in the same second.
const DUE: usize = 10_000;

/// Published one by one.
const PUBLISHED: u32 = 200;

fn now() -> DateTime<Utc> {
    Clock::System.now()
}

/// The lines of a portal with `count` articles published at `at`.
fn lines(first: usize, count: usize, at: DateTime<Utc>) -> String {
    let mut text = String::new();
    if first == 0 {
        text += "{\"kind\":\"site\",\"externalId\":\"site\",\"name\":\"门户\",\"url\":\"https://portal.example\"}\n";
        text += "{\"kind\":\"channel\",\"externalId\":\"news\",\"slug\":\"news\",\"name\":\"新闻\"}\n";
    }
    for i in first..first + count {
        let body = "<p>园区氢能示范项目投运。</p>".repeat(10);
        let _ = writeln!(
            text,
            "{{\"kind\":\"article\",\"externalId\":\"a{i}\",\"title\":\"第{i}篇\",\"body\":\"{body}\",\"channel\":\"news\",\"tags\":[\"氢能{}\",\"园区\"],\"publishedAt\":\"{}\"}}",
            i % 97,
            at.to_rfc3339()
        );
    }
    text
}

async fn import(db: &Database, lines: String) {
    let mut problems = Vec::new();
    let report = |problem: &tidings::ingest::Problem| {
        problems.push(problem.clone());
        Ok(())
    };
    Import::new(db.clone(), Clock::System).run(Cursor::new(lines.into_bytes()), report, |_| {}).await.expect("an import");
    assert!(problems.is_empty(), "{problems:?}");
}

/// How late a follower of the journal hears of each publication, in milliseconds, sorted.
async fn lateness(config: &Config) -> Vec<i64> {
    let db = Database::open(&database_settings(&config.database)).await.expect("a database");
    // Time enough to import them all before.
    let due = now() + Duration::from_secs(30);
    let due = DateTime::from_timestamp(due.timestamp(), 0).expect("a time");
    import(&db, lines(0, DUE, due)).await;
    assert!(now() < due, "the import took too long");
    let newest = db.reader().all(newest_journal_entry()).await.expect("a journal").first().copied().unwrap_or(0);
    let mut tail = Tail::after(&db, newest);
    let app = App::start(config.clone(), Options::default()).await.expect("a program");
    let running = tokio::spawn(app.run(std::future::pending()));
    let mut late = Vec::with_capacity(DUE);
    while late.len() < DUE {
        let entries = tail.next().await;
        let at = (now() - due).num_milliseconds();
        late.extend(entries.iter().filter(|entry| entry.action == "article.published").map(|_| at));
    }
    running.abort();
    late.sort_unstable();
    late
}

/// Processor time of this process so far, from `/proc` (Linux, `proc_pid_stat(5)`: fields 14 and 15, in hundredths of a second).
fn processor() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("a name").split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>().expect("a number") + fields[12].parse::<u64>().expect("a number");
    Duration::from_millis(ticks * 10)
}

/// Processor time of publishing one article.
async fn publishing(db: &Database) -> Duration {
    let office = || Office::new(db, Actor::Machine("bench"), Clock::System);
    let mut ids = Vec::new();
    for i in 0..PUBLISHED {
        let content = Content {
            title: format!("新稿{i}"),
            channel: 1,
            language: "zh-Hans".into(),
            tags: vec!["园区".into()],
            ..Content::default()
        };
        let id = office().create_article(content).await.expect("a draft").article_id;
        let seen = Seen { article: id, version: None };
        office().submit_article(seen).await.expect("submitted");
        office().approve_article(seen).await.expect("approved");
        ids.push(seen);
    }
    let before = processor();
    for seen in ids {
        office().publish_article(seen, Release::default()).await.expect("published");
    }
    processor().saturating_sub(before) / PUBLISHED
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let folder = std::env::temp_dir().join(format!("tidings-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".into();
    config.database.url = format!("sqlite://{}", folder.join("bench.db").display());
    let postgres = std::env::vars().find(|(name, _)| name == "BENCH_DATABASE_URL").map(|(_, url)| url);
    if let Some(url) = &postgres {
        config.database.url.clone_from(url);
        config.database.schema = format!("bench_{}", std::process::id());
        let sql = format!("CREATE SCHEMA {}", config.database.schema);
        runtime.block_on(execute(url, &sql));
    }
    let late = runtime.block_on(lateness(&config));
    let at = |share: usize| late[(late.len() - 1) * share / 100];
    println!("{DUE} due in one second: heard of {} ms (median), {} ms (99 %), {} ms (last) after it", at(50), at(99), at(100));
    runtime.block_on(async {
        let db = Database::open(&database_settings(&config.database)).await.expect("a database");
        let few = publishing(&db).await;
        import(&db, lines(DUE, 4 * DUE, now() - Duration::from_mins(1))).await;
        let many = publishing(&db).await;
        println!("publishing one: {few:?} of processor with {DUE} articles, {many:?} with {}", 5 * DUE);
        db.close().await;
    });
    if let Some(url) = &postgres {
        runtime.block_on(execute(url, &format!("DROP SCHEMA {} CASCADE", config.database.schema)));
    }
    drop(std::fs::remove_dir_all(&folder));
}

async fn execute(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("a server");
    tokio::spawn(connection);
    client.batch_execute(sql).await.expect("the statement runs");
}
