//! What was withdrawn is on no surface from the commit on, and its addresses say that it was.

use std::collections::HashMap;

use serde_json::{Value, json};
use tidings::auth::{Actor, Need};
use tidings::clock::Clock;
use tidings::editorial::{Office, WithdrawalRequest};

use crate::app::{NOW, TestApp, TestDatabase};
use crate::client::send;
use crate::records::{Record, article, channel, everywhere, media, ndjson, placement, portal, source, topic};

/// Stands in the title of the article that is withdrawn, and nowhere else.
pub const MARK: &str = "不再展示的标题";

fn records() -> Vec<Record> {
    portal([
        source("s"),
        topic("t"),
        media("m"),
        everywhere("older").published("2026-02-10T00:00:00Z").views(100),
        everywhere("gone").set("title", MARK).published("2026-02-20T00:00:00Z").views(1_000),
        everywhere("newer").published("2026-02-25T00:00:00Z").views(100).related(&["gone", "older"]),
        article("future").published("2026-04-01T00:00:00Z"),
        placement("headline", &["gone", "newer"]),
    ])
}

async fn office(database: &TestDatabase) -> Office {
    Office::new(&database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")))
}

async fn number(database: &TestDatabase, slug: &str) -> i64 {
    database.numbers(&format!("SELECT id FROM article WHERE slug = '{slug}'")).await[0]
}

fn request(article: i64) -> WithdrawalRequest {
    WithdrawalRequest { article, reason: "版权投诉".into(), notice: Some("应来源方要求撤下".into()), takedown: None }
}

/// Asks for everything that a schema lets anyone ask for.
pub struct Walk<'a> {
    types: HashMap<&'a str, &'a Value>,
    /// Fields that are not asked for.
    without: &'a [&'a str],
}

impl<'a> Walk<'a> {
    pub fn new(schema: &'a Value) -> Self {
        let types = schema["__schema"]["types"].as_array().expect("types");
        Self { types: types.iter().map(|t| (t["name"].as_str().expect("a name"), t)).collect(), without: &[] }
    }

    /// The same, but for fields of these names.
    pub fn without(self, fields: &'a [&'a str]) -> Self {
        Self { without: fields, ..self }
    }

    /// The name of the type inside lists and non-nulls.
    fn base(kind: &'a Value) -> &'a str {
        if kind["ofType"].is_object() { Self::base(&kind["ofType"]) } else { kind["name"].as_str().expect("a name") }
    }

    /// A value for an argument that must be there, made for the portal of [`records`].
    fn argument(argument: &'a Value) -> String {
        match (argument["name"].as_str().expect("a name"), Self::base(&argument["type"])) {
            ("by", "ChannelBy") => "{slug: \"news\"}".into(),
            ("by", "TagBy") => "{name: \"氢能\"}".into(),
            ("by", "TopicBy") => "{slug: \"t\"}".into(),
            ("by", "SourceBy") => "{slug: \"s\"}".into(),
            ("slot", _) => "\"headline\"".into(),
            ("slug", _) => "\"about\"".into(),
            ("prefix", _) => format!("\"{}\"", &MARK[..6]),
            ("query", _) => format!("\"{}\"", &MARK[MARK.len() - 6..]),
            (name, kind) => panic!("this test has no value for an argument {name} of type {kind}: give it one"),
        }
    }

    /// The selection of everything below `kind`, but not below a type that stands above it.
    fn selection(&self, kind: &'a str, suffix: &str, above: &mut Vec<&'a str>) -> String {
        let found = self.types[kind];
        if found["kind"] == "UNION" || found["kind"] == "INTERFACE" {
            let parts = found["possibleTypes"].as_array().expect("types").iter();
            let part = |t: &'a Value| {
                let name = t["name"].as_str().expect("a name");
                // One key may have different types on different objects: each gets keys of its own.
                format!("... on {name} {}", self.selection(name, &format!("{suffix}_{name}"), above))
            };
            return format!("{{ __typename {} }}", parts.map(part).collect::<Vec<_>>().join(" "));
        }
        let Some(fields) = found["fields"].as_array() else { return String::new() };
        let is_above = above.contains(&kind);
        above.push(kind);
        let mut text = String::from("{ __typename");
        for field in fields {
            let name = field["name"].as_str().expect("a name");
            if self.without.contains(&name) {
                continue;
            }
            let below = self.selection_below(Self::base(&field["type"]), suffix, is_above, above);
            if let Some(below) = below {
                let required = |a: &&Value| a["type"]["kind"] == "NON_NULL" && a["defaultValue"].is_null();
                let arguments = field["args"].as_array().expect("arguments").iter().filter(required);
                let given: Vec<String> =
                    arguments.map(|a| format!("{}: {}", a["name"].as_str().expect("a name"), Self::argument(a))).collect();
                let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
                text += &format!(" {name}{suffix}: {name}{given} {below}");
            }
        }
        above.pop();
        text + " }"
    }

    /// Nothing where the way down ends.
    fn selection_below(&self, kind: &'a str, suffix: &str, is_above: bool, above: &mut Vec<&'a str>) -> Option<String> {
        let is_leaf = matches!(self.types[kind]["kind"].as_str(), Some("SCALAR" | "ENUM"));
        match (is_leaf, is_above || above.len() > 5) {
            (true, _) => Some(String::new()),
            (false, true) => None,
            (false, false) => Some(self.selection(kind, suffix, above)),
        }
    }

    /// A document for each field of the root that anyone may ask for, and each way to name the article `names`.
    pub fn documents(&self, names: &[(&str, &str)], ids: &[String]) -> Vec<(String, String)> {
        let mut documents = Vec::new();
        for field in self.types["Query"]["fields"].as_array().expect("fields") {
            let name = field["name"].as_str().expect("a name");
            // Says that an article was withdrawn, which is what it is for.
            if Need::of("Query", name).is_some() || name == "withdrawal" {
                continue;
            }
            let below = self.selection(Self::base(&field["type"]), "_", &mut Vec::new());
            let arguments: Vec<String> = match name {
                "article" => names.iter().map(|(by, value)| format!("(by: {{{by}: \"{value}\"}})")).collect(),
                "node" => ids.iter().map(|id| format!("(id: \"{id}\")")).collect(),
                "nodes" => vec![format!("(ids: {})", json!(ids))],
                _ => {
                    let required = |a: &&Value| a["type"]["kind"] == "NON_NULL" && a["defaultValue"].is_null();
                    let given: Vec<String> = field["args"]
                        .as_array()
                        .expect("arguments")
                        .iter()
                        .filter(required)
                        .map(|a| format!("{}: {}", a["name"].as_str().expect("a name"), Self::argument(a)))
                        .collect();
                    vec![if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) }]
                }
            };
            documents
                .extend(arguments.into_iter().map(|given| (format!("{name}{given}"), format!("{{ {name}{given} {below} }}"))));
        }
        documents
    }
}

pub const SCHEMA: &str = "{ __schema { types { name kind possibleTypes { name } fields { name type { ...T } args { name defaultValue type { ...T } } } } } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } }";

/// The surfaces on which `app` shows the article with [`MARK`].
async fn shown_on(app: &TestApp, ids: &[String]) -> Vec<String> {
    let schema = app.query(SCHEMA).await;
    let names = [("slug", "gone"), ("legacyId", "legacy-gone"), ("url", "/old/gone.html"), ("slug", "newer"), ("slug", "older")];
    let mut shown = Vec::new();
    for (surface, document) in Walk::new(&schema).documents(&names, ids) {
        let answer = app.ask(&document, json!({})).await;
        assert!(answer.get("errors").is_none(), "{surface}: {}", answer["errors"]);
        let text = answer.to_string();
        if text.contains(MARK) || text.contains("\"gone\"") {
            shown.push(surface);
        }
    }
    // The table of routes is the program's own, so that an address that comes later is in this test too.
    let own = format!("/a/{}", ids[0]);
    let addresses = tidings::http::addresses().map(str::to_owned);
    for path in addresses.chain(["/old/gone.html".to_owned(), own.clone()]).chain(below(&own, &ids[0])) {
        let answer = app.get(&path).await;
        let location = answer.header("location").unwrap_or_default();
        let text = String::from_utf8_lossy(&answer.body);
        // Sitemaps name addresses alone.
        if text.contains(MARK) || text.contains(&format!("<loc>https://portal.example{own}</loc>")) || location.contains(&ids[0])
        {
            shown.push(path);
        }
    }
    shown
}

/// What lies below those addresses: every list as a feed in each format, embeds, pages, sitemaps; the article stands at `own`.
fn below(own: &str, id: &str) -> Vec<String> {
    let lists = [
        "site",
        "channel/news",
        "tag/%E6%B0%A2%E8%83%BD",
        "topic/t",
        "source/s",
        "ranking",
        "channel/news/ranking",
        "placement/headline",
    ];
    let mut paths = Vec::new();
    for format in ["rss", "atom", "json"] {
        paths.extend(lists.iter().map(|list| format!("/feed/{list}.{format}")));
        paths.push(format!("/feed/search.{format}?q={}", crate::client::percent(&MARK[..6])));
    }
    paths.extend(lists[..5].iter().map(|list| format!("/embed/list?of={list}")));
    paths.extend(
        ["/embed/ranking?of=site", "/embed/list?of=placement/headline", "/c/news", "/sitemap/news.xml"].map(str::to_owned),
    );
    paths.push(format!("/embed/card?article={id}"));
    paths.push(format!("/embed/go/{id}"));
    paths.push(format!("/oembed?url=https://portal.example{own}"));
    paths.push("/sitemap/articles-0.xml".to_owned());
    paths
}

/// Has an editor withdraw the article with this public id, by the API.
pub async fn withdraw(app: &TestApp, id: &str) {
    let token = crate::access::staff(app, "editor", tidings::auth::Role::Editor).await.0;
    let query = "mutation($id: ID!) { withdrawArticle(input: {id: $id, reason: \"版权投诉\", notice: \"应来源方要求撤下\"}) { userErrors { message } } }";
    let answer = crate::access::ask_as(app, &token, query, json!({ "id": id })).await;
    assert_eq!(answer["data"]["withdrawArticle"]["userErrors"], json!([]), "{answer}");
}

/// Waits for what another program has written to be on every surface, or on none: a second is what is promised.
async fn shown_in_time(app: &TestApp, ids: &[String], expected: &[String]) {
    let started = std::time::Instant::now();
    loop {
        let shown = shown_on(app, ids).await;
        if shown == expected {
            return;
        }
        // The look itself takes a while.
        assert!(started.elapsed() < std::time::Duration::from_mins(1), "{shown:?}");
    }
}

/// No limits: what is asked for here is more than any page asks for.
pub fn unlimited(config: &mut tidings::config::Config) {
    config.graphql.max_cost = u64::MAX;
    config.graphql.max_fields = 1_000_000;
    config.graphql.max_aliases = 1_000_000;
    config.graphql.max_depth = 30;
    config.graphql.max_tokens = 1_000_000;
    config.graphql.max_document_bytes = 10 << 20;
    config.server.max_body_bytes = 10 << 20;
    config.server.operation_timeout_secs = 60;
}

/// The whole schema is asked for, so that a surface that comes later is in this test by itself.
#[tokio::test]
async fn a_withdrawn_article_is_on_no_surface_and_comes_back_to_all() {
    let mut app = TestApp::configured(&records(), unlimited).await;
    let mut ids = Vec::new();
    for slug in ["gone", "newer"] {
        ids.push(app.id("article", slug).await);
    }
    ids.push(app.id("channel", "news").await);
    app.related().await;
    app.settled().await;
    app.heard().await;
    let before = shown_on(&app, &ids).await;
    assert!(before.len() > 12, "it must be able to see it: {before:?}");
    let gone = number(&app.database, "gone").await;
    let office = office(&app.database).await;
    office.withdraw(request(gone)).await.expect("a withdrawal");
    shown_in_time(&app, &ids, &[]).await;
    app.restart().await;
    assert_eq!(shown_on(&app, &ids).await, Vec::<String>::new(), "nor after a restart, which ranks anew");
    let count = app.query("{ articles { totalCount } channel(by: {slug: \"news\"}) { articles { totalCount } } }").await;
    assert_eq!((&count["articles"]["totalCount"], &count["channel"]["articles"]["totalCount"]), (&json!(2), &json!(2)));
    office.restore(gone, "投诉已撤回").await.expect("it comes back");
    shown_in_time(&app, &ids, &before).await;
}

#[tokio::test]
async fn its_addresses_say_that_it_was_withdrawn() {
    let app = TestApp::with(&records()).await;
    let (id, gone) = (app.id("article", "gone").await, number(&app.database, "gone").await);
    let ask = "query($by: ArticleBy!) { article(by: $by) { id } withdrawal(by: $by) { articleId withdrawnAt notice } }";
    let ways = [
        json!({ "id": id }),
        json!({ "slug": "gone" }),
        json!({ "legacyId": "legacy-gone" }),
        json!({ "url": "/old/gone.html" }),
    ];
    for by in &ways {
        assert_eq!(app.data(ask, json!({ "by": by })).await["withdrawal"], Value::Null, "not yet");
    }
    let office = office(&app.database).await;
    office.withdraw(request(gone)).await.expect("a withdrawal");
    for by in &ways {
        let data = app.data(ask, json!({ "by": by })).await;
        let expected = json!({ "articleId": id, "withdrawnAt": "2026-03-01T08:00:00+08:00", "notice": "应来源方要求撤下" });
        assert_eq!(data, json!({ "article": null, "withdrawal": expected }), "{by}");
    }
    for (path, status) in [
        ("/old/gone.html", 410),
        (&*format!("/a/{id}"), 410),
        ("/old/newer.html", 301),
        ("/a/QQE9", 404),
        ("/old/none.html", 404),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = send(app.address, method, path, &[("host", "portal.example")], b"").await;
            assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
            if (method, status) == ("GET", 410) {
                assert_eq!(answer.code(), "WITHDRAWN");
                assert!(answer.text().contains("应来源方要求撤下"));
            }
        }
    }
    let again = office.withdraw(request(gone)).await.expect_err("it is withdrawn").to_string();
    assert!(again.contains("the article is withdrawn; what does: restoreArticle"), "{again}");
    let unknown = office.withdraw(request(999_999)).await.expect_err("there is none").to_string();
    assert!(unknown.contains("not found"), "{unknown}");
    let mute =
        office.withdraw(WithdrawalRequest { reason: " ".into(), ..request(gone) }).await.expect_err("no reason").to_string();
    assert!(mute.starts_with("reason"), "{mute}");
}

#[tokio::test]
async fn an_import_does_not_bring_it_back_and_an_export_keeps_it() {
    let database = TestDatabase::new().await;
    database.fill(&records()).await;
    let gone = number(&database, "gone").await;
    let several = WithdrawalRequest { reason: "版权投诉\n第二行\t附件".into(), ..request(gone) };
    office(&database).await.withdraw(several).await.expect("a withdrawal");
    let (summary, problems) = database.import(ndjson(&records())).await;
    assert!(problems.is_empty() && summary.updated == 0, "the same lines change nothing: {problems:?} {summary:?}");
    let changed: Vec<Record> =
        records().into_iter().map(|r| if r.name() == "gone" { r.set("title", "再来一次") } else { r }).collect();
    let (_, problems) = database.import(ndjson(&changed)).await;
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert!(problems[0].reason.contains("was withdrawn"), "{problems:?}");
    // A channel that moves puts its articles into other lists, but not this one.
    let moved: Vec<Record> = [channel("root")]
        .into_iter()
        .chain(records().into_iter().filter(|r| r.name() == "news").map(|r| r.set("parent", "root")))
        .collect();
    database.fill(&moved).await;
    assert_eq!(database.numbers(&format!("SELECT count(*) FROM listing WHERE article_id = {gone}")).await, [0]);
    let exported = database.export().await;
    assert!(exported.contains("\"status\":\"withdrawn\"") && exported.contains("版权投诉"), "{exported}");
    let second = TestDatabase::new().await;
    let (_, problems) = second.import(exported.clone()).await;
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(second.export().await, exported);
    for (record, field) in [
        (article("a").set("status", "withdrawn"), "withdrawal"),
        (article("b").set("withdrawal", json!({ "at": NOW, "actor": "x", "reason": "y" })), "withdrawal"),
        (article("c").set("status", "gone"), "status"),
    ] {
        let (_, problems) = second.import(ndjson(&[record])).await;
        assert_eq!(problems.first().and_then(|p| p.field.as_deref()), Some(field), "{problems:?}");
    }
}

/// Whatever is written meanwhile: what was withdrawn is gone when the answer comes, and stays so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn imports_at_the_same_time_bring_nothing_back() {
    let nouns = [source("s"), topic("t"), media("m")];
    let app = TestApp::with(&portal(nouns.into_iter().chain((0..40).map(|i| everywhere(&format!("n{i}")))))).await;
    let offices = office(&app.database).await;
    let importing = async {
        for round in 0..12 {
            let lines: Vec<Record> = (0..40).map(|i| everywhere(&format!("n{i}")).set("title", format!("第{round}稿"))).collect();
            app.database.import(ndjson(&lines)).await;
        }
    };
    let withdrawing = async {
        for i in 0..40 {
            let gone = number(&app.database, &format!("n{i}")).await;
            offices.withdraw(request(gone)).await.expect("a withdrawal");
            let listed = app.slugs("articles(first: 100)").await;
            assert!(!listed.contains(&format!("n{i}")), "round {i}: {listed:?}");
            tokio::time::sleep(std::time::Duration::from_millis(i * 7 % 23)).await;
        }
    };
    tokio::join!(importing, withdrawing);
    assert_eq!(app.slugs("articles(first: 100)").await, Vec::<String>::new());
    assert_eq!(app.database.numbers("SELECT count(*) FROM listing").await, [0]);
    assert_eq!(app.database.numbers("SELECT count(*) FROM article WHERE status <> 'withdrawn'").await, [0]);
}
