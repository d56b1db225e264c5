//! What operators look at: health, readiness, counters, the schema's text, the playground's files.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::json;
use tidings::db::Backend;

use crate::app::TestApp;
use crate::client::send;
use crate::portal;
use crate::records::portal as portal_of;

#[tokio::test]
async fn health_says_that_the_process_runs() {
    let app = TestApp::with(&portal_of([])).await;
    let answer = app.get("/health").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["status"], "ok");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn ready_fails_when_the_database_does() {
    let app = TestApp::with(&portal_of([])).await;
    tokio::time::timeout(Duration::from_secs(30), app.search.reached(1)).await.expect("the index is built");
    let answer = app.get("/ready").await;
    let mut said = answer.json();
    assert_eq!(said["search"].take(), json!({ "status": "ok", "documents": 0, "behind": 0 }));
    said.as_object_mut().expect("an object").remove("search");
    assert_eq!(
        (answer.status, said),
        (200, json!({ "status": "ok", "database": "ok", "stopping": false, "schedule": { "overdue": 0, "lateSecs": 0 } }))
    );
    app.database.execute("DROP TABLE journal").await;
    let answer = app.get("/ready").await;
    assert_eq!((answer.status, &answer.json()["database"]), (503, &json!("unavailable")));
    assert_eq!(app.get("/health").await.status, 200);
}

#[tokio::test]
async fn metrics_are_open_metrics_and_count() {
    let app = TestApp::with(&portal::whole(3)).await;
    app.query("{ articles { nodes { id previous { id } } } }").await;
    app.ask("{ nothing }", json!({})).await;
    app.ask("{ site { id } article(by: {id: \"x\"}) { id } }", json!({})).await;
    app.get("/nowhere/that/is/known").await;
    let answer = app.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").is_some_and(|t| t.starts_with("application/openmetrics-text")));
    let text = answer.text();
    check_open_metrics(&text);
    for line in [
        "tidings_sql_statements_total 2",
        "tidings_sql_waves_total 2",
        "tidings_graphql_operations_total{outcome=\"ok\"} 1",
        "tidings_graphql_operations_total{outcome=\"refused\"} 1",
        "tidings_graphql_operations_total{outcome=\"partial\"} 1",
        "tidings_http_requests_total{route=\"other\",status=\"404\"} 1",
        "tidings_http_requests_in_flight 1",
        "tidings_database_pool_size 2",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    // The program looks at its journal twice a second, so a reader may be at work at this instant.
    let gauge = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)?.trim().parse::<u32>().ok());
    assert!(gauge("tidings_database_pool_busy ").is_some_and(|busy| busy <= 2), "{text}");
    assert!(!text.contains("/nowhere"), "labels are never a client's text");
}

/// Every line is a comment or `name{labels} value`, every metric has a type, and the text ends with `# EOF`
/// (OpenMetrics 1.0).
fn check_open_metrics(text: &str) {
    assert!(text.ends_with("# EOF\n"), "the text has an end");
    let mut families = HashSet::new();
    for line in text.lines() {
        if let Some(comment) = line.strip_prefix("# ") {
            if let Some(family) = comment.strip_prefix("TYPE ") {
                families.insert(family.split(' ').next().unwrap_or_default().to_owned());
            }
            assert!(comment == "EOF" || ["TYPE ", "HELP ", "UNIT "].iter().any(|k| comment.starts_with(k)), "{line}");
            continue;
        }
        let (name, value) = line.rsplit_once(' ').expect("name and value");
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let name = name.split('{').next().unwrap_or_default();
        assert!(name.starts_with("tidings_") && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_'), "{line}");
        let is_known = families.iter().any(|f| {
            name.strip_prefix(f.as_str())
                .is_some_and(|rest| ["", "_total", "_sum", "_count", "_bucket", "_created"].contains(&rest))
        });
        assert!(is_known, "{line} has no type");
    }
}

#[tokio::test]
async fn the_schema_is_served_with_a_tag() {
    let app = TestApp::with(&portal_of([])).await;
    let answer = app.get("/schema.graphql").await;
    assert_eq!(answer.status, 200);
    let tag = answer.header("etag").expect("a tag").to_owned();
    assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "weak, since the packed text has it too: {tag}");
    let opaque = tag.trim_start_matches("W/");
    for (known, status) in [
        (tag.clone(), 304),
        (opaque.to_owned(), 304),
        (format!("\"other\", {tag}"), 304),
        ("*".into(), 304),
        ("\"other\"".into(), 200),
    ] {
        let answer = send(app.address, "GET", "/schema.graphql", &[("if-none-match", &known)], b"").await;
        assert_eq!(answer.status, status, "{known}");
        assert_eq!(answer.header("etag"), Some(tag.as_str()), "{known}");
        assert_eq!(answer.body.is_empty(), status == 304, "{known}");
    }
}

#[tokio::test]
async fn the_schema_file_is_what_the_server_serves() {
    let app = TestApp::with(&portal_of([])).await;
    let served = app.get("/schema.graphql").await.text();
    let kept = include_str!("../../schema.graphql");
    assert_eq!(served.trim_end(), kept.trim_end(), "write it anew: cargo run -- schema > schema.graphql");
}

#[tokio::test]
async fn everything_in_the_schema_is_described() {
    let app = TestApp::with(&portal_of([])).await;
    let data = app
        .query("{ __schema { types { kind name description specifiedByURL fields { name description args { name description } } inputFields { name description } enumValues { name description } } } }")
        .await;
    let mut bare = Vec::new();
    // `ID` and the introspection types are the language's own.
    let own = |t: &&serde_json::Value| !t["name"].as_str().is_some_and(|n| n.starts_with("__") || n == "ID");
    let is_bare = |v: &serde_json::Value| v["description"].as_str().unwrap_or_default().is_empty();
    for kind in data["__schema"]["types"].as_array().expect("types").iter().filter(own) {
        let name = kind["name"].as_str().unwrap_or_default();
        if is_bare(kind) {
            bare.push(name.to_owned());
        }
        for list in ["fields", "inputFields", "enumValues"] {
            for part in kind[list].as_array().into_iter().flatten() {
                let path = format!("{name}.{}", part["name"].as_str().unwrap_or_default());
                bare.extend(is_bare(part).then(|| path.clone()));
                for argument in part["args"].as_array().into_iter().flatten().filter(|a| is_bare(a)) {
                    bare.push(format!("{path}({})", argument["name"].as_str().unwrap_or_default()));
                }
            }
        }
        if ["DateTime", "URL", "HTML"].contains(&name) {
            assert!(kind["specifiedByURL"].is_string(), "{name} says where its format is written down");
        }
    }
    assert!(bare.is_empty(), "without a description: {bare:#?}");
}

#[tokio::test]
async fn the_playground_is_one_page_with_long_lived_files() {
    let app = TestApp::with(&portal_of([])).await;
    let page = app.get("/playground").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(page.header("cache-control"), Some("no-cache"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
    assert!(!policy.contains("unsafe-eval"), "{policy}");
    assert!(!page.text().contains("https://"), "the page needs no other host");
    for path in ["/playground/nothing.js", "/playground/../Cargo.toml", "/playground/..%2f..%2fetc/passwd"] {
        assert_eq!(app.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn the_catalog_is_read_again_while_the_program_runs() {
    let app = TestApp::with(&portal_of([])).await;
    assert_eq!(app.query("{ channels { name } }").await["channels"].as_array().map(Vec::len), Some(1));
    app.database.fill(&[crate::records::channel("ocean").set("name", "海洋经济")]).await;
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if app.query("{ channels { name } }").await["channels"].as_array().map(Vec::len) == Some(2) {
            return;
        }
    }
    panic!("the new channel is not there after five seconds");
}

#[tokio::test]
async fn a_second_program_on_the_same_database_answers_too() {
    let app = TestApp::with(&portal::whole(5)).await;
    if app.database.backend == Backend::Sqlite {
        assert_eq!(
            app.database.sqlite().query_row("PRAGMA journal_mode", [], |row| row.get::<_, String>(0)).expect("a mode"),
            "wal"
        );
    }
    let db = app.database.open().await;
    assert_eq!(app.slugs("articles").await.len(), 5);
    db.close().await;
    assert_eq!(app.slugs("articles").await.len(), 5);
}
