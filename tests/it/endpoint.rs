//! GraphQL over HTTP: media types, methods, statuses, parameters, origins, request ids.

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::app::{GRAPHQL, TestApp};
use crate::client::{connect, send};
use crate::portal;
use crate::records::{article, portal};

const JSON: &str = "application/json";

/// A portal with one article, `hydrogen`.
async fn small() -> TestApp {
    TestApp::with(&portal([article("hydrogen").set("title", "首批加氢站向社会开放")])).await
}

fn body(query: &str) -> Vec<u8> {
    json!({ "query": query }).to_string().into_bytes()
}

#[tokio::test]
async fn the_media_type_is_what_the_client_prefers() {
    let app = small().await;
    for (accept, expected) in [
        (None, Some(JSON)),
        (Some("*/*"), Some(JSON)),
        (Some("application/*"), Some(JSON)),
        (Some(JSON), Some(JSON)),
        (Some(GRAPHQL), Some(GRAPHQL)),
        (Some("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"), Some(GRAPHQL)),
        (Some("application/json, application/graphql-response+json;q=0.5"), Some(JSON)),
        (Some("APPLICATION/GRAPHQL-RESPONSE+JSON"), Some(GRAPHQL)),
        (Some("text/html, application/xhtml+xml, */*;q=0.1"), Some(JSON)),
        (Some(""), Some(JSON)),
        (Some("application/json;charset=utf8"), Some(JSON)),
        (Some("application/graphql-response+json; charset=UTF8"), Some(GRAPHQL)),
        (Some("text/html"), None),
        (Some("application/json;charset=gbk"), None),
        (Some("application/json;q=0"), None),
    ] {
        let mut headers = vec![("content-type", JSON)];
        headers.extend(accept.map(|value| ("accept", value)));
        let answer = send(app.address, "POST", "/graphql", &headers, &body("{ site { name } }")).await;
        let kind = answer.header("content-type").expect("a type");
        match expected {
            Some(expected) => {
                assert_eq!(answer.status, 200, "{accept:?}");
                assert_eq!(kind, format!("{expected}; charset=utf-8"), "{accept:?}");
                assert_eq!(answer.json(), json!({ "data": { "site": { "name": "海岬科技资讯" } } }));
            }
            None => assert_eq!((answer.status, answer.code().as_str()), (406, "NOT_ACCEPTABLE"), "{accept:?}"),
        }
        assert!(answer.list("vary").contains(&"accept".to_owned()), "{accept:?}");
    }
}

#[tokio::test]
async fn the_status_tells_how_the_request_went() {
    let app = small().await;
    let partial = "{ site { name } article(by: {id: \"nonsense\"}) { id } }";
    for (query, new, old) in [
        ("{ site { name } }", 200, 200),
        (partial, 294, 200),
        ("{ site {", 400, 200),
        ("{ nothing }", 400, 200),
        ("query($n: Int!) { articles(first: $n) { nodes { id } } }", 400, 200),
        ("query($n: Int!) { articles(first: $m) { nodes { id } } }", 400, 200),
        ("query A { site { name } } query B { site { name } }", 400, 200),
    ] {
        for (accept, expected) in [(GRAPHQL, new), (JSON, old)] {
            let answer = app.post(&json!({ "query": query }), &[("accept", accept)]).await;
            assert_eq!(answer.status, expected, "{accept} {query}\n{}", answer.text());
            let answer = answer.json();
            assert_eq!(answer.get("errors").is_some(), new != 200, "{query}");
            assert_eq!(answer.get("data").is_some(), new != 400, "without execution there is no `data`: {query}\n{answer}");
        }
    }
}

#[tokio::test]
async fn the_status_of_partial_answers_can_be_plain_200() {
    let app = TestApp::configured(&portal([]), |config| config.graphql.partial_status = 200).await;
    let answer = app.post(&json!({ "query": "{ site { name } article(by: {id: \"nonsense\"}) { id } }" }), &[]).await;
    assert_eq!(answer.status, 200);
    assert!(answer.json()["errors"][0]["message"].is_string());
}

#[tokio::test]
async fn get_carries_everything_in_the_address() {
    let app = small().await;
    let query = "query One($slug: String!) { article(by: {slug: $slug}) { title } } query Other { site { name } }";
    let answer = app
        .get_graphql(
            &[
                ("query", query),
                ("operationName", "One"),
                ("variables", r#"{"slug":"hydrogen"}"#),
                ("extensions", "{}"),
                ("unknown", "ignored"),
            ],
            &[("accept", GRAPHQL)],
        )
        .await;
    assert_eq!((answer.status, answer.json()), (200, json!({ "data": { "article": { "title": "首批加氢站向社会开放" } } })));
    for (pairs, what) in [
        (vec![], "no query"),
        (vec![("query", "")], "an empty query"),
        (vec![("query", "{ site { name } }"), ("variables", "{")], "variables that are no JSON"),
        (vec![("query", "{ site { name } }"), ("variables", "[1]")], "variables that are no object"),
        (vec![("query", "{ site { name } }"), ("extensions", "7")], "extensions that are no object"),
    ] {
        let answer = app.get_graphql(&pairs, &[("accept", GRAPHQL)]).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
        assert!(answer.json()["errors"][0]["extensions"]["code"].is_string(), "{what}");
    }
    let answer = app.get("/graphql?query=%FF%FE").await;
    assert_eq!(answer.status, 400, "an address that is not UTF-8");
    let answer = app.get("/graphql?query=%7B+site%7Bname%7D%7D&operationName=&variables=").await;
    assert_eq!(answer.status, 200, "empty parameters are as none");
}

#[tokio::test]
async fn a_mutation_by_get_is_not_allowed() {
    let app = small().await;
    for accept in [GRAPHQL, JSON] {
        let answer = app.get_graphql(&[("query", "mutation { publish }")], &[("accept", accept)]).await;
        assert_eq!(answer.status, 405, "{}", answer.text());
        assert_eq!(answer.list("allow"), ["post"]);
    }
    let answer = app.post(&json!({ "query": "mutation { publish }" }), &[]).await;
    assert_eq!(answer.status, 400, "the schema has no mutations: {}", answer.text());
    let answer = app.post(&json!({ "query": "subscription { published }" }), &[]).await;
    assert_eq!(answer.status, 400, "the schema has no subscriptions: {}", answer.text());
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let app = small().await;
    for method in ["PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
        let answer = send(app.address, method, "/graphql", &[], b"").await;
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.list("allow"), ["get", "post", "options"], "{method}");
        assert!(!answer.code().is_empty(), "{method}");
    }
    for path in ["/", "/health", "/ready", "/metrics", "/schema.graphql", "/playground"] {
        let answer = send(app.address, "POST", path, &[], b"x").await;
        assert_eq!(answer.status, 405, "{path}");
        assert_eq!(answer.list("allow"), ["get", "head"], "{path}");
    }
}

#[tokio::test]
async fn nothing_but_json_is_read() {
    let app = small().await;
    let query = "{ site { name } }";
    for kind in [
        None,
        Some("text/plain"),
        Some("text/plain; charset=utf-8; application/json"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/graphql"),
        Some("application/json; charset=gbk"),
        Some("application/jsonp"),
    ] {
        let headers: Vec<(&str, &str)> = kind.iter().map(|k| ("content-type", *k)).collect();
        let answer = send(app.address, "POST", "/graphql", &headers, &body(query)).await;
        assert_eq!((answer.status, answer.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{kind:?}");
    }
    for kind in [
        "application/json",
        "APPLICATION/JSON",
        "application/json; charset=UTF-8",
        "application/json;charset=\"utf-8\"",
        "application/json; charset=utf8",
        "application/json;charset=UTF8",
    ] {
        let answer = send(app.address, "POST", "/graphql", &[("content-type", kind)], &body(query)).await;
        assert_eq!(answer.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn packed_bodies_are_not_read() {
    let app = small().await;
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03";
    for coding in ["gzip", "GZIP", "br", "deflate", "identity, gzip", "zstd"] {
        let headers = [("content-type", JSON), ("content-encoding", coding)];
        let answer = send(app.address, "POST", "/graphql", &headers, gzip).await;
        assert_eq!((answer.status, answer.code().as_str()), (415, "UNSUPPORTED_MEDIA_TYPE"), "{coding}: {}", answer.text());
        assert_eq!(answer.list("accept-encoding"), ["identity"], "{coding}");
    }
    for coding in ["identity", "Identity", ""] {
        let headers = [("content-type", JSON), ("content-encoding", coding)];
        let answer = send(app.address, "POST", "/graphql", &headers, &body("{ site { name } }")).await;
        assert_eq!(answer.status, 200, "{coding}: {}", answer.text());
    }
    let answer = send(app.address, "POST", "/graphql", &[("content-type", "text/plain")], b"x").await;
    assert_eq!((answer.status, answer.header("accept-encoding")), (415, None), "that is not about the coding");
}

#[tokio::test]
async fn bodies_are_checked_by_the_letter() {
    let app = small().await;
    let query = "{ site { name } }";
    for (sent, status) in [
        (json!({ "query": query, "unknown": [1, { "a": 2 }], "id": 7 }), 200),
        (json!({ "query": query, "operationName": null, "variables": null, "extensions": null }), 200),
        (json!({ "query": query, "operationName": 7 }), 400),
        (json!({ "query": query, "operationName": "Missing" }), 400),
        (json!({ "query": query, "variables": "text" }), 400),
        (json!({ "query": query, "variables": [] }), 400),
        (json!({ "query": query, "extensions": "text" }), 400),
        (json!({ "query": null }), 400),
        (json!({ "query": 7 }), 400),
        (json!({ "query": "" }), 400),
        (json!({}), 400),
        (json!([{ "query": query }]), 400),
        (json!([query]), 400),
        (json!([query, null, null, null]), 400),
        (json!([]), 400),
        (json!("text"), 400),
        (json!(null), 400),
    ] {
        let answer = app.post(&sent, &[]).await;
        assert_eq!(answer.status, status, "{sent}\n{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/graphql-response+json; charset=utf-8"));
    }
    let bad: [&[u8]; 10] = [
        b"",
        b"{",
        b"{ site { name } }",
        b"{\"query\":\"{ site { name } }\"} trailing",
        b"{\"query\":\"\xff\xfe\"}",
        // Where nobody reads it, too.
        b"{\"query\":\"{ site { name } }\",\"unknown\":\"\xff\xfe\"}",
        b"{\"query\":\"{ site { name } }\",\"\xff\xfe\":1}",
        b" [\"{ site { name } }\"]",
        b"\x00",
        b"{\"query\":\"\\ud800\"}",
    ];
    for sent in bad {
        let answer = app.post_bytes(sent).await;
        assert_eq!(answer.status, 400, "{}", String::from_utf8_lossy(sent));
        assert!(answer.json()["errors"][0]["message"].is_string());
    }
}

#[tokio::test]
async fn two_keys_of_one_name_are_no_crash() {
    let app = small().await;
    let twice = b"{\"query\":\"{ site { name } }\",\"query\":\"{ site { url } }\"}";
    let answer = app.post_bytes(twice).await;
    assert!(matches!(answer.status, 200 | 400), "{}", answer.text());
}

#[tokio::test]
async fn response_keys_come_in_the_order_asked() {
    let app = small().await;
    let query =
        "{ z: site { url name language id } ...Rest a: article(by: {slug: \"hydrogen\"}) { url slug id title __typename } }
        fragment Rest on Query { m: site { timeZone ... on Site { slogan } name } z: site { timeZone } }";
    let answer = app.post(&json!({ "query": query }), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let text = answer.text();
    let id = answer.json()["data"]["a"]["id"].as_str().expect("an id").to_owned();
    let site = answer.json()["data"]["z"]["id"].as_str().expect("an id").to_owned();
    let expected = format!(
        "{{\"data\":{{\"z\":{{\"url\":\"https://portal.example\",\"name\":\"海岬科技资讯\",\"language\":\"zh-Hans\",\"id\":\"{site}\",\"timeZone\":\"Asia/Shanghai\"}},\
         \"m\":{{\"timeZone\":\"Asia/Shanghai\",\"slogan\":null,\"name\":\"海岬科技资讯\"}},\
         \"a\":{{\"url\":\"https://portal.example/a/{id}\",\"slug\":\"hydrogen\",\"id\":\"{id}\",\"title\":\"首批加氢站向社会开放\",\"__typename\":\"Article\"}}}}}}"
    );
    assert_eq!(text, expected);
}

#[tokio::test]
async fn skip_and_include_are_obeyed() {
    let app = small().await;
    let query = "query($yes: Boolean!, $no: Boolean!) { site { name @include(if: $yes) url @include(if: $no) id @skip(if: $yes)
        language @skip(if: $no) ... @include(if: $no) { slogan } } }";
    let data = app.data(query, json!({ "yes": true, "no": false })).await;
    assert_eq!(data, json!({ "site": { "name": "海岬科技资讯", "language": "zh-Hans" } }));
}

#[tokio::test]
async fn a_variable_that_is_not_sent_leaves_the_arguments_default() {
    let app = TestApp::with(&portal::whole(12)).await;
    let query = "query Page($order: ArticleOrder, $n: Int, $sub: Boolean, $window: RankingWindow, $cover: Boolean, $filter: ArticleFilter) {
        channel(by: {slug: \"qingyu\"}) { articles(orderBy: $order, first: $n, includeSubchannels: $sub, filter: $filter) { nodes { slug rank(window: $window) } } }
        ranking(window: $window, first: $n) { window entries { rank } } ...More }
        fragment More on Query { placement(slot: \"recommended-news\", first: $n, hasCover: $cover) { items { article { slug } } } }";
    let plain = "{ channel(by: {slug: \"qingyu\"}) { articles { nodes { slug rank } } } ranking { window entries { rank } }
        placement(slot: \"recommended-news\") { items { article { slug } } } }";
    assert_eq!(app.data(query, json!({})).await, app.query(plain).await);
    // What is sent counts, and null is no omission.
    let two = app.data(query, json!({ "n": 2, "window": "ALL" })).await;
    assert_eq!((two["ranking"]["entries"].as_array().map(Vec::len), &two["ranking"]["window"]), (Some(2), &json!("ALL")));
    let null = app.ask(query, json!({ "window": null })).await;
    assert_eq!(null["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{null}");
    // Inside an input object the field is left out; a variable that nothing uses is still an error.
    let found =
        app.data("query($a: ID, $b: Boolean) { articles(filter: {author: $a, hasCover: $b}) { totalCount } }", json!({})).await;
    assert_eq!(found["articles"]["totalCount"], 12);
    let idle = app.ask("query($idle: Int) { site { name } }", json!({})).await;
    assert_eq!(idle["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{idle}");
    let missing = app.ask("query($by: ArticleBy) { article(by: $by) { slug } }", json!({})).await;
    assert!(missing["errors"].is_array() && missing["data"]["article"].is_null(), "{missing}");
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let app = small().await;
    for path in ["/health", "/nowhere", "/schema.graphql", "/graphql"] {
        let (one, two) = (app.get(path).await, app.get(path).await);
        let (one, two) = (one.header("x-request-id").expect("an id"), two.header("x-request-id").expect("an id"));
        assert!(!one.is_empty() && one != two, "{path}");
    }
    let own = [("x-request-id", "edge-7.a_B"), ("content-type", JSON), ("accept", GRAPHQL)];
    let answer = send(app.address, "POST", "/graphql", &own, &body("{ nothing }")).await;
    assert_eq!(answer.header("x-request-id"), Some("edge-7.a_B"));
    assert_eq!(answer.json()["errors"][0]["extensions"]["requestId"], "edge-7.a_B");
    for bad in ["with space", "quote\"", &"x".repeat(65), "首批", "<script>"] {
        let answer = send(app.address, "GET", "/health", &[("x-request-id", bad)], b"").await;
        assert_ne!(answer.header("x-request-id"), Some(bad), "a stranger's text is not repeated");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_read() {
    let app = small().await;
    let asks = [
        ("origin", "https://reader.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let answer = send(app.address, "OPTIONS", "/graphql", &asks, b"").await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert!(answer.list("access-control-allow-methods").contains(&"post".to_owned()));
    assert!(answer.list("access-control-allow-headers").contains(&"content-type".to_owned()));
    let own = [("origin", "https://reader.example"), ("access-control-request-headers", "content-type,x-trace")];
    let wanted = send(app.address, "OPTIONS", "/graphql", &own, b"").await;
    assert_eq!(wanted.list("access-control-allow-headers"), ["content-type", "x-trace"], "a page's own headers are let through");
    assert!(answer.header("access-control-allow-credentials").is_none());
    let answer = app.post(&json!({ "query": "{ site { name } }" }), &[("origin", "https://reader.example")]).await;
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    let refused = app.post(&json!({ "query": "{ nothing }" }), &[("origin", "https://reader.example")]).await;
    assert_eq!(refused.header("access-control-allow-origin"), Some("*"), "scripts may read errors too");
}

#[tokio::test]
async fn origins_can_be_limited() {
    let origins = vec!["https://reader.example".to_owned()];
    let app = TestApp::configured(&portal([]), |config| config.server.cors_origins = origins).await;
    for (origin, expected) in
        [("https://reader.example", Some("https://reader.example")), ("https://evil.example", None), ("null", None)]
    {
        for method in ["OPTIONS", "GET"] {
            let answer = send(app.address, method, "/graphql?query=%7Bsite%7Bname%7D%7D", &[("origin", origin)], b"").await;
            assert_eq!(answer.header("access-control-allow-origin"), expected, "{method} {origin}");
        }
    }
    let answer = app.get("/graphql?query=%7Bsite%7Bname%7D%7D").await;
    assert!(answer.header("access-control-allow-origin").is_none());
    assert!(
        answer.list("vary").contains(&"origin".to_owned()),
        "a shared cache must tell the origins apart: {:?}",
        answer.headers
    );
}

#[tokio::test]
async fn head_is_get_without_a_body() {
    let app = small().await;
    for path in ["/health", "/ready", "/schema.graphql", "/metrics", "/playground", "/nowhere"] {
        let (head, get) = (send(app.address, "HEAD", path, &[], b"").await, app.get(path).await);
        assert_eq!(head.status, get.status, "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"), "{path}");
        assert_eq!(head.header("etag"), get.header("etag"), "{path}");
        let length = head.header("content-length");
        assert!(length.is_none() || length == get.header("content-length"), "{path}: {length:?}");
        let mut stream = connect(app.address).await;
        let request = format!("HEAD {path} HTTP/1.1\r\nhost: it\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut whole = String::new();
        stream.read_to_string(&mut whole).await.expect("text");
        assert_eq!(whole.split_once("\r\n\r\n").map(|(_, body)| body), Some(""), "{path}: nothing after the head");
    }
}

#[tokio::test]
async fn introspection_can_be_switched_off() {
    let query = "{ __schema { queryType { name } } }";
    let app = small().await;
    assert_eq!(app.query(query).await["__schema"]["queryType"]["name"], "Query");
    let app = TestApp::configured(&portal([]), |config| config.graphql.introspection = false).await;
    let answer = app.ask(query, json!({})).await;
    assert!(answer["errors"].is_array() || answer["data"]["__schema"] == Value::Null, "{answer}");
    assert_eq!(
        app.query("{ __typename site { __typename } }").await,
        json!({ "__typename": "Query", "site": { "__typename": "Site" } })
    );
}

#[tokio::test]
async fn validation_says_what_is_wrong_and_suggests_nothing() {
    let app = small().await;
    for query in [
        "{ artcles { nodes { id } } }",
        "{ site { nam } }",
        "{ articles(frst: 1) { nodes { id } } }",
        "{ articles(orderBy: NEWES) { nodes { id } } }",
    ] {
        let answer = app.post(&json!({ "query": query }), &[]).await;
        assert_eq!(answer.status, 400, "{query}");
        let answer = answer.json();
        let message = answer["errors"][0]["message"].as_str().expect("a message");
        assert!(!message.to_lowercase().contains("did you mean"), "{message}");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "GRAPHQL_VALIDATION_FAILED", "{answer}");
    }
}

#[tokio::test]
async fn cost_is_shown_on_request() {
    let app = small().await;
    let query = "{ articles(first: 10) { nodes { id title } } }";
    let answer = app.post(&json!({ "query": query, "extensions": { "cost": true } }), &[]).await.json();
    assert_eq!(answer["extensions"]["cost"], json!({ "cost": 22, "maxCost": 20_000, "depth": 3, "fields": 4 }));
    assert!(app.ask(query, json!({})).await.get("extensions").is_none());
}

#[tokio::test]
async fn variables_of_the_wrong_type_are_refused_before_anything_runs() {
    let app = small().await;
    let list = "query($v: Int) { articles(first: $v) { nodes { id } } }";
    let filter = "query($v: ArticleFilter) { articles(filter: $v) { nodes { id } } }";
    let ids = "query($v: [ID!]!) { nodes(ids: $v) { id } }";
    let by = "query($v: ArticleBy!) { article(by: $v) { id } }";
    let order = "query($v: ArticleOrder! = NEWEST) { articles(orderBy: $v) { nodes { id } } }";
    for (query, value) in [
        (list, json!("5")),
        (list, json!(5.5)),
        (list, json!(true)),
        (list, json!([5])),
        (list, json!(4_294_967_296_i64)),
        (filter, json!("text")),
        (filter, json!([[1]])),
        (filter, json!({ "colour": "red" })),
        (filter, json!({ "hasCover": "yes" })),
        (filter, json!({ "publishedFrom": "yesterday" })),
        (ids, json!([null])),
        (ids, json!([{}])),
        (ids, json!(null)),
        (by, json!({})),
        (by, json!({ "slug": "a", "legacyId": "b" })),
        (by, json!({ "slug": null })),
        (by, json!({ "slug": 7 })),
        (by, json!("a")),
        (order, json!("OLDEST")),
        (order, json!(null)),
    ] {
        let answer = app.post(&json!({ "query": query, "variables": { "v": value } }), &[]).await;
        assert_eq!(answer.status, 400, "{query} with {value}: {}", answer.text());
        assert!(answer.json().get("data").is_none(), "{query} with {value}: {}", answer.text());
    }
    for (query, value) in [
        (list, json!(null)),
        (filter, json!({})),
        (ids, json!("QQE")),
        (ids, json!([])),
        (by, json!({ "slug": "hydrogen" })),
        (order, json!("MOST_READ")),
    ] {
        let answer = app.post(&json!({ "query": query, "variables": { "v": value, "unknown": [1] } }), &[]).await;
        assert_eq!(answer.status, 200, "{query} with {value}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_request_says_once_whom_it_is_for() {
    let app = small().await;
    for (head, status) in [
        ("GET /health HTTP/1.1\r\nconnection: close\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n", 400),
        ("GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 200),
        ("GET /health HTTP/1.0\r\n\r\n", 200),
    ] {
        let mut stream = connect(app.address).await;
        stream.write_all(head.as_bytes()).await.expect("sent");
        let mut whole = String::new();
        stream.read_to_string(&mut whole).await.expect("text");
        let first: Vec<&str> = whole.split(' ').take(2).collect();
        assert_eq!(first.get(1), Some(&status.to_string().as_str()), "{head:?}: {whole}");
    }
}
