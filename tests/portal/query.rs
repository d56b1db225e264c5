//! What the fields of the API answer.

use serde_json::{Value, json};

use super::app::{TestApp, article, channel, media, site, source, strings};

fn small() -> Vec<Value> {
    vec![
        site(),
        source("s1"),
        json!({ "kind": "author", "externalId": "u1", "slug": "u1", "name": "林望" }),
        channel("root", None),
        channel("child", Some("root")),
        json!({ "kind": "channel", "externalId": "park", "slug": "park", "name": "青屿园区", "type": "park", "parent": "root" }),
        media("m1"),
        media("m2"),
        json!({ "kind": "topic", "externalId": "t1", "slug": "t1", "title": "加氢站专题", "cover": "m1" }),
        json!({ "kind": "page", "externalId": "about", "slug": "about", "title": "关于我们", "body": "<p>我们</p>", "updatedAt": "2026-05-01T00:00:00Z" }),
        json!({ "kind": "navigation", "externalId": "n1", "label": "频道", "channel": "root" }),
        json!({ "kind": "navigation", "externalId": "n2", "label": "园区", "channel": "park", "parent": "n1" }),
        json!({ "kind": "navigation", "externalId": "n3", "label": "外部", "url": "https://else.example/" }),
        article("old", "child", 300, json!({ "tags": ["氢能", "港口"] })),
        article(
            "main",
            "child",
            200,
            json!({
                "title": "园区氢能示范项目投运", "subtitle": "副题", "body": "<h2>小题</h2><p>第一段<b>重点</b>。</p><ul><li>甲</li></ul>",
                "tags": ["氢能", "港口"], "topics": ["t1"], "authors": ["u1"], "source": "s1", "sourceUrl": "https://s1.example/1",
                "cover": "m1", "gallery": [{ "media": "m2", "caption": "图说" }, { "media": "m1" }], "channels": ["park"],
                "attachments": [{ "name": "附件.pdf", "url": "/f/1.pdf", "sizeBytes": 1024 }], "viewCount": 37, "legacyId": "1234",
                "oldUrls": ["https://www.old.example/news/1234.html"], "related": ["new"],
            }),
        ),
        article("new", "child", 100, json!({ "tags": ["氢能"] })),
        article(
            "other",
            "root",
            50,
            json!({ "pages": [{ "title": "上", "html": "<p>一</p>" }, { "title": "下", "html": "<p>二</p>" }] }),
        ),
    ]
}

#[tokio::test]
async fn an_article_gives_everything_on_its_page() {
    let app = TestApp::new(&small()).await;
    let data = app
        .data(
            "{ article(by: {slug: \"main\"}) { title subtitle summary summaryIsExcerpt language publishedAt legacyId url canonicalUrl sourceUrl \
             disclaimer viewCount wordCount readingTimeMinutes channel { slug } channels { slug } breadcrumbs { slug } tags { name } \
             topics { title cover { url } } source { name } authors { name } cover { url width height alt } gallery { caption media { url } } \
             attachments { name url sizeBytes } body { html text pageCount blocks { __typename ... on HeadingBlock { level text } ... on ListBlock { ordered items } } } \
             rank(window: ALL) previous { slug } next { slug } related(first: 3) { reason article { slug } } } }",
        )
        .await;
    let a = &data["article"];
    assert_eq!(a["title"], "园区氢能示范项目投运");
    assert_eq!(a["publishedAt"], "2026-05-17T16:40:00+08:00");
    assert_eq!(a["summary"], "小题 第一段重点。 甲");
    assert_eq!(a["summaryIsExcerpt"], true);
    assert_eq!(a["disclaimer"], "s1的声明");
    assert_eq!(strings(&a["breadcrumbs"], "slug"), ["root", "child"]);
    assert_eq!(strings(&a["channels"], "slug"), ["child", "park"]);
    assert_eq!(strings(&a["tags"], "name"), ["氢能", "港口"]);
    assert_eq!(a["cover"], json!({ "url": "https://portal.example/m/m1.png", "width": 1200, "height": 675, "alt": "配图" }));
    assert_eq!(strings(&a["gallery"], "media.url"), ["https://portal.example/m/m2.png", "https://portal.example/m/m1.png"]);
    assert_eq!(a["attachments"][0], json!({ "name": "附件.pdf", "url": "https://portal.example/f/1.pdf", "sizeBytes": 1024 }));
    assert_eq!(a["body"]["text"], "小题\n第一段重点。\n甲");
    assert_eq!(strings(&a["body"]["blocks"], "__typename"), ["HeadingBlock", "ParagraphBlock", "ListBlock"]);
    assert_eq!(a["rank"], 1);
    assert_eq!((&a["previous"]["slug"], &a["next"]["slug"]), (&json!("old"), &json!("new")));
    // The pin, then what shares most tags, then the newest of the channel; never itself.
    assert_eq!(strings(&a["related"], "article.slug"), ["new", "old"]);
    assert_eq!(strings(&a["related"], "reason"), ["EDITOR", "SHARED_TAGS"]);
    app.close().await;
}

#[tokio::test]
async fn an_article_is_found_by_every_name() {
    let app = TestApp::new(&small()).await;
    let id = app.data("{ article(by: {slug: \"main\"}) { id url } }").await["article"].clone();
    let (id, url) = (id["id"].as_str().expect("an id").to_owned(), id["url"].as_str().expect("an address").to_owned());
    assert_eq!(url, format!("https://portal.example/a/{id}"));
    let spellings = [
        format!("id: \"{id}\""),
        "legacyId: \"1234\"".into(),
        format!("url: \"{url}\""),
        format!("url: \"http://www.portal.example:80/a/{id}#x\""),
        "url: \"https://www.old.example/news/1234.html\"".into(),
        "url: \"HTTP://OLD.example/news/1234.html/\"".into(),
    ];
    for by in spellings {
        let data = app.data(&format!("{{ article(by: {{{by}}}) {{ slug }} }}")).await;
        assert_eq!(data["article"]["slug"], "main", "{by}");
    }
    assert_eq!(app.data("{ article(by: {slug: \"none\"}) { id } }").await["article"], Value::Null);
    let two = app.fails("{ article(by: {slug: \"main\", legacyId: \"1234\"}) { id } }").await;
    assert!(two.get("data").is_none());
    app.close().await;
}

#[tokio::test]
async fn anything_is_found_by_its_id() {
    let app = TestApp::new(&small()).await;
    let data = app
        .data("{ site { id pages { id } topics { id } sources { id } } channels { id } tag(by: {name: \"氢能\"}) { id } articles(first: 1) { nodes { id } } article(by: {slug: \"main\"}) { cover { id } authors { id } } }")
        .await;
    let ids = [
        ("Site", &data["site"]["id"]),
        ("Page", &data["site"]["pages"][0]["id"]),
        ("Topic", &data["site"]["topics"][0]["id"]),
        ("Source", &data["site"]["sources"][0]["id"]),
        ("Channel", &data["channels"][0]["id"]),
        ("Tag", &data["tag"]["id"]),
        ("Article", &data["articles"]["nodes"][0]["id"]),
        ("Media", &data["article"]["cover"]["id"]),
        ("Author", &data["article"]["authors"][0]["id"]),
    ];
    let list: Vec<&Value> = ids.iter().map(|(_, id)| *id).chain([&Value::Null]).filter(|v| v.is_string()).collect();
    let mut wanted = list.iter().map(|v| (*v).clone()).collect::<Vec<_>>();
    wanted.extend([json!("QX__"), json!("nonsense!")]);
    let (found, _) = app.ask("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", json!({ "ids": wanted })).await;
    let names: Vec<&str> =
        found["nodes"].as_array().expect("a list").iter().map(|n| n["__typename"].as_str().unwrap_or("-")).collect();
    let expected: Vec<&str> = ids.iter().map(|(name, _)| *name).chain(["-", "-"]).collect();
    assert_eq!(names, expected);
    let (one, _) = app.ask("query($id: ID!) { node(id: $id) { id } }", json!({ "id": ids[4].1 })).await;
    assert_eq!(one["node"]["id"], *ids[4].1);
    app.close().await;
}

#[tokio::test]
async fn the_portal_has_navigation_channels_and_pages() {
    let app = TestApp::new(&small()).await;
    let data = app
        .data("{ site { name navigation { label kind url items { label kind channel { kind } } } pages { slug url } page(slug: \"about\") { body updatedAt } } channels { slug children { slug kind } } parks: channels(kind: PARK) { slug path { slug } parent { slug } } channel(by: {slug: \"child\"}) { name } topic(by: {slug: \"t1\"}) { articles { nodes { slug } } } source(by: {slug: \"s1\"}) { articles { totalCount } } }")
        .await;
    assert_eq!(
        data["site"]["navigation"][0]["items"][0],
        json!({ "label": "园区", "kind": "CHANNEL", "channel": { "kind": "PARK" } })
    );
    assert_eq!(strings(&data["site"]["navigation"], "url"), ["https://portal.example/c/root", "https://else.example/"]);
    assert_eq!(data["site"]["page"], json!({ "body": "<p>我们</p>", "updatedAt": "2026-05-01T08:00:00+08:00" }));
    assert_eq!(
        data["channels"],
        json!([{ "slug": "root", "children": [{ "slug": "child", "kind": "CHANNEL" }, { "slug": "park", "kind": "PARK" }] }])
    );
    assert_eq!(
        data["parks"],
        json!([{ "slug": "park", "path": [{ "slug": "root" }, { "slug": "park" }], "parent": { "slug": "root" } }])
    );
    assert_eq!(strings(&data["topic"]["articles"]["nodes"], "slug"), ["main"]);
    assert_eq!(data["source"]["articles"]["totalCount"], 1);
    app.close().await;
}

#[tokio::test]
async fn bodies_come_whole_and_by_page() {
    let app = TestApp::new(&small()).await;
    let data = app.data("{ article(by: {slug: \"other\"}) { all: body { html pageCount pages { number title text } } second: body(page: 2) { html } } }").await;
    assert_eq!(data["article"]["all"]["html"], "<p>一</p><hr><p>二</p>");
    assert_eq!(
        data["article"]["all"]["pages"],
        json!([{ "number": 1, "title": "上", "text": "一" }, { "number": 2, "title": "下", "text": "二" }])
    );
    assert_eq!(data["article"]["second"]["html"], "<p>二</p>");
    app.close().await;
}

#[tokio::test]
async fn keys_come_in_the_order_asked_and_nulls_go_as_far_as_they_must() {
    let app = TestApp::new(&small()).await;
    let answer = app
        .post("{ b: site { url name } articles(first: 1) { nodes { title slug id } } a: site { name url } }", json!({}))
        .await
        .text();
    let places: Vec<usize> = ["\"b\":", "\"articles\":", "\"title\":", "\"slug\":", "\"id\":", "\"a\":"]
        .iter()
        .map(|k| answer.find(k).unwrap_or(0))
        .collect();
    assert!(places.windows(2).all(|w| w[0] < w[1]), "{answer}");
    // A failing nullable field is null alone, and its siblings live.
    let body = app.fails("{ article(by: {slug: \"other\"}) { title rank(channel: \"bad\") slug } site { name } }").await;
    assert_eq!(
        body["data"],
        json!({ "article": { "title": "标题other", "rank": null, "slug": "other" }, "site": { "name": "海岬科技资讯" } })
    );
    assert_eq!(body["errors"][0]["path"], json!(["article", "rank"]));
    // A failing non-null field takes its parent with it, up to the first that may be null.
    let body = app.fails("{ article(by: {slug: \"other\"}) { title body(page: 99) { html } } site { name } }").await;
    assert_eq!(body["data"], json!({ "article": null, "site": { "name": "海岬科技资讯" } }));
    assert_eq!(body["errors"][0]["path"], json!(["article", "body"]));
    assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(body["errors"][0]["extensions"]["field"], "page");
    let body = app.fails("{ articles(first: 0) { nodes { id } } site { name } }").await;
    assert_eq!(body["data"], Value::Null);
    app.close().await;
}

#[tokio::test]
async fn nothing_internal_is_in_an_error() {
    let mut app = TestApp::new(&small()).await;
    // Behind the program's back, its table goes.
    if app.store.schema.is_empty() {
        let path = app.store.url.trim_start_matches("sqlite://").to_owned();
        rusqlite::Connection::open(path)
            .expect("the file")
            .execute_batch("PRAGMA foreign_keys = OFF; DROP TABLE listing")
            .expect("it goes");
    } else {
        super::app::admin(&app.store.url, &format!("DROP TABLE {}.listing CASCADE", app.store.schema)).await;
    }
    let answer = app.post("{ articles { nodes { id } } }", json!({})).await;
    let text = answer.text();
    let body = answer.json();
    assert_eq!(body["errors"][0]["extensions"]["code"], "INTERNAL_SERVER_ERROR");
    assert!(body["errors"][0]["extensions"]["requestId"].as_str().is_some_and(|id| !id.is_empty()));
    for word in ["listing", "SELECT", "sqlite", "relation", "table"] {
        assert!(!text.contains(word), "{text}");
    }
    app.stop();
    app.close().await;
}
