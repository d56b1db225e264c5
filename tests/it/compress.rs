//! Bodies are packed where it is worth it and the client likes it.

use std::io::Read;

use serde_json::json;

use crate::app::TestApp;
use crate::client::{Answer, send};
use crate::portal;

/// The body of an answer as it was before it was packed.
pub fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut out = Vec::new();
    match answer.header("content-encoding") {
        None => out.clone_from(&answer.body),
        Some("gzip") => drop(flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut out).expect("gzip")),
        Some("br") => drop(brotli::Decompressor::new(&answer.body[..], 4_096).read_to_end(&mut out).expect("brotli")),
        Some(other) => panic!("{other}"),
    }
    out
}

#[tokio::test]
async fn large_answers_are_packed_as_the_client_likes() {
    let app = TestApp::with(&portal::whole(60)).await;
    let body = json!({ "query": "{ articles(first: 50) { nodes { id title summary } } }" });
    let plain = app.post(&body, &[]).await;
    assert!(plain.header("content-encoding").is_none());
    for (accept, coding) in [
        ("gzip", Some("gzip")),
        ("br", Some("br")),
        ("gzip, deflate, br", Some("br")),
        ("br;q=0.1, gzip;q=0.9", Some("gzip")),
        ("*", Some("br")),
        ("identity", None),
        ("gzip;q=0", None),
        ("zstd", None),
        ("", None),
    ] {
        let answer = app.post(&body, &[("accept-encoding", accept)]).await;
        assert_eq!(answer.header("content-encoding"), coding, "{accept}");
        assert_eq!(unpacked(&answer), plain.body, "{accept}");
        assert!(coding.is_none() || answer.body.len() * 3 < plain.body.len(), "{accept}: {} bytes", answer.body.len());
        assert!(answer.list("vary").contains(&"accept-encoding".to_owned()), "{accept}");
    }
}

#[tokio::test]
async fn small_answers_are_not_worth_it() {
    let app = TestApp::with(&portal::whole(1)).await;
    let answer = app.post(&json!({ "query": "{ site { name } }" }), &[("accept-encoding", "br, gzip")]).await;
    assert!(answer.header("content-encoding").is_none());
    assert!(answer.list("vary").contains(&"accept-encoding".to_owned()));
}

#[tokio::test]
async fn schema_and_playground_are_packed() {
    let app = TestApp::with(&portal::whole(1)).await;
    let page = app.get("/playground").await.text();
    let script = page.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a script").to_owned();
    let script = if script.starts_with('/') { script } else { format!("/playground/{}", script.trim_start_matches("./")) };
    for path in ["/schema.graphql", &script] {
        let plain = app.get(path).await;
        assert_eq!(plain.status, 200, "{path}");
        for coding in ["br", "gzip"] {
            let answer = send(app.address, "GET", path, &[("accept-encoding", coding)], b"").await;
            assert_eq!(answer.header("content-encoding"), Some(coding), "{path}");
            assert_eq!(unpacked(&answer), plain.body, "{path}");
            assert!(answer.list("vary").contains(&"accept-encoding".to_owned()), "{path}");
        }
    }
}
