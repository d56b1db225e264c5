//! Documents that the specification calls invalid are refused before anything runs, and those that it allows are answered.

use serde_json::{Value, json};

use crate::app::{GRAPHQL, TestApp};
use crate::records::{article, page, portal};

async fn app() -> TestApp {
    TestApp::with(&portal([page("about"), page("privacy"), article("a").tags(&["氢能"]), article("b").tags(&["氢能"])])).await
}

/// Status and code, and the message.
async fn refusal(app: &TestApp, query: &str, variables: Value) -> (u16, String, String) {
    let answer = app.post(&json!({ "query": query, "variables": variables }), &[("accept", GRAPHQL)]).await;
    let message = answer.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
    (answer.status, answer.code(), message)
}

#[tokio::test]
async fn fields_of_one_key_that_cannot_be_one_are_refused() {
    let app = app().await;
    for query in [
        "{ site { name: url name } }",
        "{ site { page(slug: \"about\") { title } } site { page(slug: \"privacy\") { title } } }",
        "{ a: articles(first: 1) { nodes { related(first: 1) { reason } } } a: articles(first: 1) { nodes { related(first: 3) { reason } } } }",
        "{ articles(first: 1) { nodes { body(page: 1) { html } } } articles(first: 1) { nodes { body { pageCount } } } }",
        "{ articles(first: 1) { nodes { id } } articles(first: 2) { nodes { id } } }",
        "{ site { ...A ...B } } fragment A on Site { p: page(slug: \"about\") { id } } fragment B on Site { p: page(slug: \"x\") { id } }",
        "query($s: String!) { site { p: page(slug: $s) { id } ... { p: page(slug: \"about\") { id } } } }",
        "{ node(id: \"QQE\") { ... on Article { x: title } ... on Channel { x: name } ... on Tag { x: articles { totalCount } } } }",
        "{ node(id: \"QQE\") { ... on Article { x: viewCount } ... on Channel { x: name } } }",
        "{ node(id: \"QQE\") { ... on Article { x: channel { y: id } } ... on Channel { x: parent { y: kind } } } }",
        "{ node(id: \"QQE\") { id ... on Article { id: slug } } }",
    ] {
        let (status, code, message) = refusal(&app, query, json!({ "s": "about" })).await;
        assert_eq!((status, code.as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{query}: {message}");
    }
}

#[tokio::test]
async fn fields_of_one_key_that_can_be_one_are_one() {
    let app = app().await;
    let id = app.query("{ article(by: {slug: \"a\"}) { id } }").await["article"]["id"].as_str().expect("an id").to_owned();
    let data = app.query("{ site { page(slug: \"about\") { id } } site { page(slug: \"about\") { slug } } }").await;
    assert!(data["site"]["page"]["id"].is_string() && data["site"]["page"]["slug"] == "about", "{data}");
    // Different objects may have different fields of one key, if they look alike.
    for query in [
        "query($id: ID!) { node(id: $id) { ... on Article { x: title } ... on Channel { x: name } } }",
        "query($id: ID!) { node(id: $id) { ... on Article { x: related(first: 1) { reason } } ... on Article { x: related(first: 1) { article { id } } } } }",
        "query($id: ID!) { a: node(id: $id) { ...F } b: node(id: $id) { ...F } } fragment F on Article { channel { ...C } } fragment C on Channel { articles(first: 1) { nodes { title } } }",
        "query($id: ID!) { node(id: $id) { ... on Article { x: tags { id articles(first: 1) { totalCount } } } ... on Article { x: tags { articles(first: 1) { nodes { id } } } } } }",
        "query($id: ID!) { node(id: $id) { ... on Channel { x: articles(first: 2) { totalCount } } ... on Tag { x: articles(first: 3) { totalCount } } } }",
    ] {
        let answer = app.ask(query, json!({ "id": id })).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
    }
}

#[tokio::test]
async fn variables_stand_where_their_type_fits() {
    let app = app().await;
    for (query, variables) in [
        ("query($a: String) { articles(first: $a) { nodes { id } } }", json!({})),
        ("query($a: String) { site { page(slug: $a) { id } } }", json!({ "a": "about" })),
        ("query($a: ArticleBy!) { channel(by: $a) { id } }", json!({ "a": { "slug": "news" } })),
        ("query($a: Int, $a: Int) { articles(first: $a) { nodes { id } } }", json!({})),
        ("query($a: Article) { articles(first: $a) { nodes { id } } }", json!({})),
        ("query($a: Nothing) { articles(first: $a) { nodes { id } } }", json!({})),
        ("query($a: [Int]) { articles(first: $a) { nodes { id } } }", json!({})),
        ("query($a: ID) { nodes(ids: [$a]) { id } }", json!({ "a": "QQE" })),
        ("query($a: String) { article(by: {slug: $a}) { id } }", json!({ "a": "a" })),
        ("query($a: String!, $b: ID) { article(by: {slug: $a, id: $b}) { id } }", json!({ "a": "a" })),
        ("query($a: Boolean) { site { name @include(if: $a) } }", json!({ "a": true })),
        ("query($a: String) { articles(filter: {hasCover: $a}) { nodes { id } } }", json!({})),
        ("query($a: Int) { site { ...F } } fragment F on Site { page(slug: $a) { id } }", json!({})),
    ] {
        let (status, code, message) = refusal(&app, query, variables).await;
        assert_eq!((status, code.as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{query}: {message}");
    }
    for (query, variables) in [
        ("query($a: Int = 3) { articles(first: $a) { nodes { id } } }", json!({})),
        ("query($a: Int) { ranking(first: $a) { isFallback } }", json!({})),
        ("query($a: String = \"about\") { site { page(slug: $a) { id } } }", json!({})),
        ("query($a: ID!) { nodes(ids: [$a]) { id } }", json!({ "a": "QQE" })),
        ("query($a: [ID!]!) { nodes(ids: $a) { id } }", json!({ "a": ["QQE"] })),
        ("query($a: String!) { article(by: {slug: $a}) { id } }", json!({ "a": "a" })),
        ("query($a: Boolean = true) { site { name @include(if: $a) } }", json!({})),
        ("query($a: Boolean) { articles(filter: {hasCover: $a}) { nodes { id } } }", json!({})),
        ("query($a: ArticleOrder!) { articles(orderBy: $a) { nodes { id } } }", json!({ "a": "NEWEST" })),
    ] {
        let answer = app.ask(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}: {answer}");
    }
}

#[tokio::test]
async fn values_in_the_document_are_checked_before_anything_runs() {
    let app = app().await;
    for (query, says) in [
        ("{ articles(filter: {publishedFrom: \"2021\"}) { nodes { id } } }", "RFC 3339"),
        ("{ articles(orderBy: \"NEWEST\") { nodes { id } } }", "quotation marks"),
        ("{ article(by: {}) { id } }", "exactly one field"),
        ("{ article(by: {slug: \"a\", id: \"QQE\"}) { id } }", "exactly one field"),
        ("{ article(by: {slug: null}) { id } }", "exactly one field"),
    ] {
        let (status, code, message) = refusal(&app, query, json!({})).await;
        assert_eq!((status, code.as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{query}: {message}");
        assert!(message.contains(says), "{query}: {message}");
    }
}

#[tokio::test]
async fn circles_and_long_lists_of_fields_take_no_time() {
    let app = app().await;
    let circle = "{ channels { ...A } } fragment A on Channel { x: parent { ...A } y: parent { ...A } z: parent { ...A } }";
    let (status, code, _) = refusal(&app, circle, json!({})).await;
    assert_eq!((status, code.as_str()), (400, "GRAPHQL_VALIDATION_FAILED"));
    let twice = "x: parent { ".repeat(14) + "id" + &" }".repeat(14);
    let many = format!("{{ channels {{ {} }} }}", format!("{twice} ").repeat(100));
    let (status, ..) = refusal(&app, &many, json!({})).await;
    assert!(matches!(status, 200 | 400), "{status}");
}
