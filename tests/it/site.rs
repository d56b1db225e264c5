//! The portal itself: settings, navigation, footer pages, sources, topics, tags.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::records::{article, author, channel, media, navigation, page, portal, site, source, tag, topic};

#[tokio::test]
async fn settings_and_navigation() {
    let settings = site()
        .set("slogan", "看见技术落地的样子")
        .set("url", "https://portal.example/")
        .set("timeZone", "Asia/Shanghai")
        .set("icpNumber", "示例ICP备00000000号")
        .set("policeNumber", "示例公网安备00000000000000号")
        .set("disclaimer", "转载内容仅为传递信息。")
        .set("takedownContact", "takedown@portal.example");
    let app = TestApp::with(&[
        settings,
        channel("news").set("name", "园区新闻"),
        media("m"),
        topic("t").set("title", "氢能示范这一年").set("summary", "数字、故障和人。").set("cover", "m").set("position", 2),
        topic("u").set("position", 1),
        page("about")
            .set("title", "关于我们")
            .set("body", "<p>我们<script>alert(1)</script></p>")
            .set("position", 2)
            .set("updatedAt", "2026-02-01T00:00:00Z"),
        page("contact").set("position", 1),
        source("s"),
        navigation("second").set("label", "专题").set("topic", "t").set("position", 2),
        navigation("first").set("label", "新闻").channel("news").set("position", 1),
        navigation("below").parent("first").set("label", "关于我们").set("page", "about").set("position", 2),
        navigation("elsewhere")
            .parent("first")
            .set("label", "合作媒体")
            .set("url", "https://partner.example/a")
            .set("position", 1),
        navigation("path").parent("second").set("label", "订阅").set("url", "/subscribe"),
    ])
    .await;
    let data = app
        .query(
            "{ site { name slogan language timeZone url icpNumber policeNumber disclaimer takedownContact
               navigation { label kind url channel { slug } topic { slug } page { slug } items { label kind url page { title } items { label } } }
               pages { slug title body url } page(slug: \"about\") { title updatedAt } none: page(slug: \"nothing\") { title }
               topics { slug title summary cover { width } url } sources { slug } } }",
        )
        .await;
    let expected = json!({
        "name": "海岬科技资讯", "slogan": "看见技术落地的样子", "language": "zh-Hans", "timeZone": "Asia/Shanghai", "url": "https://portal.example",
        "icpNumber": "示例ICP备00000000号", "policeNumber": "示例公网安备00000000000000号", "disclaimer": "转载内容仅为传递信息。",
        "takedownContact": "takedown@portal.example",
        "navigation": [
            { "label": "新闻", "kind": "CHANNEL", "url": "https://portal.example/c/news", "channel": { "slug": "news" }, "topic": null, "page": null, "items": [
                { "label": "合作媒体", "kind": "LINK", "url": "https://partner.example/a", "page": null, "items": [] },
                { "label": "关于我们", "kind": "PAGE", "url": "https://portal.example/p/about", "page": { "title": "关于我们" }, "items": [] } ] },
            { "label": "专题", "kind": "TOPIC", "url": "https://portal.example/t/t", "channel": null, "topic": { "slug": "t" }, "page": null, "items": [
                { "label": "订阅", "kind": "LINK", "url": "https://portal.example/subscribe", "page": null, "items": [] } ] },
        ],
        "pages": [
            { "slug": "contact", "title": "contact", "body": "<p>海岬科技资讯是一个科技新闻门户。</p>", "url": "https://portal.example/p/contact" },
            { "slug": "about", "title": "关于我们", "body": "<p>我们</p>", "url": "https://portal.example/p/about" },
        ],
        "page": { "title": "关于我们", "updatedAt": "2026-02-01T08:00:00+08:00" }, "none": null,
        "topics": [
            { "slug": "u", "title": "u", "summary": null, "cover": null, "url": "https://portal.example/t/u" },
            { "slug": "t", "title": "氢能示范这一年", "summary": "数字、故障和人。", "cover": { "width": 1200 }, "url": "https://portal.example/t/t" },
        ],
        "sources": [{ "slug": "s" }],
    });
    assert_eq!(data["site"], expected);
}

#[tokio::test]
async fn instants_carry_the_portals_offset() {
    let app = TestApp::with(&[
        site().set("timeZone", "Europe/Berlin"),
        channel("news"),
        article("winter").published("2026-01-15T12:00:00Z"),
        article("summer").published("2025-07-15T12:00:00.250Z"),
        article("early").published("1901-01-01T00:00:00Z"),
    ])
    .await;
    let data = app.query("{ articles { nodes { publishedAt } } }").await;
    let found: Vec<&str> =
        data["articles"]["nodes"].as_array().expect("a list").iter().filter_map(|n| n["publishedAt"].as_str()).collect();
    assert_eq!(found[..2], ["2026-01-15T13:00:00+01:00", "2025-07-15T14:00:00.250+02:00"]);
    assert!(found[2].starts_with("1901-01-01T0"), "{}", found[2]);
}

#[tokio::test]
async fn tags_are_found_by_id_slug_and_name() {
    let app = TestApp::with(&portal([tag("policy").set("name", "政策"), article("a").tags(&["政策", "燃料电池"])])).await;
    let id = app.id("tag", "policy").await;
    let data = app
        .query(&format!(
            "{{ a: tag(by: {{id: \"{id}\"}}) {{ name url articles {{ totalCount }} }} b: tag(by: {{slug: \"policy\"}}) {{ id }} c: tag(by: {{name: \"政策\"}}) {{ id }}
               d: tag(by: {{name: \"燃料电池\"}}) {{ slug name }} e: tag(by: {{name: \"无\"}}) {{ id }} f: tag(by: {{slug: \"燃料电池\"}}) {{ name }} }}"
        ))
        .await;
    assert_eq!(data["a"], json!({ "name": "政策", "url": "https://portal.example/tag/policy", "articles": { "totalCount": 1 } }));
    assert_eq!((&data["b"]["id"], &data["c"]["id"]), (&json!(id), &json!(id)));
    assert_eq!((&data["d"]["name"], &data["e"], &data["f"]["name"]), (&json!("燃料电池"), &Value::Null, &json!("燃料电池")));
}

#[tokio::test]
async fn sources_topics_and_authors_have_everything() {
    let app = TestApp::with(&portal([
        source("linjia")
            .set("name", "临岬开发区")
            .set("url", "https://dev.linjia.example")
            .set("licence", "CC-BY-4.0")
            .set("attribution", "来源：临岬开发区")
            .set("disclaimer", "数据以正式发布为准。")
            .set("contact", "news@dev.linjia.example"),
        topic("year").set("title", "氢能示范这一年"),
        author("shen").set("name", "沈岚洲").set("bio", "关注氢能与储能。"),
        article("a").set("source", "linjia").set("topics", json!(["year"])).set("authors", json!(["shen"])),
        article("b").set("source", "linjia"),
    ]))
    .await;
    let data = app
        .query(
            "{ source(by: {slug: \"linjia\"}) { slug name url licence attribution disclaimer contact articles { totalCount } }
               topic(by: {slug: \"year\"}) { title articles { nodes { slug } } } article(by: {slug: \"a\"}) { authors { slug name bio articles { nodes { slug } } } }
               none: source(by: {slug: \"nothing\"}) { id } nothing: topic(by: {slug: \"nothing\"}) { id } }",
        )
        .await;
    assert_eq!(
        data["source"],
        json!({ "slug": "linjia", "name": "临岬开发区", "url": "https://dev.linjia.example", "licence": "CC-BY-4.0", "attribution": "来源：临岬开发区",
            "disclaimer": "数据以正式发布为准。", "contact": "news@dev.linjia.example", "articles": { "totalCount": 2 } })
    );
    assert_eq!(data["topic"], json!({ "title": "氢能示范这一年", "articles": { "nodes": [{ "slug": "a" }] } }));
    assert_eq!(
        data["article"]["authors"],
        json!([{ "slug": "shen", "name": "沈岚洲", "bio": "关注氢能与储能。", "articles": { "nodes": [{ "slug": "a" }] } }])
    );
    assert_eq!((&data["none"], &data["nothing"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn small_nouns_cost_no_statement() {
    let app = TestApp::with(&crate::portal::whole(3)).await;
    let query = "{ site { name navigation { label items { url } } pages { body } topics { title } sources { name } } channels { name path { slug } children { slug } }
        tag(by: {name: \"政策\"}) { slug } source(by: {slug: \"source-1\"}) { name } topic(by: {slug: \"hydrogen-year\"}) { title } }";
    let (statements, _) = app.statements(query, json!({})).await;
    assert_eq!(statements, 0);
}
