//! Lists: pages in both directions, filters, orders, cursors, blocks that do not repeat each other.

use serde_json::{Value, json};

use super::app::{TestApp, article, channel, media, site, source, strings};

/// Sixty articles in two channels, some at the same minute, with views that repeat.
fn portal() -> Vec<Value> {
    let mut records = vec![
        site(),
        source("s0"),
        source("s1"),
        channel("root", None),
        channel("x", Some("root")),
        channel("y", Some("root")),
        media("m"),
    ];
    records.push(json!({ "kind": "topic", "externalId": "t", "slug": "t", "title": "专题" }));
    for i in 0..60 {
        let mut more = json!({ "viewCount": i % 5, "source": format!("s{}", i % 2), "tags": [format!("t{}", i % 3)] });
        if i % 4 == 0 {
            more["cover"] = "m".into();
        }
        if i % 6 == 0 {
            more["topics"] = json!(["t"]);
        }
        let home = ["root", "x", "y"][i % 3];
        records.push(article(&format!("a{i}"), home, (i / 3) as i64 + 1, more));
    }
    records
}

async fn walk(app: &TestApp, order: &str, size: usize, is_forward: bool) -> Vec<String> {
    let (count, place, more, end) = if is_forward {
        ("first", "after", "hasNextPage", "endCursor")
    } else {
        ("last", "before", "hasPreviousPage", "startCursor")
    };
    let query = format!(
        "query($p: String) {{ articles(orderBy: {order}, {count}: {size}, {place}: $p) {{ edges {{ cursor node {{ slug }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
    );
    let mut at = Value::Null;
    let mut pages: Vec<Vec<String>> = Vec::new();
    loop {
        let (data, _) = app.ask(&query, json!({ "p": at })).await;
        let list = &data["articles"];
        pages.push(strings(&list["edges"], "node.slug"));
        let back = if is_forward { "hasPreviousPage" } else { "hasNextPage" };
        assert_eq!(list["pageInfo"][back], json!(pages.len() > 1));
        if list["pageInfo"][more] == false {
            break;
        }
        at = list["pageInfo"][end].clone();
        assert!(pages.len() < 100, "it never ends");
    }
    if !is_forward {
        pages.reverse();
    }
    pages.concat()
}

#[tokio::test]
async fn pages_joined_are_the_whole_in_both_directions() {
    let app = TestApp::new(&portal()).await;
    for order in ["NEWEST", "MOST_READ"] {
        let whole = strings(
            &app.data(&format!("{{ articles(orderBy: {order}, first: 100) {{ nodes {{ slug }} }} }}")).await["articles"]["nodes"],
            "slug",
        );
        assert_eq!(whole.len(), 60);
        for size in [1, 7, 20, 60] {
            assert_eq!(walk(&app, order, size, true).await, whole, "{order} forward by {size}");
            assert_eq!(walk(&app, order, size, false).await, whole, "{order} backward by {size}");
        }
    }
    app.close().await;
}

#[tokio::test]
async fn every_filter_alone_and_together() {
    let app = TestApp::new(&portal()).await;
    let ids = app
        .data("{ root: channel(by: {slug: \"root\"}) { id } x: channel(by: {slug: \"x\"}) { id } tag(by: {name: \"t1\"}) { id } source(by: {slug: \"s1\"}) { id } topic(by: {slug: \"t\"}) { id } }")
        .await;
    type Test = fn(usize) -> bool;
    let conditions: Vec<(String, Test)> = vec![
        (format!("channel: {}", ids["root"]["id"]), |_| true),
        (format!("channel: {}, includeSubchannels: false", ids["root"]["id"]), |i| i % 3 == 0),
        (format!("channel: {}", ids["x"]["id"]), |i| i % 3 == 1),
        (format!("tag: {}", ids["tag"]["id"]), |i| i % 3 == 1),
        (format!("source: {}", ids["source"]["id"]), |i| i % 2 == 1),
        (format!("topic: {}", ids["topic"]["id"]), |i| i % 6 == 0),
        ("hasCover: true".into(), |i| i % 4 == 0),
        ("hasCover: false".into(), |i| i % 4 != 0),
        ("publishedFrom: \"2026-05-17T19:50:00+08:00\"".into(), |i| i / 3 < 10),
        ("publishedTo: \"2026-05-17T11:50:00Z\"".into(), |i| i / 3 >= 9),
    ];
    for (a, (first, holds_a)) in conditions.iter().enumerate() {
        for (second, holds_b) in conditions.iter().skip(a) {
            let is_same_field = first != second && first.split(':').next() == second.split(':').next();
            if is_same_field {
                continue;
            }
            let filter = if first == second { first.clone() } else { format!("{first}, {second}") };
            let expected: Vec<usize> = (0..60).filter(|i| holds_a(*i) && holds_b(*i)).collect();
            for order in ["NEWEST", "MOST_READ"] {
                let data = app.data(&format!("{{ articles(filter: {{{filter}}}, orderBy: {order}, first: 100) {{ totalCount nodes {{ slug viewCount }} }} }}")).await;
                let mut found: Vec<usize> =
                    strings(&data["articles"]["nodes"], "slug").iter().map(|s| s[1..].parse().expect("a number")).collect();
                found.sort_unstable();
                assert_eq!(found, expected, "{filter} {order}");
                assert_eq!(data["articles"]["totalCount"], expected.len(), "{filter}");
            }
        }
    }
    app.close().await;
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = TestApp::new(&portal()).await;
    let ids = app.data("{ articles(first: 1) { nodes { id } pageInfo { endCursor } } tag(by: {name: \"t1\"}) { id } }").await;
    let cursor = &ids["articles"]["pageInfo"]["endCursor"];
    let wrong = [
        ("articles(first: 0) { nodes { id } }".to_owned(), "first"),
        ("articles(first: 101) { nodes { id } }".into(), "first"),
        ("articles(first: -1) { nodes { id } }".into(), "first"),
        ("articles(last: 0) { nodes { id } }".into(), "last"),
        ("articles(first: 1, last: 1) { nodes { id } }".into(), "last"),
        ("articles(first: 1, after: \"nonsense\") { nodes { id } }".into(), "after"),
        ("articles(first: 1, before: \"x\") { nodes { id } }".into(), "before"),
        (format!("articles(orderBy: MOST_READ, after: {cursor}) {{ nodes {{ id }} }}"), "after"),
        (format!("articles(filter: {{hasCover: true}}, after: {cursor}) {{ nodes {{ id }} }}"), "after"),
        (format!("articles(filter: {{channel: {}}}) {{ nodes {{ id }} }}", ids["tag"]["id"]), "filter.channel"),
        ("articles(filter: {tag: \"nonsense\"}) { nodes { id } }".into(), "filter.tag"),
        ("ranking(first: 500) { window }".into(), "first"),
        ("channels(ids: [\"x\"]) { id }".into(), "ids"),
    ];
    for (query, field) in wrong {
        let body = app.fails(&format!("{{ {query} }}")).await;
        assert_eq!(body["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{query}: {body}");
        assert_eq!(body["errors"][0]["extensions"]["field"], field, "{query}");
    }
    app.close().await;
}

#[tokio::test]
async fn blocks_of_a_group_do_not_repeat_each_other() {
    let mut records = portal();
    let items: Vec<Value> = (0..20).map(|i| json!({ "article": format!("a{i}") })).collect();
    records.push(json!({ "kind": "placement", "externalId": "p", "slot": "p", "items": items }));
    let app = TestApp::new(&records).await;
    let query = |group: &str| {
        format!(
            "{{ one: placement(slot: \"p\", first: 6{group}) {{ items {{ article {{ slug }} }} }} two: articles(first: 10{group}) {{ nodes {{ slug }} }} \
             three: articles(orderBy: NEWEST, first: 10{group}) {{ nodes {{ slug }} }} four: ranking(window: ALL, first: 10{group}) {{ entries {{ article {{ slug }} }} }} \
             five: article(by: {{slug: \"a59\"}}) {{ related(first: 5{group}) {{ article {{ slug }} }} }} }}"
        )
    };
    let free = app.data(&query("")).await;
    assert_eq!(strings(&free["two"]["nodes"], "slug"), strings(&free["three"]["nodes"], "slug"));
    let data = app.data(&query(", unique: \"page\"")).await;
    let blocks = [
        strings(&data["one"]["items"], "article.slug"),
        strings(&data["two"]["nodes"], "slug"),
        strings(&data["three"]["nodes"], "slug"),
        strings(&data["four"]["entries"], "article.slug"),
        strings(&data["five"]["related"], "article.slug"),
    ];
    // The first block shows what it would show alone; the later ones are full all the same.
    assert_eq!(blocks[0], strings(&free["one"]["items"], "article.slug"));
    assert_eq!(blocks.iter().map(Vec::len).collect::<Vec<_>>(), [6, 10, 10, 10, 5]);
    let all: Vec<&String> = blocks.iter().flatten().collect();
    let different: std::collections::HashSet<&&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "{blocks:?}");
    app.close().await;
}
