//! What a stranger may ask for: documents and JSON of any shape are answered at once, with a clear refusal beyond the
//! limits, and the server goes on answering.

use std::fmt::Write;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::app::TestApp;
use crate::budget::{ARTICLE_PAGE, CHANNEL_PAGE, HOME_PAGE};
use crate::client::Answer;
use crate::portal::{self, CHANNELS};
use crate::records::{article, portal as portal_of};

const DEEP: usize = 100_000;

async fn small() -> TestApp {
    TestApp::with(&portal_of([article("hydrogen")])).await
}

async fn refused(app: &TestApp, body: &[u8], what: &str) -> Answer {
    let started = Instant::now();
    let answer = app.post_bytes(body).await;
    assert!(started.elapsed() < Duration::from_secs(30), "{what}: it took {:?}", started.elapsed());
    assert!((400..500).contains(&answer.status), "{what}: {} {}", answer.status, answer.text());
    assert!(answer.body.len() < 2_000, "{what}: a refusal is short, not {} bytes", answer.body.len());
    assert!(!answer.code().is_empty(), "{what}");
    answer
}

async fn alive(app: &TestApp) {
    assert_eq!(app.get("/health").await.status, 200, "the server goes on");
}

#[tokio::test]
async fn documents_nested_deep_are_refused() {
    let app = small().await;
    let close = |open: &str, end: &str| format!("{}{}", open.repeat(DEEP), end.repeat(DEEP));
    for (what, query) in [
        ("braces", "{".repeat(DEEP)),
        ("selections", close("{a", "}")),
        ("inline fragments", close("{...", "}")),
        ("lists", format!("{{ articles(filter: {}) {{ nodes {{ id }} }} }}", close("[", "]"))),
        ("objects", format!("{{ articles(filter: {}1{}) {{ nodes {{ id }} }} }}", "{a:".repeat(DEEP), "}".repeat(DEEP))),
        ("types", format!("query($a: {}Int{}) {{ site {{ id }} }}", "[".repeat(DEEP), "]".repeat(DEEP))),
        ("parentheses", close("(", ")")),
        ("directives", format!("{{ site {} {{ id }} }}", "@include(if: true) ".repeat(4_000))),
    ] {
        refused(&app, json!({ "query": query }).to_string().as_bytes(), what).await;
        let short: String = query.chars().take(20_000).collect();
        refused(&app, json!({ "query": short }).to_string().as_bytes(), &format!("{what}, in a document of allowed length"))
            .await;
    }
    alive(&app).await;
}

#[tokio::test]
async fn json_nested_deep_is_refused() {
    let app = small().await;
    let query = "query($filter: ArticleFilter) { articles(filter: $filter) { nodes { id } } }";
    for (open, end) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(DEEP), end.repeat(DEEP));
        for body in [
            deep.clone(),
            open.repeat(DEEP),
            format!("{{\"query\":{},\"variables\":{{\"filter\":{deep}}}}}", json!(query)),
            format!("{{\"query\":{},\"extensions\":{{\"x\":{deep}}}}}", json!(query)),
        ] {
            refused(&app, body.as_bytes(), "deep JSON").await;
        }
        // Where nobody reads it, too, and whether it ends or not.
        for deep in [&deep, &open.repeat(DEEP)] {
            let unknown = format!("{{\"query\":\"{{ site {{ id }} }}\",\"unknown\":{deep}}}");
            let answer = refused(&app, unknown.as_bytes(), "deep JSON under an unknown key").await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "TOO_LARGE"));
        }
        let level = 120;
        let shallow = format!("{}1{}", open.repeat(level), end.repeat(level));
        let body = format!("{{\"query\":{},\"variables\":{{\"filter\":{shallow}}}}}", json!(query));
        refused(&app, body.as_bytes(), "a variable as deep as JSON may be").await;
    }
    let variables = format!("/graphql?query=%7Bsite%7Bid%7D%7D&variables={}", "[".repeat(30_000));
    let answer = app.get(&variables).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
    alive(&app).await;
}

#[tokio::test]
async fn tokens_of_a_megabyte_are_refused() {
    let app = small().await;
    let long = "a".repeat((1 << 20) - 200);
    for query in [
        format!("{{ {long} }}"),
        format!("{{ article(by: {{slug: \"{long}\"}}) {{ id }} }}"),
        format!("{{ article(by: {{slug: \"\"\"{long}\"\"\"}}) {{ id }} }}"),
        format!("{{ articles(first: {}) {{ nodes {{ id }} }} }}", "9".repeat((1 << 20) - 200)),
        format!("{{ site {{ id }} }} # {long}"),
        format!("{}{{ site {{ id }} }}", " ".repeat((1 << 20) - 200)),
    ] {
        refused(&app, json!({ "query": query }).to_string().as_bytes(), "a long token").await;
    }
    // Numbers and names that fit, but nothing that reads them.
    for query in [
        format!("{{ {} }}", "a ".repeat(40_000)),
        format!("{{ articles(first: {}) {{ nodes {{ id }} }} }}", "9".repeat(50_000)),
        format!("{{ articles(first: 1e{}) {{ nodes {{ id }} }} }}", "9".repeat(400)),
        format!("{{ {} }}", "b".repeat(100_000)),
    ] {
        refused(&app, json!({ "query": query }).to_string().as_bytes(), "a senseless token").await;
    }
    alive(&app).await;
}

#[tokio::test]
async fn long_values_of_variables_find_nothing() {
    let app = small().await;
    let long = "氢".repeat(300_000);
    let query = "query($slug: String!) { article(by: {slug: $slug}) { id } tag(by: {name: $slug}) { id } }";
    let data = app.data(query, json!({ "slug": long })).await;
    assert_eq!(data, json!({ "article": null, "tag": null }));
    alive(&app).await;
}

#[tokio::test]
async fn each_limit_names_what_is_too_much() {
    let app = TestApp::with(&portal::whole(10)).await;
    let fields = |count: usize| {
        let mut text = String::from("{ site { ");
        for i in 0..count {
            let _ = write!(text, "{}", ["name ", "url ", "id "][i % 3]);
        }
        text + "} }"
    };
    let aliases = |count: usize| {
        let mut text = String::from("{ ");
        for i in 0..count {
            let _ = write!(text, "a{i}: site {{ id }} ");
        }
        text + "}"
    };
    let deep = |levels: usize| format!("{{ {} id {} }}", "channels { children {".repeat(levels), "} }".repeat(levels));
    let wide = "{ articles(first: 100) { nodes { related(first: 100) { article { id title } } } } }".to_owned();
    let directives = |count: usize| format!("{{ {} }}", "... @include(if: true) { site { id } } ".repeat(count));
    for (query, word) in [
        (fields(2_100), "fields"),
        (aliases(101), "aliases"),
        (deep(9), "levels"),
        (wide, "cost"),
        (directives(101), "directives"),
        ("{ channels(ids: [".to_owned() + &"\"QwE\", ".repeat(101) + "]) { id } }", "100"),
    ] {
        let answer = app.post(&json!({ "query": query }), &[]).await;
        let message = answer.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(word), "{word}: {message}");
        assert!(answer.status != 400 || answer.json().get("data").is_none(), "{word}: nothing was run");
        let code = answer.code();
        assert!(code == "TOO_LARGE" || code == "BAD_USER_INPUT", "{code}");
    }
    for query in [fields(1_900), aliases(100), deep(1), directives(90)] {
        let answer = app.ask(&query, json!({})).await;
        assert!(answer.get("errors").is_none(), "{answer}");
    }
}

#[tokio::test]
async fn sizes_in_variables_and_defaults_count_too() {
    let app = TestApp::with(&portal::whole(10)).await;
    let body = "articles(first: $n) { nodes { related(first: $n) { article { id title summary } } } }";
    for (query, variables) in [
        (format!("query($n: Int!) {{ {body} }}"), json!({ "n": 100 })),
        (format!("query($n: Int! = 100) {{ {body} }}"), json!({})),
        (format!("query($n: Int) {{ ...A }} fragment A on Query {{ {body} }}"), json!({ "n": 100 })),
    ] {
        let answer = app.post(&json!({ "query": query, "variables": variables }), &[]).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "TOO_LARGE"), "{query}");
    }
}

#[tokio::test]
async fn fragments_that_explode_or_circle_are_refused_at_once() {
    let app = small().await;
    let mut laughs = String::from("{ ...f0 }");
    for i in 0..60 {
        let _ = write!(laughs, " fragment f{i} on Query {{ ...f{} ...f{} }}", i + 1, i + 1);
    }
    laughs += " fragment f60 on Query { site { id } }";
    let mut chain = String::from("{ ...f0 }");
    for i in 0..1_500 {
        let _ = write!(chain, " fragment f{i} on Query {{ ...f{} }}", i + 1);
    }
    chain += " fragment f1500 on Query { site { id } }";
    let nested = {
        let mut text = String::from("{ site { ...g0 } }");
        for i in 0..40 {
            let _ = write!(
                text,
                " fragment g{i} on Site {{ navigation {{ items {{ url }} }} ...g{} ... on Site {{ ...g{} }} }}",
                i + 1,
                i + 1
            );
        }
        text + " fragment g40 on Site { id }"
    };
    for (what, query) in [
        ("billion laughs", laughs),
        ("a long chain", chain),
        ("nested laughs", nested),
        ("a circle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".into()),
        ("itself", "{ ...a } fragment a on Query { site { id } ...a }".into()),
        ("a circle nobody uses", "{ site { id } } fragment a on Query { ...b } fragment b on Query { ...a }".into()),
        ("a circle below a field", "{ channels { ...c } } fragment c on Channel { children { ...c } }".into()),
        ("an unknown fragment", "{ ...nowhere }".into()),
    ] {
        refused(&app, json!({ "query": query }).to_string().as_bytes(), what).await;
    }
    alive(&app).await;
}

#[tokio::test]
async fn overlapping_fields_are_checked_in_bounded_time() {
    let app = small().await;
    let mut same = String::from("{ site { ");
    for _ in 0..1_900 {
        same += "name ";
    }
    let answer = app.post(&json!({ "query": same + "} }" }), &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let started = Instant::now();
    let mut many = String::from("{ ");
    for _ in 0..150 {
        many += "site { navigation { items { items { label } } } pages { slug } } ";
    }
    let answer = app.post(&json!({ "query": many + "}" }), &[]).await;
    assert!(matches!(answer.status, 200 | 400), "{}", answer.status);
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    let conflict = app.post(&json!({ "query": "{ site { a: name a: url } }" }), &[]).await;
    assert_eq!(conflict.status, 400, "{}", conflict.text());
}

#[tokio::test]
async fn real_pages_are_well_within_the_limits() {
    let app = TestApp::with(&portal::whole(200)).await;
    let introspection = "{ __schema { types { name fields { name args { name type { name ofType { name ofType { name } } } }
        type { name kind ofType { name ofType { name ofType { name } } } } } enumValues { name } inputFields { name } } directives { name } } }";
    let home = "{ a: articles(first: 10) { nodes { id title tags { name } source { name } cover { url } } }
        b: channels { id name articles(first: 20) { totalCount nodes { id title summary cover { url } tags { name } } } }
        c: ranking(first: 50) { entries { rank article { id title url } } } }";
    for query in [introspection, home] {
        app.query(query).await;
    }
    let mut ids = Vec::new();
    for (slug, _) in CHANNELS {
        ids.push(app.id("channel", slug).await);
    }
    app.data(HOME_PAGE, json!({ "channels": ids })).await;
    app.data(ARTICLE_PAGE, json!({ "by": { "slug": portal::name(7) } })).await;
    app.data(CHANNEL_PAGE, json!({ "by": { "slug": CHANNELS[0].0 } })).await;
}

#[tokio::test]
async fn what_stands_once_is_counted_once() {
    let app = small().await;
    let query = "{ articles(first: 20) { totalCount pageInfo { endCursor } nodes { id } } }";
    let answer = app.post(&json!({ "query": query, "extensions": { "cost": true } }), &[]).await.json();
    let cost = answer["extensions"]["cost"]["cost"].as_u64().expect("a cost");
    assert!((70..=200).contains(&cost), "a count of 50 points, twenty rows and one page info cost {cost}");
}
