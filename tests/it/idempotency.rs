//! A write that carries a key is done once, and answers the same however often it is sent.

use serde_json::{Value, json};
use tidings::auth::Role;

use crate::app::TestApp;
use crate::records::portal;
use crate::workflow::{Desk, text};

async fn send(desk: &Desk<'_>, key: &str, query: &str, variables: Value) -> String {
    let headers = [("authorization", &*format!("Bearer {}", desk.token)), ("idempotency-key", key)];
    desk.app.post(&json!({ "query": query, "variables": variables }), &headers).await.text()
}

const CREATE: &str = "mutation($c: ID!) { createArticle(input: {content: {title: \"一稿\", channel: $c}}) { manuscript { id version changedAt \
    state } userErrors { message } } }";

#[tokio::test]
async fn the_same_key_twice_is_one_write_and_the_same_answer() {
    let app = TestApp::with(&portal([])).await;
    let desk = Desk::of(&app, "operator", Role::Operator).await;
    let news = app.id("channel", "news").await;
    let first = send(&desk, "k1", CREATE, json!({ "c": news })).await;
    app.set_time("2026-03-01T00:05:00Z");
    assert_eq!(send(&desk, "k1", CREATE, json!({ "c": news })).await, first);
    let id = serde_json::from_str::<Value>(&first).expect("JSON")["data"]["createArticle"]["manuscript"]["id"].clone();
    assert_eq!(app.database.numbers("SELECT count(*) FROM manuscript").await, [1]);
    let submit =
        "mutation($id: ID!) { submitArticle(input: {id: $id, version: 1}) { manuscript { state version } userErrors { code } } }";
    let first = send(&desk, "k2", submit, json!({ "id": id })).await;
    assert!(first.contains("IN_REVIEW"), "{first}");
    assert_eq!(send(&desk, "k2", submit, json!({ "id": id })).await, first, "without the key it would be a conflict");
    assert!(send(&desk, "k3", submit, json!({ "id": id })).await.contains("STALE"));
    let other =
        send(&desk, "k2", "mutation($id: ID!) { recallArticle(input: {id: $id}) { userErrors { field } } }", json!({ "id": id }))
            .await;
    assert!(!other.contains("idempotencyKey"), "another field has a key of its own: {other}");
    let other = send(&desk, "k1", CREATE, json!({ "c": "QwI" })).await;
    assert!(other.contains("was sent with another request"), "{other}");
    let by_extension = json!({ "query": CREATE, "variables": { "c": news }, "extensions": { "idempotencyKey": "k9" } });
    let headers = [("authorization", &*format!("Bearer {}", desk.token))];
    let first = app.post(&by_extension, &headers).await.text();
    assert_eq!(app.post(&by_extension, &headers).await.text(), first);
    let second = Desk::of(&app, "wangmin", Role::Editor).await;
    let foreign = send(&second, "k9", CREATE, json!({ "c": news })).await;
    assert_ne!(foreign, first, "somebody else's key is another key");
    assert_eq!(app.database.numbers("SELECT count(*) FROM manuscript").await, [3]);
    for bad in ["", " ", "k\u{e9}"] {
        let answer =
            app.post(&json!({ "query": CREATE, "variables": { "c": news } }), &[headers[0], ("idempotency-key", bad)]).await;
        assert_eq!(answer.status, 400, "{bad:?}: {}", answer.text());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sent_many_times_at_once_it_is_done_once() {
    let app = TestApp::with(&portal([])).await;
    let desk = Desk::of(&app, "operator", Role::Operator).await;
    let news = app.id("channel", "news").await;
    let answers = futures_util::future::join_all((0..8).map(|_| send(&desk, "k", CREATE, json!({ "c": news })))).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.contains("DRAFT")), "{answers:#?}");
    assert_eq!(app.database.numbers("SELECT count(*) FROM manuscript").await, [1]);
    assert_eq!(app.database.numbers("SELECT count(*) FROM journal WHERE action = 'article.drafted'").await, [1]);
    let id = text(&serde_json::from_str::<Value>(&answers[0]).expect("JSON")["data"]["createArticle"]["manuscript"]["id"]);
    let submit = "mutation($id: ID!) { submitArticle(input: {id: $id}) { manuscript { state } userErrors { code } } }";
    let answers = futures_util::future::join_all((0..8).map(|_| send(&desk, "s", submit, json!({ "id": id })))).await;
    assert!(answers.iter().all(|answer| answer.contains("IN_REVIEW")), "{answers:#?}");
    let tag = "mutation { createTag(input: {slug: \"h2\", name: \"氢能\"}) { tag { id } userErrors { code message } } }";
    let answers = futures_util::future::join_all((0..8).map(|_| send(&desk, "t", tag, json!({})))).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && answer.contains("\"userErrors\":[]")), "{answers:#?}");
    assert_eq!(app.database.numbers("SELECT count(*) FROM tag").await, [1]);
}

#[tokio::test]
async fn two_fields_of_one_operation_are_two_writes_and_secrets_are_shown_once() {
    let app = TestApp::with(&portal([])).await;
    let desk = Desk::of(&app, "operator", Role::Operator).await;
    let two = "mutation { a: createTag(input: {slug: \"a\", name: \"a\"}) { tag { slug } } b: createTag(input: {slug: \"b\", name: \"b\"}) { tag { slug } } }";
    let first = send(&desk, "k", two, json!({})).await;
    assert_eq!(send(&desk, "k", two, json!({})).await, first);
    assert_eq!(app.database.numbers("SELECT count(*) FROM tag").await, [2]);
    let make = "mutation { createAccount(input: {login: \"liwei\", name: \"李伟\", role: EDITOR}) { oneTimePassword userErrors { code message } } }";
    assert!(send(&desk, "k2", make, json!({})).await.contains("\"userErrors\":[]"));
    let again = send(&desk, "k2", make, json!({})).await;
    assert!(again.contains("its secret was shown then"), "{again}");
    assert_eq!(app.database.numbers("SELECT count(*) FROM account").await, [2]);
    let id = app.database.numbers("SELECT max(id) FROM account").await[0];
    let close = "mutation($id: ID!) { disableAccount(input: {id: $id}) { account { login disabledAt } userErrors { code } } }";
    let id = crate::workflow::tidings_id(b'W', id);
    let first = send(&desk, "k3", close, json!({ "id": id })).await;
    assert_eq!(send(&desk, "k3", close, json!({ "id": id })).await, first);
    let kept = app.database.numbers("SELECT count(*) FROM receipt WHERE result LIKE '%argon2%'").await;
    assert_eq!(kept, [0], "no hash is kept with a key");
}
