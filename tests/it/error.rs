//! Where a failure goes: a nullable field nulls itself alone, a non-null one its parent; and nothing internal is said.

use serde_json::{Value, json};

use tidings::auth::Actor;
use tidings::clock::Clock;
use tidings::editorial::Office;

use crate::app::{GRAPHQL, NOW, TestApp};
use crate::portal;
use crate::records::{article, channel, portal as portal_of};

async fn small() -> TestApp {
    TestApp::with(&portal_of([channel("other"), article("a").set("bodyText", "正文。"), article("b")])).await
}

fn paths(answer: &Value) -> Vec<Value> {
    answer["errors"].as_array().into_iter().flatten().map(|e| e["path"].clone()).collect()
}

#[tokio::test]
async fn a_failing_nullable_field_nulls_itself_alone() {
    let app = small().await;
    let query =
        "{ site { name } article(by: {slug: \"a\"}) { title rank(channel: \"bad\") slug body { text } channel { slug } } }";
    let answer = app.ask(query, json!({})).await;
    let expected = json!({ "site": { "name": "海岬科技资讯" }, "article": { "title": "园区氢能示范项目投运：a", "rank": null, "slug": "a",
        "body": { "text": "正文。" }, "channel": { "slug": "news" } } });
    assert_eq!(answer["data"], expected, "siblings live");
    assert_eq!(paths(&answer), [json!(["article", "rank"])]);
    let error = &answer["errors"][0];
    assert_eq!((&error["extensions"]["code"], &error["extensions"]["field"]), (&json!("BAD_USER_INPUT"), &json!("channel")));
    assert!(error["locations"][0]["line"].is_i64() && error["locations"][0]["column"].is_i64(), "{error}");
}

#[tokio::test]
async fn a_failing_non_null_field_nulls_its_parent() {
    let app = small().await;
    let query = "{ site { name } article(by: {slug: \"a\"}) { title related(first: 101) { reason } } other: article(by: {slug: \"b\"}) { slug } }";
    let answer = app.ask(query, json!({})).await;
    assert_eq!(answer["data"], json!({ "site": { "name": "海岬科技资讯" }, "article": null, "other": { "slug": "b" } }));
    assert_eq!(paths(&answer), [json!(["article", "related"])]);
}

#[tokio::test]
async fn a_block_that_fails_leaves_the_others_alone() {
    let app = small().await;
    let query = "{ site { name } articles(first: 101) { totalCount } ranking(first: 0) { window } placement(slot: \"x\", first: 0) { slot }
        article(by: {slug: \"a\"}) { title body(page: 99) { text } channel { name articles(last: 0) { totalCount } ranking(first: 101) { window } } } }";
    let answer = app.ask(query, json!({})).await;
    let channel = json!({ "name": "园区新闻", "articles": null, "ranking": null });
    let article = json!({ "title": "园区氢能示范项目投运\u{ff1a}a", "body": null, "channel": channel });
    let site = json!({ "name": "海岬科技资讯" });
    assert_eq!(answer["data"], json!({ "site": site, "articles": null, "ranking": null, "placement": null, "article": article }));
    assert_eq!(paths(&answer).len(), 6, "{answer}");
}

#[tokio::test]
async fn a_null_goes_up_to_the_nearest_nullable_and_no_further() {
    let app = small().await;
    // nodes: [Article!]!, articles: ArticleConnection (nullable).
    let query = "{ site { name } channel(by: {slug: \"news\"}) { name articles { nodes { slug related(first: 101) { reason } } } } other: channel(by: {slug: \"other\"}) { slug } }";
    let answer = app.ask(query, json!({})).await;
    assert_eq!(
        answer["data"],
        json!({ "site": { "name": "海岬科技资讯" }, "channel": { "name": "园区新闻", "articles": null }, "other": { "slug": "other" } })
    );
    assert_eq!(paths(&answer), [json!(["channel", "articles", "nodes", 0, "related"])]);
    // Up to the root where everything above is non-null.
    let answer = app.ask("{ site { name } channels(ids: [\"bad\"]) { name } }", json!({})).await;
    assert_eq!(answer.get("data"), Some(&Value::Null), "{answer}");
    // previous: Article (nullable).
    let query = "{ article(by: {slug: \"b\"}) { slug previous { slug related(first: 101) { reason } } next { slug } } }";
    let answer = app.ask(query, json!({})).await;
    assert_eq!(answer["data"], json!({ "article": { "slug": "b", "previous": null, "next": null } }), "{answer}");
}

#[tokio::test]
async fn paths_below_lists_lead_to_the_field() {
    let app = small().await;
    let cases = [
        ("{ articles { rows: nodes { slug text: related(first: 101) { reason } } } }", json!(["articles", "rows", 0, "text"])),
        (
            "{ articles { edges { node { ...on Article { ...text } } } } } fragment text on Article { related(first: 101) { reason } }",
            json!(["articles", "edges", 0, "node", "related"]),
        ),
        (
            "{ article(by: {slug: \"a\"}) { related { article { channel { articles(first: 0) { totalCount } } } } } }",
            json!(["article", "related", 0, "article", "channel", "articles"]),
        ),
        (
            "{ channels { articles(first: 2) { nodes { related(first: 101) { reason } } } } }",
            json!(["channels", 0, "articles", "nodes", 0, "related"]),
        ),
        // A second list below one nullable field hides its index.
        (
            "{ articles(first: 2) { nodes { related(first: 1) { article { related(first: 101) { reason } } } } } }",
            json!(["articles", "nodes", 0]),
        ),
    ];
    for (query, path) in cases {
        let answer = app.ask(query, json!({})).await;
        assert_eq!(paths(&answer), [path], "{query}\n{answer}");
    }
}

#[tokio::test]
async fn entries_of_nullable_lists_fail_alone() {
    let app = small().await;
    let ids = app.query("{ a: article(by: {slug: \"a\"}) { id } b: article(by: {slug: \"b\"}) { id } }").await;
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Article { slug related(first: 1) { reason } rank(channel: \"bad\") } } }";
    let answer = app.ask(query, json!({ "ids": [ids["a"]["id"], ids["b"]["id"]] })).await;
    let nodes = &answer["data"]["nodes"];
    assert_eq!((&nodes[0]["slug"], &nodes[0]["rank"], &nodes[1]["slug"]), (&json!("a"), &Value::Null, &json!("b")), "{answer}");
    assert_eq!(answer["errors"].as_array().map(Vec::len), Some(2));
    let query = query.replace("first: 1", "first: 101");
    let answer = app.ask(&query, json!({ "ids": [ids["a"]["id"], "nonsense", ids["b"]["id"]] })).await;
    assert_eq!(answer["data"]["nodes"], json!([null, null, null]), "{answer}");
}

#[tokio::test]
async fn aliases_show_in_paths() {
    let app = small().await;
    let answer = app.ask("{ lead: article(by: {slug: \"a\"}) { place: rank(channel: \"bad\") } }", json!({})).await;
    assert_eq!(paths(&answer), [json!(["lead", "place"])]);
    assert_eq!(answer["data"], json!({ "lead": { "place": null } }));
}

/// What must not be said to strangers.
const INTERNALS: [&str; 12] = [
    "SELECT",
    "select ",
    "sqlite",
    "postgres",
    "no such table",
    "does not exist",
    "relation",
    "article_body",
    "src/",
    ".rs",
    "panicked",
    "Error {",
];

fn says_nothing_internal(text: &str) {
    for word in INTERNALS {
        assert!(!text.contains(word), "{word:?} in {text}");
    }
}

#[tokio::test]
async fn a_broken_database_is_an_internal_error_without_internals() {
    let app = TestApp::with(&portal::whole(5)).await;
    app.database.execute("DROP TABLE article_body").await;
    let headers = [("x-request-id", "edge-1"), ("accept", GRAPHQL)];
    let body = json!({ "query": "{ site { name } article(by: {slug: \"article-000001\"}) { slug body { html } } }" });
    let answer = app.post(&body, &headers).await;
    assert_eq!(answer.status, 294);
    says_nothing_internal(&answer.text());
    let answer = answer.json();
    assert_eq!(answer["data"], json!({ "site": { "name": "海岬科技资讯" }, "article": null }));
    let extensions = &answer["errors"][0]["extensions"];
    assert_eq!(*extensions, json!({ "code": "INTERNAL_SERVER_ERROR", "requestId": "edge-1" }));
    assert_eq!(
        app.query("{ articles { nodes { slug } } }").await["articles"]["nodes"].as_array().map(Vec::len),
        Some(5),
        "the rest goes on"
    );
}

#[tokio::test]
async fn every_error_of_a_failed_batch_has_its_own_path() {
    let app = TestApp::with(&portal::whole(5)).await;
    app.database.execute("DROP TABLE view_hour").await;
    let answer = app.ask("{ articles(first: 3) { nodes { slug history: viewHistory { views } } } }", json!({})).await;
    let nodes = answer["data"]["articles"]["nodes"].as_array().expect("siblings live");
    assert!(nodes.len() == 3 && nodes.iter().all(|n| n["slug"].is_string() && n["history"].is_null()), "{answer}");
    assert_eq!(paths(&answer).len(), 3);
    says_nothing_internal(&answer.to_string());
}

#[tokio::test]
async fn a_broken_database_says_nothing_by_http_either() {
    let app = TestApp::with(&portal::whole(5)).await;
    app.database.execute("DROP TABLE redirect").await;
    let answer = app.get("/old/address.html").await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "INTERNAL_SERVER_ERROR"));
    says_nothing_internal(&answer.text());
    assert!(answer.json()["errors"][0]["extensions"]["requestId"].is_string());
}

#[tokio::test]
async fn refusals_say_nothing_internal() {
    let app = small().await;
    for query in [
        "{",
        "{ a { b } }",
        "{ article(by: {id: \"x\"}) { id } }",
        "{ articles(first: \"x\") { nodes { id } } }",
        "{ articles(after: \"x\") { nodes { id } } }",
    ] {
        says_nothing_internal(&app.post(&json!({ "query": query }), &[]).await.text());
    }
    says_nothing_internal(&app.get("/nowhere").await.text());
}

const HELD_UP: &str = "{ site { name } article(by: {slug: \"article-000001\"}) { slug body { html } } }";

#[tokio::test]
async fn a_statement_that_runs_too_long_is_a_time_out() {
    let app = TestApp::configured(&portal::whole(3), |config| {
        config.database.statement_timeout_secs = 1;
        config.server.operation_timeout_secs = 30;
    })
    .await;
    let _held = app.database.hold_up("article_body").await;
    let answer = app.post(&json!({ "query": HELD_UP }), &[]).await;
    says_nothing_internal(&answer.text());
    let slow = answer.json();
    assert_eq!(slow["errors"][0]["extensions"]["code"], "TIMEOUT", "{slow}");
    assert_eq!(slow["data"], json!({ "site": { "name": "海岬科技资讯" }, "article": null }), "the rest is there");
}

#[tokio::test]
async fn background_work_that_is_held_up_is_in_no_requests_way() {
    let app = TestApp::configured(&portal::whole(3), |config| {
        config.database.pool = 1;
        config.server.operation_timeout_secs = 5;
    })
    .await;
    let held = app.database.hold_up("article_body").await;
    // Everything is indexed anew, and so every text read.
    let office = Office::new(&app.database.open().await, Actor::Machine("test"), Clock::fixed(NOW.parse().expect("an instant")));
    office.add_search_words(vec!["氢舟".into()]).await.expect("it is added");
    for _ in 0..20 {
        assert_eq!(app.slugs("articles").await.len(), 3);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    drop(held);
}

#[tokio::test]
async fn an_operation_that_runs_too_long_is_refused_with_when_to_come_again() {
    let app = TestApp::configured(&portal::whole(3), |config| config.server.operation_timeout_secs = 1).await;
    let held = app.database.hold_up("article_body").await;
    let answer = app.post(&json!({ "query": HELD_UP }), &[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "TIMEOUT"), "{}", answer.text());
    assert!(answer.header("retry-after").is_some_and(|s| s.parse::<u32>().is_ok()));
    says_nothing_internal(&answer.text());
    // What nobody waits for any more is in nobody's way, even while it is held up.
    for _ in 0..6 {
        assert_eq!(app.slugs("articles").await.len(), 3);
    }
    drop(held);
    assert_eq!(app.slugs("articles").await.len(), 3);
}
