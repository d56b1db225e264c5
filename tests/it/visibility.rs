//! Drafts, articles before their time and expired ones are on no surface; the clock alone brings and takes them.

use serde_json::{Value, json};

use crate::app::{TestApp, texts};
use crate::records::{article, channel, everywhere, media, placement, portal, source, topic};

async fn app() -> TestApp {
    let hidden = ["draft", "future", "expired"];
    TestApp::with(&portal([
        source("s"),
        topic("t"),
        media("m"),
        channel("quiet"),
        everywhere("shown").published("2026-02-20T00:00:00Z").views(5),
        everywhere("older").published("2026-02-10T00:00:00Z").views(4),
        everywhere("draft").set("status", "draft").published("2026-02-15T00:00:00Z"),
        everywhere("future").published("2026-03-10T00:00:00Z"),
        everywhere("expired").published("2026-02-16T00:00:00Z").set("expiresAt", "2026-02-25T00:00:00Z"),
        everywhere("ending").published("2026-02-12T00:00:00Z").set("expiresAt", "2026-03-05T00:00:00Z").views(3),
        article("pinning").published("2026-02-01T00:00:00Z").related(&["draft", "future", "expired", "ending", "shown"]),
        placement("headline", &[&hidden[..], &["ending", "shown"]].concat()),
        placement("hidden", &hidden),
    ]))
    .await
}

/// Every surface that could show an article: its name and the slugs on it.
async fn surfaces(app: &TestApp, ids: &[(String, String)]) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let (tag, source, topic) = (app.id("tag", "氢能").await, app.id("source", "s").await, app.id("topic", "t").await);
    for filter in [
        String::new(),
        format!("tag: \"{tag}\""),
        format!("source: \"{source}\""),
        format!("topic: \"{topic}\""),
        "hasCover: true".into(),
    ] {
        for order in ["NEWEST", "MOST_READ"] {
            for page in ["first: 50", "last: 50"] {
                let list = format!("articles({page}, orderBy: {order}, filter: {{ {filter} }})");
                let data = app.query(&format!("{{ list: {list} {{ totalCount nodes {{ slug }} }} }}")).await;
                let slugs = texts(&data["list"]["nodes"], "slug");
                assert_eq!(data["list"]["totalCount"], slugs.len(), "{list}");
                found.push((list, slugs));
            }
        }
    }
    let data = app
        .query(
            "{ channel(by: {slug: \"news\"}) { articles(first: 50) { totalCount nodes { slug previous { slug } next { slug } } }
               ranking(window: ALL, first: 50) { entries { article { slug } } } placement(slot: \"headline\") { items { article { slug } } } }
             ranking(window: ALL, first: 50) { entries { article { slug } } } month: ranking(window: MONTH, first: 50) { entries { article { slug } } }
             headline: placement(slot: \"headline\") { items { article { slug } } } hidden: placement(slot: \"hidden\") { items { article { slug } } }
             pinning: article(by: {slug: \"pinning\"}) { related(first: 50) { article { slug } } previous { slug } next { slug } }
             shown: article(by: {slug: \"shown\"}) { related(first: 50) { article { slug } } previous { slug } next { slug } }
             tag(by: {name: \"氢能\"}) { articles(first: 50) { nodes { slug } } } }",
        )
        .await;
    collect(&data, "", &mut found);
    for (slug, id) in ids {
        let query = "query($id: ID!, $slug: String!, $old: String!, $url: String!, $legacy: String!) { node(id: $id) { ... on Article { slug } }
            nodes(ids: [$id]) { ... on Article { slug } } a: article(by: {id: $id}) { slug } b: article(by: {slug: $slug}) { slug }
            c: article(by: {url: $old}) { slug } d: article(by: {url: $url}) { slug } e: article(by: {legacyId: $legacy}) { slug } }";
        let variables = json!({ "id": id, "slug": slug, "old": format!("/old/{slug}.html"),
            "url": format!("https://portal.example/a/{id}"), "legacy": format!("legacy-{slug}") });
        let data = app.data(query, variables).await;
        let mut names = Vec::new();
        collect(&data, "", &mut names);
        let count = names.iter().flat_map(|(_, slugs)| slugs).count();
        assert!(count == 0 || count == 7, "{slug} is found by some names only: {data}");
        let answer = app.get(&format!("/old/{slug}.html")).await;
        assert_eq!(answer.status == 301, count == 7, "{slug}: the old address");
        found.push((format!("look-ups of {slug}"), if count == 7 { vec![slug.clone()] } else { Vec::new() }));
    }
    found
}

/// The slugs below each list of `value`, by path.
fn collect(value: &Value, path: &str, found: &mut Vec<(String, Vec<String>)>) {
    match value {
        Value::Object(map) => {
            if let Some(slug) = map.get("slug").and_then(Value::as_str) {
                found.push((path.to_owned(), vec![slug.to_owned()]));
            }
            map.iter().for_each(|(key, value)| collect(value, &format!("{path}/{key}"), found));
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, path, found)),
        _ => {}
    }
}

/// The public ids of all articles, hidden ones too: ids are given in the order of the lines.
fn ids() -> Vec<(String, String)> {
    use tidings::graphql::{Kind, encode_id};
    let names = ["shown", "older", "draft", "future", "expired", "ending"];
    (1..).zip(names).map(|(id, name)| (name.to_owned(), encode_id(Kind::Article, id))).collect()
}

async fn check(app: &TestApp, visible: &[&str]) {
    let ids = ids();
    let found = surfaces(app, &ids).await;
    let mut shown = std::collections::HashSet::new();
    for (surface, slugs) in &found {
        for slug in slugs {
            assert!(visible.contains(&slug.as_str()) || slug == "pinning", "{slug} is on {surface}");
            shown.insert(slug.as_str());
        }
    }
    for slug in visible {
        let count = found.iter().filter(|(_, slugs)| slugs.iter().any(|s| s == slug)).count();
        assert!(shown.contains(slug) && count > 20, "{slug} is on {count} surfaces only");
        assert!(
            found.iter().any(|(surface, slugs)| *surface == format!("look-ups of {slug}") && slugs.len() == 1),
            "{slug} by its names"
        );
    }
}

#[tokio::test]
async fn nothing_hidden_is_on_any_surface() {
    let app = app().await;
    check(&app, &["shown", "older", "ending"]).await;
}

#[tokio::test]
async fn the_clock_alone_brings_and_takes() {
    let app = app().await;
    app.set_time("2026-03-04T23:59:59.999Z");
    check(&app, &["shown", "older", "ending"]).await;
    app.set_time("2026-03-05T00:00:00Z");
    check(&app, &["shown", "older"]).await;
    app.set_time("2026-03-09T23:59:59.999Z");
    check(&app, &["shown", "older"]).await;
    app.set_time("2026-03-10T00:00:00Z");
    let data = app.query("{ articles { totalCount nodes { slug } } article(by: {slug: \"future\"}) { slug } }").await;
    assert_eq!(data["articles"]["totalCount"], 4);
    assert_eq!(data["articles"]["nodes"][0]["slug"], "future");
    assert_eq!(data["article"]["slug"], "future");
    let data = app.query("{ placement(slot: \"headline\") { items { article { slug } } } article(by: {slug: \"pinning\"}) { related(first: 2) { article { slug } } } }").await;
    assert_eq!(data["placement"]["items"][0]["article"]["slug"], "future", "in its place in the slot");
    assert_eq!(data["article"]["related"][0]["article"]["slug"], "future", "and among the pins");
}

#[tokio::test]
async fn neighbours_step_over_what_is_hidden() {
    let app = app().await;
    let neighbours = |slug: &str| format!("{{ article(by: {{slug: \"{slug}\"}}) {{ previous {{ slug }} next {{ slug }} }} }}");
    assert_eq!(app.query(&neighbours("shown")).await["article"], json!({ "previous": { "slug": "ending" }, "next": null }));
    assert_eq!(
        app.query(&neighbours("ending")).await["article"],
        json!({ "previous": { "slug": "older" }, "next": { "slug": "shown" } })
    );
    app.set_time("2026-03-10T00:00:00Z");
    assert_eq!(
        app.query(&neighbours("shown")).await["article"],
        json!({ "previous": { "slug": "older" }, "next": { "slug": "future" } })
    );
}

#[tokio::test]
async fn a_page_is_full_where_hidden_articles_lie_between() {
    let mut records = portal([]);
    for i in 0..60 {
        let status = if i % 3 == 0 { "published" } else { "draft" };
        let record = article(&format!("a{i:02}")).published(&format!("2026-02-01T00:{i:02}:00Z")).set("status", status);
        records.push(if i % 6 == 0 { record.set("expiresAt", "2026-02-20T00:00:00Z") } else { record });
    }
    let app = TestApp::with(&records).await;
    let expected: Vec<String> = (0..60).rev().filter(|i| i % 3 == 0 && i % 6 != 0).map(|i| format!("a{i:02}")).collect();
    assert_eq!(app.slugs("articles(first: 7)").await, expected[..7]);
    assert_eq!(app.slugs("articles(last: 7)").await, expected[3..]);
    assert_eq!(app.slugs("articles(first: 100, orderBy: MOST_READ)").await, expected);
}

#[tokio::test]
async fn an_article_that_becomes_a_draft_again_is_gone() {
    let mut app = app().await;
    app.import(&[everywhere("shown").published("2026-02-20T00:00:00Z").set("status", "draft")]).await;
    check(&app, &["older", "ending"]).await;
}
