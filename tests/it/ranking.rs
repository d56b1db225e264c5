//! Click rankings: what is in each window, and what stands in for an empty one.

use serde_json::{Value, json};

use crate::app::{TestApp, texts};
use crate::records::{Record, article, channel, portal};

const ENTRIES: &str = "window isFallback channel { slug } entries { rank previousRank views article { slug } }";

/// Articles by age before the tests' instant, 2026-03-01T00:00:00Z.
fn portal_of_ages() -> Vec<Record> {
    portal([
        channel("below").parent("news"),
        channel("empty").parent("below"),
        channel("lonely"),
        article("minutes").published("2026-02-28T23:30:00Z").views(10),
        article("hours").published("2026-02-28T20:00:00Z").views(20).channel("below"),
        article("days").published("2026-02-25T00:00:00Z").views(30),
        article("weeks").published("2026-02-10T00:00:00Z").views(40).channel("below"),
        article("years").published("2020-02-10T00:00:00Z").views(50),
        article("unread").published("2026-02-28T23:00:00Z").views(0),
        article("tied").published("2020-02-09T00:00:00Z").views(50),
        article("future").published("2026-03-02T00:00:00Z").views(9_999),
        article("draft").set("status", "draft").views(9_999),
    ])
}

fn slugs(ranking: &Value) -> Vec<String> {
    texts(&ranking["entries"], "article.slug")
}

#[tokio::test]
async fn each_window_ranks_what_was_published_in_it() {
    let app = TestApp::with(&portal_of_ages()).await;
    for (window, expected) in [
        ("HOUR", &["minutes"][..]),
        ("DAY", &["hours", "minutes"]),
        ("WEEK", &["days", "hours", "minutes"]),
        ("MONTH", &["weeks", "days", "hours", "minutes"]),
        ("ALL", &["tied", "years", "weeks", "days", "hours", "minutes"]),
    ] {
        let ranking = app.query(&format!("{{ ranking(window: {window}, first: 50) {{ {ENTRIES} }} }}")).await["ranking"].clone();
        let shown: Vec<String> = slugs(&ranking).into_iter().filter(|s| *s != "unread").collect();
        assert_eq!(shown, expected, "{window}");
        assert_eq!(
            (&ranking["window"], &ranking["isFallback"], &ranking["channel"]),
            (&json!(window), &json!(false), &Value::Null)
        );
        let ranks: Vec<i64> = ranking["entries"].as_array().expect("a list").iter().filter_map(|e| e["rank"].as_i64()).collect();
        assert_eq!(ranks, (1..=i64::try_from(ranks.len()).unwrap_or(0)).collect::<Vec<_>>());
        assert_eq!(ranking["entries"][0]["previousRank"], Value::Null, "there was no ranking before");
    }
    let first = app.query("{ ranking(window: ALL, first: 2) { entries { views article { viewCount } } } }").await;
    assert_eq!(
        first["ranking"]["entries"],
        json!([{ "views": 50, "article": { "viewCount": 50 } }, { "views": 50, "article": { "viewCount": 50 } }])
    );
}

#[tokio::test]
async fn a_channel_ranks_its_subtree_and_falls_back() {
    let app = TestApp::with(&portal_of_ages()).await;
    let ask = |slug: &str, window: &str| {
        format!("{{ channel(by: {{slug: \"{slug}\"}}) {{ ranking(window: {window}) {{ {ENTRIES} }} }} }}")
    };
    for (slug, window, shown, from, found) in [
        ("news", "DAY", "DAY", json!({ "slug": "news" }), vec!["hours", "minutes"]),
        ("below", "DAY", "DAY", json!({ "slug": "below" }), vec!["hours"]),
        ("below", "HOUR", "DAY", json!({ "slug": "below" }), vec!["hours"]),
        ("empty", "WEEK", "WEEK", json!({ "slug": "below" }), vec!["hours"]),
        ("lonely", "HOUR", "HOUR", Value::Null, vec!["minutes"]),
    ] {
        let data = app.query(&ask(slug, window)).await;
        let ranking = &data["channel"]["ranking"];
        let shown_slugs: Vec<String> = slugs(ranking).into_iter().filter(|s| *s != "unread").collect();
        assert_eq!(shown_slugs, found, "{slug} {window}");
        assert_eq!((&ranking["window"], &ranking["channel"]), (&json!(shown), &from), "{slug} {window}");
        let is_fallback = shown != window || ranking["channel"] != json!({ "slug": slug });
        assert_eq!(ranking["isFallback"], json!(is_fallback), "{slug} {window}");
        let id = app.id("channel", slug).await;
        let root = app.query(&format!("{{ ranking(channel: \"{id}\", window: {window}) {{ {ENTRIES} }} }}")).await;
        assert_eq!(root["ranking"], *ranking, "{slug} {window}");
    }
}

#[tokio::test]
async fn an_empty_window_shows_the_next_longer_one() {
    let app = TestApp::with(&portal([
        channel("below").parent("news"),
        channel("empty").parent("news"),
        article("days").published("2026-02-27T00:00:00Z").views(3),
        article("weeks").published("2026-02-09T00:00:00Z").views(9).channel("below"),
        article("years").published("2020-02-10T00:00:00Z").views(500).channel("below"),
    ]))
    .await;
    let data = app
        .query(&format!(
            "{{ ranking {{ {ENTRIES} }} hour: ranking(window: HOUR) {{ {ENTRIES} }} below: channel(by: {{slug: \"below\"}}) {{ ranking {{ {ENTRIES} }} }}
               empty: channel(by: {{slug: \"empty\"}}) {{ ranking {{ {ENTRIES} }} }} }}"
        ))
        .await;
    for (ranking, window, is_fallback, from, shown) in [
        (&data["ranking"], "WEEK", false, Value::Null, "days"),
        (&data["hour"], "WEEK", true, Value::Null, "days"),
        (&data["below"]["ranking"], "MONTH", true, json!({ "slug": "below" }), "weeks"),
        (&data["empty"]["ranking"], "WEEK", true, json!({ "slug": "news" }), "days"),
    ] {
        let about = (&ranking["window"], &ranking["isFallback"], &ranking["channel"]);
        assert_eq!(about, (&json!(window), &json!(is_fallback), &from), "{ranking}");
        assert_eq!(slugs(ranking), [shown], "{ranking}");
    }
}

#[tokio::test]
async fn an_article_knows_its_rank() {
    let app = TestApp::with(&portal_of_ages()).await;
    let below = app.id("channel", "below").await;
    let query = format!(
        "query($slug: String!) {{ article(by: {{slug: $slug}}) {{ rank hour: rank(window: HOUR) all: rank(window: ALL) below: rank(window: ALL, channel: \"{below}\") }} }}"
    );
    for (slug, expected) in [
        ("minutes", json!({ "rank": 3, "hour": 1, "all": 6, "below": null })),
        ("weeks", json!({ "rank": null, "hour": null, "all": 3, "below": 1 })),
        ("hours", json!({ "rank": 2, "hour": null, "all": 5, "below": 2 })),
    ] {
        assert_eq!(app.data(&query, json!({ "slug": slug })).await["article"], expected, "{slug}");
    }
}

#[tokio::test]
async fn a_place_whose_article_is_hidden_is_left_out() {
    let mut records = portal_of_ages();
    records.push(article("ending").published("2026-02-28T22:00:00Z").views(25).set("expiresAt", "2026-03-01T12:00:00Z"));
    let app = TestApp::with(&records).await;
    let query = format!("{{ ranking(window: DAY, first: 2) {{ {ENTRIES} }} }}");
    let before = app.query(&query).await["ranking"].clone();
    assert_eq!(slugs(&before), ["ending", "hours"]);
    app.set_time("2026-03-01T12:00:00Z");
    let after = app.query(&query).await["ranking"].clone();
    assert_eq!(slugs(&after), ["hours", "minutes"], "still as many as asked for");
    assert_eq!(after["entries"][0]["rank"], 2, "its number is missing until the next refresh");
}

#[tokio::test]
async fn the_previous_rank_is_that_of_the_last_refresh() {
    let mut app = TestApp::with(&portal_of_ages()).await;
    app.import(&[article("minutes").published("2026-02-28T23:30:00Z").views(25)]).await;
    let data = app.query(&format!("{{ ranking(window: DAY, first: 2) {{ {ENTRIES} }} }}")).await;
    let entries = &data["ranking"]["entries"];
    assert_eq!((&entries[0]["article"]["slug"], &entries[0]["previousRank"]), (&json!("minutes"), &json!(2)));
    assert_eq!((&entries[1]["article"]["slug"], &entries[1]["previousRank"]), (&json!("hours"), &json!(1)));
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = TestApp::with(&portal_of_ages()).await;
    for (arguments, field) in
        [("first: 0", "first"), ("first: 101", "first"), ("channel: \"nonsense\"", "channel"), ("channel: \"QQE\"", "channel")]
    {
        let answer = app.ask(&format!("{{ ranking({arguments}) {{ window }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{answer}");
        assert_eq!(answer["data"], serde_json::json!({ "ranking": null }));
    }
}
