//! Related items: the editor's pins first, then shared tags, then the newest of the channel; never itself, no repeats.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::records::{Record, article, channel, ndjson, portal};

/// Articles of one day, one a minute.
fn at(name: &str, minute: usize) -> Record {
    article(name).published(&format!("2026-02-01T08:{minute:02}:00Z"))
}

/// The related items of an article as (slug, reason).
async fn related(app: &TestApp, slug: &str, first: usize) -> Vec<(String, String)> {
    let query = format!("{{ article(by: {{slug: \"{slug}\"}}) {{ related(first: {first}) {{ reason article {{ slug }} }} }} }}");
    let data = app.query(&query).await;
    let items = data["article"]["related"].as_array().expect("a list");
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    items.iter().map(|item| (text(&item["article"]["slug"]), text(&item["reason"]))).collect()
}

fn pairs(items: &[(&str, &str)]) -> Vec<(String, String)> {
    items.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

#[tokio::test]
async fn pins_then_shared_tags_then_the_channel() {
    let app = TestApp::with(&portal([
        channel("other"),
        at("one-tag", 1).tags(&["氢能"]).channel("other"),
        at("two-tags", 2).tags(&["氢能", "政策"]).channel("other"),
        at("one-tag-newer", 3).tags(&["政策"]).channel("other"),
        at("same-channel", 4),
        at("same-channel-newer", 5),
        at("unrelated", 6).channel("other"),
        at("pinned", 7).channel("other"),
        at("pinned-too", 8).tags(&["氢能"]).channel("other"),
        at("main", 9).tags(&["氢能", "政策"]).related(&["pinned-too", "pinned", "main"]),
    ]))
    .await;
    let expected = [
        ("pinned-too", "EDITOR"),
        ("pinned", "EDITOR"),
        ("two-tags", "SHARED_TAGS"),
        ("one-tag-newer", "SHARED_TAGS"),
        ("one-tag", "SHARED_TAGS"),
        ("same-channel-newer", "SAME_CHANNEL"),
        ("same-channel", "SAME_CHANNEL"),
    ];
    assert_eq!(related(&app, "main", 20).await, pairs(&expected));
    for first in 1..=7 {
        assert_eq!(related(&app, "main", first).await, pairs(&expected[..first]));
    }
}

#[tokio::test]
async fn articles_of_one_file_are_related_both_ways() {
    let records: Vec<Record> = (0..12).map(|i| at(&format!("a{i:02}"), i).tags(&["海上风电"])).collect();
    let app = TestApp::with(&portal(records)).await;
    for i in 0..12 {
        let slug = format!("a{i:02}");
        let items = related(&app, &slug, 20).await;
        assert_eq!(items.len(), 11, "{slug}: all others");
        assert!(items.iter().all(|(other, _)| *other != slug), "{slug}: never itself");
        let shared = items.iter().filter(|(_, reason)| reason == "SHARED_TAGS").count();
        assert!(shared >= 4, "{slug}: {items:?}");
    }
}

#[tokio::test]
async fn pins_may_name_what_comes_later() {
    let records = portal([at("first", 1).related(&["later", "never", "second"]), at("second", 2), at("later", 3)]);
    let app = TestApp::with(&[]).await;
    let (summary, problems) = app.database.import(ndjson(&records)).await;
    assert_eq!((summary.created, summary.refused), (5, 0));
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].reason.contains("never") && problems[0].field.as_deref() == Some("related"), "{problems:?}");
    assert_eq!(problems[0].external_id.as_deref(), Some("first"));
    assert_eq!(related(&app, "first", 9).await, pairs(&[("later", "EDITOR"), ("second", "EDITOR")]));
    // The missing one comes, and the same file again.
    let again: Vec<Record> = records.into_iter().chain([at("never", 4)]).collect();
    let summary = app.database.fill(&again).await;
    assert_eq!(summary.created, 1);
    assert_eq!(related(&app, "first", 9).await, pairs(&[("later", "EDITOR"), ("never", "EDITOR"), ("second", "EDITOR")]));
    let last = app.database.fill(&again).await;
    assert_eq!((last.created, last.updated, last.unchanged), (0, 0, 6), "now everything is as the file says");
}

#[tokio::test]
async fn many_articles_at_once_cost_one_statement() {
    let app = TestApp::with(&crate::portal::whole(60)).await;
    let query = "{ articles(first: 50) { nodes { slug related(first: 8) { reason article { slug } } } } }";
    let (statements, data) = app.statements(query, json!({})).await;
    assert_eq!(statements, 2);
    for node in data["articles"]["nodes"].as_array().expect("a list") {
        let slug = node["slug"].as_str().unwrap_or_default();
        let alone = related(&app, slug, 8).await;
        let together: Vec<(String, String)> = node["related"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|i| {
                (
                    i["article"]["slug"].as_str().unwrap_or_default().to_owned(),
                    i["reason"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        assert_eq!(together, alone, "{slug}");
    }
}

#[tokio::test]
async fn the_size_must_be_sensible() {
    let app = TestApp::with(&portal([article("a")])).await;
    for first in [0, 101, -1] {
        let answer =
            app.ask(&format!("{{ article(by: {{slug: \"a\"}}) {{ related(first: {first}) {{ reason }} }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], "first", "{answer}");
        assert_eq!(answer["data"], json!({ "article": null }), "`related` is non-null");
    }
}
