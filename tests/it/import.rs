//! Import and export: again changes nothing, bad lines hold nobody up, an export comes back as itself, both databases
//! answer alike, and a crash loses nothing.

use std::collections::HashMap;
use std::fmt::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tidings::db::Backend;
use tidings::ingest::Summary;

use crate::app::{OPERATOR, TestApp, TestDatabase, backend};
use crate::budget::{ARTICLE_PAGE, CHANNEL_PAGE, HOME_PAGE};
use crate::client::send;
use crate::portal::{self, CHANNELS};
use crate::records::{article, author, channel, media, ndjson, portal as portal_of, redirect, source, tag, topic};

const NOTHING: Summary = Summary { created: 0, updated: 0, unchanged: 0, refused: 0 };

#[tokio::test]
async fn importing_again_changes_nothing() {
    let database = TestDatabase::new().await;
    let records = portal::whole(150);
    let lines = records.len() as u64;
    let first = database.fill(&records).await;
    assert_eq!(first, Summary { created: lines, ..NOTHING });
    let before = (database.export().await, database.numbers("SELECT count(*) FROM journal").await);
    for _ in 0..2 {
        assert_eq!(database.fill(&records).await, Summary { unchanged: lines, ..NOTHING });
    }
    assert_eq!((database.export().await, database.numbers("SELECT count(*) FROM journal").await), before);
}

#[tokio::test]
async fn each_created_record_has_one_entry_in_the_journal() {
    let database = TestDatabase::new().await;
    let records = portal::whole(30);
    database.fill(&records).await;
    let entries = "SELECT count(*) FROM journal WHERE action LIKE '%.created' OR action = 'article.published'";
    assert_eq!(database.numbers(entries).await, [i64::try_from(records.len()).expect("few")]);
    let doubled = "SELECT count(*) FROM journal GROUP BY entity, entity_id, action HAVING count(*) > 1";
    assert_eq!(database.numbers(doubled).await, Vec::<i64>::new());
}

#[tokio::test]
async fn a_changed_line_updates_every_place() {
    let mut app = TestApp::with(&portal_of([
        channel("other"),
        media("m"),
        source("s"),
        article("a")
            .tags(&["氢能"])
            .views(5)
            .set("source", "s")
            .set("gallery", json!([{ "media": "m", "caption": "图说" }]))
            .set("attachments", json!([{ "name": "清单.pdf", "url": "/list.pdf" }])),
        article("b").tags(&["氢能"]).views(3),
    ]))
    .await;
    let id = app.query("{ article(by: {slug: \"a\"}) { id } }").await;
    let changed = article("a")
        .set("title", "改过的标题")
        .channel("other")
        .tags(&["政策"])
        .views(1)
        .set("cover", "m")
        .published("2026-02-10T00:00:00Z");
    let summary = app.import(&[changed.set("slug", "renamed").set("bodyText", "新的正文。")]).await;
    assert_eq!(summary, Summary { updated: 1, ..NOTHING });
    let data = app
        .query(
            "{ article(by: {slug: \"renamed\"}) { id title channel { slug } tags { name } viewCount cover { width } publishedAt source { slug } body { text } gallery { caption } attachments { name } }
               old: article(by: {slug: \"a\"}) { id } news: channel(by: {slug: \"news\"}) { articles { nodes { slug } } }
               other: channel(by: {slug: \"other\"}) { articles { nodes { slug } } } tag(by: {name: \"氢能\"}) { articles { nodes { slug } } }
               covers: articles(filter: {hasCover: true}) { nodes { slug } } read: articles(orderBy: MOST_READ) { nodes { slug } }
               source(by: {slug: \"s\"}) { articles { totalCount } } ranking(window: ALL) { entries { views article { slug } } } }",
        )
        .await;
    assert_eq!(
        data["article"],
        json!({ "id": id["article"]["id"], "title": "改过的标题", "channel": { "slug": "other" }, "tags": [{ "name": "政策" }], "viewCount": 1,
            "cover": { "width": 1200 }, "publishedAt": "2026-02-10T08:00:00+08:00", "source": null, "body": { "text": "新的正文。" }, "gallery": [], "attachments": [] })
    );
    let slugs = |v: &Value| crate::app::texts(&v["nodes"], "slug");
    assert_eq!(data["old"], Value::Null);
    assert_eq!(slugs(&data["news"]["articles"]), ["b"]);
    assert_eq!(slugs(&data["other"]["articles"]), ["renamed"]);
    assert_eq!(slugs(&data["tag"]["articles"]), ["b"]);
    assert_eq!(slugs(&data["covers"]), ["renamed"]);
    assert_eq!(slugs(&data["read"]), ["b", "renamed"]);
    assert_eq!(data["source"]["articles"]["totalCount"], 0);
    assert_eq!(data["ranking"]["entries"][1], json!({ "views": 1, "article": { "slug": "renamed" } }));
}

#[tokio::test]
async fn bad_lines_are_named_and_the_good_ones_go_in() {
    let app = TestApp::with(&portal_of([article("there").set("legacyId", "7").set("oldUrls", json!(["/old.html"]))])).await;
    let base = |name: &str| article(name);
    let mut cases: Vec<(String, Option<&str>, Option<&str>, &str)> = vec![
        ("{".into(), None, None, "JSON"),
        ("[1]".into(), None, None, ""),
        ("null".into(), None, None, ""),
        ("\"text\"".into(), None, None, ""),
        ("{}".into(), None, Some("kind"), "missing"),
        (r#"{"kind":"poem","externalId":"x"}"#.into(), None, Some("kind"), "poem"),
        (r#"{"kind":"tag","slug":"x","name":"x"}"#.into(), None, Some("externalId"), "missing"),
        (r#"{"kind":"tag","externalId":"t","slug":"x"}"#.into(), Some("t"), Some("name"), "missing"),
        (
            r#"{"kind":"article","externalId":"u","channel":"news","publishedAt":"2026-02-01T00:00:00Z"}"#.into(),
            Some("u"),
            Some("title"),
            "missing",
        ),
    ];
    let refused = [
        (base("no-title").set("title", ""), "title", "empty"),
        (base("blank-title").set("title", " \u{0} "), "title", "empty"),
        (base("title-kind").set("title", 7), "title", ""),
        (base("title-long").set("title", "长".repeat(501)), "title", "500"),
        (base("colour").set("colour", "red"), "colour", "unknown"),
        (base("no-channel").channel("nowhere"), "channel", "nowhere"),
        (base("no-source").set("source", "nowhere"), "source", "nowhere"),
        (base("no-cover").set("cover", "nowhere"), "cover", "nowhere"),
        (base("no-topic").set("topics", json!(["nowhere"])), "topics[0]", "nowhere"),
        (base("no-media").set("gallery", json!([{ "media": "nowhere" }])), "gallery[0].media", "nowhere"),
        (base("slug").set("slug", "a b"), "slug", "letters"),
        (base("slug-number").set("slug", "12345"), "slug", "digits"),
        (base("slug-taken").set("slug", "there"), "slug", "there"),
        (base("legacy-taken").set("legacyId", "7"), "legacyId", "there"),
        (base("url-taken").set("oldUrls", json!(["/old.html"])), "oldUrls[0]", "there"),
        (base("when").published("yesterday"), "publishedAt", ""),
        (base("when-date").published("2026-02-01"), "publishedAt", ""),
        (base("when-far").published("0001-01-01T00:00:00Z"), "publishedAt", "1901"),
        (base("status").set("status", "secret"), "status", "published"),
        (base("views").views(-1), "viewCount", "between"),
        (base("script").set("sourceUrl", "javascript:alert(1)"), "sourceUrl", "http"),
        (base("two-bodies").set("body", "<p>a</p>").set("bodyText", "b"), "body", "one of"),
        (base("id").set("id", 0), "id", "between"),
        (base("id-taken").set("id", 1), "id", "there"),
        (media("wide").set("width", 0), "width", "between"),
        (media("scheme").set("url", "data:text/html,x"), "url", "http"),
        (media("colour").set("dominantColor", "red"), "dominantColor", "#"),
        (channel("kind").set("type", "garden"), "type", "park"),
        (tag("tag").set("slug", "a/b"), "slug", "letters"),
        (redirect("gone", "/gone.html", "nowhere"), "article", "nowhere"),
        (redirect("no-url", "two words", "there"), "url", "address"),
        (crate::records::site().set("timeZone", "Moon/Base"), "timeZone", "IANA"),
        (crate::records::navigation("nowhere"), "url", "exactly one"),
        (crate::records::placement("x", &["nowhere"]), "items[0].article", "nowhere"),
    ];
    let names: Vec<String> = refused.iter().map(|(record, ..)| record.name().to_owned()).collect();
    for ((record, field, reason), name) in refused.iter().zip(&names) {
        cases.push((ndjson(std::slice::from_ref(record)).trim().to_owned(), Some(name), Some(field), reason));
    }
    let mut text = String::new();
    for (i, (line, ..)) in cases.iter().enumerate() {
        let _ = writeln!(text, "{line}");
        text += &ndjson(&[article(&format!("good-{i}"))]);
    }
    let (summary, problems) = app.database.import(text).await;
    assert_eq!(summary, Summary { created: cases.len() as u64, refused: cases.len() as u64, ..NOTHING }, "{problems:#?}");
    let by_line: HashMap<u64, _> = problems.iter().map(|p| (p.line, p)).collect();
    for (number, (line, name, field, reason)) in (1..).step_by(2).zip(&cases) {
        let problem = by_line.get(&number).unwrap_or_else(|| panic!("line {number} was taken: {line}"));
        assert_eq!((problem.external_id.as_deref(), problem.field.as_deref()), (*name, *field), "{line}\n{problem:?}");
        assert!(problem.reason.contains(reason) && !problem.reason.is_empty(), "{line}\n{problem:?}");
    }
    let count = app.query("{ articles { totalCount } }").await;
    assert_eq!(count["articles"]["totalCount"], cases.len() + 1);
}

#[tokio::test]
async fn lines_end_as_they_may() {
    let database = TestDatabase::new().await;
    let records = portal_of([article("a"), article("b")]);
    let text = ndjson(&records);
    for variant in
        [text.replace('\n', "\r\n"), text.replace('\n', "\n\n  \n"), text.trim_end().to_owned(), format!("\u{feff}{text}")]
    {
        let (summary, problems) = database.import(variant).await;
        assert_eq!((summary.lines(), summary.refused), (4, 0), "{problems:?}");
    }
    assert_eq!(database.import("").await.0, NOTHING);
    let (summary, problems) = database.import(b"\xff\xfe\n".to_vec()).await;
    assert_eq!((summary.refused, problems[0].line), (1, 1));
}

#[tokio::test]
async fn the_same_name_twice_in_a_file_is_one_record() {
    let database = TestDatabase::new().await;
    let records = portal_of([
        article("a").set("title", "第一版"),
        article("b"),
        article("a").set("title", "第二版"),
        article("a").set("title", "第二版"),
    ]);
    let summary = database.fill(&records).await;
    assert_eq!(summary, Summary { created: 4, updated: 1, unchanged: 1, refused: 0 });
    assert!(database.export().await.contains("第二版"));
}

#[tokio::test]
async fn taken_names_can_move_to_others_in_later_lines() {
    let database = TestDatabase::new().await;
    database.fill(&portal_of([article("a").set("slug", "lead"), article("b")])).await;
    let summary = database
        .fill(&[article("a").set("slug", "was-lead"), article("b"), channel("more"), article("b").set("slug", "lead")])
        .await;
    assert_eq!(summary.refused, 0);
    // Two that swap in one batch: each is refused or taken, but the database stays whole.
    let (summary, problems) =
        database.import(ndjson(&[article("a").set("slug", "lead"), article("b").set("slug", "was-lead")])).await;
    assert_eq!(summary.lines(), 2, "{problems:?}");
    let (again, _) = database.import(ndjson(&[article("c")])).await;
    assert_eq!(again.created, 1);
}

#[tokio::test]
async fn a_tags_own_line_takes_over_the_name_that_articles_used() {
    let database = TestDatabase::new().await;
    database.fill(&portal_of([article("a").tags(&["人工智能", "ai"])])).await;
    let own = tag("ai").set("slug", "ai-tag").set("name", "人工智能");
    let (_, problems) = database.import(ndjson(&[own, article("b").tags(&["ai", "人工智能"])])).await;
    // `ai` is a name of its own, and its record has the external id `ai` already.
    assert_eq!(problems.len(), 1, "{problems:?}");
    let text = database.export().await;
    for tags in [r#""tags":["人工智能","ai"]"#, r#""tags":["ai","人工智能"]"#] {
        assert!(text.contains(tags), "{tags} in {text}");
    }
}

#[tokio::test]
async fn characters_are_cleaned() {
    let app = TestApp::with(&portal_of([])).await;
    let line = "{\"kind\":\"article\",\"externalId\":\"a\",\"slug\":\"a\",\"channel\":\"news\",\"publishedAt\":\"2026-02-01T00:00:00+08:00\",\
        \"title\":\"  控制\\u0000字符\\u0007与\\ud83d半个\\n换行\\u202e反向 \",\"bodyText\":\"e\\u0301\\u0085第一段\\u0001。\\r\\n第二段。\"}\n";
    let (summary, problems) = app.database.import(line).await;
    assert_eq!(summary.created, 1, "{problems:?}");
    let data = app.query("{ article(by: {slug: \"a\"}) { title publishedAt body { text } } }").await;
    let article = &data["article"];
    assert_eq!(article["title"], "控制字符与\u{fffd}半个 换行反向");
    assert_eq!(article["publishedAt"], "2026-02-01T00:00:00+08:00");
    let text = article["body"]["text"].as_str().expect("a text");
    assert!(text.starts_with('\u{e9}') && text.ends_with("第二段。") && text.contains("第一段。"), "{text:?}");
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

/// Strings that have broken other programs; a folder of shared data has more of them, where it is there.
fn hostile() -> Vec<String> {
    const OWN: [&str; 14] = [
        "<script>alert(1)</script>首批加氢站",
        "<img src=x onerror=alert(1)>",
        "<a href=\"javascript:alert(1)\">加氢站</a>",
        "<a href=\" jAvA\tscript:alert(1)\">加氢站</a>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext></p><img src=x onerror=alert(1)>",
        "'; DROP TABLE article; --",
        "{\"$gt\": \"\"}",
        "${7*7} {{7*7}}",
        "</p></article><iframe src=//evil.example></iframe>",
        "<form action=//evil.example><input name=a></form>",
        "<p style=\"background:url(javascript:alert(1))\" onclick=alert(1) id=x class=y>加氢站</p>",
        "<base href=//evil.example><meta http-equiv=refresh content=0><link rel=stylesheet href=//evil.example>",
        "\u{202e}abc\u{0}",
    ];
    let mut strings: Vec<String> = OWN.iter().map(|s| (*s).to_owned()).collect();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/xss-dev");
    if let Ok(naughty) = std::fs::read_to_string(folder.join("blns.json")) {
        strings.extend(serde_json::from_str::<Vec<String>>(&naughty).expect("a list of strings"));
        let payloads = std::fs::read(folder.join("payloads_quarter.txt")).expect("beside it");
        strings.extend(String::from_utf8_lossy(&payloads).lines().map(str::to_owned));
    }
    strings
}

#[tokio::test]
async fn hostile_strings_come_out_harmless() {
    let strings = hostile();
    let mut records = portal_of([]);
    for (i, text) in strings.iter().enumerate() {
        records.push(
            article(&format!("a{i}"))
                .set("title", format!("标题 {text}").chars().take(400).collect::<String>())
                .set("body", format!("<p>前</p>{text}<p>后</p>")),
        );
        let tag = format!("签{text}").chars().take(60).collect::<String>();
        records.push(article(&format!("t{i}")).set("bodyText", text.as_str()).tags(&["氢能", &tag]));
    }
    let app = TestApp::with(&records).await;
    let mut after = Value::Null;
    let mut count = 0;
    loop {
        let query = "query($c: String) { articles(first: 100, after: $c) { nodes { slug title summary tags { name } body { html text blocks { ... on ParagraphBlock { html } ... on QuoteBlock { html } ... on ImageBlock { url } } } } pageInfo { hasNextPage endCursor } } }";
        let page = app.data(query, json!({ "c": after })).await["articles"].clone();
        for node in page["nodes"].as_array().expect("a list") {
            count += 1;
            let html = node["body"]["html"].as_str().unwrap_or_default();
            harmless(html);
            for block in node["body"]["blocks"].as_array().into_iter().flatten() {
                harmless(block["html"].as_str().unwrap_or_default());
                let url = block["url"].as_str().unwrap_or_default().to_ascii_lowercase();
                let url = as_browsers_read(&url);
                let is_bad = ["javascript:", "data:", "vbscript:"].iter().any(|scheme| url.starts_with(scheme));
                assert!(!is_bad, "{url}");
            }
            let shown = [&node["title"], &node["summary"]]
                .into_iter()
                .chain(node["tags"].as_array().into_iter().flatten().map(|t| &t["name"]));
            for text in shown {
                assert!(!text.as_str().expect("a text").chars().any(|c| c.is_control() && c != '\t'), "{text}");
            }
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    assert_eq!(count, strings.len() * 2, "every one is there");
    // What came out goes in again as itself.
    let first = app.database.export().await;
    let other = TestDatabase::new().await;
    let (summary, problems) = other.import(first.clone()).await;
    assert_eq!(summary.refused, 0, "{problems:#?}");
    assert_eq!(other.export().await, first);
}

/// Without what a browser leaves out of an address: tabs and line breaks anywhere, other blanks before (URL standard, §4.4).
fn as_browsers_read(address: &str) -> String {
    let address = address.trim_start_matches(|c: char| c.is_ascii_control() || c == ' ');
    address.replace(['\t', '\n', '\r'], "")
}

/// No element, attribute or address that a browser would run: looked for in the tags alone, since text may say anything.
fn harmless(html: &str) {
    const ELEMENTS: [&str; 14] = [
        "script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "base", "meta", "link", "template",
        "body",
    ];
    for tag in html.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default().to_ascii_lowercase();
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!ELEMENTS.contains(&name.as_str()), "<{tag}> in {html}");
        let mut is_quoted = false;
        let mut names = String::new();
        for c in tag.chars() {
            if c == '"' {
                is_quoted = !is_quoted;
            } else if !is_quoted {
                names.push(c);
            }
        }
        for attribute in names.split_ascii_whitespace().skip(1) {
            let attribute = attribute.split('=').next().unwrap_or_default();
            assert!(
                !attribute.starts_with("on") && !["style", "srcdoc", "id", "class", "formaction"].contains(&attribute),
                "{attribute} in {html}"
            );
        }
        for address in tag.split("href=\"").chain(tag.split("src=\"")).skip(1) {
            let address = as_browsers_read(address);
            let is_bad = ["javascript:", "data:", "vbscript:"].iter().any(|scheme| address.starts_with(scheme));
            assert!(!is_bad || !tag.contains("=\""), "{address} in {html}");
        }
    }
}

#[tokio::test]
async fn an_export_comes_back_as_itself() {
    let database = TestDatabase::new().await;
    let mut records = portal::whole(120);
    records.push(
        article("rich")
            .related(&[&portal::name(3), "later"])
            .set("legacyId", "77")
            .set("subtitle", "三座加氢站同步投用")
            .set("oldUrls", json!(["https://old.example/77.html", "/77"]))
            .set("pages", json!([{ "title": "背景", "html": "<p>一</p>" }, { "html": "<p>二<br>三</p>" }]))
            .set("gallery", json!([{ "media": "picture-1", "caption": "排队加氢" }]))
            .set(
                "attachments",
                json!([{ "name": "清单.pdf", "url": "/list.pdf", "mimeType": "application/pdf", "sizeBytes": 12 }]),
            )
            .set("expiresAt", "2027-01-01T00:00:00Z")
            .set("significantlyUpdatedAt", "2026-02-02T00:00:00.125Z")
            .set("canonicalUrl", "/canonical")
            .set("language", "en"),
    );
    records.push(article("later").set("status", "draft").set("body", "<p>稿</p><script>alert(1)</script>"));
    records.push(article("plain").set("bodyText", "第一段\n\n第二段 <b>").tags(&["只有文章提到"]));
    records.push(crate::records::navigation("nav-topic").set("label", "专题").set("topic", "hydrogen-year"));
    let items =
        json!([{ "article": "plain", "label": "语", "startsAt": "2020-01-01T00:00:00Z", "endsAt": "2030-01-01T00:00:00Z" }]);
    records.push(crate::records::placement("due", &[]).channel("ocean").set("items", items));
    records.push(article("no-slug").set("slug", Value::Null));
    records.push(author("nora").set("name", "Nora Hayle").set("bio", "Writes about energy."));
    records.push(topic("empty").set("summary", "还没有文章。"));
    let (summary, problems) = database.import(ndjson(&records)).await;
    assert_eq!(summary.refused, 0, "{problems:?}");
    let exported = database.export().await;
    assert!(!exported.contains("<script"), "what comes out was cleaned");
    for line in exported.lines() {
        let record: Value = serde_json::from_str(line).expect("JSON");
        assert!(record["id"].is_i64() || record["kind"] == "redirect", "{line}");
    }
    let copy = TestDatabase::new().await;
    let (summary, problems) = copy.import(exported.clone()).await;
    assert_eq!((summary.refused, summary.updated, problems.len()), (0, 0, 0), "{problems:?}");
    assert_eq!(summary.created as usize, exported.lines().count());
    assert_eq!(copy.export().await, exported);
    let (again, _) = database.import(exported.clone()).await;
    // Where it came from nothing changes, but that the tag which only an article named has now a line of its own.
    assert_eq!((again.updated, again.unchanged as usize), (1, exported.lines().count() - 1), "{again:?}");
    assert_eq!(database.export().await, exported);
    // Both answer alike, ids included.
    let query = "{ site { id name } channels { id slug } articles(first: 100) { totalCount nodes { id slug title url tags { id name } related(first: 5) { reason article { id } } } } }";
    let (one, two) = (TestApp::on(database).await, TestApp::on(copy).await);
    one.related().await;
    two.related().await;
    let body = json!({ "query": query });
    let (one, two) = (one.post(&body, &[]).await.text(), two.post(&body, &[]).await.text());
    assert_eq!(one, two);
}

/// SQLite and the database of this run: on PostgreSQL this compares the two, on SQLite two files.
#[tokio::test]
async fn two_databases_answer_with_the_same_bytes() {
    let lines = ndjson(&portal::whole(900));
    let mut apps = Vec::new();
    for backend in [Backend::Sqlite, backend()] {
        let database = TestDatabase::on(backend).await;
        let (summary, problems) = database.import(lines.clone()).await;
        assert_eq!(summary.refused, 0, "{problems:?}");
        apps.push((database.export().await, TestApp::on(database).await));
    }
    assert_eq!(apps[0].0, apps[1].0, "the exports");
    let (one, two) = (&apps[0].1, &apps[1].1);
    one.related().await;
    two.related().await;
    let mut asked = 0;
    let mut compare = async |query: &str, variables: Value| -> Value {
        // What it cost is compared too.
        let body = json!({ "query": query, "variables": variables, "extensions": { "statements": true, "cost": true } });
        let (a, b) = (one.post(&body, &[OPERATOR]).await, two.post(&body, &[OPERATOR]).await);
        assert_eq!((a.status, a.text()), (b.status, b.text()), "{query}");
        assert!(a.status == 200, "{}", a.text());
        asked += 1;
        a.json()["data"].clone()
    };
    let mut channels = Vec::new();
    for (slug, _) in CHANNELS {
        channels.push(one.id("channel", slug).await);
    }
    compare(HOME_PAGE, json!({ "channels": channels })).await;
    for i in [0, 1, 2, 77, 450, 899] {
        compare(ARTICLE_PAGE, json!({ "by": { "slug": portal::name(i) } })).await;
    }
    for (slug, _) in CHANNELS {
        let mut after = Value::Null;
        loop {
            let data = compare(CHANNEL_PAGE, json!({ "by": { "slug": slug }, "after": after })).await;
            let info = &data["channel"]["articles"]["pageInfo"];
            after = info["endCursor"].clone();
            if info["hasNextPage"] != true {
                break;
            }
        }
    }
    for order in ["NEWEST", "MOST_READ"] {
        for page in ["first: 100", "last: 100"] {
            let query = format!(
                "{{ articles({page}, orderBy: {order}, filter: {{hasCover: true}}) {{ totalCount edges {{ cursor node {{ id body {{ html }} gallery {{ caption }} previous {{ id }} next {{ id }} }} }} }} }}"
            );
            compare(&query, json!({})).await;
        }
    }
    assert!(asked > 40, "{asked}");
}

/// The program itself, with nothing of this run's environment.
pub fn program(database: &TestDatabase) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
    command
        .env_clear()
        .env("TIDINGS_DATABASE_URL", &database.config.database.url)
        .env("TIDINGS_LOG_FILTER", "warn")
        .current_dir(database.folder());
    if !database.config.database.schema.is_empty() {
        command.env("TIDINGS_DATABASE_SCHEMA", &database.config.database.schema);
    }
    command
}

#[tokio::test]
async fn a_killed_import_is_finished_by_running_it_again() {
    const ARTICLES: usize = 12_000;
    let database = TestDatabase::new().await;
    let mut records = portal::whole(ARTICLES);
    records.push(article("pinning").related(&[&portal::name(5)]));
    let lines = records.len();
    std::fs::write(database.folder().join("portal.ndjson"), ndjson(&records)).expect("the folder can be written");
    let counted = "SELECT count(*) FROM article";
    let mut kills = 0;
    // Wherever it was: at the very start, among the articles, near the end.
    for share in [0, 20, 60, 90] {
        let mut child = program(&database)
            .args(["import", "ndjson", "portal.ndjson"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        loop {
            if child.try_wait().expect("a child").is_some() {
                break;
            }
            let enough = i64::try_from(ARTICLES * share).expect("few");
            let is_there = database.try_numbers(counted).await.is_ok_and(|found| found[0] * 100 >= enough);
            if is_there {
                child.kill().expect("a child can be killed");
                kills += 1;
                child.wait().expect("it ends");
                break;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    assert!(kills >= 3, "the import was too fast to be killed: {kills}");
    let done = program(&database).args(["import", "ndjson", "portal.ndjson"]).output().expect("the program runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(database.numbers(counted).await, [i64::try_from(ARTICLES + 1).expect("few")], "everything is there");
    assert_eq!(
        database.numbers("SELECT count(DISTINCT external_id) FROM article").await,
        [i64::try_from(ARTICLES + 1).expect("few")],
        "once"
    );
    let created = "SELECT count(*) FROM journal WHERE action = 'article.published' OR action LIKE '%.created'";
    assert_eq!(database.numbers(created).await, [i64::try_from(lines).expect("few")], "one entry for each");
    let doubled = "SELECT count(*) FROM journal WHERE action = 'article.published' OR action LIKE '%.created' GROUP BY entity, entity_id HAVING count(*) > 1";
    assert_eq!(database.numbers(doubled).await, Vec::<i64>::new());
    let listed = "SELECT count(*) FROM listing WHERE scope = 0";
    assert_eq!(database.numbers(listed).await, [i64::try_from(ARTICLES + 1).expect("few")]);
    let last = program(&database).args(["import", "ndjson", "portal.ndjson"]).output().expect("the program runs");
    let said = String::from_utf8_lossy(&last.stdout).into_owned();
    assert!(said.contains(&format!("0 created, 0 updated, {lines} unchanged, 0 refused")), "{said}");
    // The same as a database that was never disturbed.
    let calm = TestDatabase::new().await;
    calm.fill(&records).await;
    let sql = "SELECT related_id FROM related ORDER BY article_id, position";
    assert!(database.numbers(sql).await == calm.numbers(sql).await);
    let (disturbed, calm) = (TestApp::on(database).await, TestApp::on(calm).await);
    let query = json!({ "query": "{ articles(first: 50) { totalCount nodes { slug title tags { name } } } ranking(window: ALL) { entries { rank views article { slug } } } article(by: {slug: \"pinning\"}) { related(first: 3) { reason article { slug } } } }" });
    assert_eq!(disturbed.post(&query, &[]).await.text(), calm.post(&query, &[]).await.text());
}

#[tokio::test]
async fn the_command_reports_bad_lines_into_a_file() {
    let database = TestDatabase::new().await;
    let mut text = ndjson(&portal_of([article("a")]));
    text += "{\"kind\":\"tag\",\"externalId\":\"t\",\"slug\":\"t\"}\n";
    std::fs::write(database.folder().join("in.ndjson"), text).expect("the folder can be written");
    let done = program(&database).args(["import", "ndjson", "in.ndjson"]).output().expect("the program runs");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert_eq!(done.status.code(), Some(3), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(
        said.contains("3 created, 0 updated, 0 unchanged, 1 refused") && said.contains("in.ndjson.problems.ndjson"),
        "{said}"
    );
    let report = std::fs::read_to_string(database.folder().join("in.ndjson.problems.ndjson")).expect("the report");
    let problem: Value = serde_json::from_str(report.trim()).expect("one line of JSON");
    assert_eq!((&problem["line"], &problem["externalId"], &problem["field"]), (&json!(4), &json!("t"), &json!("name")));
    assert!(problem["reason"].is_string());
}

#[tokio::test]
async fn the_commands_read_and_write_pipes() {
    use std::io::Write as _;
    let database = TestDatabase::new().await;
    let mut child = program(&database)
        .args(["import", "ndjson", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(ndjson(&portal_of([article("a")])).as_bytes()).expect("written");
    let done = child.wait_with_output().expect("it ends");
    assert!(done.status.success());
    let exported = program(&database).arg("export").output().expect("the program runs");
    assert!(exported.status.success());
    assert_eq!(String::from_utf8_lossy(&exported.stdout), database.export().await);
    let doctor = program(&database).arg("doctor").output().expect("the program runs");
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(doctor.status.success() && said.contains("database: ok (海岬科技资讯, 1 channels)"), "{said}");
    let migrate = program(&database).arg("migrate").status().expect("the program runs");
    assert!(migrate.success());
}

#[tokio::test]
async fn the_command_stops_at_sigterm_and_starts_fast() {
    let database = TestDatabase::new().await;
    database.fill(&portal_of([article("a")])).await;
    let mut child = program(&database)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let address = crate::crash::address_said_by(&mut child);
    assert_eq!(send(address, "GET", "/ready", &[], b"").await.status, 200);
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    for _ in 0..100 {
        if let Some(status) = child.try_wait().expect("a child") {
            assert!(status.success(), "{status}");
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    child.kill().expect("a child can be killed");
    panic!("the program does not stop");
}

#[tokio::test]
async fn a_process_killed_while_it_makes_the_tables_harms_nothing() {
    for wait in [5, 10, 20, 30, 45, 60, 90, 130, 200] {
        let database = TestDatabase::new().await;
        let mut child =
            program(&database).arg("migrate").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
        tokio::time::sleep(Duration::from_millis(wait)).await;
        drop(child.kill());
        child.wait().expect("it ends");
        let again = program(&database).arg("migrate").output().expect("the program runs");
        assert!(again.status.success(), "killed after {wait} ms: {}", String::from_utf8_lossy(&again.stderr));
    }
}
