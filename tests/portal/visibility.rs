//! Drafts, articles of the future and expired ones are on no surface; the clock alone brings them and takes them.

use serde_json::{Value, json};

use super::app::{NOW, TestApp, article, at, channel, media, site, strings};

fn instant(minutes: i64) -> String {
    (at(NOW) + chrono::Duration::minutes(minutes)).to_rfc3339()
}

fn portal() -> Vec<Value> {
    let placed: Vec<Value> = ["draft", "future", "expired", "a"].iter().map(|a| json!({ "article": a })).collect();
    vec![
        site(),
        channel("c", None),
        media("m"),
        article("a", "c", 60, json!({ "tags": ["氢能"], "viewCount": 1, "cover": "m" })),
        article(
            "draft",
            "c",
            50,
            json!({ "status": "draft", "tags": ["氢能"], "viewCount": 900, "oldUrls": ["https://old.example/draft"] }),
        ),
        article("future", "c", -30, json!({ "tags": ["氢能"], "viewCount": 800, "oldUrls": ["https://old.example/future"] })),
        article(
            "expired",
            "c",
            40,
            json!({ "expiresAt": instant(-5), "tags": ["氢能"], "viewCount": 700, "oldUrls": ["https://old.example/expired"] }),
        ),
        article(
            "ending",
            "c",
            30,
            json!({ "expiresAt": instant(45), "tags": ["氢能"], "viewCount": 600, "related": ["draft", "future", "expired", "a"] }),
        ),
        json!({ "kind": "placement", "externalId": "p", "slot": "p", "items": placed }),
    ]
}

/// Every surface that can show an article, as the slugs it shows.
async fn surfaces(app: &TestApp) -> Vec<(String, Vec<String>)> {
    let data = app
        .data(
            "{ articles { totalCount nodes { slug } } read: articles(orderBy: MOST_READ) { nodes { slug } } back: articles(last: 50) { nodes { slug } } \
             channel(by: {slug: \"c\"}) { articles { nodes { slug } } ranking(window: ALL) { entries { article { slug } } } } \
             tag(by: {name: \"氢能\"}) { articles { nodes { slug } } } ranking(window: ALL) { entries { article { slug } } } \
             placement(slot: \"p\") { items { article { slug } } } empty: placement(slot: \"none\") { items { article { slug } } } \
             a: article(by: {slug: \"a\"}) { related { article { slug } } next { slug } } ending: article(by: {slug: \"ending\"}) { related { article { slug } } } }",
        )
        .await;
    let mut shown = vec![("count".to_owned(), vec![data["articles"]["totalCount"].to_string()])];
    let mut add = |name: &str, list: &Value, path: &str| {
        if list.is_array() {
            shown.push((name.to_owned(), strings(list, path)));
        }
    };
    add("newest", &data["articles"]["nodes"], "slug");
    add("most read", &data["read"]["nodes"], "slug");
    add("backward", &data["back"]["nodes"], "slug");
    add("channel", &data["channel"]["articles"]["nodes"], "slug");
    add("tag", &data["tag"]["articles"]["nodes"], "slug");
    add("ranking", &data["ranking"]["entries"], "article.slug");
    add("channel ranking", &data["channel"]["ranking"]["entries"], "article.slug");
    add("placement", &data["placement"]["items"], "article.slug");
    add("fallback", &data["empty"]["items"], "article.slug");
    add("related", &data["a"]["related"], "article.slug");
    add("pins", &data["ending"]["related"], "article.slug");
    for name in ["draft", "future", "expired", "ending"] {
        let (found, _) = app.ask("query($s: String!) { article(by: {slug: $s}) { slug } }", json!({ "s": name })).await;
        let (old, _) = app
            .ask("query($u: String!) { article(by: {url: $u}) { slug } }", json!({ "u": format!("https://old.example/{name}") }))
            .await;
        let direct = app.get(&format!("http://old.example/{name}")).await.status;
        let moved = super::client::send(app.address, "GET", &format!("/{name}"), &[("host", "old.example")], b"").await.status;
        for (surface, is_seen) in [
            ("slug", !found["article"].is_null()),
            ("old url", !old["article"].is_null()),
            ("301", moved == 301),
            ("301 absolute", direct == 301),
        ] {
            if is_seen {
                shown.push((format!("{surface} of {name}"), vec![name.to_owned()]));
            }
        }
    }
    shown
}

fn showing<'a>(surfaces: &'a [(String, Vec<String>)], name: &str) -> Vec<&'a str> {
    surfaces.iter().filter(|(_, slugs)| slugs.iter().any(|s| s == name)).map(|(surface, _)| surface.as_str()).collect()
}

#[tokio::test]
async fn time_decides_what_is_seen_on_every_surface() {
    let app = TestApp::new(&portal()).await;
    let now = surfaces(&app).await;
    for hidden in ["draft", "future", "expired"] {
        assert!(showing(&now, hidden).is_empty(), "{hidden} is in {:?}", showing(&now, hidden));
    }
    assert!(showing(&now, "ending").len() >= 7, "{now:?}");
    assert_eq!(now[0].1, ["2"]);

    app.move_to(&instant(31));
    let later = surfaces(&app).await;
    assert!(showing(&later, "future").contains(&"newest"), "{later:?}");
    assert!(showing(&later, "future").contains(&"placement"));
    assert!(showing(&later, "future").contains(&"old url of future"));
    assert!(showing(&later, "future").contains(&"301 of future"));
    assert_eq!(later[0].1, ["3"]);

    app.move_to(&instant(46));
    let end = surfaces(&app).await;
    assert!(showing(&end, "ending").is_empty(), "ending is in {:?}", showing(&end, "ending"));
    assert!(showing(&end, "draft").is_empty());
    app.close().await;
}

#[tokio::test]
async fn an_id_does_not_open_a_hidden_article() {
    let app = TestApp::new(&portal()).await;
    // Ids are numbers in order: try all the portal can have.
    for number in 1..=8_i64 {
        let id = tidings::graphql::encode_id(tidings::graphql::Kind::Article, number);
        let (data, _) = app
            .ask(
                "query($id: ID!) { node(id: $id) { ... on Article { slug } } article(by: {id: $id}) { slug } }",
                json!({ "id": id }),
            )
            .await;
        for found in [&data["node"]["slug"], &data["article"]["slug"]] {
            assert!(found.is_null() || found == "a" || found == "ending", "{found}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn placements_have_windows_and_fall_back_to_parents_site_and_newest() {
    let item = |article: &str, more: Value| {
        let mut item = json!({ "article": article });
        for (key, value) in more.as_object().into_iter().flatten() {
            item[key] = value.clone();
        }
        item
    };
    let records = vec![
        site(),
        channel("root", None),
        channel("child", Some("root")),
        channel("lone", None),
        media("m"),
        article("a", "child", 10, json!({ "cover": "m" })),
        article("b", "child", 20, json!({})),
        article("c", "lone", 30, json!({})),
        json!({ "kind": "placement", "externalId": "p1", "slot": "s", "channel": "root", "items": [item("b", json!({ "label": "推荐语" })), item("a", json!({ "startsAt": instant(10) })), item("c", json!({ "endsAt": instant(10) }))] }),
        json!({ "kind": "placement", "externalId": "p2", "slot": "s", "items": [item("c", json!({}))] }),
        json!({ "kind": "placement", "externalId": "p3", "slot": "s", "channel": "child", "items": [item("a", json!({ "endsAt": instant(-1) }))] }),
    ];
    let app = TestApp::new(&records).await;
    let query = "{ child: channel(by: {slug: \"child\"}) { placement(slot: \"s\") { isFallback channel { slug } items { label article { slug } } } } \
                 lone: channel(by: {slug: \"lone\"}) { placement(slot: \"s\") { isFallback channel { slug } items { article { slug } } } \
                 none: placement(slot: \"none\") { isFallback items { article { slug } } } covers: placement(slot: \"none\", hasCover: true) { items { article { slug } } } } }";
    let data = app.data(query).await;
    assert_eq!(data["child"]["placement"]["channel"]["slug"], "root");
    assert_eq!(data["child"]["placement"]["isFallback"], true);
    assert_eq!(strings(&data["child"]["placement"]["items"], "article.slug"), ["b", "c"]);
    assert_eq!(data["child"]["placement"]["items"][0]["label"], "推荐语");
    assert_eq!(data["lone"]["placement"]["channel"], Value::Null);
    assert_eq!(strings(&data["lone"]["none"]["items"], "article.slug"), ["c"]);
    assert_eq!(strings(&data["lone"]["covers"]["items"], "article.slug"), ["a"]);
    app.move_to(&instant(11));
    let data = app.data(query).await;
    assert_eq!(strings(&data["child"]["placement"]["items"], "article.slug"), ["b", "a"]);
    app.close().await;
}

#[tokio::test]
async fn rankings_fall_back_to_longer_windows_parents_and_the_site() {
    let day = 24 * 60;
    let records = vec![
        site(),
        channel("root", None),
        channel("child", Some("root")),
        channel("empty", Some("root")),
        article("old", "child", 90 * day, json!({ "viewCount": 500 })),
        article("month", "child", 20 * day, json!({ "viewCount": 9 })),
        article("fresh", "root", 2 * day, json!({ "viewCount": 3 })),
    ];
    let app = TestApp::new(&records).await;
    let data = app
        .data("{ ranking { window isFallback entries { rank views article { slug } } } all: ranking(window: ALL, first: 2) { entries { article { slug } } } \
               hour: ranking(window: HOUR) { window isFallback } child: channel(by: {slug: \"child\"}) { ranking { window channel { slug } entries { article { slug } } } } \
               empty: channel(by: {slug: \"empty\"}) { ranking { window channel { slug } entries { article { slug } } } } }")
        .await;
    assert_eq!(
        data["ranking"],
        json!({ "window": "WEEK", "isFallback": false, "entries": [{ "rank": 1, "views": 3, "article": { "slug": "fresh" } }] })
    );
    assert_eq!(strings(&data["all"]["entries"], "article.slug"), ["old", "month"]);
    assert_eq!(data["hour"], json!({ "window": "WEEK", "isFallback": true }));
    assert_eq!(
        data["child"]["ranking"],
        json!({ "window": "MONTH", "channel": { "slug": "child" }, "entries": [{ "article": { "slug": "month" } }] })
    );
    assert_eq!(data["empty"]["ranking"]["channel"]["slug"], "root");
    app.close().await;
}
