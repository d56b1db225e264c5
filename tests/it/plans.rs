//! Every hot statement is read along an index: no plan scans a table or sorts one, on either database.

use std::fmt::Write;

use tidings::db::{self, Backend, ListKey, ListShape, Order, Param, Query, Scope, Visibility, Window};

use crate::app::{NOW, TestDatabase, millis};
use crate::portal;
use crate::records::{media, ndjson, tag};

/// So many that a planner that may choose chooses the index.
const COUNT: usize = 20_000;

/// One statement with its parameters.
struct Hot {
    name: String,
    sql: String,
    params: Vec<Param>,
}

fn hot<T>(all: &mut Vec<Hot>, backend: Backend, name: impl Into<String>, query: &Query<T>) {
    let (sql, params) = query.explainable(backend);
    all.push(Hot { name: name.into(), sql, params });
}

/// Every statement that answers readers, with parameters as they come.
fn statements(backend: Backend) -> Vec<Hot> {
    let seen = Visibility::public(millis(NOW));
    let mut all = Vec::new();
    let ids = vec![1, 500, 19_999];
    let texts = || vec![portal::name(3), portal::name(4_000)];
    hot(&mut all, backend, "articles_by_id", &db::articles_by_id(ids.clone(), seen));
    hot(&mut all, backend, "articles_by_slug", &db::articles_by_slug(texts(), seen));
    hot(&mut all, backend, "articles_by_legacy_id", &db::articles_by_legacy_id(texts(), seen));
    hot(&mut all, backend, "articles_by_address", &db::articles_by_address(vec!["old.example/news/1.html".into()], seen));
    hot(&mut all, backend, "cards_by_id", &db::cards_by_id(ids.clone(), seen));
    hot(&mut all, backend, "details", &db::details(ids.clone()));
    hot(&mut all, backend, "bodies", &db::bodies(ids.clone()));
    hot(&mut all, backend, "galleries", &db::galleries(ids.clone()));
    hot(&mut all, backend, "attachments", &db::attachments(ids.clone()));
    hot(&mut all, backend, "media_by_id", &db::media_by_id(ids.clone()));
    hot(&mut all, backend, "tags_by_id", &db::tags_by_id(ids));
    hot(&mut all, backend, "tags_by_slug", &db::tags_by_slug(texts()));
    hot(&mut all, backend, "tags_by_name", &db::tags_by_name(texts()));
    hot(&mut all, backend, "newest_journal_entry", &db::newest_journal_entry());
    hot(&mut all, backend, "one article", &db::articles_by_id(vec![7], seen));
    hot(&mut all, backend, "one card", &db::cards_by_id(vec![7], seen));
    hot(&mut all, backend, "one body", &db::bodies(vec![7]));
    hot(&mut all, backend, "one ranking", &db::ranked(&[(Scope::Site, Window::All)], 10, seen));
    hot(&mut all, backend, "one rank", &db::ranks(&[(Scope::Site, Window::All, 5)]));
    hot(&mut all, backend, "one article's related", &db::related(&[(700, 3)], 8, seen));
    hot(&mut all, backend, "one article's neighbours", &db::neighbours(&[(Scope::ChannelOnly(2), millis(NOW), 700)], seen));
    let rankings = [(Scope::Site, Window::Week), (Scope::Channel(2), Window::All)];
    hot(&mut all, backend, "ranked", &db::ranked(&rankings, 10, seen));
    hot(&mut all, backend, "ranks", &db::ranks(&[(Scope::Site, Window::Week, 5), (Scope::Channel(2), Window::All, 9)]));
    hot(&mut all, backend, "related", &db::related(&[(1, 2), (700, 3)], 8, seen));
    let middle = millis("2026-01-30T00:00:00Z");
    let places = [(Scope::ChannelOnly(2), middle, 700), (Scope::ChannelOnly(3), middle, 800)];
    hot(&mut all, backend, "neighbours", &db::neighbours(&places, seen));
    for order in [Order::Newest, Order::MostRead] {
        for backward in [false, true] {
            for has_cover in [None, Some(true), Some(false)] {
                for extra in 0..=3 {
                    let shape = ListShape { order, backward, has_cover, extra };
                    let key = |scope: Scope, from: Option<(i64, i64)>| ListKey {
                        shape,
                        limit: 21,
                        scope,
                        extra: [Scope::Channel(2), Scope::Source(1), Scope::Tag(2)][..extra].to_vec(),
                        from,
                        low: i64::MIN,
                        high: seen.now,
                    };
                    let place = if order == Order::Newest { (middle, 700) } else { (500, 700) };
                    let keys = [key(Scope::Site, None), key(Scope::Channel(3), Some(place)), key(Scope::Topic(1), Some(place))];
                    hot(&mut all, backend, format!("lists {shape:?}"), &db::lists(&keys, seen));
                    hot(&mut all, backend, format!("one list {shape:?}"), &db::lists(&keys[1..2], seen));
                    if order == Order::Newest && !backward {
                        hot(&mut all, backend, format!("counts {shape:?}"), &db::counts(&keys, seen));
                        hot(&mut all, backend, format!("one count {shape:?}"), &db::counts(&keys[1..2], seen));
                    }
                }
            }
        }
    }
    all
}

/// A database of [`COUNT`] articles, with its planner's statistics.
async fn database() -> TestDatabase {
    let database = TestDatabase::new().await;
    let mut lines = ndjson(&portal::nouns());
    // Small tables too must be large enough that a scan is not the cheaper way.
    let many = |i: usize| [tag(&format!("more-{i}")), media(&format!("more-{i}"))];
    lines += &ndjson(&(0..3_000).flat_map(many).collect::<Vec<_>>());
    for chunk in 0..COUNT / 1_000 {
        let records: Vec<_> = (chunk * 1_000..(chunk + 1) * 1_000)
            .map(|i| {
                portal::nth(i)
                    .set(
                        "cover",
                        if i % 2 == 0 { serde_json::json!(format!("more-{}", i % 3_000)) } else { serde_json::Value::Null },
                    )
                    .set("gallery", serde_json::json!([{ "media": "more-1" }, { "media": "more-2" }]))
                    .set("attachments", serde_json::json!([{ "name": "清单.pdf", "url": "/list.pdf" }]))
                    .set("legacyId", format!("legacy-{i}"))
                    .set("oldUrls", serde_json::json!([format!("/old/{i}.html")]))
            })
            .collect();
        lines += &ndjson(&records);
    }
    let (summary, problems) = database.import(lines).await;
    assert!(problems.is_empty() && summary.created >= COUNT as u64, "{problems:?}");
    database.execute("ANALYZE").await;
    database
}

#[tokio::test]
async fn hot_statements_neither_scan_nor_sort_a_table() {
    let database = database().await;
    let all = statements(database.backend);
    assert!(all.len() > 60);
    let found = match database.backend {
        Backend::Sqlite => sqlite(&database, &all),
        Backend::Postgres => postgres(&database, &all).await,
    };
    assert!(found.is_empty(), "{} of {} statements:\n\n{}", found.len(), all.len(), found.join("\n\n"));
}

/// Statements whose plan has a step that is not allowed, with the plan.
fn sqlite(database: &TestDatabase, all: &[Hot]) -> Vec<String> {
    let connection = database.sqlite();
    let mut found = Vec::new();
    for hot in all {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {}", hot.sql)).expect("a statement");
        for (i, param) in hot.params.iter().enumerate() {
            statement.raw_bind_parameter(i + 1, param).expect("a parameter");
        }
        let mut rows = statement.raw_query();
        let mut plan = String::new();
        let mut is_bad = false;
        while let Some(row) = rows.next().expect("a row") {
            let step: String = row.get(3).expect("a text");
            is_bad |= is_bad_step(&step);
            let _ = writeln!(plan, "  {step}");
        }
        if is_bad {
            found.push(format!("{}\n{}\n{plan}", hot.name, hot.sql));
        }
    }
    found
}

/// Keys come as one JSON text and are read from end to end; everything else must be searched, and nothing sorted.
fn is_bad_step(step: &str) -> bool {
    let is_scan_of_rows = step.strip_prefix("SCAN ").is_some_and(|rest| {
        let table = rest.split([' ', '-']).next().unwrap_or_default();
        // `j`: the end of the journal's own key, one row.
        !["json_each", "k", "j", "(subquery"].contains(&table)
    });
    is_scan_of_rows || step.contains("USE TEMP B-TREE") || step.contains("AUTOMATIC")
}

async fn postgres(database: &TestDatabase, all: &[Hot]) -> Vec<String> {
    let client = database.postgres().await;
    // As in the program's own sessions: plans under other settings say nothing.
    client.batch_execute(db::POSTGRES_READER_SETTINGS).await.expect("settings");
    let mut found = Vec::new();
    for (number, hot) in all.iter().enumerate() {
        let (types, values) = literals(&hot.params);
        let types = if types.is_empty() { String::new() } else { format!("({types})") };
        let values = if values.is_empty() { String::new() } else { format!("({values})") };
        client.batch_execute(&format!("PREPARE p{number} {types} AS {}", hot.sql)).await.expect("a statement");
        let rows = client.simple_query(&format!("EXPLAIN EXECUTE p{number} {values}")).await.expect("a plan");
        let mut plan = String::new();
        for row in rows {
            if let tokio_postgres::SimpleQueryMessage::Row(row) = row {
                let _ = writeln!(plan, "{}", row.get(0).unwrap_or_default());
            }
        }
        if plan.contains("Seq Scan") || plan.contains("Sort") {
            found.push(format!("{}\n{}\n{plan}", hot.name, hot.sql));
        }
    }
    found
}

/// Types and values of parameters in PostgreSQL's own spelling.
fn literals(params: &[Param]) -> (String, String) {
    let (mut types, mut values) = (Vec::new(), Vec::new());
    let ints = |list: &[i64]| format!("ARRAY[{}]::bigint[]", list.iter().map(|n| format!("({n})")).collect::<Vec<_>>().join(","));
    let int = |n: i64| if n == i64::MIN { "(-9223372036854775807 - 1)".to_owned() } else { format!("({n})") };
    for param in params {
        match param {
            Param::Int(n) => {
                types.push("bigint");
                values.push(int(*n));
            }
            Param::Ints(list) => {
                types.push("bigint[]");
                values.push(ints(list));
            }
            Param::Texts(list) => {
                types.push("text[]");
                let quoted: Vec<String> = list.iter().map(|t| format!("'{}'", t.replace('\'', "''"))).collect();
                values.push(format!("ARRAY[{}]::text[]", quoted.join(",")));
            }
            Param::Keys(columns) => {
                for column in columns {
                    types.push("bigint[]");
                    let list: Vec<String> = column.iter().map(|n| int(*n)).collect();
                    values.push(format!("ARRAY[{}]::bigint[]", list.join(",")));
                }
            }
        }
    }
    (types.join(", "), values.join(", "))
}

#[test]
fn the_check_knows_bad_steps() {
    for bad in [
        "SCAN a",
        "SCAN article",
        "SCAN l USING INDEX listing_scope",
        "USE TEMP B-TREE FOR ORDER BY",
        "SCAN r",
        "SEARCH a USING AUTOMATIC COVERING INDEX (id=?)",
    ] {
        assert!(is_bad_step(bad), "{bad}");
    }
    for good in [
        "SCAN json_each VIRTUAL TABLE INDEX 1:",
        "SCAN k",
        "SEARCH a USING INTEGER PRIMARY KEY (rowid=?)",
        "CORRELATED SCALAR SUBQUERY 2",
        "SCAN (subquery-3)",
    ] {
        assert!(!is_bad_step(good), "{good}");
    }
}
