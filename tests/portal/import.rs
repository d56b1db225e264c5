//! Importing and exporting: twice changes nothing, bad lines hold nobody up, a crash loses nothing.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tidings::clock::Clock;
use tidings::db::Database;
use tidings::ingest::{Summary, export};

use super::app::{NOW, Store, TestApp, article, at, channel, import, is_postgres, lines, media, site, source, strings};

fn clock() -> Clock {
    Clock::fixed(at(NOW))
}

async fn exported(db: &Database) -> String {
    let mut out = Vec::new();
    export(db, &mut out).await.expect("it exports");
    String::from_utf8(out).expect("UTF-8")
}

fn records() -> Vec<Value> {
    vec![
        site(),
        source("s1"),
        json!({ "kind": "author", "externalId": "u", "slug": "u", "name": "林望", "bio": "记者" }),
        media("m"),
        channel("root", None),
        channel("child", Some("root")),
        json!({ "kind": "tag", "externalId": "hydrogen", "slug": "hydrogen", "name": "氢能" }),
        json!({ "kind": "topic", "externalId": "t", "slug": "t", "title": "专题", "cover": "m", "position": 3 }),
        json!({ "kind": "page", "externalId": "about", "slug": "about", "title": "关于我们", "body": "<p>我们</p>" }),
        json!({ "kind": "navigation", "externalId": "n", "label": "导航", "topic": "t" }),
        article(
            "a",
            "child",
            9,
            json!({ "related": ["b"], "tags": ["氢能", "新标签"], "body": "<p>一</p><script>x</script>", "oldUrls": ["http://old.example/a"], "cover": "m", "channels": ["root"], "authors": ["u"], "topics": ["t"] }),
        ),
        article(
            "b",
            "root",
            8,
            json!({ "pages": [{ "title": "上", "html": "<p>一</p>" }, { "html": "<p>二</p>" }], "summary": "编辑的提要", "status": "draft", "expiresAt": "2030-01-01T00:00:00Z" }),
        ),
        article(
            "c",
            "root",
            7,
            json!({ "bodyText": "第一段\n\n第二段 <b>", "gallery": [{ "media": "m", "caption": "图说" }], "attachments": [{ "name": "f", "url": "/f" }] }),
        ),
        json!({ "kind": "placement", "externalId": "p", "slot": "p", "channel": "root", "items": [{ "article": "a", "label": "语", "startsAt": "2020-01-01T00:00:00Z" }] }),
        json!({ "kind": "redirect", "externalId": "article:r", "url": "https://old.example/r", "article": "c" }),
    ]
}

fn counts(created: u64, updated: u64, unchanged: u64, refused: u64) -> Summary {
    Summary { created, updated, unchanged, refused }
}

#[tokio::test]
async fn twice_changes_nothing_and_an_export_comes_back_as_itself() {
    let store = Store::new().await;
    let db = store.open().await;
    let text = lines(&records());
    assert_eq!(import(&db, &clock(), &text).await, (counts(15, 0, 0, 0), vec![]));
    assert_eq!(import(&db, &clock(), &text).await, (counts(0, 0, 15, 0), vec![]));
    let first = exported(&db).await;
    // What comes out changes nothing where it came from; the tag that an article named becomes a line of its own.
    let (summary, problems) = import(&db, &clock(), &first).await;
    assert_eq!((summary.created, summary.refused, problems), (0, 0, vec![]));
    assert_eq!(exported(&db).await, first);
    let other = Store::new().await;
    let copy = other.open().await;
    let (_, problems) = import(&copy, &clock(), &first).await;
    assert_eq!(problems, vec![]);
    assert_eq!(exported(&copy).await, first);
    for line in first.lines() {
        let record: Value = serde_json::from_str(line).expect("JSON");
        assert!(record["id"].is_i64() || record["kind"] == "redirect", "{line}");
    }
    assert!(!first.contains("<script"));
    db.close().await;
    copy.close().await;
    store.remove().await;
    other.remove().await;
}

#[tokio::test]
async fn a_changed_line_updates_and_the_server_shows_it() {
    let app = TestApp::new(&records()).await;
    let change = article("c", "child", 7, json!({ "title": "改过的标题", "tags": ["氢能"] }));
    let db = app.store.open().await;
    assert_eq!(import(&db, &clock(), &lines(&[change])).await.0, counts(0, 1, 0, 0));
    let moved = json!({ "kind": "channel", "externalId": "child", "slug": "child", "name": "搬家的频道" });
    assert_eq!(import(&db, &clock(), &lines(&[moved])).await.0, counts(0, 1, 0, 0));
    let query = "{ article(by: {slug: \"c\"}) { title breadcrumbs { name } tags { name } gallery { caption } } root: channel(by: {slug: \"root\"}) { articles { nodes { slug } } } }";
    for _ in 0..50 {
        if app.data(query).await["article"]["breadcrumbs"] == json!([{ "name": "搬家的频道" }]) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let data = app.data(query).await;
    assert_eq!(
        data["article"],
        json!({ "title": "改过的标题", "breadcrumbs": [{ "name": "搬家的频道" }], "tags": [{ "name": "氢能" }], "gallery": [] })
    );
    // `a` stands in root by its second channel; `c` went with its channel.
    assert_eq!(strings(&data["root"]["articles"]["nodes"], "slug"), ["a"]);
    db.close().await;
    app.close().await;
}

#[tokio::test]
async fn bad_lines_are_named_and_good_ones_go_in() {
    let store = Store::new().await;
    let db = store.open().await;
    let bad = [
        ("{", None),
        ("[1]", None),
        (r#"{"kind":"poem","externalId":"x"}"#, Some("kind")),
        (r#"{"kind":"article","externalId":"x","channel":"root","publishedAt":"2021-01-01T00:00:00Z"}"#, Some("title")),
        (r#"{"kind":"article","externalId":"x","title":"t","channel":"root","publishedAt":"2021-01-01"}"#, Some("publishedAt")),
        (
            r#"{"kind":"article","externalId":"x","title":"t","channel":"none","publishedAt":"2021-01-01T00:00:00Z"}"#,
            Some("channel"),
        ),
        (
            r#"{"kind":"article","externalId":"x","title":"t","channel":"root","publishedAt":"2021-01-01T00:00:00Z","colour":1}"#,
            Some("colour"),
        ),
        (
            r#"{"kind":"article","externalId":"x","title":" \u0000 ","channel":"root","publishedAt":"2021-01-01T00:00:00Z"}"#,
            Some("title"),
        ),
        (
            r#"{"kind":"article","externalId":"x","slug":"a","title":"t","channel":"root","publishedAt":"2021-01-01T00:00:00Z"}"#,
            Some("slug"),
        ),
        (
            r#"{"kind":"article","externalId":"x","title":"t","channel":"root","publishedAt":"2021-01-01T00:00:00Z","cover":"none"}"#,
            Some("cover"),
        ),
        (
            r#"{"kind":"article","id":1,"externalId":"x","title":"t","channel":"root","publishedAt":"2021-01-01T00:00:00Z"}"#,
            Some("id"),
        ),
        (r#"{"kind":"media","externalId":"x","url":"javascript:alert(1)","width":1,"height":1}"#, Some("url")),
        (r#"{"kind":"channel","externalId":"root","slug":"root","name":"n","parent":"child"}"#, Some("parent")),
        (r#"{"kind":"navigation","externalId":"n2","label":"l"}"#, Some("url")),
    ];
    let mut text = lines(&records());
    let before = text.lines().count() as u64;
    for (line, _) in &bad {
        text = text + line + "\n";
    }
    text += &lines(&[article("last", "root", 1, json!({}))]);
    let (summary, problems) = import(&db, &clock(), &text).await;
    assert_eq!(summary, counts(16, 0, 0, bad.len() as u64));
    let mut found: Vec<(u64, Option<String>)> = problems.iter().map(|p| (p.line, p.field.clone())).collect();
    found.sort();
    let expected: Vec<(u64, Option<String>)> =
        (before + 1..).zip(bad).map(|(line, (_, field))| (line, field.map(str::to_owned))).collect();
    assert_eq!(found, expected);
    assert!(problems.iter().all(|p| !p.reason.is_empty()));
    db.close().await;
    store.remove().await;
}

#[tokio::test]
async fn a_tags_own_line_takes_over_the_name_that_articles_used() {
    let store = Store::new().await;
    let db = store.open().await;
    let named = [site(), channel("c", None), article("a", "c", 1, json!({ "tags": ["人工智能", "ai"] }))];
    assert_eq!(import(&db, &clock(), &lines(&named)).await.1, vec![]);
    let tag = json!({ "kind": "tag", "externalId": "ai", "slug": "ai-tag", "name": "人工智能" });
    let again = article("b", "c", 1, json!({ "tags": ["ai", "人工智能"] }));
    let (_, problems) = import(&db, &clock(), &lines(&[tag, again])).await;
    // `ai` is a name of its own, and its record has the external id `ai` already.
    assert_eq!(problems.len(), 1, "{problems:?}");
    let text = exported(&db).await;
    assert!(text.contains(r#""tags":["ai","人工智能"]"#) && text.contains(r#""tags":["人工智能","ai"]"#), "{text}");
    db.close().await;
    store.remove().await;
}

const FORBIDDEN: [&str; 11] = ["script", "iframe", "style", "svg", "object", "embed", "form", "input", "meta", "link", "base"];

/// What stands between `<` and `>`, in lower case; quotes hide a `>`.
fn tags(html: &str) -> Vec<String> {
    let (mut found, mut tag, mut is_quoted) = (Vec::new(), None::<String>, false);
    for c in html.chars() {
        match (&mut tag, c) {
            (None, '<') => tag = Some(String::new()),
            (Some(text), '>') if !is_quoted => {
                found.push(text.to_lowercase());
                tag = None;
            }
            (Some(text), c) => {
                is_quoted ^= c == '"';
                text.push(c);
            }
            (None, _) => {}
        }
    }
    found
}

#[tokio::test]
async fn hostile_strings_come_out_harmless() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/xss-dev");
    let mut payloads: Vec<String> =
        vec!["<img src=x onerror=alert(1)>".into(), "<a href=\"java\tscript:alert(1)\">x</a>".into(), "\u{202e}abc\u{0}".into()];
    if let Ok(text) = std::fs::read_to_string(folder.join("payloads_quarter.txt")) {
        payloads.extend(text.lines().map(str::to_owned));
        let naughty = std::fs::read_to_string(folder.join("blns.json")).expect("it is beside it");
        payloads.extend(serde_json::from_str::<Vec<String>>(&naughty).expect("a list"));
        assert!(payloads.len() > 500);
    } else {
        println!("the folder of hostile strings is not here: only the built-in ones were tried");
    }
    let mut records = vec![site(), channel("c", None)];
    for (i, payload) in payloads.iter().enumerate() {
        records.push(article(
            &format!("a{i}"),
            "c",
            i as i64,
            json!({ "title": format!("t {payload}"), "body": payload, "tags": [format!("t{payload}")] }),
        ));
    }
    let store = Store::new().await;
    let db = store.open().await;
    let (summary, problems) = import(&db, &clock(), &lines(&records)).await;
    // A payload may be too long for a title; nothing else is refused.
    assert!(problems.iter().all(|p| p.reason.contains("more than")), "{problems:?}");
    assert_eq!(summary.lines(), records.len() as u64);
    let app = TestApp::on(store, db, clock(), |_| {}).await;
    let mut after = Value::Null;
    loop {
        let (data, _) = app.ask("query($a: String) { articles(first: 100, after: $a) { nodes { title body { html text } } pageInfo { endCursor hasNextPage } } }", json!({ "a": after })).await;
        for node in data["articles"]["nodes"].as_array().expect("a list") {
            let html = node["body"]["html"].as_str().expect("HTML");
            for tag in tags(html) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                assert!(!FORBIDDEN.contains(&name.as_str()), "{html}");
                assert!(!tag.contains("=\"javascript:") && !tag.contains("=\"data:"), "{html}");
                // Every other piece between quotes is a value.
                let names: String = tag.split('"').step_by(2).collect::<Vec<_>>().join(" ");
                assert!(!names.split_whitespace().skip(1).any(|a| a.starts_with("on") || a.starts_with("style")), "{html}");
            }
            assert!(node["title"].as_str().is_some_and(|t| !t.chars().any(char::is_control)));
        }
        if data["articles"]["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = data["articles"]["pageInfo"]["endCursor"].clone();
    }
    app.close().await;
}

#[tokio::test]
async fn both_databases_answer_with_the_same_bytes() {
    if !is_postgres() {
        // The run on PostgreSQL compares; one comparison is enough.
        return;
    }
    let records = super::budget::portal();
    let mut answers = Vec::new();
    for store in [Store::sqlite(), Store::postgres().await] {
        let db = store.open().await;
        let (_, problems) = import(&db, &clock(), &lines(&records)).await;
        assert_eq!(problems, vec![]);
        let text = exported(&db).await;
        let app = TestApp::on(store, db, clock(), |_| {}).await;
        let ids: Vec<String> = (1..=8).map(|n| tidings::graphql::encode_id(tidings::graphql::Kind::Channel, n)).collect();
        let article = app.post(include_str!("../operations/ArticlePage.graphql"), json!({ "by": { "slug": "a100" } })).await.body;
        let home = app.post(include_str!("../operations/HomePage.graphql"), json!({ "channels": ids })).await.body;
        let list = app.post(include_str!("../operations/ChannelPage.graphql"), json!({ "by": { "slug": "c3" } })).await.body;
        answers.push((text, article, home, list));
        app.close().await;
    }
    assert!(answers[0] == answers[1], "the databases differ");
}

#[tokio::test]
async fn a_killed_import_is_finished_by_running_it_again() {
    let store = Store::sqlite();
    let folder = std::path::PathBuf::from(store.url.trim_start_matches("sqlite://")).parent().expect("a folder").to_owned();
    let file = folder.join("many.ndjson");
    let mut records = vec![site(), channel("c", None)];
    records.extend((0..20_000).map(|i| article(&format!("a{i}"), "c", i, json!({ "tags": [format!("t{}", i % 50)] }))));
    std::fs::write(&file, lines(&records)).expect("it is written");
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command.args(["import", "ndjson", file.to_str().expect("a path"), "--database-url", &store.url, "--log", "warn"]);
        command.current_dir(&folder).stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    for millis in [400, 900, 1_600] {
        let mut child = run().spawn().expect("it starts");
        std::thread::sleep(Duration::from_millis(millis));
        child.kill().expect("it is killed");
        child.wait().expect("it is gone");
    }
    let done = run().output().expect("it runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stdout));
    let connection = rusqlite::Connection::open(store.url.trim_start_matches("sqlite://")).expect("the file opens");
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
    assert_eq!(count("SELECT count(*) FROM article"), 20_000);
    assert_eq!(count("SELECT count(*) FROM listing WHERE scope = 0"), 20_000);
    assert_eq!(count("SELECT count(*) FROM journal WHERE action = 'article.published'"), 20_000);
    assert_eq!(count("SELECT count(DISTINCT entity_id) FROM journal WHERE action = 'article.published'"), 20_000);
    drop(connection);
    store.remove().await;
}
