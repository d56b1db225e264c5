//! Pages that people and search engines read: articles, channels, sitemaps, oEmbed.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::client::{Answer, percent, send};
use crate::records::{Record, article, author, channel, everywhere, media, portal, source, tag, topic};

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

fn records() -> Vec<Record> {
    portal([
        channel("deep").parent("news").set("name", "储运"),
        source("s")
            .set("name", "烟台开发区")
            .set("url", "https://source.example")
            .set("licence", "CC-BY-4.0")
            .set("attribution", "来源：烟台开发区"),
        author("wang").set("name", "王敏"),
        tag("a"),
        topic("t"),
        media("m").set("alt", "储氢罐").set("credit", "摄影：王敏"),
        everywhere("first")
            .channel("deep")
            .set("title", "</title><script>alert(1)</script> & 氢能")
            .set("summary", "提要 \"引号\"。")
            .set("authors", json!(["wang"]))
            .set("sourceUrl", "https://source.example/1.html")
            .set("body", "<p>第一段。</p>[pagebreak]")
            .published("2026-02-20T00:00:00Z"),
        article("second").set("body", "<p>自采。</p>").published("2026-02-27T12:00:00Z"),
        article("old").published("2026-02-01T00:00:00Z"),
    ])
}

async fn browse(app: &TestApp, path: &str) -> Answer {
    send(app.address, "GET", path, &[BROWSER, ("host", "portal.example")], b"").await
}

/// What stands in the element that machines read.
fn linked_data(page: &str) -> Value {
    let text = page.split("<script type=\"application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
    serde_json::from_str(text.expect("there is one")).expect("JSON")
}

#[tokio::test]
async fn an_article_has_a_page_with_all_that_machines_look_for() {
    let app = TestApp::with(&records()).await;
    let id = app.id("article", "first").await;
    let answer = browse(&app, &format!("/a/{id}?utm_source=x")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")), "{}", answer.text());
    let page = answer.text();
    let own = format!("http://portal.example/a/{id}").replace("http://", "https://");
    for part in [
        format!("<link rel=\"canonical\" href=\"{own}\">"),
        "<link rel=\"alternate\" type=\"application/rss+xml\" title=\"海岬科技资讯\" href=\"https://portal.example/feed/site.rss\">".into(),
        "href=\"https://portal.example/feed/channel/deep.atom\"".into(),
        format!("<link rel=\"alternate\" type=\"application/json+oembed\" title=\"&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; 氢能\" href=\"https://portal.example/oembed?format=json&amp;url={}\">", percent(&own)),
        "<meta property=\"og:type\" content=\"article\">".into(),
        "<meta property=\"og:description\" content=\"提要 &quot;引号&quot;。\">".into(),
        "<meta property=\"og:image\" content=\"https://portal.example/media/m.jpg\">".into(),
        format!("<img class=\"beacon\" src=\"https://portal.example/v/{id}.gif\" alt=\"\" width=\"1\" height=\"1\">"),
        "<p>第一段。</p>".into(),
        "来源：烟台开发区".into(),
    ] {
        assert!(page.contains(&part), "{part}\n{page}");
    }
    assert_eq!(page.matches("<script").count(), 1, "what is typed stays text");
    let data = linked_data(&page);
    assert_eq!((&data["@type"], &data["headline"]), (&json!("NewsArticle"), &json!("</title><script>alert(1)</script> & 氢能")));
    assert_eq!(
        (&data["datePublished"], &data["isBasedOn"]),
        (&json!("2026-02-20T08:00:00+08:00"), &json!("https://source.example/1.html"))
    );
    assert_eq!(
        data["copyrightHolder"],
        json!({ "@type": "Organization", "name": "烟台开发区", "url": "https://source.example" })
    );
    assert_eq!((&data["creditText"], &data["usageInfo"]), (&json!("来源：烟台开发区"), &json!("CC-BY-4.0")));
    assert_eq!(data["author"], json!([{ "@type": "Person", "name": "王敏" }]));
    let policy = answer.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'") && policy.contains("frame-ancestors 'self'"), "{policy}");
    assert!(answer.list("set-cookie").is_empty());
    let tag = answer.header("etag").expect("a tag").to_owned();
    let known = send(app.address, "GET", &format!("/a/{id}"), &[("if-none-match", &tag), ("host", "portal.example")], b"").await;
    assert_eq!(known.status, 304);
    // The picture on the page is what counts.
    let beacon = send(
        app.address,
        "GET",
        &format!("/v/{id}.gif"),
        &[("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")],
        b"",
    )
    .await;
    assert_eq!((beacon.status, beacon.header("content-type")), (200, Some("image/gif")));
    app.settled().await;
    assert_eq!(app.query(&format!("{{ article(by: {{id: \"{id}\"}}) {{ viewCount }} }}")).await["article"]["viewCount"], 1_001);
}

#[tokio::test]
async fn what_is_not_there_is_said_to_people_and_to_programs() {
    let app = TestApp::with(&records()).await;
    let id = app.id("article", "first").await;
    let token = crate::access::staff(&app, "editor", tidings::auth::Role::Editor).await.0;
    assert_eq!(browse(&app, &format!("/a/{id}")).await.status, 200);
    let withdraw = "mutation($id: ID!) { withdrawArticle(input: {id: $id, reason: \"版权投诉\", notice: \"应来源方 <要求> 撤下\"}) { userErrors { message } } }";
    crate::access::ask_as(&app, &token, withdraw, json!({ "id": id })).await;
    let gone = browse(&app, &format!("/a/{id}")).await;
    assert_eq!((gone.status, gone.header("content-type")), (410, Some("text/html; charset=utf-8")));
    let text = gone.text();
    assert!(
        text.contains("本文已撤下")
            && text.contains("应来源方 &lt;要求&gt; 撤下")
            && text.contains("noindex")
            && !text.contains("第一段"),
        "{text}"
    );
    let plain = app.get(&format!("/a/{id}")).await;
    assert_eq!((plain.status, plain.code().as_str()), (410, "WITHDRAWN"));
    for path in ["/a/QQE9", "/nothing", "/c/none"] {
        let answer = browse(&app, path).await;
        assert_eq!((answer.status, answer.header("content-type")), (404, Some("text/html; charset=utf-8")), "{path}");
        assert!(answer.text().contains("没有这个页面"), "{path}");
    }
    let card = browse(&app, &format!("/embed/card?article={id}")).await;
    assert_eq!(card.status, 410);
    assert!(card.text().contains("本文已撤下"), "{}", card.text());
    assert_eq!(browse(&app, &format!("/embed/go/{id}")).await.status, 410);
}

#[tokio::test]
async fn a_portal_has_its_own_pattern_or_its_own_front_end() {
    let mut lines = records();
    lines[0] = lines[0].clone().set("articlePath", "/news/{slug}.html");
    let app = TestApp::with(&lines).await;
    let answer = browse(&app, "/news/second.html").await;
    assert_eq!(answer.status, 200);
    assert!(answer.text().contains("<link rel=\"canonical\" href=\"https://portal.example/news/second.html\">"));
    assert_eq!(browse(&app, "/news/none.html").await.status, 404);
    let app = TestApp::configured(&records(), |config| config.syndication.article_pages = false).await;
    let id = app.id("article", "second").await;
    assert_eq!(browse(&app, &format!("/a/{id}")).await.status, 404);
    assert_eq!(browse(&app, "/c/news").await.status, 404);
    let front = browse(&app, "/").await;
    assert_eq!((front.status, front.header("location")), (302, Some("/playground")));
    let map = app.get("/sitemap/channels.xml").await.text();
    assert!(map.contains("<loc>https://portal.example</loc>") && !map.contains("/c/"), "{map}");
}

#[tokio::test]
async fn the_portal_has_a_page_that_leads_everywhere() {
    let below = channel("power").set("name", "氢能 <发电>").parent("news");
    let mut lines = portal((0..31).map(|i| article(&format!("n{i}"))).chain([below, article("deep").channel("power")]));
    lines[0] = lines[0]
        .clone()
        .set("slogan", "科技 & 产业")
        .set("icpNumber", "临ICP备2026000001号")
        .set("takedownContact", "jubao@portal.example");
    let app = TestApp::with(&lines).await;
    let front = browse(&app, "/").await;
    assert_eq!((front.status, front.header("content-type")), (200, Some("text/html; charset=utf-8")));
    let text = front.text();
    for part in [
        "<title>海岬科技资讯</title>",
        "<h1>海岬科技资讯</h1>",
        "科技 &amp; 产业",
        "<link rel=\"canonical\" href=\"https://portal.example\">",
        "/feed/site.rss",
        "<a href=\"https://portal.example/c/news\">",
        "<a href=\"https://beian.miit.gov.cn/\" rel=\"noopener\">临ICP备2026000001号</a>",
        "jubao@portal.example",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("/c/power"), "channels below others stand there");
    let next = text.split("rel=\"next\" href=\"https://portal.example").nth(1).and_then(|rest| rest.split('"').next());
    let second = browse(&app, next.expect("a next page")).await.text();
    assert_eq!(second.matches("class=\"byline\"").count(), 2);
    let home = "<a href=\"https://portal.example\">";
    assert!(second.contains(home) && !text.contains(home), "the first page is home");
    let news = browse(&app, "/c/news").await.text();
    assert!(news.contains("<a href=\"https://portal.example/c/power\">氢能 &lt;发电&gt;</a>"), "{news}");
    let power = browse(&app, "/c/power").await.text();
    assert!(power.contains("<ol><li><a href=\"https://portal.example/c/news\">"), "{power}");
    let tag = front.header("etag").expect("a tag");
    let known = send(app.address, "GET", "/", &[("host", "portal.example"), ("if-none-match", tag)], b"").await;
    assert_eq!(known.status, 304);
    let app = TestApp::configured(&lines, |config| config.syndication.public_feeds = "none".into()).await;
    for path in ["/", "/c/news"] {
        let text = browse(&app, path).await.text();
        assert!(text.contains("/c/") && !text.contains("/feed/"), "nobody may have them: {text}");
    }
}

/// Articles of other systems stand at `/` too, told apart by what is behind the `?`.
#[tokio::test]
async fn articles_at_the_root_go_before_the_portal() {
    let app = TestApp::with(&portal([
        article("old").set("oldUrls", json!(["/?p=123"])),
        article("gone").set("oldUrls", json!(["/?p=124"])),
    ]))
    .await;
    let (old, gone) = (app.id("article", "old").await, app.id("article", "gone").await);
    crate::withdrawal::withdraw(&app, &gone).await;
    let moved = browse(&app, "/?p=123").await;
    assert_eq!((moved.status, moved.header("location")), (301, Some(&*format!("https://portal.example/a/{old}"))));
    assert_eq!(browse(&app, "/?p=124").await.status, 410);
    let front = browse(&app, "/?utm_source=x").await;
    assert_eq!(front.status, 200);
    assert!(front.text().contains("<link rel=\"canonical\" href=\"https://portal.example\">"));
    let mut lines = portal([article("own")]);
    lines[0] = lines[0].clone().set("articlePath", "/?p={id}");
    let app = TestApp::with(&lines).await;
    let own = browse(&app, &format!("/?p={}", app.id("article", "own").await)).await;
    assert!(own.status == 200 && own.text().contains("\"@type\":\"NewsArticle\""), "{}", own.text());
}

#[tokio::test]
async fn a_channel_has_a_page_that_goes_on() {
    let many = (0..40).map(|i| article(&format!("n{i}")).published(&format!("2026-01-{:02}T00:00:00Z", i % 28 + 1)));
    let app = TestApp::with(&portal(many)).await;
    let first = browse(&app, "/c/news").await.text();
    assert_eq!(first.matches("class=\"byline\"").count(), 30);
    let next = first
        .split("rel=\"next\" href=\"https://portal.example")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("a next page");
    let second = browse(&app, next).await.text();
    assert_eq!(second.matches("class=\"byline\"").count(), 10);
    assert!(second.contains("<ol><li><a href=\"https://portal.example/c/news\">"), "the way back: {second}");
    assert!(first.contains("/feed/channel/news.rss") && !second.contains("rel=\"next\""));
}

#[tokio::test]
async fn sitemaps_name_every_article_once_with_its_last_change() {
    let app = TestApp::with(&records()).await;
    let robots = app.get("/robots.txt").await.text();
    assert!(robots.contains("\nSitemap: ") && robots.contains("Disallow: /graphql"), "{robots}");
    let index = send(app.address, "GET", "/sitemap.xml", &[("host", "portal.example")], b"").await.text();
    let parts: Vec<&str> = index.split("<loc>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(parts.len(), 3, "{index}");
    let path = parts[2].strip_prefix("https://portal.example").expect("an address of the portal");
    assert!(path.starts_with("/sitemap/articles-"), "{path}");
    let map = send(app.address, "GET", path, &[("host", "portal.example")], b"").await.text();
    let mut listed: Vec<&str> = map.split("<loc>").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    listed.sort_unstable();
    let mut expected = Vec::new();
    for slug in ["first", "second", "old"] {
        expected.push(format!("https://portal.example/a/{}", app.id("article", slug).await));
    }
    expected.sort();
    assert_eq!(listed, expected);
    assert!(map.contains("<lastmod>2026-02-20T08:00:00+08:00</lastmod>"), "{map}");
    let channels = send(app.address, "GET", "/sitemap/channels.xml", &[("host", "portal.example")], b"").await.text();
    assert!(channels.contains("<loc>https://portal.example/c/news</loc>"), "{channels}");
    let news = send(app.address, "GET", "/sitemap/news.xml", &[("host", "portal.example")], b"").await.text();
    assert_eq!(news.matches("<url>").count(), 1, "of the last two days: {news}");
    for part in [
        "<news:name>海岬科技资讯</news:name>",
        "<news:language>zh-cn</news:language>",
        "<news:publication_date>2026-02-27T20:00:00+08:00</news:publication_date>",
    ] {
        assert!(news.contains(part), "{part}: {news}");
    }
    for path in ["/sitemap/none.xml", "/sitemap/articles-x.xml"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
}

/// What was made of rows by hand and what the statement cuts must be the same, at every size of a piece.
#[tokio::test]
async fn pieces_of_a_map_are_cut_without_gap_or_overlap() {
    use tidings::db::{Visibility, map_pieces, mapped};
    let many = (0..53).map(|i| article(&format!("n{i}")).published(&format!("2026-01-{:02}T00:00:00Z", i / 3 + 1)));
    let app = TestApp::with(&portal(many)).await;
    let db = app.database.open().await;
    let seen = Visibility::public(app.now());
    let whole: Vec<i64> = db.reader().all(mapped(0, 1_000, &seen)).await.expect("rows").iter().map(|row| row.id).collect();
    assert_eq!(whole.len(), 53);
    for size in [1, 7, 50, 53, 100] {
        let pieces = db.reader().all(map_pieces(size, &seen)).await.expect("pieces");
        let mut joined = Vec::new();
        for piece in &pieces {
            let rows = db.reader().all(mapped(piece.number, size, &seen)).await.expect("rows");
            assert!(!rows.is_empty() && rows.len() as i64 <= size);
            assert_eq!(rows.iter().map(|row| row.modified_at.max(row.published_at)).max(), Some(piece.modified_at));
            joined.extend(rows.iter().map(|row| row.id));
        }
        assert_eq!(joined, whole, "{size}");
    }
    db.close().await;
}

#[tokio::test]
async fn oembed_describes_a_card() {
    let app = TestApp::with(&records()).await;
    let id = app.id("article", "first").await;
    let ask = async |query: &str| send(app.address, "GET", &format!("/oembed?{query}"), &[("host", "portal.example")], b"").await;
    let url = percent(&format!("https://portal.example/a/{id}"));
    let answer = ask(&format!("url={url}")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json; charset=utf-8")));
    let card = answer.json();
    assert_eq!(
        (&card["version"], &card["type"], &card["width"], &card["height"]),
        (&json!("1.0"), &json!("rich"), &json!(600), &json!(200))
    );
    assert_eq!((&card["author_name"], &card["provider_name"]), (&json!("王敏"), &json!("海岬科技资讯")));
    let html = card["html"].as_str().expect("html");
    assert!(
        html.starts_with(&format!("<iframe src=\"https://portal.example/embed/card?article={id}\"")) && !html.contains("<script"),
        "{html}"
    );
    assert_eq!(card["thumbnail_url"], json!("https://portal.example/media/m.jpg"));
    assert!(card["thumbnail_width"].as_i64() > Some(300), "{card}");
    let small = ask(&format!("url={url}&maxwidth=300&maxheight=150")).await.json();
    assert_eq!((&small["width"], &small["height"]), (&json!(300), &json!(150)));
    assert_eq!(small["thumbnail_url"], Value::Null, "it is wider than asked for");
    let xml = ask(&format!("url={url}&format=xml")).await;
    assert_eq!(xml.header("content-type"), Some("text/xml; charset=utf-8"));
    assert!(xml.text().contains("<type>rich</type>") && xml.text().contains("&#x3C;iframe"), "{}", xml.text());
    for (query, status) in [
        ("", 400),
        ("url=https://other.example/a/QQE", 404),
        (&format!("url={url}&format=yaml"), 501),
        (&format!("url={url}&maxwidth=0"), 400),
    ] {
        assert_eq!(ask(query).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn embeds_are_small_documents_that_run_nothing_foreign() {
    let app = TestApp::with(&records()).await;
    for path in [
        "/embed/list?of=channel/news&first=2",
        "/embed/ranking?of=site",
        "/embed/list?of=tag/%E6%B0%A2%E8%83%BD&theme=dark&accent=%23c00&lang=en",
    ] {
        let answer = app.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")), "{path}");
        let (text, policy) = (answer.text(), answer.header("content-security-policy").expect("a policy").to_owned());
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-") && policy.contains("frame-ancestors *"), "{policy}");
        assert!(!policy.contains("unsafe") && text.len() < 12_000 && !text.contains("style=\""), "{path}");
        assert_eq!(text.matches("<script>").count(), 1);
        assert!(text.contains("&lt;script&gt;") || !text.contains("alert"), "{text}");
    }
    let list = app.get("/embed/list?of=channel/news&first=2&heading=").await.text();
    assert_eq!(list.matches("<li>").count(), 2);
    // What makes another document is another document.
    let one = app.get("/embed/list?of=site&first=1").await.text();
    let two = app.get("/embed/list?of=site&first=2").await.text();
    assert_ne!(one, two);
    for (path, status) in [
        ("/embed/list?of=nothing", 400),
        ("/embed/list?first=101", 400),
        ("/embed/card?article=x", 400),
        ("/embed/card?article=QQE9", 404),
        ("/embed/list?contract=tidp_none", 400),
        ("/embed/none", 404),
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
    }
    let script = app.get("/embed/v1.js").await;
    assert!(script.body.len() <= 2_048, "{}", script.body.len());
    assert_eq!(
        (script.header("cache-control"), script.header("access-control-allow-origin")),
        (Some("public, max-age=31536000, immutable"), Some("*"))
    );
    let builder = app.get("/embed/builder").await.text();
    assert!(!builder.contains("{{") && builder.contains("sha384-"), "{builder}");
    for name in ["builder.js", "builder-code.js", "builder-lists.js", "builder-combobox.js", "builder.css", "icon.svg"] {
        assert_eq!(app.get(&format!("/embed/{name}")).await.status, 200, "{name}");
    }
}
