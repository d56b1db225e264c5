//! An import that breaks off anywhere and is run again ends as one that ran through.

use std::io::{BufRead, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use tidings::clock::Clock;
use tidings::ingest::{Import, Summary};

use crate::app::{NOW, TestDatabase, millis};
use crate::portal;
use crate::records::{Record, article, ndjson, portal as portal_of};

/// Input that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the disk is gone"))
    }
}

impl BufRead for Broken {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        Err(std::io::Error::other("the disk is gone"))
    }

    fn consume(&mut self, _: usize) {}
}

/// Imports the first `lines` of `text`, and then breaks off as at a kill: what was committed stays, nothing follows.
async fn break_off(database: &TestDatabase, text: &str, lines: usize) {
    let part: String = text.split_inclusive('\n').take(lines).collect();
    let db = database.open().await;
    let clock = Clock::Fixed(Arc::new(AtomicI64::new(millis(NOW))));
    let done = Import::new(db.clone(), clock).run(Cursor::new(part).chain(Broken), |_| Ok(()), |_| {}).await;
    assert!(done.is_err(), "the input broke");
    db.close().await;
}

/// Everything that is derived and not in an export.
async fn derived(database: &TestDatabase) -> [Vec<i64>; 5] {
    [
        database.numbers("SELECT article_id FROM related ORDER BY article_id, position").await,
        database.numbers("SELECT related_id FROM related ORDER BY article_id, position").await,
        database
            .numbers(
                "SELECT CASE reason WHEN 'editor' THEN 1 ELSE 2 END + 0 * article_id FROM related ORDER BY article_id, position",
            )
            .await,
        database.numbers("SELECT import_hash FROM article ORDER BY id").await,
        database.numbers("SELECT scope FROM listing ORDER BY scope, published_at, article_id").await,
    ]
}

/// Two batches of articles and a bit.
const COUNT: usize = 2_100;

/// Many articles whose tags few others have, far apart in the file; some pin what comes later.
fn records() -> Vec<Record> {
    let mut records = portal::nouns();
    records.extend((0..COUNT).map(|i| {
        let (rare, first) = (format!("稀{}", i % 500), portal::TAGS[i % 12]);
        let record = portal::nth(i).tags(&[&rare]);
        match i % 50 {
            0 => record.related(&[&portal::name(i + 7), &portal::name(COUNT - 1 - i)]),
            1 => record.tags(&[first]).related(&[&portal::name(COUNT - 1 - i)]),
            2 => record.tags(&[first, &rare]),
            3 => record.tags(&[]),
            _ => record,
        }
    }));
    records
}

#[tokio::test]
async fn wherever_it_breaks_off_related_items_are_the_same() {
    let records = records();
    let text = ndjson(&records);
    let calm = TestDatabase::new().await;
    let whole = calm.fill(&records).await;
    assert_eq!(whole, Summary { created: records.len() as u64, ..Summary::default() });
    let expected = (calm.export().await, derived(&calm).await);
    assert!(!expected.1[3].contains(&0), "nothing is left unfinished");
    let articles = records.len() - COUNT;
    let places: [&[usize]; 3] = [&[articles + 1_001], &[articles + COUNT], &[5, articles + 1_100, articles + 2_050]];
    for breaks in places {
        let database = TestDatabase::new().await;
        for lines in breaks {
            break_off(&database, &text, *lines).await;
        }
        database.fill(&records).await;
        assert_eq!((database.export().await, derived(&database).await), expected, "broken off at {breaks:?}");
        let again = database.fill(&records).await;
        assert_eq!(again, Summary { unchanged: records.len() as u64, ..Summary::default() }, "broken off at {breaks:?}");
        assert_eq!(derived(&database).await, expected.1);
    }
}

#[tokio::test]
async fn an_end_that_was_cut_short_is_made_up_for() {
    let records = records();
    let database = TestDatabase::new().await;
    database.fill(&records).await;
    let expected = derived(&database).await;
    // Killed among the related items: some of the articles are finished.
    database
        .execute(
            "DELETE FROM related WHERE article_id % 2 = 0 AND article_id IN (SELECT id FROM article WHERE tag_ids LIKE '[_%')",
        )
        .await;
    database.execute("UPDATE article SET import_hash = 0 WHERE id % 2 = 0 AND tag_ids LIKE '[_%'").await;
    let summary = database.fill(&records).await;
    assert!(summary.created == 0 && summary.updated > 0, "{summary:?}");
    let found = derived(&database).await;
    assert_eq!(found[3], expected[3], "fingerprints");
    assert_eq!(database.fill(&records).await, Summary { unchanged: records.len() as u64, ..Summary::default() });
}

#[tokio::test]
async fn an_article_twice_in_a_file_gets_its_related_items_once() {
    let database = TestDatabase::new().await;
    let a = |title: &str| article("a").tags(&["氢能"]).set("title", title);
    let records = portal_of([
        a("第一版"),
        article("b").tags(&["氢能"]),
        a("第二版"),
        a("第二版"),
        article("c").tags(&["氢能"]).related(&["d"]),
    ]);
    let records: Vec<Record> =
        records.into_iter().chain([article("d"), article("c").tags(&["氢能"]), article("a").tags(&["无"])]).collect();
    let summary = database.fill(&records).await;
    assert_eq!((summary.created, summary.updated, summary.unchanged), (6, 3, 1), "{summary:?}");
    let pairs = "SELECT article_id * 10 + related_id FROM related ORDER BY article_id, position";
    assert_eq!(database.numbers(pairs).await, Vec::<i64>::new(), "the pin is gone with the last line");
    let latest = [article("b").tags(&["氢能"]), article("d"), article("c").tags(&["氢能"]), article("a").tags(&["无"])];
    assert_eq!(database.fill(&latest).await, Summary { unchanged: 4, ..Summary::default() });
}
