//! Complaints, and the proof of what became of what was taken down.

use serde_json::{Value, json};
use tidings::auth::{Permission, Role};
use tidings::editorial::KeyDraft;

use crate::access::code;
use crate::app::TestApp;
use crate::records::{article, everywhere, media, placement, portal, source, topic};
use crate::workflow::{Desk, text};

const REQUEST: &str =
    "mutation($input: RequestTakedownInput!) { requestTakedown(input: $input) { reference userErrors { field message } } }";

async fn app() -> TestApp {
    let nouns = [source("s"), topic("t"), media("m"), everywhere("gone"), article("other").related(&["gone"]).tags(&["氢能"])];
    TestApp::with(&portal(nouns.into_iter().chain([placement("headline", &["gone"])]))).await
}

fn claim(url: &str) -> Value {
    json!({ "input": { "url": url, "name": "赵雷", "contact": "zhaolei@example.com", "claim": "此文未经授权转载。" } })
}

#[tokio::test]
async fn a_complaint_becomes_a_case_and_is_decided_with_the_withdrawal() {
    let app = app().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&app.query("{ article(by: {slug: \"gone\"}) { id } }").await["article"]["id"]);
    let by_old_address = app.data(REQUEST, claim("https://portal.example/old/gone.html")).await;
    let first = text(&by_old_address["requestTakedown"]["reference"]);
    let elsewhere = app.data(REQUEST, claim("https://portal.example/nowhere")).await;
    let second = text(&elsewhere["requestTakedown"]["reference"]);
    for (field, value) in [("url", "not an address"), ("name", " "), ("contact", ""), ("claim", "\u{200b}")] {
        let mut input = claim("/old/gone.html");
        input["input"][field] = json!(value);
        let answer = app.data(REQUEST, input).await;
        assert_eq!(answer["requestTakedown"]["userErrors"][0]["field"], field, "{answer}");
    }
    let query = "{ takedowns(states: [OPEN]) { nodes { id address name contact claim article { slug } } } }";
    assert_eq!(code(&app.ask(query, json!({})).await), "UNAUTHENTICATED");
    let cases = desk.data(query, json!({})).await["takedowns"]["nodes"].clone();
    assert_eq!((&cases[0]["id"], &cases[1]["id"]), (&json!(second), &json!(first)), "newest first");
    assert_eq!(cases[1]["article"]["slug"], "gone", "the article is found by its old address");
    assert_eq!((&cases[0]["article"], &cases[1]["contact"]), (&Value::Null, &json!("zhaolei@example.com")));

    let withdraw = "mutation($i: WithdrawArticleInput!) { withdrawArticle(input: $i) { withdrawal { notice } userErrors { code field message } } }";
    let other = desk.published("别的文章").await;
    let input = json!({ "i": { "id": other, "reason": "版权投诉成立", "takedown": first } });
    let answer = desk.data(withdraw, input).await["withdrawArticle"].clone();
    assert_eq!(answer["userErrors"][0]["field"], "takedown", "the case is about another article: {answer}");
    assert_eq!(desk.manuscript(&other).await["state"], "PUBLISHED", "and nothing is done");
    let input = json!({ "i": { "id": id, "reason": "版权投诉成立", "takedown": first } });
    assert_eq!(desk.data(withdraw, input).await["withdrawArticle"]["userErrors"], json!([]));
    let close = "mutation($i: CloseTakedownInput!) { closeTakedown(input: $i) { takedown { state note closedBy } userErrors { code message } } }";
    let answer = desk.data(close, json!({ "i": { "id": first, "upheld": false, "note": "x" } })).await;
    assert_eq!(answer["closeTakedown"]["userErrors"][0]["code"], "CONFLICT", "it is closed: {answer}");
    let answer = desk.data(close, json!({ "i": { "id": second, "upheld": false, "note": "网址不属于本站" } })).await;
    let closed = json!({ "state": "REFUSED", "note": "网址不属于本站", "closedBy": "wangmin 王敏" });
    assert_eq!(answer["closeTakedown"]["takedown"], closed);
    let all = desk.data("{ takedowns(first: 1) { nodes { id } pageInfo { hasNextPage endCursor } } }", json!({})).await;
    assert_eq!(
        (&all["takedowns"]["nodes"][0]["id"], &all["takedowns"]["pageInfo"]["hasNextPage"]),
        (&json!(second), &json!(true))
    );
    let upheld = desk.data("{ takedowns(states: [UPHELD]) { nodes { id note } } }", json!({})).await;
    assert_eq!(upheld["takedowns"]["nodes"], json!([{ "id": first, "note": "版权投诉成立" }]));
    let private = "SELECT count(*) FROM journal WHERE payload LIKE '%example.com%' OR payload LIKE '%赵雷%'";
    assert_eq!(app.database.numbers(private).await, [0], "the journal keeps no names of those who complain");
}

#[tokio::test]
async fn complaints_that_come_too_often_wait() {
    let app = app().await;
    for round in 0..6 {
        let answer = app.ask(REQUEST, claim("/old/gone.html")).await;
        assert_eq!(code(&answer), "", "{round}: {answer}");
    }
    let answer = app.ask(REQUEST, claim("/old/gone.html")).await;
    assert_eq!((code(&answer), &answer["errors"][0]["extensions"]["retryAfterSecs"]), ("RATE_LIMITED", &json!(1)), "{answer}");
    assert_eq!(app.database.numbers("SELECT count(*) FROM takedown").await, [6]);
}

#[tokio::test]
async fn the_report_says_where_it_was_who_has_it_and_that_it_is_gone() {
    let app = app().await;
    let desk = Desk::of(&app, "wangmin", Role::Editor).await;
    let id = text(&app.query("{ article(by: {slug: \"gone\"}) { id } }").await["article"]["id"]);
    let office = tidings::editorial::Office::new(
        &app.database.open().await,
        tidings::auth::Actor::Machine("test"),
        tidings::clock::Clock::fixed(crate::app::NOW.parse().expect("an instant")),
    );
    let key = |name: &str| KeyDraft { name: name.into(), scopes: vec![Permission::ReadAudit], expires_at: None };
    let reader = office.create_key(key("合作网站")).await.expect("a key").secret.reveal();
    let other = office.create_key(key("另一个")).await.expect("a key").secret.reveal();
    let list = json!({ "query": "{ articles(first: 5) { nodes { title } } }" });
    app.post(&list, &[("authorization", &format!("Bearer {reader}"))]).await;
    app.post(&json!({ "query": "{ site { name } }" }), &[("authorization", &format!("Bearer {other}"))]).await;
    let report = "query($id: ID!) { withdrawalReport(id: $id) { reason withdrawnBy isConfirmed checkedAt withdrawal { notice } \
        surfaces { surface had shown isConfirmed } fetchedBy { key firstAt lastAt } } }";
    assert!(desk.data(report, json!({ "id": id })).await["withdrawalReport"].is_null(), "it is not withdrawn");
    for _ in 0..100 {
        if app.database.numbers("SELECT count(*) FROM fetched").await == [2] {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    app.read(&[("gone", "2026-02-28T23:00:00Z", 2)]).await;
    desk.run("withdrawArticle", json!({ "id": id, "reason": "版权投诉", "notice": "应要求撤下" })).await;
    app.settled().await;
    let found = desk.data(report, json!({ "id": id })).await["withdrawalReport"].clone();
    assert_eq!((&found["isConfirmed"], &found["withdrawnBy"]), (&json!(true), &json!("wangmin 王敏")), "{found}");
    let rows = found["surfaces"].as_array().expect("a list");
    for row in rows {
        assert_eq!((&row["shown"], &row["isConfirmed"]), (&json!(0), &json!(true)), "{row}");
        assert!(row["had"].as_i64().is_some_and(|had| had > 0), "the article stood everywhere: {row}");
    }
    assert_eq!(rows.len(), 6);
    let fetched: Vec<String> = found["fetchedBy"].as_array().expect("a list").iter().map(|f| text(&f["key"])).collect();
    assert_eq!(fetched, ["合作网站"], "who asked for the site alone has not fetched it");
    // A report that could only say yes would prove nothing.
    app.database.execute("UPDATE article SET status = 'published' WHERE slug = 'gone'").await;
    let found = desk.data(report, json!({ "id": id })).await["withdrawalReport"].clone();
    assert_eq!(found["isConfirmed"], false, "{found}");
}
