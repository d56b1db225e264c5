//! How many SQL statements the three reference operations run: a number that depends on their shape alone.

use serde_json::{Value, json};

use super::app::{TestApp, article, channel, media, site, source};

const ARTICLE_PAGE: &str = include_str!("../operations/ArticlePage.graphql");
const HOME_PAGE: &str = include_str!("../operations/HomePage.graphql");
const CHANNEL_PAGE: &str = include_str!("../operations/ChannelPage.graphql");

/// Eight channels of forty articles with everything a page shows.
pub fn portal() -> Vec<Value> {
    let mut records = vec![site(), source("s1")];
    records.extend((0..8).map(|c| channel(&format!("c{c}"), None)));
    records.extend((0..320).map(|i| media(&format!("m{i}"))));
    for i in 0..320 {
        let more = json!({
            "cover": format!("m{i}"), "source": "s1", "tags": ["氢能", format!("标签{}", i % 7), format!("标签{}", i % 11)],
            "body": "<p>正文第一句。第二句。</p>", "viewCount": i * 7 % 1000,
        });
        records.push(article(&format!("a{i}"), &format!("c{}", i % 8), i + 1, more));
    }
    let items: Vec<Value> = (0..40).map(|i| json!({ "article": format!("a{i}") })).collect();
    for slot in ["picture-stories", "recommended-news"] {
        records.push(json!({ "kind": "placement", "externalId": slot, "slot": slot, "items": items }));
    }
    records
}

async fn channel_ids(app: &TestApp) -> Vec<Value> {
    let data = app.data("{ channels { id } }").await;
    data["channels"].as_array().expect("a list").iter().map(|c| c["id"].clone()).collect()
}

#[tokio::test]
async fn reference_operations_keep_their_budgets_whatever_first_is() {
    let app = TestApp::new(&portal()).await;
    let ids = channel_ids(&app).await;
    let mut seen = Vec::new();
    for first in [1, 10, 50] {
        let sized = |text: &str| {
            let mut text = text.to_owned();
            for size in [6, 8, 10, 20] {
                text = text
                    .replace(&format!("first: {size})"), &format!("first: {first})"))
                    .replace(&format!("first: {size},"), &format!("first: {first},"));
            }
            text
        };
        let page = sized(ARTICLE_PAGE);
        assert!(page.contains(&format!("first: {first}")), "the operation says `first`");
        let (data, article) = app.ask(&page, json!({ "by": { "slug": "a100" } })).await;
        assert_eq!(data["article"]["related"].as_array().map(Vec::len), Some(first));
        let (data, home) = app.ask(&sized(HOME_PAGE), json!({ "channels": ids })).await;
        assert_eq!(data["channels"].as_array().map(Vec::len), Some(8));
        let (data, list) = app.ask(&sized(CHANNEL_PAGE), json!({ "by": { "slug": "c3" } })).await;
        assert_eq!(data["channel"]["articles"]["nodes"].as_array().map(Vec::len), Some(first.min(40)));
        assert!(article <= 8, "ArticlePage ran {article} statements");
        assert!(home <= 6, "HomePage ran {home} statements");
        assert!(list <= 4, "ChannelPage ran {list} statements");
        seen.push((article, home, list));
    }
    assert!(seen.iter().all(|s| *s == seen[0]), "{seen:?}");
    app.close().await;
}

#[tokio::test]
async fn a_deep_page_runs_what_the_first_page_runs() {
    let app = TestApp::new(&portal()).await;
    let query = "query($after: String) { channel(by: {slug: \"c1\"}) { articles(first: 5, after: $after) { nodes { id cover { url } tags { name } } pageInfo { endCursor hasNextPage } } } }";
    let mut after = Value::Null;
    let mut counts = Vec::new();
    loop {
        let (data, statements) = app.ask(query, json!({ "after": after })).await;
        counts.push(statements);
        let info = &data["channel"]["articles"]["pageInfo"];
        if info["hasNextPage"] == false {
            break;
        }
        after = info["endCursor"].clone();
    }
    assert_eq!(counts.len(), 8);
    assert!(counts.iter().all(|c| *c == 2), "{counts:?}");
    app.close().await;
}

#[tokio::test]
async fn only_operators_see_statement_counts() {
    let app = TestApp::new(&[site()]).await;
    let body = json!({ "query": "{ site { name } }", "extensions": { "statements": true } }).to_string();
    let json = ("content-type", "application/json");
    for token in [None, Some("Bearer wrong"), Some("Bearer operator-of-the-test")] {
        let headers: Vec<(&str, &str)> = [Some(json), token.map(|t| ("authorization", t))].into_iter().flatten().collect();
        let answer = super::client::send(app.address, "POST", "/graphql", &headers, body.as_bytes()).await.json();
        assert_eq!(answer, json!({ "data": { "site": { "name": "海岬科技资讯" } } }));
    }
    app.close().await;
}

#[tokio::test]
async fn connections_nested_under_lists_are_batched() {
    let app = TestApp::new(&portal()).await;
    let query = "{ articles(first: 30) { nodes { tags { articles(first: 3) { nodes { id channel { articles(first: 2) { nodes { id } } } } } } related(first: 4) { article { id } } body { text } } } }";
    let (_, statements) = app.ask(query, json!({})).await;
    // The list; bodies, related, lists of tags; lists of channels.
    assert_eq!(statements, 5);
    app.close().await;
}
