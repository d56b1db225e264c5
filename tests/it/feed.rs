//! Feeds: what is in them, what they cost, and how they change.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::app::{OPERATOR, TestApp, texts};
use crate::client::{Answer, percent, send};
use crate::records::{Record, article, author, channel, everywhere, media, placement, portal, source, tag, topic};

const FORMATS: [&str; 3] = ["rss", "atom", "json"];

fn records() -> Vec<Record> {
    portal([
        channel("deep").parent("news"),
        source("s")
            .set("name", "烟台开发区")
            .set("url", "https://source.example")
            .set("licence", "CC-BY-4.0")
            .set("attribution", "来源：烟台开发区"),
        author("wang").set("name", "王敏"),
        tag("储运"),
        topic("t"),
        media("m").set("mimeType", "image/jpeg").set("alt", "储氢罐").set("credit", "摄影：王敏"),
        everywhere("first")
            .channel("deep")
            .published("2026-02-20T00:00:00Z")
            .set("authors", json!(["wang"]))
            .set("sourceUrl", "https://source.example/1.html")
            .set("significantlyUpdatedAt", "2026-02-21T00:00:00Z")
            .set("summary", "提要。")
            .set("body", "<p>正文 &amp; <a href=\"/b\">链接</a><img src=\"p.png\" alt=\"图\"></p>")
            .set(
                "attachments",
                json!([{ "name": "报告", "url": "/files/a.pdf", "mimeType": "application/pdf", "sizeBytes": 12345 }]),
            ),
        article("second").published("2026-02-19T00:00:00Z").set("summary", "提要二。").set("body", "<p>自采正文。</p>"),
        placement("headline", &["second", "first"]),
    ])
}

async fn open() -> TestApp {
    TestApp::configured(&records(), |config| config.syndication.public_feeds = "full".into()).await
}

/// How many statements an answer has cost.
fn statements(answer: &Answer) -> u32 {
    answer.header("tidings-statements").and_then(|n| n.parse().ok()).expect("operators see it")
}

async fn get(app: &TestApp, path: &str) -> Answer {
    send(app.address, "GET", path, &[OPERATOR], b"").await
}

/// The feed as the Rust reader sees it: title, and of each item id, title, link, published, updated, categories, authors, content.
fn read(answer: &Answer) -> Value {
    let feed = feed_rs::parser::parse(&answer.body[..]).unwrap_or_else(|e| panic!("{e}: {}", answer.text()));
    let text = |text: &Option<feed_rs::model::Text>| text.as_ref().map(|t| t.content.clone());
    let title = text(&feed.title);
    let items: Vec<Value> = feed
        .entries
        .iter()
        .map(|entry| {
            json!({
                "id": entry.id,
                "title": text(&entry.title),
                "link": entry.links.iter().find(|l| l.rel.as_deref() != Some("via") && l.rel.as_deref() != Some("enclosure")).map(|l| l.href.clone()),
                "published": entry.published.map(|at| at.timestamp()),
                "categories": entry.categories.iter().map(|c| c.term.clone()).collect::<Vec<_>>(),
                // Of JSON Feed this reader gives the feed's own where an item names nobody.
                "authors": entry.authors.iter().map(|a| a.name.clone()).filter(|name| name.as_deref() != Some("海岬科技资讯")).collect::<Vec<_>>(),
                "content": entry.content.as_ref().and_then(|c| c.body.clone()),
            })
        })
        .collect();
    json!({ "title": title, "items": items })
}

const LISTS: [&str; 12] = [
    "site",
    "channel/news",
    "channel/deep",
    "tag/%E6%B0%A2%E8%83%BD",
    "topic/t",
    "source/s",
    "ranking",
    "channel/news/ranking",
    "source/s/ranking",
    "placement/headline",
    "channel/news/placement/headline",
    "search",
];

fn address(list: &str, format: &str) -> String {
    let query = if list == "search" { format!("?q={}", percent("园区")) } else { String::new() };
    format!("/feed/{list}.{format}{query}")
}

#[tokio::test]
async fn every_list_says_the_same_in_three_formats() {
    let app = open().await;
    app.heard().await;
    for list in LISTS {
        let mut seen = Vec::new();
        for format in FORMATS {
            let answer = app.get(&address(list, format)).await;
            assert_eq!(answer.status, 200, "{list}.{format}: {}", answer.text());
            let kind = match format {
                "json" => "application/feed+json; charset=utf-8".to_owned(),
                other => format!("application/{other}+xml; charset=utf-8"),
            };
            assert_eq!(answer.header("content-type"), Some(&*kind));
            seen.push(read(&answer));
        }
        assert!(seen[0]["items"].as_array().is_some_and(|items| !items.is_empty()), "{list}: {}", seen[0]);
        assert_eq!(seen[0], seen[1], "{list}: RSS and Atom");
        assert_eq!(seen[1], seen[2], "{list}: Atom and JSON");
    }
}

#[tokio::test]
async fn items_have_all_that_rights_ask_for() {
    let app = open().await;
    let id = app.id("article", "first").await;
    let item = app.get("/feed/source/s.json").await.json()["items"][0].clone();
    let own = format!("https://portal.example/a/{id}");
    assert_eq!(item["id"], format!("tag:portal.example,2026:{id}"));
    assert_eq!((&item["url"], &item["external_url"]), (&json!(own), &json!("https://source.example/1.html")));
    assert_eq!(
        (&item["date_published"], &item["date_modified"]),
        (&json!("2026-02-20T08:00:00+08:00"), &json!("2026-02-21T08:00:00+08:00"))
    );
    assert_eq!(item["tags"], json!(["deep", "氢能"]));
    assert_eq!(item["authors"], json!([{ "name": "王敏" }]));
    assert_eq!(
        item["attachments"],
        json!([{ "url": "https://portal.example/files/a.pdf", "mime_type": "application/pdf", "title": "报告", "size_in_bytes": 12345 }])
    );
    assert_eq!(item["image"], "https://portal.example/media/m.jpg");
    let source = json!({ "name": "烟台开发区", "url": "https://source.example", "licence": "CC-BY-4.0", "attribution": "来源：烟台开发区" });
    assert_eq!((&item["_tidings"]["source"], &item["_tidings"]["canonical_url"]), (&source, &json!(own)));
    let html = "<p>正文 &amp; <a href=\"https://portal.example/b\">链接</a><img src=\"https://portal.example/a/p.png\" alt=\"图\"></p><p>来源：烟台开发区</p>";
    assert_eq!(item["content_html"], html);
    let rss = app.get("/feed/source/s.rss").await.text();
    for part in [
        "<guid isPermaLink=\"false\">",
        "<pubDate>Fri, 20 Feb 2026 08:00:00 +0800</pubDate>",
        "<atom:updated>2026-02-21T08:00:00+08:00</atom:updated>",
        "<dc:creator>王敏</dc:creator>",
        "<source url=\"https://source.example\">烟台开发区</source>",
        "<enclosure url=\"https://portal.example/files/a.pdf\" length=\"12345\" type=\"application/pdf\"/>",
        "<media:content url=\"https://portal.example/media/m.jpg\" medium=\"image\" type=\"image/jpeg\" width=\"1200\" height=\"675\">",
        "<dc:rights>来源：烟台开发区 · CC-BY-4.0</dc:rights>",
        "<atom:link rel=\"via\" href=\"https://source.example/1.html\"/>",
    ] {
        assert!(rss.contains(part), "{part}: {rss}");
    }
    // Less of it where less is asked for; what must be shown stays.
    let short = app.get("/feed/source/s.json?fields=summary").await.json()["items"][0].clone();
    assert_eq!(short["content_html"], "<p>提要。</p><p>来源：烟台开发区</p>");
    assert!(short["attachments"].is_null() && short["image"].is_string());
    let bare = app.get("/feed/source/s.json?fields=headline").await.json()["items"][0].clone();
    assert_eq!(bare["summary"], bare["title"]);
    assert!(bare["image"].is_null() && !bare.to_string().contains("提要"));
}

/// The source of an article has the last word, whatever the portal gives.
#[tokio::test]
async fn a_source_decides_what_is_passed_on() {
    let sources = [
        ("open", "CC-BY-4.0", None),
        ("closed", "版权所有", None),
        ("shut", "CC0", Some("none")),
        ("told", "版权所有", Some("full")),
    ];
    let nouns = sources.iter().map(|(name, licence, said)| {
        let record = source(name).set("licence", *licence);
        said.map_or(record.clone(), |said| record.set("syndication", said))
    });
    let articles =
        sources.iter().map(|(name, ..)| article(name).set("source", *name).set("summary", "提要。").set("body", "<p>正文。</p>"));
    let app = TestApp::configured(&portal(nouns.chain(articles)), |config| config.syndication.public_feeds = "full".into()).await;
    let items = app.get("/feed/site.json").await.json()["items"].clone();
    let mut found: Vec<(String, String)> = texts(&items, "title")
        .into_iter()
        .map(|t| t.rsplit('：').next().unwrap_or_default().to_owned())
        .zip(texts(&items, "content_html"))
        .collect();
    found.sort();
    let expected = [("closed", "<p>提要。</p>"), ("open", "<p>正文。</p>"), ("told", "<p>正文。</p>")];
    assert_eq!(found, expected.map(|(name, html)| (name.to_owned(), html.to_owned())));
    assert_eq!(app.query("{ source(by: {slug: \"shut\"}) { syndication } }").await["source"]["syndication"], "NONE");
    let plain = TestApp::with(&portal([article("own").set("body", "<p>正文。</p>").set("summary", "提要。")])).await;
    let item = plain.get("/feed/site.json").await.json()["items"][0].clone();
    assert_eq!(item["content_html"], "<p>提要。</p>", "summaries are what is given without a word of the portal");
}

#[tokio::test]
async fn a_feed_of_a_hundred_costs_three_statements_and_one_that_is_known_none() {
    let many = (0..130).map(|i| {
        everywhere(&format!("n{i}"))
            .set("body", "<p>正文。</p>")
            .set("oldUrls", json!([]))
            .set("attachments", json!([{ "name": "a", "url": "/a.pdf", "mimeType": "application/pdf", "sizeBytes": 1 }]))
    });
    let nouns =
        [source("s").set("syndication", "full"), topic("t"), media("m"), channel("quiet"), article("alone").channel("quiet")];
    let slot = [placement("headline", &["n1", "n2"])];
    let app = TestApp::configured(&portal(nouns.into_iter().chain(many).chain(slot)), |config| {
        config.syndication.public_feeds = "full".into();
    })
    .await;
    // Rankings move as long as views come in, and articles as long as related ones are found.
    app.related().await;
    app.related().await;
    app.settled().await;
    app.heard().await;
    for list in LISTS.iter().filter(|list| !list.contains("deep")) {
        for format in FORMATS {
            let path = address(list, format);
            let path = format!("{path}{}limit=100", if path.contains('?') { "&" } else { "?" });
            let cold = get(&app, &path).await;
            assert_eq!(cold.status, 200, "{path}: {}", cold.text());
            assert!((1..=3).contains(&statements(&cold)), "{path}: {}", statements(&cold));
            let tag = cold.header("etag").expect("a tag").to_owned();
            let known = send(app.address, "GET", &path, &[OPERATOR, ("if-none-match", &tag)], b"").await;
            assert_eq!((known.status, statements(&known), known.body.len()), (304, 0, 0), "{path}");
        }
    }
    // What happens elsewhere does not touch it; what happens in it does, in the answer to whoever did it.
    let quiet = get(&app, "/feed/channel/quiet.rss").await;
    let tag = quiet.header("etag").expect("a tag").to_owned();
    let busy = get(&app, "/feed/channel/news.rss").await.header("etag").expect("a tag").to_owned();
    let gone = app.id("article", "n7").await;
    crate::withdrawal::withdraw(&app, &gone).await;
    let changed = send(app.address, "GET", "/feed/channel/news.rss", &[OPERATOR, ("if-none-match", &busy)], b"").await;
    assert_eq!(changed.status, 200);
    assert!(changed.text().contains(&format!("<at:deleted-entry ref=\"tag:portal.example,2026:{gone}\"")), "{}", changed.text());
    let same = send(app.address, "GET", "/feed/channel/quiet.rss", &[OPERATOR, ("if-none-match", &tag)], b"").await;
    assert_eq!((same.status, statements(&same)), (304, 0), "another channel");
}

#[tokio::test]
async fn conditions_methods_and_codings() {
    let app = open().await;
    let path = "/feed/site.atom";
    let plain = app.get(path).await;
    let (tag, modified) =
        (plain.header("etag").expect("a tag").to_owned(), plain.header("last-modified").expect("a time").to_owned());
    assert!(tag.starts_with('"') && !tag.starts_with("W/"));
    assert_eq!(modified, "Sun, 01 Mar 2026 00:00:00 GMT");
    assert_eq!(plain.header("cache-control"), Some("public, max-age=1, must-revalidate"));
    for (name, value, status) in [
        ("if-none-match", tag.as_str(), 304),
        ("if-none-match", &format!("\"other\", W/{tag}"), 304),
        ("if-none-match", "*", 304),
        ("if-none-match", "\"other\"", 200),
        ("if-modified-since", &modified, 304),
        ("if-modified-since", "Sunday, 01-Mar-26 00:00:00 GMT", 304),
        ("if-modified-since", "Sun Mar  1 00:00:00 2026", 304),
        ("if-modified-since", "Sun, 01 Mar 2026 00:00:00 -0000", 304),
        ("if-modified-since", "Sat, 28 Feb 2026 23:59:59 GMT", 200),
        ("if-modified-since", "yesterday", 200),
    ] {
        assert_eq!(send(app.address, "GET", path, &[(name, value)], b"").await.status, status, "{name}: {value}");
    }
    let both = [("if-none-match", "\"other\""), ("if-modified-since", modified.as_str())];
    assert_eq!(send(app.address, "GET", path, &both, b"").await.status, 200, "a tag goes before a time");
    let head = send(app.address, "HEAD", path, &[], b"").await;
    assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, Some(&*tag)));
    assert_eq!(head.header("content-length"), Some(&*plain.body.len().to_string()));
    let mut tags = vec![tag];
    for coding in ["gzip", "br"] {
        let packed = send(app.address, "GET", path, &[("accept-encoding", coding)], b"").await;
        assert_eq!(packed.header("content-encoding"), Some(coding));
        assert!(packed.list("vary").contains(&"accept-encoding".to_owned()) && packed.body.len() < plain.body.len());
        assert_eq!(crate::compress::unpacked(&packed), plain.body);
        tags.push(packed.header("etag").expect("a tag").to_owned());
    }
    tags.dedup();
    assert_eq!(tags.len(), 3, "each coding has bytes, and a tag, of its own: {tags:?}");
    let post = send(app.address, "POST", path, &[], b"").await;
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD, OPTIONS")));
    for (path, status) in [
        ("/feed/none.rss", 404),
        ("/feed/channel/none.rss", 404),
        ("/feed/site.xml", 404),
        ("/feed/site.rss?limit=0", 400),
        ("/feed/site.rss?limit=101", 400),
        ("/feed/site.rss?after=x", 400),
        ("/feed/ranking.rss?after=x", 400),
        ("/feed/ranking.rss?window=year", 400),
        ("/feed/site.rss?fields=all", 400),
        ("/feed/search.rss", 400),
        ("/feed/placement/none.rss", 404),
        ("/feed/%FF.rss", 404),
    ] {
        assert_eq!(app.get(path).await.status, status, "{path}");
    }
    assert_eq!(app.get("/feed").await.header("location"), Some("/feed/site.rss"));
}

/// A portal that moves keeps the names of its items, also of those that are gone.
#[tokio::test]
async fn items_keep_their_names_when_the_portal_moves() {
    let mut moved = portal([article("stays"), article("goes")]);
    moved[0] = moved[0].clone().set("url", "https://new.example");
    let app = TestApp::configured(&moved, |config| config.syndication.id_host = "portal.example".into()).await;
    let (stays, goes) = (app.id("article", "stays").await, app.id("article", "goes").await);
    crate::withdrawal::withdraw(&app, &goes).await;
    let feed = app.get("/feed/site.json").await.json();
    assert_eq!(texts(&feed["items"], "id"), [format!("tag:portal.example,2026:{stays}")]);
    assert_eq!(feed["items"][0]["url"], json!(format!("https://new.example/a/{stays}")));
    assert_eq!(texts(&feed["_tidings"]["tombstones"], "id"), [format!("tag:portal.example,2026:{goes}")]);
}

#[tokio::test]
async fn pages_joined_are_the_list() {
    let app = TestApp::with(&portal(
        (0..25).map(|i| article(&format!("n{i}")).published(&format!("2026-02-{:02}T00:00:00Z", i / 2 + 1))),
    ))
    .await;
    let whole = app.slugs("articles(first: 100)").await;
    let mut path = "/feed/site.json?limit=7".to_owned();
    let (mut ids, mut pages) = (Vec::new(), 0);
    let back = loop {
        let feed = app.get(&path).await.json();
        ids.extend(texts(&feed["items"], "id"));
        pages += 1;
        let first = feed["_tidings"]["first_url"].as_str().expect("an address").to_owned();
        assert!(first.ends_with("/feed/site.json?limit=7"), "{first}");
        let Some(next) = feed["next_url"].as_str() else {
            break feed["_tidings"]["previous_url"].as_str().map(str::to_owned);
        };
        path = next.split_once("/feed").map(|(_, rest)| format!("/feed{rest}")).expect("a path");
    };
    assert_eq!((pages, ids.len()), (4, whole.len()));
    let mut expected = Vec::new();
    for slug in &whole {
        expected.push(format!("tag:portal.example,2026:{}", app.id("article", slug).await));
    }
    assert_eq!(ids, expected);
    let back = back.expect("the last page knows the one before");
    let back = app.get(&format!("/feed{}", back.split_once("/feed").expect("a path").1)).await.json();
    assert_eq!(texts(&back["items"], "id"), expected[14..21]);
    let xml = app.get("/feed/site.atom?limit=7").await.text();
    assert!(xml.contains("rel=\"next\"") && !xml.contains("rel=\"previous\""), "{xml}");
}

/// Nothing that can be typed breaks a feed, or is another text in another format.
#[tokio::test]
async fn whatever_is_typed_can_be_read() {
    let titles = [
        "<b>粗</b> & &amp; ]]> \"引号\" '单'",
        "</title><script>alert(1)</script>",
        "<![CDATA[ x ]]> <!-- y --> <?z?>",
        "𠮷野家🚀👩‍👩‍👧‍👦 é e\u{301} ﷽ \u{e000}",
        "&#x26; &lt; &nbsp; %41 \\u003c",
        "= + - @ 公式",
    ];
    let records = titles.iter().enumerate().map(|(i, title)| {
        article(&format!("n{i}"))
            .set("title", *title)
            .set("summary", *title)
            .set("body", format!("<p>{}</p>", tidings::text::escape(title)))
            .tags(&[titles[i]])
    });
    let app = TestApp::configured(&portal(records), |config| config.syndication.public_feeds = "full".into()).await;
    let seen: Vec<Value> = {
        let mut seen = Vec::new();
        for format in FORMATS {
            seen.push(read(&app.get(&format!("/feed/site.{format}")).await));
        }
        seen
    };
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    let found: Vec<String> = texts(&seen[2]["items"], "title").iter().map(|title| title.replace('\u{2060}', "")).collect();
    for title in titles {
        let known = app.query("{ articles { nodes { title } } }").await;
        assert!(texts(&known["articles"]["nodes"], "title").iter().all(|title| found.contains(title)), "{title}: {found:?}");
    }
    // The hostile strings of the naughty list, when they are at hand.
    let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/xss-dev/blns.json");
    if let Ok(text) = std::fs::read_to_string(list) {
        let strings: Vec<String> = serde_json::from_str(&text).expect("JSON");
        let records: Vec<Record> = strings
            .iter()
            .enumerate()
            .map(|(i, text)| {
                article(&format!("b{i}"))
                    .set("title", format!("{i} {}", text.chars().take(150).collect::<String>()))
                    .set("body", text.clone())
            })
            .collect();
        let (summary, _) = app.database.import(crate::records::ndjson(&records)).await;
        assert!(summary.created > 400, "{summary:?}");
        let mut paths: Vec<String> = FORMATS.iter().map(|format| format!("/feed/site.{format}?limit=100")).collect();
        let mut pages = 0;
        while paths.iter().all(|path| !path.is_empty()) {
            let mut seen = Vec::new();
            for path in &mut paths {
                let answer = app.get(path).await;
                let text = answer.text();
                seen.push(read(&answer));
                let next = match path.contains(".json") {
                    true => answer.json()["next_url"].as_str().map(str::to_owned),
                    false => text
                        .split("rel=\"next\"")
                        .nth(1)
                        .and_then(|rest| rest.split('"').nth(3))
                        .map(|url| url.replace("&#x26;", "&")),
                };
                *path = next.and_then(|url| url.split_once("/feed").map(|(_, rest)| format!("/feed{rest}"))).unwrap_or_default();
            }
            assert_eq!(seen[0], seen[1], "page {pages}");
            assert_eq!(seen[1], seen[2], "page {pages}");
            pages += 1;
        }
        assert!(pages >= 5, "{pages}");
    }
}

/// Time alone changes a feed too: what is due comes, what is over goes, and neither waits for anything.
#[tokio::test]
async fn what_is_kept_follows_the_clock() {
    let app = TestApp::with(&portal([
        article("now"),
        article("ends").set("expiresAt", "2026-03-01T01:00:00Z").published("2026-02-02T00:00:00Z"),
        article("comes").published("2026-03-01T02:00:00Z"),
    ]))
    .await;
    let slugs = async |path: &str| {
        let feed = app.get(path).await.json();
        texts(&feed["items"], "title")
            .into_iter()
            .map(|t| t.rsplit('：').next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(slugs("/feed/site.json").await, ["ends", "now"]);
    app.set_time("2026-03-01T01:00:00Z");
    assert_eq!(slugs("/feed/site.json").await, ["now"]);
    app.set_time("2026-03-01T02:00:00Z");
    assert_eq!(slugs("/feed/site.json").await, ["comes", "now"]);
}

#[tokio::test]
async fn what_is_withdrawn_leaves_a_tombstone_in_each_format_until_it_comes_back() {
    let app = open().await;
    let token = crate::access::staff(&app, "editor", tidings::auth::Role::Editor).await.0;
    let id = app.id("article", "first").await;
    let tag = format!("tag:portal.example,2026:{id}");
    for format in ["rss", "atom"] {
        assert!(
            !app.get(&format!("/feed/site.{format}")).await.text().contains("tombstones"),
            "{format}: nobody needs the name yet"
        );
    }
    let withdraw = "mutation($id: ID!) { withdrawArticle(input: {id: $id, reason: \"版权投诉\", notice: \"应来源方 <要求> 撤下\"}) { userErrors { message } } }";
    crate::access::ask_as(&app, &token, withdraw, json!({ "id": id })).await;
    for list in
        ["site", "channel/news", "channel/deep", "tag/%E6%B0%A2%E8%83%BD", "topic/t", "source/s", "ranking", "placement/headline"]
    {
        for format in ["rss", "atom"] {
            let text = app.get(&format!("/feed/{list}.{format}")).await.text();
            let stone = format!(
                "<at:deleted-entry ref=\"{tag}\" when=\"2026-03-01T08:00:00+08:00\"><at:comment>应来源方 &#x3C;要求&#x3E; 撤下</at:comment></at:deleted-entry>"
            );
            assert!(text.contains(&stone), "{list}.{format}: {text}");
            assert!(!text.contains("储氢罐"), "{list}.{format}");
        }
        let json = app.get(&format!("/feed/{list}.json")).await.json();
        let expected = json!([{ "id": tag, "deleted_at": "2026-03-01T08:00:00+08:00", "notice": "应来源方 <要求> 撤下" }]);
        assert_eq!(json["_tidings"]["tombstones"], expected, "{list}");
    }
    assert!(
        app.get("/feed/tag/%E5%82%A8%E8%BF%90.json").await.json()["_tidings"]["tombstones"] == json!([]),
        "it was never there"
    );
    // A source that lets nothing through any more takes nothing of that back.
    let update =
        "mutation($id: ID!, $s: ArticleFields) { updateSource(input: {id: $id, syndication: $s}) { userErrors { message } } }";
    let chief = crate::access::staff(&app, "chief", tidings::auth::Role::Chief).await.0;
    let source = app.id("source", "s").await;
    for syndication in ["NONE", "FULL"] {
        let change = json!({ "id": source, "s": syndication });
        let answer = crate::access::ask_as(&app, &chief, update, change).await;
        assert_eq!(answer["data"]["updateSource"]["userErrors"], json!([]), "{answer}");
        assert_eq!(app.get("/feed/site.json").await.json()["_tidings"]["tombstones"][0]["id"], json!(tag), "{syndication}");
    }
    let restore = "mutation($id: ID!) { restoreArticle(input: {id: $id, reason: \"误撤\"}) { userErrors { message } } }";
    crate::access::ask_as(&app, &token, restore, json!({ "id": id })).await;
    let json = app.get("/feed/site.json").await.json();
    assert_eq!((&json["_tidings"]["tombstones"], json["items"].as_array().map(Vec::len)), (&json!([]), Some(2)));
}

/// Two that are equal would look unchanged to readers, and sources that know the day alone have many.
#[tokio::test]
async fn no_two_entries_have_the_same_updated() {
    let app = TestApp::with(&portal((0..60).map(|i| article(&format!("n{i}"))))).await;
    let text = app.get("/feed/site.atom?limit=100").await.text();
    let mut updated: Vec<&str> =
        text.split("<entry").skip(1).filter_map(|e| e.split("<updated>").nth(1)?.split('<').next()).collect();
    assert_eq!(updated.len(), 60);
    let same = DateTime::parse_from_rfc3339("2026-02-01T08:00:00Z").expect("an instant");
    assert!(updated.iter().all(|text| DateTime::parse_from_rfc3339(text).expect("an instant") == same));
    updated.sort_unstable();
    updated.dedup();
    assert_eq!(updated.len(), 60);
}

/// Browsers show a kind of XML that they know with its style; programs get the kind that says what it is.
#[tokio::test]
async fn who_opens_a_feed_sees_a_page() {
    let app = open().await;
    let browser = ("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    for (path, kind) in [
        ("/feed/site.rss", "text/xml; charset=utf-8"),
        ("/feed/site.atom", "text/xml; charset=utf-8"),
        ("/feed/site.json", "application/feed+json; charset=utf-8"),
    ] {
        let (plain, opened) = (app.get(path).await, send(app.address, "GET", path, &[browser], b"").await);
        assert_eq!((opened.status, opened.header("content-type")), (200, Some(kind)), "{path}");
        assert_eq!(plain.body, opened.body, "{path}");
        assert!(plain.list("vary").contains(&"accept".to_owned()), "{path}");
        let is_one = plain.header("content-type") == opened.header("content-type");
        assert_eq!(plain.header("etag") == opened.header("etag"), is_one, "{path}");
    }
}

/// What changed twice in a second has no time that tells one from the other, and no time is ever to come.
#[tokio::test]
async fn times_tell_no_more_than_they_know() {
    let app = open().await;
    let token = crate::access::staff(&app, "chief", tidings::auth::Role::Chief).await.0;
    let path = "/feed/site.atom";
    let first = app.get(path).await;
    let update = "mutation($s: String) { updateSite(input: { slogan: $s }) { userErrors { field message } } }";
    for round in 0..3 {
        let answer = crate::access::ask_as(&app, &token, update, json!({ "s": format!("口号 {round}") })).await;
        assert_eq!(answer["data"]["updateSite"]["userErrors"], json!([]), "{answer}");
        let now = app.get(path).await;
        assert_ne!(first.header("etag"), now.header("etag"));
        assert_eq!(now.header("last-modified"), None);
        let since = [("if-modified-since", first.header("last-modified").expect("a time"))];
        assert_eq!(send(app.address, "GET", path, &since, b"").await.status, 200);
    }
    app.set_time("2026-03-01T00:00:05Z");
    crate::access::ask_as(&app, &token, update, json!({ "s": "口号" })).await;
    assert_eq!(app.get(path).await.header("last-modified"), Some("Sun, 01 Mar 2026 00:00:05 GMT"));
}
