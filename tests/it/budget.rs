//! The reference operations keep to their budgets of SQL statements, whatever the size of their lists, and the number
//! is for operators alone.

use serde_json::{Value, json};

use crate::app::{TOKEN, TestApp};
use crate::portal::{self, CHANNELS};

pub const ARTICLE_PAGE: &str = include_str!("../operations/ArticlePage.graphql");
pub const HOME_PAGE: &str = include_str!("../operations/HomePage.graphql");
pub const CHANNEL_PAGE: &str = include_str!("../operations/ChannelPage.graphql");

/// The operation with `first: size` wherever it says how many.
fn sized(operation: &str, size: usize) -> String {
    let mut parts = operation.split("first: ");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text += &format!("first: {size}{}", part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    text
}

async fn big_portal() -> TestApp {
    TestApp::configured(&portal::whole(1_200), |config| config.graphql.max_cost = 1_000_000).await
}

#[tokio::test]
async fn article_page_runs_at_most_eight_statements() {
    let app = big_portal().await;
    for size in [1, 10, 50] {
        for article in [0, 600, 1_199] {
            let by = json!({ "by": { "slug": portal::name(article) } });
            let (statements, data) = app.statements(&sized(ARTICLE_PAGE, size), by).await;
            assert!(statements <= 8, "{statements} statements with first: {size}");
            let article = &data["article"];
            assert_eq!(article["related"].as_array().map(Vec::len), Some(size));
            assert_eq!(article["channel"]["ranking"]["entries"].as_array().map(Vec::len), Some(size));
            assert_eq!(article["channel"]["recommendedNews"]["items"].as_array().map(Vec::len), Some(size));
        }
    }
}

#[tokio::test]
async fn article_page_has_everything() {
    let app = big_portal().await;
    let (_, data) = app.statements(ARTICLE_PAGE, json!({ "by": { "slug": portal::name(77) } })).await;
    assert_eq!(data["site"]["navigation"].as_array().map(Vec::len), Some(8));
    assert_eq!(data["site"]["pages"].as_array().map(Vec::len), Some(2));
    let article = &data["article"];
    assert_eq!(article["breadcrumbs"].as_array().map(Vec::len), Some(1));
    assert_eq!(article["tags"].as_array().map(Vec::len), Some(2));
    assert_eq!(article["topics"][0]["title"], "氢能示范这一年");
    assert_eq!(article["authors"][0]["name"], "沈岚洲");
    assert_eq!(article["source"]["licence"], "CC-BY-4.0");
    assert!(article["body"]["html"].as_str().is_some_and(|html| html.starts_with("<p>项目历时")));
    assert!(article["previous"]["id"].is_string() && article["next"]["id"].is_string());
}

#[tokio::test]
async fn home_page_runs_at_most_six_statements() {
    let app = big_portal().await;
    let mut ids = Vec::new();
    for (slug, _) in CHANNELS {
        ids.push(app.id("channel", slug).await);
    }
    for size in [1, 10, 50] {
        let (statements, data) = app.statements(&sized(HOME_PAGE, size), json!({ "channels": ids })).await;
        assert!(statements <= 6, "{statements} statements with first: {size}");
        let columns = data["channels"].as_array().expect("a list");
        assert_eq!(columns.len(), 8);
        assert!(columns.iter().all(|c| c["articles"]["nodes"].as_array().map(Vec::len) == Some(size)));
    }
}

#[tokio::test]
async fn channel_page_runs_at_most_four_statements_on_any_page() {
    let app = big_portal().await;
    for size in [1, 10, 50] {
        let operation = sized(CHANNEL_PAGE, size);
        let mut counts = Vec::new();
        let mut after = Value::Null;
        loop {
            let variables = json!({ "by": { "slug": "qingyu" }, "after": after });
            let (statements, data) = app.statements(&operation, variables).await;
            assert!(statements <= 4, "{statements} statements with first: {size}");
            counts.push(statements);
            let page = &data["channel"]["articles"]["pageInfo"];
            after = page["endCursor"].clone();
            if page["hasNextPage"] != true || counts.len() == 40 {
                break;
            }
        }
        assert!(counts.len() > 1);
        // A page of one article may have no cover to look up.
        assert!(size == 1 || counts.windows(2).all(|pair| pair[0] == pair[1]), "{counts:?}");
    }
}

#[tokio::test]
async fn batches_cost_the_same_for_a_few_rows_and_for_a_hundred() {
    let app = big_portal().await;
    let everything = "query($n: Int!) { articles(first: $n) { totalCount nodes { body { text } gallery { media { url } }
        attachments { url } previous { id } next { id } rank related(first: 3) { article { cover { url } } } cover { url }
        subtitle language channels { name } topics { title cover { url } } authors { name articles(first: 2) { nodes { title } } }
        channel { articles(first: 2) { totalCount nodes { id } } ranking(first: 3) { entries { rank } } }
        tags { name articles(first: 2) { nodes { title } } } } } }";
    let (few, _) = app.statements(everything, json!({ "n": 14 })).await;
    let (many, _) = app.statements(everything, json!({ "n": 100 })).await;
    assert_eq!(few, many, "the number of statements does not depend on the number of rows");
}

#[tokio::test]
async fn the_number_of_statements_is_for_operators() {
    let app = TestApp::with(&portal::whole(3)).await;
    let body = json!({ "query": "{ articles { nodes { id } } }", "extensions": { "statements": true } });
    for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", TOKEN)]] {
        let answer = app.post(&body, headers).await.json();
        assert!(answer["extensions"].get("statements").is_none(), "{answer}");
    }
    let token = format!("Bearer {TOKEN}");
    let answer = app.post(&body, &[("authorization", &token)]).await.json();
    assert_eq!(answer["extensions"]["statements"], json!({ "statements": 1, "waves": 1 }));
    let plain = json!({ "query": "{ articles { nodes { id } } }" });
    assert!(app.post(&plain, &[("authorization", &token)]).await.json().get("extensions").is_none());
}

#[tokio::test]
async fn nobody_sees_the_number_of_statements_where_no_token_is_set() {
    let app = TestApp::configured(&portal::whole(1), |config| config.operator.token.clear()).await;
    let body = json!({ "query": "{ articles { nodes { id } } }", "extensions": { "statements": true } });
    for token in ["Bearer ", "Bearer", ""] {
        let answer = app.post(&body, &[("authorization", token)]).await.json();
        assert!(answer.get("extensions").is_none(), "{answer}");
    }
}
