//! Every hot statement is read along an index: its plan has no scan of a table and no sort.

use serde_json::json;
use tidings::clock::Clock;
use tidings::db::{self, Backend, ListKey, ListShape, Order, Query, Scope, Visibility, Window};

use super::app::{NOW, Store, admin, article, at, channel, import, is_postgres, lines, media, site};

/// Enough that a scan is never the cheaper plan.
const ARTICLES: i64 = 12_000;

fn push<T>(found: &mut Vec<(String, String, Vec<db::Param>)>, name: &str, backend: Backend, query: &Query<T>) {
    let (sql, params) = query.explainable(backend);
    found.push((name.to_owned(), sql, params));
}

fn statements(backend: Backend) -> Vec<(String, String, Vec<db::Param>)> {
    let now = at(NOW).timestamp_millis();
    let seen = Visibility::public(now);
    let mut found = Vec::new();
    let some: Vec<i64> = vec![5, 700, 9_000];
    push(&mut found, "articles by id", backend, &db::articles_by_id(some.clone(), seen));
    push(&mut found, "articles by slug", backend, &db::articles_by_slug(vec!["a5".into()], seen));
    push(&mut found, "articles by legacy id", backend, &db::articles_by_legacy_id(vec!["5".into()], seen));
    push(&mut found, "articles by address", backend, &db::articles_by_address(vec!["old.example/5".into()], seen));
    push(&mut found, "cards by id", backend, &db::cards_by_id(some.clone(), seen));
    push(&mut found, "details", backend, &db::details(some.clone()));
    push(&mut found, "bodies", backend, &db::bodies(some.clone()));
    push(&mut found, "galleries", backend, &db::galleries(some.clone()));
    push(&mut found, "attachments", backend, &db::attachments(some.clone()));
    push(&mut found, "media", backend, &db::media_by_id(some.clone()));
    push(&mut found, "tags by id", backend, &db::tags_by_id(some));
    push(&mut found, "tags by slug", backend, &db::tags_by_slug(vec!["t5".into()]));
    push(&mut found, "tags by name", backend, &db::tags_by_name(vec!["t5".into()]));
    push(&mut found, "related", backend, &db::related(&[(5, 1), (700, 2)], 8, seen));
    push(&mut found, "ranked", backend, &db::ranked(&[(Scope::Site, Window::All), (Scope::Channel(1), Window::Week)], 10, seen));
    push(&mut found, "related to one", backend, &db::related(&[(5, 1)], 8, seen));
    push(&mut found, "one ranking", backend, &db::ranked(&[(Scope::Site, Window::All)], 10, seen));
    push(
        &mut found,
        "two neighbourhoods",
        backend,
        &db::neighbours(&[(Scope::ChannelOnly(1), now, 5), (Scope::Site, now, 6)], seen),
    );
    push(&mut found, "ranks", backend, &db::ranks(&[(Scope::Site, Window::All, 5)]));
    push(&mut found, "neighbours", backend, &db::neighbours(&[(Scope::ChannelOnly(1), now, 5)], seen));
    push(&mut found, "journal", backend, &db::newest_journal_entry());
    for order in [Order::Newest, Order::MostRead] {
        for backward in [false, true] {
            for (has_cover, extra) in
                [(None, vec![]), (Some(true), vec![Scope::Tag(3)]), (None, vec![Scope::Channel(1), Scope::Source(1)])]
            {
                let shape = ListShape { order, backward, has_cover, extra: extra.len() };
                let key = ListKey { shape, limit: 21, scope: Scope::Channel(1), extra, from: Some((now, 5)), low: 0, high: now };
                let name = format!("list {order:?} backward={backward} {has_cover:?} {}", shape.extra);
                push(&mut found, &name, backend, &db::lists(std::slice::from_ref(&key), seen));
                push(
                    &mut found,
                    &format!("two of {name}"),
                    backend,
                    &db::lists(&[key.clone(), ListKey { scope: Scope::Site, ..key.clone() }], seen),
                );
                push(&mut found, &format!("count of {name}"), backend, &db::counts(&[key], seen));
            }
        }
    }
    found
}

async fn portal(store: &Store) {
    let mut records = vec![site()];
    records.extend((0..10).map(|c| channel(&format!("c{c}"), None)));
    records.extend((0..ARTICLES / 2).map(|i| media(&format!("m{i}"))));
    for i in 0..ARTICLES {
        let more = json!({
            "tags": [format!("t{}", i % 3_000), format!("u{}", i % 97)], "cover": format!("m{}", i % (ARTICLES / 2)), "viewCount": i % 1_000,
            "body": "<p>正文</p>", "legacyId": i.to_string(), "oldUrls": [format!("https://old.example/{i}")],
            "gallery": [{ "media": format!("m{}", i % 50) }], "attachments": [{ "name": "附件", "url": "/f" }],
        });
        records.push(article(&format!("a{i}"), &format!("c{}", i % 10), i, more));
    }
    let db = store.open().await;
    let (_, problems) = import(&db, &Clock::fixed(at(NOW)), &lines(&records)).await;
    assert!(problems.is_empty(), "{problems:?}");
    db.close().await;
}

#[tokio::test]
async fn no_hot_statement_scans_or_sorts_a_table() {
    let store = Store::new().await;
    portal(&store).await;
    let wrong = if is_postgres() { postgres(&store).await } else { sqlite(&store) };
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    store.remove().await;
}

fn sqlite(store: &Store) -> Vec<String> {
    let connection = rusqlite::Connection::open(store.url.trim_start_matches("sqlite://")).expect("the file opens");
    let mut wrong = Vec::new();
    let all = statements(Backend::Sqlite);
    assert!(all.len() > 30);
    for (name, sql, _) in all {
        let mut statement =
            connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap_or_else(|e| panic!("{name}: {e}\n{sql}"));
        let mut rows = statement.raw_query();
        let mut steps: Vec<String> = Vec::new();
        while let Some(row) = rows.next().expect("a plan") {
            steps.push(row.get(3).expect("a step"));
        }
        for step in &steps {
            // Keys come as a table of their own, and a subselect that is limited is read whole.
            let is_table_scan = step.starts_with("SCAN")
                && !step.contains("json_each")
                && !step.contains("SCAN (subquery")
                && !step.contains("CONSTANT ROW");
            let is_journal_end = name == "journal" && step == "SCAN j";
            if (is_table_scan && !is_journal_end) || step.contains("TEMP B-TREE") {
                wrong.push(format!("{name}: {step}\n  {}", steps.join("\n  ")));
            }
        }
    }
    wrong
}

async fn postgres(store: &Store) -> Vec<String> {
    let (client, connection) = tokio_postgres::connect(&store.url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    let running = tokio::spawn(connection);
    let setup = format!("SET search_path TO {}; {}", store.schema, db::POSTGRES_READER_SETTINGS);
    client.batch_execute(&setup).await.expect("settings hold");
    let mut wrong = Vec::new();
    let all = statements(Backend::Postgres);
    assert!(all.len() > 30);
    for (number, (name, sql, params)) in all.into_iter().enumerate() {
        client.batch_execute(&format!("PREPARE s{number} AS {sql}")).await.unwrap_or_else(|e| panic!("{name}: {e:?}\n{sql}"));
        let values = literals(&params);
        let call = if values.is_empty() {
            format!("EXPLAIN EXECUTE s{number}")
        } else {
            format!("EXPLAIN EXECUTE s{number}({})", values.join(", "))
        };
        let rows = client.simple_query(&call).await.unwrap_or_else(|e| panic!("{name}: {e:?}"));
        let plan: Vec<String> = rows
            .iter()
            .filter_map(
                |m| if let tokio_postgres::SimpleQueryMessage::Row(row) = m { row.get(0).map(str::to_owned) } else { None },
            )
            .collect();
        if plan.iter().any(|l| l.contains("Seq Scan") || l.contains("Sort")) {
            wrong.push(format!("{name}:\n  {}", plan.join("\n  ")));
        }
    }
    drop(client);
    let _ = running.await;
    // Schemas of other tests come and go on the same server; ours is still there.
    admin(&store.url, "SELECT 1").await;
    wrong
}

fn literals(params: &[db::Param]) -> Vec<String> {
    let array = |values: &[i64]| format!("ARRAY[{}]::bigint[]", values.iter().map(i64::to_string).collect::<Vec<_>>().join(","));
    params
        .iter()
        .flat_map(|param| match param {
            db::Param::Int(value) => vec![value.to_string()],
            db::Param::Ints(values) => vec![array(values)],
            db::Param::Texts(values) => {
                vec![format!("ARRAY[{}]::text[]", values.iter().map(|v| format!("'{v}'")).collect::<Vec<_>>().join(","))]
            }
            db::Param::Keys(columns) => columns.iter().map(|c| array(c)).collect(),
        })
        .collect()
}
