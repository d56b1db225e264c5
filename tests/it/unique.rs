//! Blocks of one operation that were asked not to repeat each other.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::portal;

/// The slugs of each block, in the order of the answer.
fn blocks(data: &Value) -> Vec<(String, Vec<String>)> {
    fn slugs(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(map) => {
                found.extend(map.get("slug").and_then(Value::as_str).map(str::to_owned));
                map.iter().filter(|(key, _)| *key != "slug").for_each(|(_, value)| slugs(value, found));
            }
            Value::Array(list) => list.iter().for_each(|value| slugs(value, found)),
            _ => {}
        }
    }
    let block = |(name, value): (&String, &Value)| {
        let mut found = Vec::new();
        slugs(value, &mut found);
        (name.clone(), found)
    };
    data.as_object().expect("blocks").iter().map(block).collect()
}

const LISTS: [(&str, &str); 5] = [
    ("a", "placement(slot: \"recommended-news\", first: 6, unique: \"home\") { items { article { slug } } }"),
    ("b", "articles(first: 10, unique: \"home\") { nodes { slug } }"),
    ("c", "ranking(window: ALL, first: 10, unique: \"home\") { entries { article { slug } } }"),
    ("d", "articles(first: 8, orderBy: MOST_READ, unique: \"home\") { nodes { slug } }"),
    ("e", "placement(slot: \"picture-stories\", first: 5, unique: \"home\") { items { article { slug } } }"),
];

const SIZES: [usize; 5] = [6, 10, 10, 8, 5];

#[tokio::test]
async fn no_article_stands_in_two_blocks_and_all_are_full() {
    let app = TestApp::with(&portal::whole(300)).await;
    let orders: [[usize; 5]; 4] = [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [1, 3, 0, 2, 4]];
    for order in orders {
        let query: String = order.iter().map(|i| format!("{}: {} ", LISTS[*i].0, LISTS[*i].1)).collect();
        let data = app.query(&format!("{{ {query} }}")).await;
        let mut seen = HashSet::new();
        for i in order {
            let name = LISTS[i].0;
            let (_, slugs) = blocks(&json!({ name: data[name] })).remove(0);
            assert_eq!(slugs.len(), SIZES[i], "{name} is full in {order:?}");
            // Each block shows the first of its own list that no block before it in the document shows.
            let alone = LISTS[i].1.replace(&format!("first: {}", SIZES[i]), "first: 60").replace(", unique: \"home\"", "");
            let alone = app.query(&format!("{{ {name}: {alone} }}")).await;
            let (_, whole) = blocks(&alone).remove(0);
            let expected: Vec<String> = whole.into_iter().filter(|s| !seen.contains(s)).take(SIZES[i]).collect();
            assert_eq!(slugs, expected, "{name} in {order:?}");
            seen.extend(slugs);
        }
    }
}

#[tokio::test]
async fn groups_and_blocks_without_one_do_not_touch_each_other() {
    let app = TestApp::with(&portal::whole(60)).await;
    let data = app
        .query(
            "{ a: articles(first: 5, unique: \"one\") { nodes { slug } } b: articles(first: 5, unique: \"two\") { nodes { slug } }
               c: articles(first: 5) { nodes { slug } } d: articles(first: 5, unique: \"one\") { nodes { slug } } }",
        )
        .await;
    let found = blocks(&data);
    let of = |name: &str| found.iter().find(|(n, _)| n == name).map(|(_, slugs)| slugs.clone()).expect("a block");
    assert_eq!(of("a"), of("b"));
    assert_eq!(of("a"), of("c"));
    assert_eq!(of("d"), app.slugs("articles(first: 10)").await[5..]);
}

#[tokio::test]
async fn blocks_below_channels_and_articles_take_part() {
    let app = TestApp::configured(&portal::whole(300), |config| config.graphql.max_cost = 1_000_000).await;
    let query = "{ channels { articles(first: 5, unique: \"u\") { nodes { slug } } }
        parks: channels(kind: CHANNEL) { placement(slot: \"picture-stories\", first: 3, unique: \"u\") { items { article { slug } } } }
        lead: articles(first: 2) { nodes { related(first: 4, unique: \"u\") { article { slug } } } } }";
    let data = app.query(query).await;
    let mut all = Vec::new();
    for (name, slugs) in blocks(&data) {
        assert!(!slugs.is_empty(), "{name}");
        all.extend(slugs);
    }
    let distinct: HashSet<&String> = all.iter().collect();
    assert_eq!(distinct.len(), all.len(), "no article twice among {}", all.len());
}

#[tokio::test]
async fn a_block_that_fails_does_not_hold_up_the_others() {
    let app = TestApp::with(&portal::whole(30)).await;
    let query = "{ x: article(by: {slug: \"article-000000\"}) { related(first: 500, unique: \"u\") { reason } }
        b: articles(first: 5, unique: \"u\") { nodes { slug } } }";
    let answer = tokio::time::timeout(std::time::Duration::from_secs(10), app.ask(query, json!({})))
        .await
        .expect("it does not wait for ever");
    assert_eq!(answer["data"]["x"], Value::Null, "{answer}");
    assert_eq!(answer["data"]["b"]["nodes"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_short_list_shows_what_is_left() {
    let app = TestApp::with(&portal::whole(7)).await;
    let data = app
        .query(
            "{ a: articles(first: 5, unique: \"u\") { nodes { slug } pageInfo { hasNextPage } } b: articles(first: 5, unique: \"u\") { nodes { slug } pageInfo { hasNextPage } }
               c: articles(first: 5, unique: \"u\") { nodes { slug } pageInfo { hasNextPage endCursor } totalCount } }",
        )
        .await;
    let sizes: Vec<usize> = blocks(&data).iter().map(|(_, slugs)| slugs.len()).collect();
    assert_eq!(sizes, [5, 2, 0]);
    assert_eq!(data["c"]["totalCount"], 7, "the count is that of the list");
    assert_eq!((&data["b"]["pageInfo"]["hasNextPage"], &data["c"]["pageInfo"]["hasNextPage"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn a_slot_or_ranking_of_which_nothing_is_left_falls_back() {
    let app = TestApp::with(&portal::whole(300)).await;
    let data = app
        .query(
            "{ a: placement(slot: \"recommended-news\", first: 100, unique: \"p\") { items { article { slug } } }
               b: placement(slot: \"recommended-news\", first: 5, unique: \"p\") { items { article { slug } } } }",
        )
        .await;
    let found = blocks(&data);
    assert_eq!(found[1].1.len(), 5, "{data}");
    assert!(found[1].1.iter().all(|slug| !found[0].1.contains(slug)));
    let data = app
        .query(
            "{ all: ranking(window: ALL, first: 100) { entries { article { slug } } }
               a: channel(by: {slug: \"qingyu\"}) { ranking(window: ALL, first: 100, unique: \"r\") { entries { article { slug } } } }
               b: channel(by: {slug: \"qingyu\"}) { ranking(window: ALL, first: 5, unique: \"r\") { isFallback channel { id } entries { article { slug } } } } }",
        )
        .await;
    assert_eq!(data["b"]["ranking"]["isFallback"], true, "{data}");
    assert_eq!(data["b"]["ranking"]["entries"].as_array().map(Vec::len), Some(5));
}

#[tokio::test]
async fn a_block_written_twice_under_one_key_is_one_block() {
    let app = TestApp::with(&portal::whole(30)).await;
    let query =
        "{ articles(first: 3, unique: \"u\") { nodes { slug } } ...More b: articles(first: 3, unique: \"u\") { nodes { slug } } }
        fragment More on Query { articles(first: 3, unique: \"u\") { nodes { title } } }";
    let data = app.query(query).await;
    let titles = app.query("{ articles(first: 20) { nodes { slug title } } }").await;
    let nodes = data["articles"]["nodes"].as_array().expect("a list");
    assert!(
        nodes.iter().all(|n| titles["articles"]["nodes"].as_array().is_some_and(|all| all.contains(n))),
        "slug and title of one article: {data}"
    );
    let whole = app.slugs("articles(first: 6)").await;
    let (a, b): (Vec<_>, Vec<_>) = (
        data["articles"]["nodes"].as_array().cloned().unwrap_or_default(),
        data["b"]["nodes"].as_array().cloned().unwrap_or_default(),
    );
    let slugs: Vec<&str> = a.iter().chain(&b).filter_map(|n| n["slug"].as_str()).collect();
    assert_eq!(slugs, whole);
}
