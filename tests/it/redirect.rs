//! Old addresses: a visitor is sent on for good, whoever asks for nothing gets 404.

use serde_json::json;

use crate::app::TestApp;
use crate::client::{percent, send};
use crate::records::{article, portal, redirect};

async fn app() -> TestApp {
    TestApp::with(&portal([
        article("stations")
            .set("oldUrls", json!(["https://www.old.example/news/1.html", "/show.php?itemid=7", "/旧闻/首批加氢站"])),
        article("draft").set("status", "draft").set("oldUrls", json!(["/draft.html"])),
        article("future").published("2026-03-02T00:00:00Z").set("oldUrls", json!(["/future.html"])),
        redirect("more", "http://older.example/a", "stations"),
    ]))
    .await
}

#[tokio::test]
async fn an_old_address_sends_on_for_good() {
    let app = app().await;
    let url = app.query("{ article(by: {slug: \"stations\"}) { url } }").await["article"]["url"]
        .as_str()
        .expect("an address")
        .to_owned();
    let encoded = format!("/{}/{}", percent("旧闻"), percent("首批加氢站"));
    for (host, path) in [
        ("old.example", "/news/1.html"),
        ("WWW.old.example", "/news/1.html"),
        ("old.example:80", "/news/1.html/"),
        ("older.example", "/a"),
        ("portal.example", "/show.php?itemid=7"),
        ("anything.example", "/show.php?itemid=7"),
        ("portal.example", encoded.as_str()),
    ] {
        for method in ["GET", "HEAD"] {
            let answer = send(app.address, method, path, &[("host", host)], b"").await;
            assert_eq!((answer.status, answer.header("location")), (301, Some(url.as_str())), "{method} {host}{path}");
            assert!(answer.header("cache-control").is_some_and(|c| c.contains("max-age=")), "{host}{path}");
        }
    }
    // With the whole address in the request line, as proxies are asked (RFC 9112, §3.2.2).
    for host in ["old.example", "elsewhere.example"] {
        let answer = send(app.address, "GET", "http://old.example/news/1.html", &[("host", host)], b"").await;
        assert_eq!((answer.status, answer.header("location")), (301, Some(url.as_str())), "the header {host} does not count");
    }
}

#[tokio::test]
async fn everything_else_is_not_found() {
    let app = app().await;
    for (host, path) in [
        ("elsewhere.example", "/news/1.html"),
        ("portal.example", "/show.php?itemid=8"),
        ("portal.example", "/show.php"),
        ("portal.example", "/draft.html"),
        ("portal.example", "/future.html"),
        ("portal.example", "/..%2f..%2fetc/passwd"),
        ("portal.example", "/%ff%fe"),
        ("portal.example", "//"),
        ("portal.example", "/graphql/more"),
        ("portal.example", "/media/demo/1.png"),
    ] {
        let answer = send(app.address, "GET", path, &[("host", host)], b"").await;
        assert_eq!((answer.status, answer.code().as_str()), (404, "NOT_FOUND"), "{host}{path}");
        assert!(answer.header("location").is_none(), "{host}{path}");
    }
    for name in ["draft", "future"] {
        assert_eq!(app.get(&format!("http://portal.example/{name}.html")).await.status, 404, "{name}");
    }
    let answer = send(app.address, "POST", "/show.php?itemid=7", &[], b"x").await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn an_old_address_opens_when_its_article_does() {
    let app = app().await;
    assert_eq!(app.get("/future.html").await.status, 404);
    app.set_time("2026-03-02T00:00:00Z");
    assert_eq!(app.get("/future.html").await.status, 301);
}

#[tokio::test]
async fn an_old_address_that_an_article_gives_up_is_free() {
    let mut app = app().await;
    app.import(&[article("stations")]).await;
    assert_eq!(app.get("/show.php?itemid=7").await.status, 404);
    let (_, problems) =
        app.database.import(crate::records::ndjson(&[article("new").set("oldUrls", json!(["/show.php?itemid=7"]))])).await;
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(app.get("/show.php?itemid=7").await.status, 301);
}

#[tokio::test]
async fn the_new_address_may_be_chinese() {
    let site = crate::records::site().set("articlePath", "/news/{slug}.html");
    let stations = article("加氢站").set("oldUrls", json!(["/old/1.html"]));
    let app = TestApp::with(&[site, crate::records::channel("news"), stations]).await;
    let answer = app.get("/old/1.html").await;
    let expected = format!("https://portal.example/news/{}.html", percent("加氢站"));
    assert_eq!((answer.status, answer.header("location")), (301, Some(expected.as_str())));
}
