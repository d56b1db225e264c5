//! Lists of articles: pages joined are the whole, filters let through what a naive search finds, wrong arguments are
//! named.

use serde_json::{Value, json};

use crate::app::{TestApp, millis, texts};
use crate::portal::{self, TAGS};
use crate::records::Record;

/// Rows that one answer can hold.
const COUNT: usize = 96;

async fn app() -> TestApp {
    TestApp::configured(&portal::whole(COUNT), |config| config.graphql.max_cost = 10_000_000).await
}

/// The slugs of `articles` in order; ids follow the order of the lines.
fn sorted(articles: &[(usize, Record)], order: &str) -> Vec<String> {
    let mut articles: Vec<&(usize, Record)> = articles.iter().collect();
    let place = |(number, article): &&(usize, Record)| match order {
        "NEWEST" => (millis(article.get("publishedAt").as_str().unwrap_or_default()), *number),
        _ => (article.get("viewCount").as_i64().unwrap_or_default(), *number),
    };
    articles.sort_by_key(place);
    articles.iter().rev().map(|(_, article)| article.name().to_owned()).collect()
}

fn everything() -> Vec<(usize, Record)> {
    (0..COUNT).map(|i| (i, portal::nth(i))).collect()
}

const PAGE: &str =
    "nodes { slug } edges { cursor node { slug } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount";

/// Reads a list page by page; checks what each says about itself.
async fn walk(app: &TestApp, order: &str, size: usize, forward: bool) -> Vec<String> {
    let (count, place) = if forward { ("first", "after") } else { ("last", "before") };
    let query = format!("query($c: String) {{ list: articles(orderBy: {order}, {count}: {size}, {place}: $c) {{ {PAGE} }} }}");
    let (mut joined, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let list = app.data(&query, json!({ "c": cursor })).await["list"].clone();
        let page = texts(&list["nodes"], "slug");
        let edges = list["edges"].as_array().expect("edges");
        assert_eq!(edges.iter().map(|e| e["node"]["slug"].as_str().unwrap_or_default()).collect::<Vec<_>>(), page);
        let info = &list["pageInfo"];
        assert_eq!(info["startCursor"], edges.first().map_or(Value::Null, |e| e["cursor"].clone()));
        assert_eq!(info["endCursor"], edges.last().map_or(Value::Null, |e| e["cursor"].clone()));
        assert_eq!(list["totalCount"], COUNT);
        let (more, behind) = if forward { ("hasNextPage", "hasPreviousPage") } else { ("hasPreviousPage", "hasNextPage") };
        assert_eq!(info[behind], json!(!cursor.is_null()), "{info}");
        if forward {
            joined.extend(page);
            cursor = info["endCursor"].clone();
        } else {
            joined.splice(0..0, page);
            cursor = info["startCursor"].clone();
        }
        assert_eq!(info[more], json!(joined.len() < COUNT), "{info}");
        if joined.len() >= COUNT {
            return joined;
        }
    }
}

#[tokio::test]
async fn pages_joined_are_the_whole() {
    let app = app().await;
    for order in ["NEWEST", "MOST_READ"] {
        let whole = sorted(&everything(), order);
        for size in [1, 5, 32, 100] {
            for forward in [true, false] {
                assert_eq!(walk(&app, order, size, forward).await, whole, "{order} {size} {forward}");
            }
        }
    }
}

#[tokio::test]
async fn a_page_after_the_last_is_empty() {
    let app = app().await;
    let last = app.query("{ articles(last: 1) { pageInfo { endCursor } } }").await["articles"]["pageInfo"]["endCursor"].clone();
    let query = format!("query($c: String) {{ articles(first: 5, after: $c) {{ {PAGE} }} }}");
    let page = app.data(&query, json!({ "c": last })).await["articles"].clone();
    assert_eq!(page["nodes"], json!([]));
    let info = json!({ "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": null });
    assert_eq!(page["pageInfo"], info);
}

#[tokio::test]
async fn an_article_that_comes_in_meanwhile_moves_no_page() {
    let mut app = app().await;
    let first = app.query("{ articles(first: 10) { nodes { slug } pageInfo { endCursor } } }").await;
    let newest = portal::nth(COUNT).set("publishedAt", "2026-02-28T00:00:00Z");
    app.import(&[newest]).await;
    let query = "query($c: String) { articles(first: 10, after: $c) { nodes { slug } } }";
    let second = app.data(query, json!({ "c": first["articles"]["pageInfo"]["endCursor"] })).await;
    let joined = [texts(&first["articles"]["nodes"], "slug"), texts(&second["articles"]["nodes"], "slug")].concat();
    assert_eq!(joined, sorted(&everything(), "NEWEST")[..20]);
}

/// One condition as the API writes it, and as a naive search does.
type Condition = (String, Box<dyn Fn(&Record) -> bool>);

fn holds(list: &Value, name: &str) -> bool {
    list.as_array().is_some_and(|l| l.iter().any(|v| v == name))
}

fn channels_of(article: &Record) -> Vec<String> {
    let mut names: Vec<String> = article.get("channel").as_str().map(str::to_owned).into_iter().collect();
    names.extend(article.get("channels").as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)));
    names
}

async fn conditions(app: &TestApp) -> Vec<Vec<Condition>> {
    let none = || -> Condition { (String::new(), Box::new(|_| true)) };
    let mut channels = vec![none()];
    for (slug, with_below) in
        [("hydrogen", true), ("hydrogen", false), ("hydrogen-below", true), ("qingyu", true), ("qingyu", false)]
    {
        let id = app.id("channel", slug).await;
        let text =
            if with_below { format!("channel: \"{id}\" ") } else { format!("channel: \"{id}\" includeSubchannels: false ") };
        let is_in = move |a: &Record| channels_of(a).iter().any(|c| c == slug || (with_below && *c == format!("{slug}-below")));
        channels.push((text, Box::new(is_in)));
    }
    let (tag, source) = (app.id("tag", "tag-3").await, app.id("source", "source-1").await);
    let topic = app.id("topic", "hydrogen-year").await;
    let author = app.query("{ articles(first: 100) { nodes { authors { id } } } }").await;
    let author = author["articles"]["nodes"].as_array().expect("a list").iter().find_map(|n| n["authors"][0]["id"].as_str());
    let author = author.expect("an author").to_owned();
    let (from, to) = (portal::nth(60), portal::nth(20));
    let (from, to) = (from.get("publishedAt").clone(), to.get("publishedAt").clone());
    let (from_ms, to_ms) = (millis(from.as_str().unwrap_or_default()), millis(to.as_str().unwrap_or_default()));
    let at = |a: &Record| millis(a.get("publishedAt").as_str().unwrap_or_default());
    vec![
        channels,
        vec![none(), (format!("tag: \"{tag}\" "), Box::new(|a| holds(a.get("tags"), TAGS[3])))],
        vec![none(), (format!("source: \"{source}\" "), Box::new(|a| a.get("source") == "source-1"))],
        vec![none(), (format!("topic: \"{topic}\" "), Box::new(|a| holds(a.get("topics"), "hydrogen-year")))],
        vec![none(), (format!("author: \"{author}\" "), Box::new(|a| holds(a.get("authors"), "shen-lanzhou")))],
        vec![
            none(),
            ("hasCover: true ".into(), Box::new(|a| a.get("cover").is_string())),
            ("hasCover: false ".into(), Box::new(|a| a.get("cover").is_null())),
        ],
        vec![
            none(),
            (format!("publishedFrom: {from} "), Box::new(move |a| at(a) >= from_ms)),
            (format!("publishedFrom: {from} publishedTo: {to} "), Box::new(move |a| at(a) >= from_ms && at(a) <= to_ms)),
            (format!("publishedTo: {to} "), Box::new(move |a| at(a) <= to_ms)),
        ],
    ]
}

/// Every choice of one entry from each list.
fn choices(lists: &[Vec<Condition>]) -> Vec<Vec<&Condition>> {
    let Some((first, rest)) = lists.split_first() else { return vec![Vec::new()] };
    let tails = choices(rest);
    first.iter().flat_map(|c| tails.iter().map(move |tail| std::iter::once(c).chain(tail.iter().copied()).collect())).collect()
}

#[tokio::test]
async fn filters_let_through_what_a_naive_search_finds() {
    let app = app().await;
    let lists = conditions(&app).await;
    let articles = everything();
    let combinations = choices(&lists);
    let mut hits = 0;
    for chunk in combinations.chunks(25) {
        let mut query = String::from("{ ");
        for (i, choice) in chunk.iter().enumerate() {
            let filter: String = choice.iter().map(|c| c.0.as_str()).collect();
            for order in ["NEWEST", "MOST_READ"] {
                query += &format!(
                    "{order}{i}: articles(first: 100, orderBy: {order}, filter: {{ {filter} }}) {{ totalCount nodes {{ slug }} }} "
                );
            }
        }
        let data = app.query(&(query + "}")).await;
        for (i, choice) in chunk.iter().enumerate() {
            let wanted: Vec<(usize, Record)> = articles.iter().filter(|(_, a)| choice.iter().all(|c| c.1(a))).cloned().collect();
            hits += wanted.len();
            let filter: String = choice.iter().map(|c| c.0.as_str()).collect();
            for order in ["NEWEST", "MOST_READ"] {
                let found = &data[format!("{order}{i}")];
                assert_eq!(texts(&found["nodes"], "slug"), sorted(&wanted, order), "{order} {filter}");
                assert_eq!(found["totalCount"], wanted.len(), "{filter}");
            }
        }
    }
    assert!(hits > 1_000, "the portal is rich enough: {hits}");
}

#[tokio::test]
async fn filtered_lists_have_pages_in_both_directions() {
    let app = app().await;
    let (channel, tag) = (app.id("channel", "qingyu").await, app.id("tag", "tag-3").await);
    for filter in [
        format!("channel: \"{channel}\""),
        format!("tag: \"{tag}\" hasCover: true"),
        format!("channel: \"{channel}\" tag: \"{tag}\""),
    ] {
        for order in ["NEWEST", "MOST_READ"] {
            let list = format!("orderBy: {order}, filter: {{ {filter} }}");
            let whole = app.slugs(&format!("articles({list}, first: 100)")).await;
            for (count, place, edge) in [("first", "after", "endCursor"), ("last", "before", "startCursor")] {
                let query = format!(
                    "query($c: String) {{ l: articles({list}, {count}: 2, {place}: $c) {{ nodes {{ slug }} pageInfo {{ {edge} }} }} }}"
                );
                let (mut joined, mut cursor) = (Vec::new(), Value::Null);
                while joined.len() < whole.len() {
                    let page = app.data(&query, json!({ "c": cursor })).await["l"].clone();
                    let slugs = texts(&page["nodes"], "slug");
                    assert!(!slugs.is_empty(), "{filter} {order} {count}: {joined:?}");
                    if count == "first" {
                        joined.extend(slugs)
                    } else {
                        drop(joined.splice(0..0, slugs))
                    }
                    cursor = page["pageInfo"][edge].clone();
                }
                assert_eq!(joined, whole, "{filter} {order} {count}");
            }
        }
    }
}

#[tokio::test]
async fn lists_of_things_are_lists_with_a_filter() {
    let app = app().await;
    for (root, field, slug) in [
        ("channel", "channel", "ocean"),
        ("tag", "tag", "tag-5"),
        ("source", "source", "source-2"),
        ("topic", "topic", "hydrogen-year"),
    ] {
        let id = app.id(root, slug).await;
        let query = format!(
            "{{ own: {root}(by: {{id: \"{id}\"}}) {{ articles(first: 100) {{ totalCount nodes {{ slug }} }} }}
               all: articles(first: 100, filter: {{ {field}: \"{id}\" }}) {{ totalCount nodes {{ slug }} }} }}"
        );
        let data = app.query(&query).await;
        assert_eq!(data["own"]["articles"], data["all"], "{root}");
        assert!(data["all"]["totalCount"].as_i64().is_some_and(|n| n > 3), "{root}: {}", data["all"]["totalCount"]);
    }
    let (channel, tag) = (app.id("channel", "ocean").await, app.id("tag", "tag-3").await);
    let both = app.slugs(&format!("articles(first: 100, filter: {{channel: \"{channel}\", tag: \"{tag}\"}})")).await;
    let query = format!(
        "{{ channel(by: {{id: \"{channel}\"}}) {{ articles(first: 100, filter: {{tag: \"{tag}\"}}) {{ nodes {{ slug }} }} }} }}"
    );
    assert_eq!(texts(&app.query(&query).await["channel"]["articles"]["nodes"], "slug"), both);
    let query = format!(
        "{{ channel(by: {{id: \"{channel}\"}}) {{ articles(first: 100, includeSubchannels: false) {{ nodes {{ slug }} }} }} }}"
    );
    let only = app.slugs(&format!("articles(first: 100, filter: {{channel: \"{channel}\", includeSubchannels: false}})")).await;
    assert_eq!(texts(&app.query(&query).await["channel"]["articles"]["nodes"], "slug"), only);
}

#[tokio::test]
async fn the_default_page_has_twenty_rows() {
    let app = app().await;
    assert_eq!(app.slugs("articles").await, sorted(&everything(), "NEWEST")[..20]);
    assert_eq!(app.slugs("articles(filter: {})").await.len(), 20);
    assert_eq!(app.slugs("articles(first: null, after: null, filter: null, unique: null)").await.len(), 20);
}

#[tokio::test]
async fn wrong_arguments_are_named() {
    let app = app().await;
    let newest =
        app.query("{ articles(first: 1) { pageInfo { endCursor } } }").await["articles"]["pageInfo"]["endCursor"].clone();
    let channel = app.id("channel", "ocean").await;
    let (site, article) = {
        let data = app.query("{ site { id } articles(first: 1) { nodes { id } } }").await;
        (
            data["site"]["id"].as_str().unwrap_or_default().to_owned(),
            data["articles"]["nodes"][0]["id"].as_str().unwrap_or_default().to_owned(),
        )
    };
    for (arguments, field) in [
        ("first: 0".to_owned(), "first"),
        ("first: 101".into(), "first"),
        ("first: -1".into(), "first"),
        ("last: 0".into(), "last"),
        ("last: 101".into(), "last"),
        ("first: 5, last: 5".into(), "last"),
        (format!("last: 5, after: {newest}"), "after"),
        (format!("first: 5, before: {newest}"), "before"),
        (format!("before: {newest}"), "before"),
        (format!("first: 5, after: {newest}, before: {newest}"), "before"),
        ("after: \"\"".into(), "after"),
        ("after: \"nonsense\"".into(), "after"),
        ("after: \"首批加氢站\"".into(), "after"),
        ("last: 3, before: \"QUJD\"".into(), "before"),
        (format!("after: {newest}, orderBy: MOST_READ"), "after"),
        (format!("after: {newest}, filter: {{hasCover: true}}"), "after"),
        (format!("after: {newest}, filter: {{channel: \"{channel}\"}}"), "after"),
        (format!("after: \"{}\"", newest.as_str().unwrap_or_default().to_lowercase()), "after"),
        (format!("filter: {{channel: \"{site}\"}}"), "filter.channel"),
        (format!("filter: {{tag: \"{channel}\"}}"), "filter.tag"),
        (format!("filter: {{source: \"{article}\"}}"), "filter.source"),
        (format!("filter: {{topic: \"{channel}\"}}"), "filter.topic"),
        (format!("filter: {{author: \"{channel}\"}}"), "filter.author"),
        ("filter: {channel: \"\"}".into(), "filter.channel"),
        ("filter: {tag: \"nonsense\"}".into(), "filter.tag"),
    ] {
        let answer = app.post(&json!({ "query": format!("{{ articles({arguments}) {{ nodes {{ id }} }} }}") }), &[]).await;
        let answer = answer.json();
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(
            (&extensions["code"], &extensions["field"]),
            (&json!("BAD_USER_INPUT"), &json!(field)),
            "{arguments}\n{answer}"
        );
        assert_eq!(answer["errors"][0]["path"], json!(["articles"]), "{answer}");
        assert!(answer["errors"][0]["message"].as_str().is_some_and(|m| m.starts_with(field)), "{answer}");
    }
}

#[tokio::test]
async fn wrong_types_of_arguments_are_refused_before_anything_runs() {
    let app = app().await;
    for arguments in [
        "first: \"5\"",
        "first: 5.5",
        "first: 99999999999",
        "first: true",
        "after: 7",
        "orderBy: OLDEST",
        "filter: []",
        "filter: {colour: \"red\"}",
        "filter: {hasCover: \"yes\"}",
        "filter: {publishedFrom: \"yesterday\"}",
        "filter: {publishedFrom: \"2026-02-30T00:00:00Z\"}",
        "filter: {publishedFrom: \"2026-02-01\"}",
        "filter: {publishedFrom: 1769904000}",
    ] {
        let answer = app.post(&json!({ "query": format!("{{ articles({arguments}) {{ nodes {{ id }} }} }}") }), &[]).await;
        assert!((400..500).contains(&answer.status) || answer.status == 294, "{arguments}: {}", answer.status);
        assert!(
            ["GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT", "TOO_LARGE"].contains(&answer.code().as_str()),
            "{arguments}: {}",
            answer.text()
        );
    }
}

#[tokio::test]
async fn spans_of_time_at_the_ends_of_calendars_are_no_crash() {
    let app = app().await;
    for filter in [
        "publishedFrom: \"0001-01-01T00:00:00Z\"",
        "publishedTo: \"9999-12-31T23:59:59Z\"",
        "publishedFrom: \"2026-02-01T00:00:00Z\", publishedTo: \"2020-01-01T00:00:00Z\"",
        "publishedFrom: \"2026-02-01T08:00:00+08:00\"",
    ] {
        for order in ["NEWEST", "MOST_READ"] {
            for count in ["first", "last"] {
                app.slugs(&format!("articles({count}: 5, orderBy: {order}, filter: {{ {filter} }})")).await;
            }
        }
    }
    assert_eq!(app.slugs("articles(filter: {publishedFrom: \"2026-02-01T08:00:00+08:00\"})").await.len(), 3, "offsets are read");
}

#[tokio::test]
async fn lists_of_nothing_are_empty() {
    let app = TestApp::with(&[]).await;
    let data = app.query(&format!("{{ articles {{ {PAGE} }} channels {{ id }} ranking {{ entries {{ rank }} }} placement(slot: \"a\") {{ items {{ label }} }} site {{ name navigation {{ label }} }} }}")).await;
    assert_eq!(data["articles"]["totalCount"], 0);
    assert_eq!(data["articles"]["nodes"], json!([]));
    assert_eq!(data["articles"]["pageInfo"]["hasNextPage"], false);
    assert_eq!(data["ranking"]["entries"], json!([]));
    assert_eq!(data["placement"]["items"], json!([]));
}
