//! Slots that editors fill: order, labels, time windows, and what stands in for an empty slot.

use serde_json::{Value, json};

use crate::app::{TestApp, texts};
use crate::records::{Record, article, channel, media, placement, portal};

const SHOWN: &str = "slot isFallback channel { slug } items { label article { slug } }";

fn tree() -> Vec<Record> {
    let mut records = portal([media("m"), channel("below").parent("news"), channel("deep").parent("below"), channel("lonely")]);
    for (i, name) in ["a", "b", "c", "d"].iter().enumerate() {
        let record = article(name).published(&format!("2026-02-0{}T00:00:00Z", i + 1));
        records.push(if i % 2 == 0 { record.set("cover", "m") } else { record });
    }
    records.push(article("low").channel("deep").published("2026-02-08T00:00:00Z"));
    records
}

fn slugs(placement: &Value) -> Vec<String> {
    texts(&placement["items"], "article.slug")
}

async fn shown(app: &TestApp, channel: &str, slot: &str) -> Value {
    let query = if channel.is_empty() {
        format!("{{ placement(slot: \"{slot}\") {{ {SHOWN} }} }}")
    } else {
        let id = app.id("channel", channel).await;
        let query = format!("{{ channel(by: {{id: \"{id}\"}}) {{ placement(slot: \"{slot}\") {{ {SHOWN} }} }} }}");
        let below = app.query(&query).await["channel"]["placement"].clone();
        let root =
            app.query(&format!("{{ placement(slot: \"{slot}\", channel: \"{id}\") {{ {SHOWN} }} }}")).await["placement"].clone();
        assert_eq!(below, root, "both ways to ask");
        return root;
    };
    app.query(&query).await["placement"].clone()
}

#[tokio::test]
async fn items_stand_in_the_editors_order_with_their_labels() {
    let slot = placement("headline", &[])
        .set("items", json!([{ "article": "c", "label": "头条" }, { "article": "a" }, { "article": "d", "label": "现场" }]));
    let mut records = tree();
    records.push(slot);
    let app = TestApp::with(&records).await;
    let found = shown(&app, "", "headline").await;
    assert_eq!(
        found,
        json!({ "slot": "headline", "isFallback": false, "channel": null, "items": [
            { "label": "头条", "article": { "slug": "c" } }, { "label": null, "article": { "slug": "a" } }, { "label": "现场", "article": { "slug": "d" } } ] })
    );
    let data = app.query("{ two: placement(slot: \"headline\", first: 2) { items { article { slug } } } covers: placement(slot: \"headline\", hasCover: true) { items { article { slug } } } }").await;
    assert_eq!(slugs(&data["two"]), ["c", "a"]);
    assert_eq!(slugs(&data["covers"]), ["c", "a"]);
}

#[tokio::test]
async fn time_windows_decide_what_is_due() {
    let items = json!([
        { "article": "a", "startsAt": "2026-03-02T00:00:00Z" },
        { "article": "b", "endsAt": "2026-03-02T00:00:00Z" },
        { "article": "c", "startsAt": "2026-03-01T00:00:00Z", "endsAt": "2026-03-03T00:00:00Z" },
        { "article": "d", "endsAt": "2026-03-01T00:00:00Z" },
    ]);
    let mut records = tree();
    records.push(placement("headline", &[]).set("items", items));
    let app = TestApp::with(&records).await;
    for (now, expected) in [
        ("2026-02-28T23:59:59.999Z", &["b", "d"][..]),
        ("2026-03-01T00:00:00Z", &["b", "c"]),
        ("2026-03-01T23:59:59.999Z", &["b", "c"]),
        ("2026-03-02T00:00:00Z", &["a", "c"]),
        ("2026-03-03T00:00:00Z", &["a"]),
    ] {
        app.set_time(now);
        assert_eq!(slugs(&shown(&app, "", "headline").await), expected, "{now}");
    }
}

#[tokio::test]
async fn an_empty_slot_falls_back_to_parents_the_site_and_the_newest() {
    let mut records = tree();
    records.push(placement("one", &["a"]).set("externalId", "one-site"));
    records.push(placement("one", &["b"]).set("externalId", "one-news").channel("news"));
    records.push(placement("one", &["c"]).set("externalId", "one-deep").channel("deep"));
    records.push(placement("two", &["d"]).set("externalId", "two-site"));
    records.push(placement("three", &[]).set("externalId", "three-news").channel("news"));
    let app = TestApp::with(&records).await;
    let of = |slug: &str| json!({ "slug": slug });
    for (channel, slot, expected, from, is_fallback) in [
        ("deep", "one", vec!["c"], of("deep"), false),
        ("below", "one", vec!["b"], of("news"), true),
        ("news", "one", vec!["b"], of("news"), false),
        ("lonely", "one", vec!["a"], Value::Null, true),
        ("", "one", vec!["a"], Value::Null, false),
        ("deep", "two", vec!["d"], Value::Null, true),
        // Nobody filled it: the newest of the channel, else of those above it.
        ("deep", "three", vec!["low"], of("deep"), true),
        ("below", "three", vec!["low"], of("below"), true),
        ("news", "three", vec!["low", "d", "c", "b", "a"], of("news"), true),
        ("lonely", "four", vec!["low", "d", "c", "b", "a"], Value::Null, true),
        ("", "four", vec!["low", "d", "c", "b", "a"], Value::Null, true),
    ] {
        let found = shown(&app, channel, slot).await;
        assert_eq!(slugs(&found), expected, "{slot} of {channel:?}");
        assert_eq!((&found["channel"], &found["isFallback"]), (&from, &json!(is_fallback)), "{slot} of {channel:?}");
    }
}

#[tokio::test]
async fn a_slot_of_hidden_articles_falls_back_too() {
    let mut records = tree();
    records.push(article("draft").set("status", "draft"));
    records.push(article("future").published("2026-03-02T00:00:00Z"));
    records.push(placement("one", &["draft", "future"]).channel("news"));
    records.push(placement("one", &["a"]));
    let app = TestApp::with(&records).await;
    let found = shown(&app, "news", "one").await;
    assert_eq!((slugs(&found), &found["isFallback"]), (vec!["a".to_owned()], &json!(true)));
    app.set_time("2026-03-02T00:00:00Z");
    let found = shown(&app, "news", "one").await;
    assert_eq!((slugs(&found), &found["isFallback"]), (vec!["future".to_owned()], &json!(false)));
}

#[tokio::test]
async fn covers_alone_fall_back_to_articles_with_covers() {
    let app = TestApp::with(&tree()).await;
    let data = app
        .query(
            "{ placement(slot: \"picture-stories\", hasCover: true) { isFallback items { article { slug cover { width } } } } }",
        )
        .await;
    assert_eq!(slugs(&data["placement"]), ["c", "a"]);
    // A channel without an article with a cover shows those of the channels above it, in the end those of the portal.
    for (channel, expected) in [("deep", &["c", "a"][..]), ("lonely", &["c", "a"])] {
        let data = app
            .query(&format!(
                "{{ channel(by: {{slug: \"{channel}\"}}) {{ placement(slot: \"picture-stories\", hasCover: true) {{ items {{ article {{ slug }} }} }} }} }}"
            ))
            .await;
        assert_eq!(slugs(&data["channel"]["placement"]), expected, "{channel}");
    }
}

#[tokio::test]
async fn a_slot_whose_items_are_not_due_falls_back_too() {
    let mut records = tree();
    let items =
        json!([{ "article": "a", "startsAt": "2026-03-02T00:00:00Z" }, { "article": "b", "endsAt": "2026-02-28T00:00:00Z" }]);
    records.push(placement("one", &[]).set("externalId", "one-below").channel("below").set("items", items));
    records.push(placement("one", &["c"]).set("externalId", "one-news").channel("news"));
    let app = TestApp::with(&records).await;
    let found = shown(&app, "below", "one").await;
    assert_eq!(
        (slugs(&found), &found["channel"]["slug"], &found["isFallback"]),
        (vec!["c".to_owned()], &json!("news"), &json!(true))
    );
    app.set_time("2026-03-02T00:00:00Z");
    let found = shown(&app, "below", "one").await;
    assert_eq!(
        (slugs(&found), &found["channel"]["slug"], &found["isFallback"]),
        (vec!["a".to_owned()], &json!("below"), &json!(false))
    );
}

#[tokio::test]
async fn an_article_twice_in_a_slot_is_shown_once_in_its_first_place() {
    let mut records = tree();
    records.push(placement("one", &["a", "b", "a"]));
    let app = TestApp::with(&records).await;
    assert_eq!(slugs(&shown(&app, "", "one").await), ["a", "b"]);
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = TestApp::with(&tree()).await;
    for (arguments, field) in
        [("slot: \"a\", first: 0", "first"), ("slot: \"a\", first: 101", "first"), ("slot: \"a\", channel: \"x\"", "channel")]
    {
        let answer = app.ask(&format!("{{ placement({arguments}) {{ slot }} }}"), json!({})).await;
        assert_eq!(
            (&answer["errors"][0]["extensions"]["field"], &answer["data"]["placement"]),
            (&json!(field), &Value::Null),
            "{answer}"
        );
    }
}
