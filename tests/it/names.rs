//! Names that change hands: the first run of a file does what the second would, and nothing stops an import.

use serde_json::json;
use tidings::ingest::{Problem, Summary};

use crate::app::{TestApp, TestDatabase};
use crate::records::{Record, article, channel, ndjson, portal, redirect, tag};

/// Imports a file twice: the second run must refuse the same lines and change nothing. Returns what was refused.
async fn stable(database: &TestDatabase, records: &[Record]) -> Vec<Problem> {
    let (first, problems) = database.import(ndjson(records)).await;
    let exported = database.export().await;
    let (second, again) = database.import(ndjson(records)).await;
    let expected = Summary { unchanged: records.len() as u64 - first.refused, refused: first.refused, ..Summary::default() };
    assert_eq!((second, &again), (expected, &problems));
    assert_eq!(database.export().await, exported);
    problems
}

/// Which lines were refused, for which fields.
fn fields(problems: &[Problem]) -> Vec<(u64, &str)> {
    problems.iter().map(|p| (p.line, p.field.as_deref().unwrap_or_default())).collect()
}

fn slugged(record: Record, slug: &str) -> Record {
    record.set("slug", slug)
}

#[tokio::test]
async fn names_of_tags_change_hands() {
    let database = TestDatabase::new().await;
    database.fill(&[slugged(tag("1"), "a"), slugged(tag("2"), "b")]).await;
    // Two that change places can only wait for each other.
    let swapped = [slugged(tag("1"), "b"), slugged(tag("2"), "a"), slugged(tag("4"), "d")];
    let problems = stable(&database, &swapped).await;
    assert_eq!(fields(&problems), [(1, "slug"), (2, "slug")]);
    assert!(problems[0].reason.contains("belongs to tag \"2\"; it waits"), "{problems:?}");
    // One that takes over before the other gives up.
    assert!(stable(&database, &[slugged(tag("3"), "a"), slugged(tag("1"), "c")]).await.is_empty());
    // A whole row moves up by one, and two want what comes free.
    let row =
        [slugged(tag("2"), "a"), slugged(tag("3"), "c"), slugged(tag("1"), "e"), slugged(tag("5"), "b"), slugged(tag("6"), "b")];
    assert_eq!(fields(&stable(&database, &row).await), [(5, "slug")]);
    // Names, too.
    let renamed = [slugged(tag("7").set("name", "2"), "g"), slugged(tag("2").set("name", "二"), "a")];
    assert!(stable(&database, &renamed).await.is_empty());
}

#[tokio::test]
async fn names_of_articles_change_hands_in_any_order() {
    let database = TestDatabase::new().await;
    let old = |record: Record, url: &str| record.set("oldUrls", json!([url]));
    let first = slugged(old(article("1"), "/x"), "x").set("legacyId", "7");
    database.fill(&portal([first, slugged(article("2"), "two"), redirect("r", "/r", "1"), redirect("q", "/q", "1")])).await;
    let file = [
        slugged(old(article("3"), "/x"), "x").set("legacyId", "7"),
        slugged(old(article("1"), "/z"), "z"),
        slugged(old(article("4"), "/z"), "four"),
        slugged(article("5"), "z"),
    ];
    let problems = stable(&database, &file).await;
    assert_eq!(fields(&problems), [(3, "oldUrls[0]"), (4, "slug")]);
    assert!(problems[0].reason.contains("article \"1\""), "{problems:?}");
    assert!(stable(&database, &[redirect("s", "/r", "1"), redirect("r", "/r2", "1")]).await.is_empty());
    let app = TestApp::on(database).await;
    let data = app.query("{ x: article(by: {url: \"/x\"}) { slug } z: article(by: {url: \"/z\"}) { slug } seven: article(by: {legacyId: \"7\"}) { slug } }").await;
    assert_eq!(data, json!({ "x": { "slug": "x" }, "z": { "slug": "z" }, "seven": { "slug": "x" } }));
}

#[tokio::test]
async fn a_redirect_and_an_article_of_one_name_are_two() {
    let database = TestDatabase::new().await;
    database
        .fill(&portal([article("same"), article("other").set("oldUrls", json!(["/own"])), redirect("same", "/old", "other")]))
        .await;
    let taking = article("same").set("oldUrls", json!(["/new", "/old"]));
    let problems = stable(&database, &[taking, article("fine")]).await;
    assert_eq!(fields(&problems), [(1, "oldUrls[1]")]);
    assert!(problems[0].reason.contains("redirect \"same\""), "{problems:?}");
    let problems = stable(&database, &[redirect("other", "/own", "same")]).await;
    assert_eq!(fields(&problems), [(1, "url")]);
    assert!(problems[0].reason.contains("article \"other\""), "{problems:?}");
}

#[tokio::test]
async fn one_tag_is_taken_over_by_one_line() {
    let database = TestDatabase::new().await;
    database.fill(&portal([slugged(article("1").tags(&["old"]), "one")])).await;
    let file = [slugged(tag("n1").set("name", "old"), "n1"), slugged(tag("old").set("name", "fresh"), "o2")];
    assert!(stable(&database, &file).await.is_empty());
    // A file that renames a tag and goes on with the old name makes a new one.
    let file = [
        slugged(tag("n1").set("name", "newer"), "n1"),
        slugged(article("2").tags(&["old", "newer"]), "two"),
        slugged(article("3").tags(&["fresh"]), "three"),
    ];
    assert!(stable(&database, &file).await.is_empty());
    let app = TestApp::on(database).await;
    let data = app.query("{ articles { nodes { slug tags { name slug } } } }").await;
    let nodes = data["articles"]["nodes"].as_array().expect("a list").clone();
    let tags = |slug: &str| nodes.iter().find(|n| n["slug"] == slug).map(|n| n["tags"].clone()).expect("there");
    assert_eq!(tags("one"), json!([{ "name": "newer", "slug": "n1" }]));
    assert_eq!(tags("two"), json!([{ "name": "old", "slug": "old" }, { "name": "newer", "slug": "n1" }]));
    assert_eq!(tags("three"), json!([{ "name": "fresh", "slug": "o2" }]));
}

#[tokio::test]
async fn a_tag_made_by_number_finds_a_free_number() {
    let database = TestDatabase::new().await;
    database.fill(&portal([tag("a")])).await;
    let taken: Vec<Record> = (1..9).map(|i| tag(&format!("tag-{i}"))).collect();
    database.fill(&taken).await;
    // The next tags would be called `tag-10` and so on, which these are.
    database.fill(&(10..20).map(|i| tag(&format!("tag-{i}")).set("id", 100 + i)).collect::<Vec<_>>()).await;
    database.execute("UPDATE id_counter SET last = 9 WHERE name = 'tag'").await;
    let file = [slugged(article("1").tags(&["有 空格", "也有 空格", "100"]), "one")];
    assert!(stable(&database, &file).await.is_empty());
}

#[tokio::test]
async fn after_the_highest_number_none_is_given_away() {
    let database = TestDatabase::new().await;
    let highest = 9_007_199_254_740_991_i64;
    let records = portal([channel("last").set("id", highest), channel("after"), article("a").set("id", 7)]);
    let (summary, problems) = database.import(ndjson(&records)).await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].reason.contains("no numbers are left"), "{problems:?}");
    assert_eq!(problems[0].external_id.as_deref(), Some("after"));
    assert!(summary.created >= 3, "the others are there");
    let export = database.export().await;
    let second = TestDatabase::new().await;
    let (_, problems) = second.import(export.clone()).await;
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(second.export().await, export);
}
