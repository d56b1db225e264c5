//! Bodies in their three forms: HTML that is safe to insert, plain text, blocks; whole and by page.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::records::{Record, article, portal};

const HTML: &str = r#"<h2>三座加氢站</h2><p>园区<b>氢能</b>示范项目 &amp; 首批加氢站。</p><ul><li>甲站</li><li>乙站</li></ul><ol><li>一</li></ol>
<blockquote><p>先核实，再发布。</p></blockquote><figure><img src="/media/a.jpg" alt="加氢站" width="800" height="600"><figcaption>摄影：海岬图片社</figcaption></figure>
<table><tr><th>站</th><th>能力</th></tr><tr><td>甲</td><td>500</td></tr></table><pre><code>a = 1
b = 2</code></pre><hr><p>第二段。</p>"#;

async fn app(record: Record) -> TestApp {
    TestApp::with(&portal([record])).await
}

async fn body(app: &TestApp, fields: &str) -> Value {
    app.query(&format!("{{ article(by: {{slug: \"a\"}}) {{ body {{ {fields} }} }} }}")).await["article"]["body"].clone()
}

#[tokio::test]
async fn a_body_comes_in_three_forms() {
    let app = app(article("a").set("body", HTML)).await;
    let found = body(
        &app,
        "html text pageCount pages { number title html text } blocks { __typename ... on ParagraphBlock { html text } ... on HeadingBlock { level text }
         ... on ListBlock { ordered items } ... on QuoteBlock { html text } ... on ImageBlock { url alt caption width height }
         ... on TableBlock { rows hasHeader } ... on CodeBlock { text } ... on RuleBlock { isRule } }",
    )
    .await;
    let html = found["html"].as_str().expect("HTML");
    assert!(html.contains("<b>氢能</b>") && html.contains("<figcaption>") && html.contains("&amp;"), "{html}");
    let text = found["text"].as_str().expect("text");
    let lines: Vec<&str> = text.lines().collect();
    for line in ["三座加氢站", "园区氢能示范项目 & 首批加氢站。", "先核实，再发布。", "第二段。"] {
        assert!(lines.contains(&line), "{line}: {lines:?}");
    }
    assert!(!text.contains('<'), "{text}");
    assert_eq!(
        (&found["pageCount"], &found["pages"][0]["number"], &found["pages"][0]["title"]),
        (&json!(1), &json!(1), &Value::Null)
    );
    assert_eq!(found["pages"][0]["html"], found["html"]);
    let expected = json!([
        { "__typename": "HeadingBlock", "level": 2, "text": "三座加氢站" },
        { "__typename": "ParagraphBlock", "html": "园区<b>氢能</b>示范项目 &amp; 首批加氢站。", "text": "园区氢能示范项目 & 首批加氢站。" },
        { "__typename": "ListBlock", "ordered": false, "items": ["甲站", "乙站"] },
        { "__typename": "ListBlock", "ordered": true, "items": ["一"] },
        { "__typename": "QuoteBlock", "html": "<p>先核实，再发布。</p>", "text": "先核实，再发布。" },
        { "__typename": "ImageBlock", "url": "/media/a.jpg", "alt": "加氢站", "caption": "摄影：海岬图片社", "width": 800, "height": 600 },
        { "__typename": "TableBlock", "rows": [["站", "能力"], ["甲", "500"]], "hasHeader": true },
        { "__typename": "CodeBlock", "text": "a = 1\nb = 2" },
        { "__typename": "RuleBlock", "isRule": true },
        { "__typename": "ParagraphBlock", "html": "第二段。", "text": "第二段。" },
    ]);
    assert_eq!(found["blocks"], expected);
}

#[tokio::test]
async fn a_body_of_several_pages_comes_whole_and_by_page() {
    let pages = json!([{ "title": "背景", "html": "<p>第一页。</p>" }, { "html": "<p>第二页。</p>" }, { "title": "结语", "html": "<p>第三页。</p>" }]);
    let app = app(article("a").set("pages", pages)).await;
    let whole = body(&app, "html text pageCount pages { number title html text } blocks { __typename }").await;
    assert_eq!(whole["html"], "<p>第一页。</p><hr><p>第二页。</p><hr><p>第三页。</p>");
    assert_eq!(whole["pageCount"], 3);
    assert_eq!(
        whole["pages"],
        json!([{ "number": 1, "title": "背景", "html": "<p>第一页。</p>", "text": "第一页。" },
            { "number": 2, "title": null, "html": "<p>第二页。</p>", "text": "第二页。" },
            { "number": 3, "title": "结语", "html": "<p>第三页。</p>", "text": "第三页。" }])
    );
    assert_eq!(whole["blocks"].as_array().map(Vec::len), Some(5), "with the lines between the pages");
    let data =
        app.query("{ article(by: {slug: \"a\"}) { one: body(page: 1) { html } three: body(page: 3) { text pageCount } } }").await;
    assert_eq!(data["article"], json!({ "one": { "html": "<p>第一页。</p>" }, "three": { "text": "第三页。", "pageCount": 3 } }));
    for page in [0, 4, -1, 2_147_483_647] {
        let answer = app.ask(&format!("{{ article(by: {{slug: \"a\"}}) {{ body(page: {page}) {{ html }} }} }}"), json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["field"], "page", "{answer}");
    }
}

#[tokio::test]
async fn plain_text_becomes_paragraphs() {
    let app = app(article("a").set("bodyText", "第一段 <b>不是标记</b> & 符号。\n\n第二段。")).await;
    let found = body(&app, "html text").await;
    assert_eq!(found["html"], "<p>第一段 &lt;b&gt;不是标记&lt;/b&gt; &amp; 符号。</p><p>第二段。</p>");
    assert_eq!(found["text"], "第一段 <b>不是标记</b> & 符号。\n第二段。");
}

#[tokio::test]
async fn the_summary_is_the_beginning_of_the_text() {
    let text = "园区氢能示范项目正式投运。首批三座加氢站同步向社会车辆开放。";
    let app = app(article("a").set("bodyText", text)).await;
    let data = app.query("{ article(by: {slug: \"a\"}) { summary summaryIsExcerpt wordCount readingTimeMinutes } }").await;
    assert!(data["article"]["summary"].as_str().is_some_and(|s| text.starts_with(s) && s.ends_with('。')), "{data}");
    assert_eq!(data["article"]["summaryIsExcerpt"], true);
    assert_eq!(data["article"]["readingTimeMinutes"], 1);
    assert!(data["article"]["wordCount"].as_i64().is_some_and(|n| (26..=30).contains(&n)), "{data}");
    let html = "<h2>小题</h2><p>第一段<b>重点</b>。</p><ul><li>甲</li></ul>";
    let app = self::app(article("a").set("body", html)).await;
    let data = app.query("{ article(by: {slug: \"a\"}) { summary body { text } } }").await;
    assert_eq!(data["article"], json!({ "summary": "小题 第一段重点。 甲", "body": { "text": "小题\n第一段重点。\n甲" } }));
}

#[tokio::test]
async fn reading_time_grows_with_the_text() {
    let app = app(article("a").set("bodyText", "加".repeat(901))).await;
    let data = app.query("{ article(by: {slug: \"a\"}) { wordCount readingTimeMinutes } }").await;
    assert_eq!(data["article"], json!({ "wordCount": 901, "readingTimeMinutes": 4 }));
}

#[tokio::test]
async fn lists_read_no_bodies() {
    let app = TestApp::with(&crate::portal::whole(30)).await;
    let (cards, _) = app.statements("{ articles(first: 20) { nodes { title summary } } }", json!({})).await;
    let (with_bodies, data) = app.statements("{ articles(first: 20) { nodes { title body { text } } } }", json!({})).await;
    assert_eq!((cards, with_bodies), (1, 2));
    assert!(data["articles"]["nodes"].as_array().is_some_and(|n| {
        n.iter().all(|a| a["body"]["text"] == "项目历时十八个月建成。\n专家组认为，系统运行稳定，指标达到设计要求。")
    }));
}
