//! The reference operations keep to their budgets of SQL statements, whatever the size of their lists, and the number
//! is for operators alone.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::app::{OPERATOR, TOKEN, TestApp};
use crate::portal::{self, CHANNELS};
use crate::records::Record;

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

/// A portal whose articles have covers all, so that what must be looked up for one must be for every one.
async fn big_portal() -> TestApp {
    let picture = |record: Record| if record.get("kind") == "article" { record.set("cover", "picture-1") } else { record };
    let records: Vec<Record> = portal::whole(1_200).into_iter().map(picture).collect();
    let app = TestApp::configured(&records, |config| config.graphql.max_cost = 1_000_000).await;
    app.related().await;
    app
}

#[tokio::test]
async fn article_page_runs_at_most_eight_statements() {
    let app = big_portal().await;
    for (is_read, size) in [(false, 1), (false, 10), (false, 40), (true, 1), (true, 10), (true, 40)] {
        if is_read && size == 1 {
            let names: Vec<String> = (0..1_200).map(portal::name).collect();
            let reads: Vec<(&str, &str, usize)> = names.iter().map(|name| (name.as_str(), "2026-02-28T23:00:00Z", 2)).collect();
            app.read(&reads).await;
        }
        for article in [0, 600, 1_199] {
            let by = json!({ "by": { "slug": portal::name(article) } });
            let (statements, data) = app.statements(&sized(ARTICLE_PAGE, size), by).await;
            // More related items than are stored are filled up from the channel, which is one statement more.
            let filled = i64::from(size > 16);
            assert_eq!(statements, 5 + filled, "with first: {size}, read: {is_read}; the budget is 8");
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
    let mut counts = HashSet::new();
    for size in [1, 10, 50] {
        let (statements, data) = app.statements(&sized(HOME_PAGE, size), json!({ "channels": ids })).await;
        assert!(statements <= 3, "{statements} statements with first: {size}; the budget is 6");
        counts.insert(statements);
        let columns = data["channels"].as_array().expect("a list");
        assert_eq!(columns.len(), 8);
        assert!(columns.iter().all(|c| c["articles"]["nodes"].as_array().map(Vec::len) == Some(size)));
    }
    assert_eq!(counts.len(), 1, "whatever the size: {counts:?}");
}

#[tokio::test]
async fn channel_page_runs_at_most_four_statements_on_any_page() {
    let app = big_portal().await;
    let mut counts = HashSet::new();
    for size in [1, 10, 50] {
        let operation = sized(CHANNEL_PAGE, size);
        let mut pages = 0;
        let mut after = Value::Null;
        loop {
            let variables = json!({ "by": { "slug": "qingyu" }, "after": after });
            let (statements, data) = app.statements(&operation, variables).await;
            assert!(statements <= 1, "{statements} statements with first: {size}; the budget is 4");
            counts.insert(statements);
            pages += 1;
            let page = &data["channel"]["articles"]["pageInfo"];
            after = page["endCursor"].clone();
            if page["hasNextPage"] != true || pages == 40 {
                break;
            }
        }
        assert!(pages > 1);
    }
    assert_eq!(counts.len(), 1, "whatever the size, however deep: {counts:?}");
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
async fn lists_below_lists_are_read_at_once() {
    let app = big_portal().await;
    let query = "{ articles(first: 30) { nodes { tags { articles(first: 3) { nodes { id channel { articles(first: 2) { nodes { id } } } } } }
        related(first: 4) { article { id } } body { text } } } }";
    let (statements, _) = app.statements(query, json!({})).await;
    // The list; bodies, related, the tags' lists; the channels' lists.
    assert_eq!(statements, 5);
}

#[tokio::test]
async fn a_list_is_counted_once_whatever_its_blocks_show() {
    let app = TestApp::with(&portal::whole(30)).await;
    let query =
        "{ a: articles(first: 3) { totalCount nodes { cover { url } } } b: articles(first: 3) { totalCount nodes { id } } }";
    let (statements, data) = app.statements(query, json!({})).await;
    assert_eq!((&data["a"]["totalCount"], &data["b"]["totalCount"]), (&json!(30), &json!(30)));
    assert_eq!(statements, 3, "two lists, one count");
}

#[tokio::test]
async fn the_number_of_statements_is_for_operators() {
    let app = TestApp::with(&portal::whole(3)).await;
    let body = json!({ "query": "{ articles { nodes { id } } }", "extensions": { "statements": true } });
    let (short, long) = (format!("Bearer {}", &TOKEN[..TOKEN.len() - 1]), format!("Bearer {TOKEN}s"));
    for token in ["", "Bearer wrong", TOKEN, &short, &long] {
        let headers = [("authorization", token)];
        let answer = app.post(&body, &headers[usize::from(token.is_empty())..]).await.json();
        assert!(answer["extensions"].get("statements").is_none(), "{answer}");
    }
    let answer = app.post(&body, &[OPERATOR]).await.json();
    assert_eq!(answer["extensions"]["statements"], json!({ "statements": 1, "waves": 1, "writes": 0 }));
    let plain = json!({ "query": "{ articles { nodes { id } } }" });
    assert!(app.post(&plain, &[OPERATOR]).await.json().get("extensions").is_none());
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
