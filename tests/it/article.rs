//! One article: found by every one of its names, with everything that its page shows.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::records::{article, author, channel, media, portal, redirect, site, source, topic};

async fn app() -> TestApp {
    let main = article("first-stations")
        .channel("stations")
        .set("title", "园区氢能示范项目投运，首批加氢站向社会开放")
        .set("subtitle", "三座加氢站同步投用")
        .set("summary", "临岬开发区氢能示范项目正式投运。")
        .set("legacyId", "20415")
        .set("bodyText", "三座加氢站同步向社会车辆开放。")
        .set("language", "zh-Hans")
        .set("modifiedAt", "2026-02-02T01:02:03.456Z")
        .set("significantlyUpdatedAt", "2026-02-02T00:00:00Z")
        .set("channels", json!(["news"]))
        .tags(&["氢能", "政策"])
        .set("topics", json!(["hydrogen-year"]))
        .set("authors", json!(["shen-lanzhou", "he-wangqi"]))
        .set("source", "linjia-dev")
        .set("sourceUrl", "https://dev.linjia.example/2026/1.html")
        .set("canonicalUrl", "/special/1")
        .set("cover", "station")
        .set("gallery", json!([{ "media": "queue", "caption": "排队加氢的公交车" }, { "media": "station" }]))
        .set("attachments", json!([{ "name": "示范项目清单.pdf", "url": "/files/list.pdf", "mimeType": "application/pdf", "sizeBytes": 123_456 }]))
        .views(1_024)
        .set("oldUrls", json!(["https://www.old.example/news/1.html", "/show.php?itemid=20415"]));
    TestApp::with(&portal([
        site().set("disclaimer", "转载内容仅为传递信息。"),
        channel("stations").set("name", "加氢站").parent("news"),
        source("linjia-dev").set("name", "临岬开发区").set("url", "/linjia").set("disclaimer", "数据以正式发布为准。"),
        source("bare"),
        author("shen-lanzhou").set("name", "沈岚洲"),
        author("he-wangqi").set("name", "贺望淇"),
        media("station")
            .set("alt", "加氢站")
            .set("credit", "摄影：海岬图片社")
            .set("focalX", 0.25)
            .set("focalY", 0.5)
            .set("mimeType", "image/jpeg"),
        media("queue").set("url", "https://images.example/queue.webp"),
        topic("hydrogen-year").set("title", "氢能示范这一年"),
        main,
        article("plain").set("source", "bare"),
        redirect("moved", "http://older.example/a?b=c&d=e", "first-stations"),
    ]))
    .await
}

#[tokio::test]
async fn everything_on_its_page() {
    let app = app().await;
    let data = app
        .query(
            "{ article(by: {slug: \"first-stations\"}) { slug legacyId title subtitle summary summaryIsExcerpt language publishedAt
            modifiedAt significantlyUpdatedAt url canonicalUrl sourceUrl disclaimer channel { slug } channels { slug }
            breadcrumbs { slug name url } tags { name } topics { title } source { name url disclaimer } authors { name }
            cover { url width height alt credit focalPoint { x y } mimeType } gallery { caption media { url focalPoint { x } } }
            attachments { name url mimeType sizeBytes } wordCount readingTimeMinutes viewCount id } }",
        )
        .await;
    let mut found = data["article"].clone();
    let id = found["id"].as_str().expect("an id").to_owned();
    let expected = json!({
        "slug": "first-stations", "legacyId": "20415", "title": "园区氢能示范项目投运，首批加氢站向社会开放",
        "subtitle": "三座加氢站同步投用", "summary": "临岬开发区氢能示范项目正式投运。", "summaryIsExcerpt": false, "language": "zh-Hans",
        "publishedAt": "2026-02-01T16:00:00+08:00", "modifiedAt": "2026-02-02T09:02:03.456+08:00",
        "significantlyUpdatedAt": "2026-02-02T08:00:00+08:00", "url": format!("https://portal.example/a/{id}"),
        "canonicalUrl": "https://portal.example/special/1", "sourceUrl": "https://dev.linjia.example/2026/1.html",
        "disclaimer": "数据以正式发布为准。", "channel": { "slug": "stations" }, "channels": [{ "slug": "stations" }, { "slug": "news" }],
        "breadcrumbs": [
            { "slug": "news", "name": "园区新闻", "url": "https://portal.example/c/news" },
            { "slug": "stations", "name": "加氢站", "url": "https://portal.example/c/stations" },
        ],
        "tags": [{ "name": "氢能" }, { "name": "政策" }], "topics": [{ "title": "氢能示范这一年" }],
        "source": { "name": "临岬开发区", "url": "https://portal.example/linjia", "disclaimer": "数据以正式发布为准。" },
        "authors": [{ "name": "沈岚洲" }, { "name": "贺望淇" }],
        "cover": { "url": "https://portal.example/media/station.jpg", "width": 1200, "height": 675, "alt": "加氢站",
            "credit": "摄影：海岬图片社", "focalPoint": { "x": 0.25, "y": 0.5 }, "mimeType": "image/jpeg" },
        "gallery": [
            { "caption": "排队加氢的公交车", "media": { "url": "https://images.example/queue.webp", "focalPoint": null } },
            { "caption": null, "media": { "url": "https://portal.example/media/station.jpg", "focalPoint": { "x": 0.25 } } },
        ],
        "attachments": [{ "name": "示范项目清单.pdf", "url": "https://portal.example/files/list.pdf", "mimeType": "application/pdf", "sizeBytes": 123_456 }],
        "wordCount": 14, "readingTimeMinutes": 1, "viewCount": 1_024,
    });
    found.as_object_mut().expect("an object").remove("id");
    assert_eq!(found, expected);
}

#[tokio::test]
async fn what_is_not_set_is_null_or_has_its_default() {
    let app = app().await;
    let data = app
        .query(
            "{ article(by: {slug: \"plain\"}) { id legacyId subtitle summary summaryIsExcerpt language modifiedAt significantlyUpdatedAt url
            canonicalUrl sourceUrl disclaimer tags { id } topics { id } authors { id } cover { id } gallery { caption } attachments { name }
            wordCount readingTimeMinutes viewCount body { html text pageCount pages { number } blocks { __typename } } } }",
        )
        .await;
    let found = &data["article"];
    for field in ["legacyId", "subtitle", "significantlyUpdatedAt", "sourceUrl", "cover"] {
        assert_eq!(found[field], Value::Null, "{field}");
    }
    for field in ["tags", "topics", "authors", "gallery", "attachments"] {
        assert_eq!(found[field], json!([]), "{field}");
    }
    assert_eq!(found["canonicalUrl"], found["url"]);
    assert_eq!((&found["summary"], &found["summaryIsExcerpt"]), (&json!(""), &json!(true)));
    assert_eq!((&found["language"], &found["disclaimer"]), (&json!("zh-Hans"), &json!("转载内容仅为传递信息。")));
    assert_eq!(found["modifiedAt"], "2026-02-01T16:00:00+08:00");
    assert_eq!((&found["wordCount"], &found["readingTimeMinutes"], &found["viewCount"]), (&json!(0), &json!(0), &json!(0)));
    assert_eq!(found["body"], json!({ "html": "", "text": "", "pageCount": 0, "pages": [], "blocks": [] }));
}

/// The slug of the article found by `by`; null for none.
async fn find(app: &TestApp, by: Value) -> Value {
    let query = "query($by: ArticleBy!) { article(by: $by) { slug } }";
    app.data(query, json!({ "by": by })).await["article"]["slug"].clone()
}

#[tokio::test]
async fn it_is_found_by_every_name() {
    let app = app().await;
    let data = app.query("{ article(by: {slug: \"first-stations\"}) { id url } }").await;
    let (id, url) = (data["article"]["id"].clone(), data["article"]["url"].as_str().expect("an address").to_owned());
    let path = url.trim_start_matches("https://portal.example").to_owned();
    for by in [
        json!({ "id": id }),
        json!({ "slug": "first-stations" }),
        json!({ "legacyId": "20415" }),
        json!({ "url": url }),
        json!({ "url": path }),
        json!({ "url": format!("{url}/") }),
        json!({ "url": format!("{url}#top") }),
        json!({ "url": format!("  {url} ") }),
        json!({ "url": url.replace("https://", "HTTP://WWW.") }),
        json!({ "url": url.replace("https://portal.example", "//Portal.Example:443") }),
        json!({ "url": url.replace("https://", "") }),
        json!({ "url": "https://www.old.example/news/1.html" }),
        json!({ "url": "http://OLD.example:80/news/1.html#comments" }),
        json!({ "url": "old.example/news/1.html/" }),
        json!({ "url": "/show.php?itemid=20415" }),
        json!({ "url": "https://older.example/a?b=c&d=e" }),
    ] {
        assert_eq!(find(&app, by.clone()).await, "first-stations", "{by}");
    }
    for by in [
        json!({ "slug": "First-Stations" }),
        json!({ "slug": "" }),
        json!({ "legacyId": "20416" }),
        json!({ "legacyId": "" }),
        json!({ "url": "https://portal.example/" }),
        json!({ "url": "https://portal.example/a/" }),
        json!({ "url": "https://portal.example/a/QQ" }),
        json!({ "url": "https://elsewhere.example/news/1.html" }),
        json!({ "url": "https://old.example/news/1.htm" }),
        json!({ "url": "https://older.example/a?d=e&b=c" }),
        json!({ "url": "/show.php?itemid=2041" }),
    ] {
        assert_eq!(find(&app, by.clone()).await, Value::Null, "{by}");
    }
}

#[tokio::test]
async fn the_address_may_carry_a_tracking_query() {
    let app = app().await;
    let data = app.query("{ article(by: {slug: \"first-stations\"}) { url } }").await;
    let url = data["article"]["url"].as_str().expect("an address").to_owned();
    assert_eq!(find(&app, json!({ "url": format!("{url}?utm_source=weekly") })).await, "first-stations");
}

#[tokio::test]
async fn no_name_has_a_null_character() {
    let app = app().await;
    for by in [json!({ "slug": "a\0" }), json!({ "legacyId": "1\0" })] {
        let body = json!({ "query": "query($by: ArticleBy!) { article(by: $by) { slug } tag(by: {name: \"\\u0000\"}) { id } }", "variables": { "by": by } });
        assert_eq!(app.post(&body, &[]).await.json(), json!({ "data": { "article": null, "tag": null } }), "{by}");
    }
    let by = json!({ "by": { "url": "/old\0" } });
    let refused = app.ask("query($by: ArticleBy!) { article(by: $by) { slug } }", by).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{refused}");
}

#[tokio::test]
async fn its_address_follows_the_portals_pattern() {
    let app = TestApp::with(&[
        site().set("articlePath", "/news/{slug}.html"),
        channel("news"),
        article("加氢站-开放").set("title", "加氢站开放"),
    ])
    .await;
    let url = "https://portal.example/news/加氢站-开放.html";
    let data = app.query("{ article(by: {slug: \"加氢站-开放\"}) { url } }").await;
    let shown = data["article"]["url"].as_str().expect("an address");
    assert_eq!(find(&app, json!({ "url": shown })).await, "加氢站-开放", "what the API gives, it takes");
    assert_eq!(find(&app, json!({ "url": url })).await, "加氢站-开放");
}

#[tokio::test]
async fn exactly_one_name_must_be_given() {
    let app = app().await;
    for by in [
        json!({}),
        json!({ "slug": "a", "legacyId": "b" }),
        json!({ "slug": null }),
        json!({ "slug": "a", "id": null }),
        json!(null),
    ] {
        let body = json!({ "query": "query($by: ArticleBy!) { article(by: $by) { slug } }", "variables": { "by": by } });
        let answer = app.post(&body, &[]).await;
        assert_ne!(answer.status, 200, "{by}: {}", answer.text());
        assert!(answer.json()["errors"][0]["message"].is_string(), "{by}");
    }
    for by in ["{}", "{slug: \"a\", legacyId: \"b\"}", "{slug: null}"] {
        let answer = app.post(&json!({ "query": format!("{{ article(by: {by}) {{ slug }} }}") }), &[]).await;
        assert_eq!(answer.status, 400, "{by}: {}", answer.text());
        assert!(answer.json().get("data").is_none(), "{by}: nothing was run");
    }
}

#[tokio::test]
async fn an_id_of_another_kind_is_named() {
    let app = app().await;
    let channel = app.id("channel", "news").await;
    for (by, field) in [
        (json!({ "id": channel }), "by.id"),
        (json!({ "id": "nonsense" }), "by.id"),
        (json!({ "id": "" }), "by.id"),
        (json!({ "url": "javascript://alert(1)" }), "by.url"),
        (json!({ "url": "" }), "by.url"),
        (json!({ "url": "two words" }), "by.url"),
    ] {
        let answer = app.ask("query($by: ArticleBy!) { article(by: $by) { slug } site { name } }", json!({ "by": by })).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{by}\n{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["field"], field, "{by}");
        assert_eq!(answer["data"], json!({ "article": null, "site": { "name": "海岬科技资讯" } }), "{by}");
    }
}

#[tokio::test]
async fn neighbours_are_those_of_the_main_channel() {
    let at = |minute: usize| format!("2026-02-01T08:{minute:02}:00Z");
    let in_channel = |name: &str, minute: usize| article(name).published(&at(minute));
    let app = TestApp::with(&portal([
        channel("other"),
        in_channel("a", 1),
        in_channel("b", 2),
        in_channel("elsewhere", 3).channel("other"),
        in_channel("elsewhere-too", 3).channel("other").set("channels", json!(["news"])),
        in_channel("c", 5),
        in_channel("d", 5),
        in_channel("e", 5),
        in_channel("f", 9),
    ]))
    .await;
    let data = app.query("{ articles(first: 20) { nodes { slug previous { slug } next { slug } } } }").await;
    let find = |slug: &str| {
        let nodes = data["articles"]["nodes"].as_array().expect("a list");
        let node = nodes.iter().find(|n| n["slug"] == slug).expect("it is there");
        (node["previous"]["slug"].clone(), node["next"]["slug"].clone())
    };
    let order = ["a", "b", "elsewhere-too", "c", "d", "e", "f"];
    for (i, slug) in order.iter().enumerate() {
        if *slug == "elsewhere-too" {
            continue;
        }
        let name = |i: Option<usize>| i.and_then(|i| order.get(i)).map_or(Value::Null, |s| json!(s));
        assert_eq!(find(slug), (name(i.checked_sub(1)), name(Some(i + 1))), "{slug}");
    }
    assert_eq!(find("elsewhere-too"), (json!("elsewhere"), Value::Null), "neighbours of the main channel alone");
}
