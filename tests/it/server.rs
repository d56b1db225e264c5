//! Connections: bodies and heads that are too long or never end, several requests on one connection, and stopping.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::app::TestApp;
use crate::client::{connect, raw, read};
use crate::portal;
use crate::records::{article, portal as portal_of};

const BIG: usize = 20 << 20;

async fn small() -> TestApp {
    TestApp::with(&portal_of([])).await
}

/// Short limits, so that waiting for them is short.
async fn hasty() -> TestApp {
    TestApp::configured(&portal_of([]), |config| {
        config.server.body_timeout_secs = 1;
        config.server.head_timeout_secs = 1;
    })
    .await
}

const POST: &str = "POST /graphql HTTP/1.1\r\nhost: it\r\ncontent-type: application/json\r\n";

#[tokio::test]
async fn a_body_of_twenty_megabytes_is_refused_at_once() {
    let app = small().await;
    let started = Instant::now();
    // The head alone: what it announces is enough.
    let head = format!("{POST}content-length: {BIG}\r\n\r\n");
    let answer = raw(app.address, head.as_bytes(), false).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "TOO_LARGE"));
    // With the whole body behind it.
    let whole = [head.as_bytes(), &vec![b' '; BIG]].concat();
    let answer = raw(app.address, &whole, false).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "TOO_LARGE"));
    // In chunks that announce nothing.
    let mut chunked = format!("{POST}transfer-encoding: chunked\r\n\r\n").into_bytes();
    for _ in 0..BIG / 65_536 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend(std::iter::repeat_n(b' ', 65_536));
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    let answer = raw(app.address, &chunked, false).await;
    assert_eq!((answer.status, answer.code().as_str()), (413, "TOO_LARGE"));
    // One chunk that announces everything.
    let huge = format!("{POST}transfer-encoding: chunked\r\n\r\nffffffffffff\r\n");
    let answer = raw(app.address, huge.as_bytes(), false);
    let answer = tokio::time::timeout(Duration::from_secs(1), answer).await;
    assert!(answer.is_err() || answer.is_ok_and(|a| (400..500).contains(&a.status)));
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn who_asks_first_need_not_send_a_body_that_is_too_long() {
    let app = small().await;
    let head = format!("{POST}expect: 100-continue\r\ncontent-length: {BIG}\r\n\r\n");
    let answer = raw(app.address, head.as_bytes(), false).await;
    assert_eq!(answer.status, 413);
}

#[tokio::test]
async fn a_body_that_never_ends_times_out() {
    let app = hasty().await;
    for head in ["content-length: 1000\r\n\r\n{\"query\":", "transfer-encoding: chunked\r\n\r\n5\r\n{\"que\r\n"] {
        let started = Instant::now();
        let answer = raw(app.address, format!("{POST}{head}").as_bytes(), false).await;
        assert_eq!((answer.status, answer.code().as_str()), (408, "TIMEOUT"));
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
    // One byte now and then does not help.
    let stream = connect(app.address).await;
    let (mut reader, mut writer) = stream.into_split();
    writer.write_all(format!("{POST}content-length: 1000\r\n\r\n").as_bytes()).await.expect("sent");
    let dripping = tokio::spawn(async move {
        while writer.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let started = Instant::now();
    assert_eq!(read(&mut reader, false).await.map(|a| a.status), Some(408));
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    dripping.abort();
}

#[tokio::test]
async fn a_body_that_breaks_off_harms_nobody() {
    let app = small().await;
    for _ in 0..20 {
        let mut stream = connect(app.address).await;
        stream.write_all(format!("{POST}content-length: 1000\r\n\r\n{{\"query\":").as_bytes()).await.expect("sent");
    }
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_head_that_never_ends_is_hung_up_on() {
    let app = hasty().await;
    for start in ["", "GET /health HTT", "GET /health HTTP/1.1\r\nhost: it\r\nx-a: b"] {
        let mut stream = connect(app.address).await;
        stream.write_all(start.as_bytes()).await.expect("sent");
        let started = Instant::now();
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "{start:?} is still open after {:?}", started.elapsed());
        assert!(started.elapsed() >= Duration::from_millis(500), "{start:?}");
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&rest));
    }
}

#[tokio::test]
async fn an_idle_connection_is_hung_up_on() {
    let app = hasty().await;
    let mut stream = connect(app.address).await;
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: it\r\n\r\n").await.expect("sent");
    assert_eq!(read(&mut stream, false).await.map(|a| a.status), Some(200));
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "an idle connection stays open");
}

#[tokio::test]
async fn heads_that_are_too_long_or_no_http_are_refused() {
    let app = small().await;
    let long = format!("GET /health HTTP/1.1\r\nhost: it\r\nx-a: {}\r\n\r\n", "a".repeat(200_000));
    let many = format!("GET /health HTTP/1.1\r\nhost: it\r\n{}\r\n", "x-a: b\r\n".repeat(500));
    let target = format!("GET /{} HTTP/1.1\r\nhost: it\r\n\r\n", "a".repeat(200_000));
    for sent in [long.as_str(), &many, &target, "nonsense\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n", "GET /he alth HTTP/1.1\r\n\r\n"] {
        let (mut reader, mut writer) = connect(app.address).await.into_split();
        let sending = async {
            drop(writer.write_all(sent.as_bytes()).await);
            std::future::pending::<()>().await;
        };
        let answer = tokio::select! { answer = read(&mut reader, false) => answer, () = sending => None };
        let status = answer.map(|a| a.status);
        assert!(status.is_none_or(|s| (400..500).contains(&s)), "{status:?} for {:?}", &sent[..20.min(sent.len())]);
    }
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn a_connection_serves_several_requests_one_after_another() {
    let app = small().await;
    let mut stream = connect(app.address).await;
    let body = json!({ "query": "{ site { name } }" }).to_string();
    for _ in 0..3 {
        stream.write_all(format!("{POST}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.expect("sent");
        assert_eq!(read(&mut stream, false).await.map(|a| a.status), Some(200));
        stream.write_all(b"HEAD /health HTTP/1.1\r\nhost: it\r\n\r\n").await.expect("sent");
        assert_eq!(read(&mut stream, true).await.map(|a| a.status), Some(200));
        // A refusal leaves the connection in order too.
        stream.write_all(format!("{POST}content-length: 1\r\n\r\n{{").as_bytes()).await.expect("sent");
        assert_eq!(read(&mut stream, false).await.map(|a| a.status), Some(400));
    }
}

/// Waits until the heads of `count` requests have been read, beside the one that asks.
async fn under_way(app: &TestApp, count: usize) {
    let line = format!("tidings_http_requests_in_flight {}\n", count + 1);
    for _ in 0..3_000 {
        if app.get("/metrics").await.text().contains(&line) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the head is not read");
}

#[tokio::test]
async fn a_running_request_finishes_after_the_stop() {
    let mut app = TestApp::with(&portal::whole(50)).await;
    // Its body arrives after the program was told to stop.
    let mut stream = connect(app.address).await;
    let body = json!({ "query": "{ articles(first: 50) { nodes { title body { text } } } }" }).to_string();
    stream.write_all(format!("{POST}content-length: {}\r\n\r\n{}", body.len(), &body[..10]).as_bytes()).await.expect("sent");
    under_way(&app, 1).await;
    app.begin_stop();
    let mut is_open = true;
    for _ in 0..500 {
        is_open = tokio::net::TcpStream::connect(app.address).await.is_ok();
        if !is_open {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(!is_open, "it takes no new connections");
    stream.write_all(&body.as_bytes()[10..]).await.expect("sent");
    let answer = read(&mut stream, false).await.expect("an answer");
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["data"]["articles"]["nodes"].as_array().map(Vec::len), Some(50));
    let started = Instant::now();
    app.stopped().await;
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert!(tokio::net::TcpStream::connect(app.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn idle_connections_do_not_hold_up_the_stop() {
    let mut app = small().await;
    let mut stream = connect(app.address).await;
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: it\r\n\r\n").await.expect("sent");
    assert_eq!(read(&mut stream, false).await.map(|a| a.status), Some(200));
    let _silent = connect(app.address).await;
    let started = Instant::now();
    app.stopped().await;
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_head_that_has_only_begun_does_not_hold_up_the_stop() {
    for start in ["GET /health HT", "GET /health HTTP/1.1\r\nhost: it\r\nx-a: b", "\r\n"] {
        let mut app = small().await;
        let mut fresh = connect(app.address).await;
        fresh.write_all(start.as_bytes()).await.expect("sent");
        let mut used = connect(app.address).await;
        used.write_all(b"GET /health HTTP/1.1\r\nhost: it\r\n\r\n").await.expect("sent");
        assert_eq!(read(&mut used, false).await.map(|a| a.status), Some(200));
        used.write_all(start.as_bytes()).await.expect("sent");
        // Beside it, one that is asked in earnest: its body comes later.
        let mut asked = connect(app.address).await;
        let body = json!({ "query": "{ site { name } }" }).to_string();
        asked.write_all(format!("{POST}content-length: {}\r\n\r\n{}", body.len(), &body[..5]).as_bytes()).await.expect("sent");
        under_way(&app, 1).await;
        let started = Instant::now();
        app.begin_stop();
        for stream in [&mut fresh, &mut used] {
            let mut rest = Vec::new();
            let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
            assert!(ended.is_ok(), "{start:?} is still open after {:?}", started.elapsed());
        }
        asked.write_all(&body.as_bytes()[5..]).await.expect("sent");
        assert_eq!(read(&mut asked, false).await.map(|a| a.status), Some(200), "{start:?}");
        app.stopped().await;
        assert!(started.elapsed() < Duration::from_secs(5), "{start:?}: {:?}", started.elapsed());
    }
}

#[tokio::test]
async fn an_answer_that_is_read_slowly_arrives_whole_after_the_stop() {
    let long = "氢".repeat(100_000);
    let lines = portal_of([article("long").set("body", format!("<p>{long}</p>"))]);
    let mut app = TestApp::configured(&lines, |config| config.server.operation_timeout_secs = 60).await;
    // More than the system's buffers on both sides hold.
    let fields: String = (0..60).map(|n| format!("a{n}: article(by: {{slug: \"long\"}}) {{ body {{ text }} }} ")).collect();
    let body = json!({ "query": format!("{{ {fields} }}") }).to_string();
    let mut stream = connect(app.address).await;
    stream.write_all(format!("{POST}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.expect("sent");
    // Its head has come: it is being written.
    let mut first = [0; 16];
    stream.read_exact(&mut first).await.expect("an answer begins");
    app.begin_stop();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await.expect("the server hangs up in order");
    let whole = [&first[..], &rest].concat();
    assert!(whole.starts_with(b"HTTP/1.1 200 ") && whole.ends_with(b"}}"), "{}", String::from_utf8_lossy(&whole[..200]));
    assert!(whole.len() > 60 * long.len(), "{}", whole.len());
    app.stopped().await;
}

#[tokio::test]
async fn many_at_once_are_all_answered() {
    let app = TestApp::with(&portal::whole(60)).await;
    app.related().await;
    let body =
        json!({ "query": "{ articles(first: 20) { nodes { title tags { name } related(first: 3) { article { title } } } } }" });
    let expected = app.post(&body, &[]).await.text();
    let asking = (0..200).map(|_| app.post(&body, &[]));
    for answer in futures_util::future::join_all(asking).await {
        assert_eq!((answer.status, answer.text() == expected), (200, true));
    }
}

#[tokio::test]
async fn clients_that_go_away_leave_nothing_behind() {
    let app = TestApp::with(&portal::whole(300)).await;
    let body =
        json!({ "query": "{ articles(first: 100) { nodes { body { html } related { article { title } } } } }" }).to_string();
    for _ in 0..50 {
        let mut stream = connect(app.address).await;
        stream.write_all(format!("{POST}content-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await.expect("sent");
    }
    for _ in 0..100 {
        let metrics = app.get("/metrics").await.text();
        // This very request is one.
        if metrics.contains("tidings_http_requests_in_flight 1\n") && metrics.contains("tidings_http_connections 1\n") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{}", app.get("/metrics").await.text());
}
