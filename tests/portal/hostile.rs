//! What a stranger can send: each is a clear refusal at once, and the server goes on serving.

use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::app::{TestApp, article, channel, site};
use super::client::{Answer, raw, read, send};

const JSON: (&str, &str) = ("content-type", "application/json");
const NEW: (&str, &str) = ("accept", "application/graphql-response+json");

async fn post(app: &TestApp, body: &[u8]) -> Answer {
    send(app.address, "POST", "/graphql", &[JSON, NEW], body).await
}

fn code(answer: &Answer) -> String {
    answer.json()["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn documents_and_json_without_end_are_refused() {
    let app = TestApp::new(&[site()]).await;
    let query = |text: &str| json!({ "query": text }).to_string().into_bytes();
    let deep = 100_000;
    let cases: Vec<(&str, Vec<u8>, u16)> = vec![
        ("braces", query(&"{".repeat(deep)), 400),
        ("fields", query(&("{a".repeat(deep) + &"}".repeat(deep))), 400),
        ("lists", query(&format!("{{ articles(first: {}", "[".repeat(deep))), 400),
        ("objects", query(&format!("{{ article(by: {}", "{a:".repeat(deep))), 400),
        ("types", query(&format!("query($a: {}", "[".repeat(deep))), 400),
        ("json", "[".repeat(deep).into_bytes(), 400),
        ("variables", format!("{{\"query\":\"{{site{{name}}}}\",\"variables\":{}", "{\"a\":".repeat(deep)).into_bytes(), 400),
        ("token", query(&format!("{{ {} }}", "a".repeat(1_000_000))), 400),
        ("string", query(&format!("{{ article(by: {{slug: \"{}\"}}) {{ id }} }}", "a".repeat(1_000_000))), 400),
        ("number", query(&format!("{{ articles(first: {}) {{ nodes {{ id }} }} }}", "9".repeat(1_000))), 400),
        ("tokens", query(&format!("{{ {} }}", "a ".repeat(40_000))), 400),
        ("not utf-8", b"{\"query\":\"{ site { name } } # \xff\xfe\"}".to_vec(), 400),
        ("not json", b"{ site { name } }".to_vec(), 400),
        ("empty", Vec::new(), 400),
        ("long", vec![b' '; 20 << 20], 413),
    ];
    for (name, body, status) in cases {
        let answer = post(&app, &body).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.text());
        assert!(!code(&answer).is_empty(), "{name}: {}", answer.text());
        assert!(answer.body.len() < 2_000, "{name} answers at length");
    }
    let chunk = format!("{:x}\r\n{}\r\n", 1 << 20, " ".repeat(1 << 20));
    let head = "POST /graphql HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let answer = raw(app.address, &[head.as_bytes(), chunk.repeat(20).as_bytes()].concat()).await;
    assert_eq!(answer.status, 413);
    assert_eq!(app.data("{ site { name } }").await["site"]["name"], "海岬科技资讯");
    app.close().await;
}

#[tokio::test]
async fn what_never_ends_is_ended() {
    let change = |config: &mut tidings::config::Config| {
        config.server.body_timeout_secs = 1;
        config.server.head_timeout_secs = 1;
    };
    let app = TestApp::with(&[site()], change).await;
    let mut body = TcpStream::connect(app.address).await.expect("it listens");
    body.write_all(b"POST /graphql HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{")
        .await
        .expect("sent");
    assert_eq!(read(&mut body).await.status, 408);
    for start in ["", "GET /health HTTP/1.1\r\nhost: t\r\nx-slow: "] {
        let mut head = TcpStream::connect(app.address).await.expect("it listens");
        head.write_all(start.as_bytes()).await.expect("sent");
        let mut rest = Vec::new();
        let closed =
            tokio::time::timeout(Duration::from_secs(10), tokio::io::AsyncReadExt::read_to_end(&mut head, &mut rest)).await;
        assert!(closed.is_ok(), "a head that never ends keeps its connection");
    }
    // An idle connection is closed too.
    let mut idle = TcpStream::connect(app.address).await.expect("it listens");
    idle.write_all(b"GET /health HTTP/1.1\r\nhost: t\r\n\r\n").await.expect("sent");
    assert_eq!(read(&mut idle).await.status, 200);
    app.close().await;
}

#[tokio::test]
async fn limits_are_on_and_wide_enough_for_a_home_page() {
    let app = TestApp::new(&[site()]).await;
    let bomb = (0..30)
        .fold("{ ...f0 }".to_owned(), |text, i| text + &format!(" fragment f{i} on Query {{ ...f{} ...f{} }}", i + 1, i + 1))
        + " fragment f30 on Query { site { name } }";
    let circle = "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned();
    let aliases = format!("{{ site {{ {} }} }}", (0..200).fold(String::new(), |t, i| t + &format!("a{i}: name ")));
    let directives = format!("{{ site {{ name {} }} }}", "@include(if: true) ".repeat(200));
    let depth = format!("{{ channels {{ {} id {} }} }}", "children { ".repeat(20), "} ".repeat(20));
    let cost =
        "{ articles(first: 100) { nodes { related(first: 100) { article { related(first: 100) { article { id } } } } } } }"
            .to_owned();
    let hidden = "query($n: Int = 100) { articles(first: $n) { nodes { related(first: $n) { article { related(first: $n) { article { id } } } } } } }".to_owned();
    for (name, query) in [
        ("bomb", bomb),
        ("circle", circle),
        ("aliases", aliases),
        ("directives", directives),
        ("depth", depth),
        ("cost", cost),
        ("hidden cost", hidden),
    ] {
        let answer = app.post(&query, json!({})).await;
        assert_eq!(answer.status, 400, "{name}: {}", answer.text());
        assert!(answer.json().get("data").is_none(), "{name}");
    }
    let home = include_str!("../operations/HomePage.graphql");
    let ids: Vec<String> = (1..=8).map(|n| tidings::graphql::encode_id(tidings::graphql::Kind::Channel, n)).collect();
    let answer = app.post(home, json!({ "channels": ids })).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    app.close().await;
}

#[tokio::test]
async fn http_is_spoken_by_the_letter() {
    let app = TestApp::new(&[
        site(),
        channel("c", None),
        article("a", "c", 5, json!({ "oldUrls": ["https://old.example/1.html?x=1"] })),
    ])
    .await;
    let body = json!({ "query": "{ site { name } }", "unknown": 1 }).to_string().into_bytes();
    let ok = send(app.address, "POST", "/graphql", &[JSON, ("accept", "application/json")], &body).await;
    assert_eq!((ok.status, ok.header("content-type")), (200, Some("application/json; charset=utf-8")));
    assert!(ok.header("vary").is_some());
    assert!(ok.header("x-request-id").is_some());
    let statuses = [
        (vec![("content-type", "text/plain")], "POST", 415),
        (vec![("content-type", "application/x-www-form-urlencoded")], "POST", 415),
        (vec![("content-type", "multipart/form-data; boundary=x")], "POST", 415),
        (vec![("content-type", "application/json; charset=gbk")], "POST", 415),
        (vec![], "POST", 415),
        (vec![JSON, ("accept", "text/html")], "POST", 406),
        (vec![JSON], "PUT", 405),
        (vec![JSON], "DELETE", 405),
    ];
    for (headers, method, status) in statuses {
        let answer = send(app.address, method, "/graphql", &headers, &body).await;
        assert_eq!(answer.status, status, "{method} {headers:?}");
        assert!(!code(&answer).is_empty());
        assert_eq!(answer.header("allow").is_some(), status == 405);
    }
    let get = app
        .get("/graphql?query=query(%24s:String!)%7Barticle(by:%7Bslug:%24s%7D)%7Btitle%7D%7D&variables=%7B%22s%22:%22a%22%7D")
        .await;
    assert_eq!(get.json(), json!({ "data": { "article": { "title": "标题a" } } }));
    let mutation = app.get("/graphql?query=mutation%7Bx%7D").await;
    assert_eq!((mutation.status, mutation.header("allow")), (405, Some("POST")));
    for (text, old, new) in
        [("{ site { name ", 200, 400), ("{ nothing }", 200, 400), ("query($a: ID!) { node(id: $a) { id } }", 200, 400)]
    {
        let body = json!({ "query": text }).to_string().into_bytes();
        let with_old = send(app.address, "POST", "/graphql", &[JSON, ("accept", "application/json")], &body).await;
        let with_new = post(&app, &body).await;
        assert_eq!((with_old.status, with_new.status), (old, new), "{text}");
        assert!(with_new.json().get("data").is_none() && with_old.json().get("data").is_none());
    }
    let partial = json!({ "query": "{ article(by: {slug: \"a\"}) { title rank(channel: \"x\") } }" }).to_string().into_bytes();
    assert_eq!(post(&app, &partial).await.status, 294);
    assert_eq!(send(app.address, "POST", "/graphql", &[JSON, ("accept", "application/json")], &partial).await.status, 200);
    let preflight = send(
        app.address,
        "OPTIONS",
        "/graphql",
        &[("origin", "https://app.example"), ("access-control-request-method", "POST")],
        b"",
    )
    .await;
    assert_eq!((preflight.status, preflight.header("access-control-allow-origin")), (204, Some("*")));
    let moved = send(app.address, "GET", "/1.html?x=1", &[("host", "www.old.example")], b"").await;
    assert_eq!(moved.status, 301);
    assert!(moved.header("location").is_some_and(|l| l.starts_with("https://portal.example/a/")));
    assert_eq!(app.get("/nowhere").await.status, 404);
    app.close().await;
}

#[tokio::test]
async fn answers_are_packed_when_asked() {
    let records: Vec<_> =
        [site(), channel("c", None)].into_iter().chain((0..50).map(|i| article(&format!("a{i}"), "c", i, json!({})))).collect();
    let app = TestApp::new(&records).await;
    let body = json!({ "query": "{ articles(first: 50) { nodes { id title summary } } }" }).to_string().into_bytes();
    let plain = post(&app, &body).await;
    for (coding, name) in [("gzip", "gzip"), ("br, gzip", "br")] {
        let packed = send(app.address, "POST", "/graphql", &[JSON, NEW, ("accept-encoding", coding)], &body).await;
        assert_eq!(packed.header("content-encoding"), Some(name));
        assert!(packed.body.len() * 2 < plain.body.len());
        let mut text = Vec::new();
        if name == "gzip" {
            std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.body.as_slice()), &mut text).expect("gzip");
        } else {
            brotli::BrotliDecompress(&mut packed.body.as_slice(), &mut text).expect("brotli");
        }
        assert_eq!(text, plain.body);
    }
    app.close().await;
}

#[tokio::test]
async fn operators_see_health_metrics_and_the_schema() {
    let app = TestApp::new(&[site()]).await;
    app.data("{ articles { nodes { id } } }").await;
    assert_eq!(app.get("/health").await.json()["status"], "ok");
    assert_eq!(app.get("/ready").await.json()["database"], "ok");
    let metrics = app.get("/metrics").await.text();
    for name in [
        "tidings_http_requests_total{",
        "tidings_graphql_operations_total{outcome=\"ok\"} 1",
        "tidings_sql_statements_total 1",
        "tidings_database_pool_size 2",
        "# EOF",
    ] {
        assert!(metrics.contains(name), "{name} is not in\n{metrics}");
    }
    let schema = app.get("/schema.graphql").await;
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).expect("the file is there");
    assert_eq!(schema.text().trim_end(), file.trim_end(), "schema.graphql is old: cargo run -- schema > schema.graphql");
    let tag = schema.header("etag").expect("a tag").to_owned();
    assert_eq!(send(app.address, "GET", "/schema.graphql", &[("if-none-match", &tag)], b"").await.status, 304);
    let page = app.get("/playground").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-security-policy").is_some_and(|p| p.starts_with("default-src 'none'")));
    assert!(send(app.address, "HEAD", "/health", &[], b"").await.body.is_empty());
    app.close().await;
}

#[tokio::test]
async fn running_requests_finish_when_the_server_stops() {
    let mut app = TestApp::new(&[site()]).await;
    let mut slow = TcpStream::connect(app.address).await.expect("it listens");
    let body = json!({ "query": "{ site { name } }" }).to_string();
    let head =
        format!("POST /graphql HTTP/1.1\r\nhost: t\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    slow.write_all(head.as_bytes()).await.expect("sent");
    tokio::time::sleep(Duration::from_millis(200)).await;
    app.stop();
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert!(TcpStream::connect(app.address).await.is_err(), "it takes no new connections");
    slow.write_all(body.as_bytes()).await.expect("sent");
    assert_eq!(read(&mut slow).await.json()["data"]["site"]["name"], "海岬科技资讯");
    app.close().await;
}
