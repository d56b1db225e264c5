//! What an import cleans, what it refuses, and that one line never stops the others.

use serde_json::json;
use tidings::ingest::Summary;

use crate::app::{TestApp, TestDatabase};
use crate::records::{
    Record, article, author, channel, media, navigation, ndjson, page, placement, portal, redirect, site, source, topic,
};

#[tokio::test]
async fn a_null_character_anywhere_stops_nothing() {
    let database = TestDatabase::new().await;
    // Names and texts: the character goes. References meet the cleaned names.
    let records = [
        site().set("name", "海\u{0}岬").set("slogan", "\u{0}").set("icpNumber", "1\u{0}2"),
        channel("news").set("name", "新\u{0}闻"),
        channel("below").set("parent", "ne\u{0}ws").set("description", "\u{0}"),
        source("s").set("licence", "\u{0}").set("contact", "a\u{0}b"),
        author("w").set("bio", "a\u{0}b"),
        media("m").set("alt", "a\u{0}b").set("mimeType", "image\u{0}/jpeg"),
        topic("t").set("cover", "\u{0}m").set("summary", "a\u{0}"),
        page("p").set("body", "<p>a\u{0}b</p>"),
        navigation("n").set("channel", "news\u{0}"),
        navigation("n1").set("topic", "t\u{0}").set("parent", "\u{0}n"),
        navigation("n2").set("page", "p\u{0}"),
        article("a")
            .channel("news\u{0}")
            .tags(&["氢\u{0}能"])
            .related(&["b\u{0}"])
            .set("channels", json!(["below\u{0}"]))
            .set("topics", json!(["t\u{0}"]))
            .set("authors", json!(["\u{0}w"]))
            .set("source", "s\u{0}")
            .set("cover", "m\u{0}")
            .set("legacyId", "\u{0}7")
            .set("gallery", json!([{ "media": "m\u{0}", "caption": "\u{0}" }]))
            .set("attachments", json!([{ "name": "a\u{0}", "url": "/a", "mimeType": "text/\u{0}plain" }]))
            .set("pages", json!([{ "title": "\u{0}", "html": "a\u{0}b" }])),
        article("b"),
        placement("slot", &["a\u{0}"]).set("externalId", "slot").set("slot", "sl\u{0}ot").set("channel", "news\u{0}"),
        redirect("r", "/old.html", "a\u{0}"),
    ];
    let (summary, problems) = database.import(ndjson(&records)).await;
    assert_eq!(summary, Summary { created: records.len() as u64, ..Summary::default() }, "{problems:#?}");
    let text = database.export().await;
    assert!(text.contains(r#""mimeType":"text/plain""#) && text.contains(r#""name":"氢能""#), "{text}");
    let (again, _) = database.import(text).await;
    assert_eq!(again.created, 0);
    // Addresses, slugs and words with a meaning are refused, one by one.
    let refused = [
        (site().set("articlePath", "/a\u{0}/{id}"), "articlePath"),
        (site().set("timeZone", "UTC\u{0}"), "timeZone"),
        (site().set("url", "https://a.example\u{0}"), "url"),
        (channel("c1").set("slug", "c\u{0}1"), "slug"),
        (channel("c2").set("type", "park\u{0}"), "type"),
        (media("m1").set("dominantColor", "#aabbc\u{0}"), "dominantColor"),
        (article("a1").set("oldUrls", json!(["/fine", "/a\u{0}b"])), "oldUrls[1]"),
        (article("a2").set("status", "draft\u{0}"), "status"),
        (article("a3").set("attachments", json!([{ "name": "a", "url": "/a\u{0}" }])), "attachments[0].url"),
        (redirect("r1", "/o\u{0}ld", "a"), "url"),
    ];
    each_refused(&database, &refused).await;
}

/// Imports the records, good ones between them; each must be refused for its field.
async fn each_refused(database: &TestDatabase, cases: &[(Record, &str)]) {
    let mut text = String::new();
    for (i, (record, _)) in cases.iter().enumerate() {
        text += &ndjson(&[record.clone(), author(&format!("good-{i}"))]);
    }
    let (summary, problems) = database.import(text).await;
    let found: Vec<_> = problems.iter().map(|p| (p.line, p.field.as_deref().unwrap_or_default())).collect();
    let expected: Vec<_> = (1..).step_by(2).zip(cases.iter().map(|(_, field)| *field)).collect();
    assert_eq!(found, expected, "{problems:#?}");
    assert_eq!(summary.refused, cases.len() as u64);
    assert!(summary.created + summary.unchanged == cases.len() as u64, "{summary:?}");
}

#[tokio::test]
async fn a_file_may_write_names_in_its_own_way() {
    // Composed and decomposed letters, runs of spaces: the same name, wherever it stands.
    let (one, two) = ("Cafe\u{301}  Nord", " Caf\u{e9} Nord");
    let under = |record: Record, name: &str| record.set("externalId", name).set("slug", "x");
    let records = [
        site(),
        channel("news"),
        under(source("s"), one),
        under(author("w"), one),
        media("m").set("externalId", one),
        under(topic("t"), one).set("cover", two),
        under(page("p"), one),
        under(channel("c"), one),
        channel("below").set("parent", two),
        navigation("n").set("externalId", one).set("channel", two),
        navigation("n1").set("parent", two).set("topic", one),
        navigation("n2").set("page", two),
        article("a").set("externalId", one).channel(two).set("source", two).set("cover", two),
        article("b").set("source", one).set("authors", json!([two])).set("gallery", json!([{ "media": one }])).related(&[two]),
        placement("slot", &[two]).set("externalId", "slot").set("channel", one),
        redirect("r", "/old.html", two),
    ];
    let database = TestDatabase::new().await;
    assert_eq!(database.fill(&records).await.created, records.len() as u64);
    assert_eq!(database.fill(&records).await.unchanged, records.len() as u64);
    let text = database.export().await;
    let other = TestDatabase::new().await;
    let (summary, problems) = other.import(text.clone()).await;
    assert_eq!(summary.refused, 0, "{problems:?}");
    assert_eq!(other.export().await, text);
}

#[tokio::test]
async fn attachments_say_what_they_are_in_bounds() {
    let database = TestDatabase::new().await;
    let with = |name: &str, kind: &str| article(name).set("attachments", json!([{ "name": "a", "url": "/a", "mimeType": kind }]));
    let (summary, problems) = database.import(ndjson(&portal([with("empty", " "), with("long", &"x".repeat(5_000))]))).await;
    assert_eq!((summary.created, problems.len()), (3, 1), "{problems:?}");
    assert_eq!(problems[0].field.as_deref(), Some("attachments[0].mimeType"));
    assert!(!database.export().await.contains("mimeType"), "empty is none");
}

#[tokio::test]
async fn what_the_database_refuses_is_one_line_in_the_report() {
    let database = TestDatabase::new().await;
    database.fill(&portal([])).await;
    // A rule that the program does not know.
    database.execute("CREATE UNIQUE INDEX one_title ON article (title)").await;
    let records: Vec<Record> = (0..70)
        .map(|i| {
            let title = if i % 30 == 9 { "同一个标题".to_owned() } else { format!("标题{i}") };
            article(&format!("a{i}")).set("title", title).tags(&["共有", &format!("标签{i}")]).related(&["a1"])
        })
        .collect();
    let (summary, problems) = database.import(ndjson(&records)).await;
    assert_eq!(summary, Summary { created: 68, refused: 2, ..Summary::default() });
    let found: Vec<_> =
        problems.iter().map(|p| (p.line, p.external_id.as_deref(), p.field.as_deref(), p.reason.as_str())).collect();
    let refused = |line, name| (line, Some(name), None, "the database refuses it");
    assert_eq!(found, [refused(40, "a39"), refused(70, "a69")]);
    let (again, _) = database.import(ndjson(&records)).await;
    assert_eq!(again, Summary { unchanged: 68, refused: 2, ..Summary::default() });
    // What was learnt on the way is true: every tag an article has is there.
    let app = TestApp::on(database).await;
    let data = app.query("{ articles(first: 100) { nodes { slug tags { name } related(first: 1) { reason } } } }").await;
    for node in data["articles"]["nodes"].as_array().expect("a list") {
        let own = format!("标签{}", node["slug"].as_str().unwrap_or_default().trim_start_matches('a'));
        assert_eq!(node["tags"], json!([{ "name": "共有" }, { "name": own }]));
    }
}

#[tokio::test]
async fn what_cannot_be_seen_is_no_title() {
    let database = TestDatabase::new().await;
    database.fill(&portal([])).await;
    let blank = ["\u{3000}", "\u{200b}", " \u{200b}\u{3000} ", "\u{2060}\u{fe0f}", "\u{feff}", "\u{3164}"];
    let named = |(i, blank): (usize, &&str)| (article(&format!("a{i}")).set("title", *blank), "title");
    let mut cases: Vec<(Record, &str)> = blank.iter().enumerate().map(named).collect();
    cases.push((article("tag").tags(&["\u{200b}"]), "tags"));
    cases.push((author("w").set("name", "\u{3000}"), "name"));
    cases.push((navigation("n").set("label", "\u{200d}").set("url", "/"), "label"));
    each_refused(&database, &cases).await;
    let seen = article("seen")
        .set("title", "\u{3000}王\u{3000}伟\u{3000}")
        .set("subtitle", "\u{200b}")
        .set("summary", "\u{3000}核心\u{3000}");
    database.fill(&[seen]).await;
    let text = database.export().await;
    assert!(text.contains("\"title\":\"王\u{3000}伟\"") && text.contains("\"summary\":\"核心\""), "{text}");
    assert!(!text.contains("subtitle"), "{text}");
}

#[tokio::test]
async fn addresses_and_languages_have_their_form() {
    let database = TestDatabase::new().await;
    database.fill(&portal([article("there")])).await;
    let old = |name: &str, url: &str| (article(name).set("oldUrls", json!([url])), "oldUrls[0]");
    let long = format!("/{}", "x".repeat(2_000));
    let cases = [
        old("o1", "javascript:alert(1)"),
        old("o2", "mailto:x@y"),
        old("o3", "http:///x"),
        old("o4", "?id=1"),
        old("o5", &long),
        (redirect("r", "tel:+86-1", "there"), "url"),
        (article("c1").set("canonicalUrl", "http://"), "canonicalUrl"),
        (article("c2").set("canonicalUrl", "https://?x"), "canonicalUrl"),
        (article("s1").set("sourceUrl", "http:///x"), "sourceUrl"),
        (article("s2").set("sourceUrl", "https://portal.example@evil.example/"), "sourceUrl"),
        (article("s3").set("sourceUrl", "//evil.example/"), "sourceUrl"),
        (source("s").set("url", "http://:80/"), "url"),
        (site().set("url", "https://"), "url"),
        (site().set("language", "中文"), "language"),
        (article("l1").set("language", "<>"), "language"),
        (article("l2").set("language", "zh_Hans"), "language"),
        (article("l3").set("language", "zh-"), "language"),
        (article("l4").set("language", "1-x"), "language"),
        (article("l5").set("language", "abcdefghi"), "language"),
    ];
    each_refused(&database, &cases).await;
    let fine = [
        article("f1").set("language", "zh-Hans-CN").set("canonicalUrl", "HTTPS://Portal.example:8443/a?b#c"),
        article("f2").set("language", "x-private").set("sourceUrl", "http://中国.example"),
        article("f3")
            .set("sourceUrl", "http://[2001:db8::1]/")
            .set("oldUrls", json!(["old.example:8080/1", "//old.example/2", "/3?to=http://x"])),
    ];
    database.fill(&fine).await;
}

#[tokio::test]
async fn instants_can_be_shown_in_any_time_zone() {
    let database = TestDatabase::new().await;
    database.fill(&portal([])).await;
    let cases = [
        (article("a1").published("1900-12-31T23:59:59Z"), "publishedAt"),
        (article("a2").set("expiresAt", "9999-01-01T00:00:00Z"), "expiresAt"),
        (article("a3").set("modifiedAt", "9999-12-31T23:59:59+14:00"), "modifiedAt"),
        (page("p").set("updatedAt", "1900-06-01T00:00:00Z"), "updatedAt"),
    ];
    each_refused(&database, &cases).await;
    let ends = [article("first").published("1901-01-01T00:00:00Z"), article("last").set("expiresAt", "9998-12-31T23:59:59.999Z")];
    database.fill(&ends).await;
}
