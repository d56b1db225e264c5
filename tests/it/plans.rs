//! Every hot statement is read along an index, from key to key: no plan scans a table, walks a whole index or sorts, on
//! either database.

use std::fmt::Write;

use tidings::db::staff::{SessionToken, accounts_by_login, keys_by_secret, sessions_by_token};
use tidings::db::withdrawal::{WithdrawnBy, withdrawals_by_id, withdrawals_by_name};
use tidings::db::{self, Backend, Extras, Grant, ListKey, ListShape, Order, Param, Parts, Query, Scope, Visibility, With, view};

use crate::app::{NOW, TestDatabase, millis};
use crate::portal;
use crate::records::{media, ndjson, tag};

/// So many that a planner that may choose chooses the index.
const COUNT: usize = 20_000;

/// The one statement that may walk an index: it takes the first entry that it meets.
const NEWEST_ENTRY: &str = "newest_journal_entry";

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
    let seen = &Visibility::public(millis(NOW));
    let mut all = Vec::new();
    let ids = vec![1, 500, 19_999];
    let texts = || vec![portal::name(3), portal::name(4_000)];
    hot(&mut all, backend, "details", &db::details(ids.clone()));
    hot(&mut all, backend, "bodies", &db::bodies(ids.clone()));
    hot(&mut all, backend, "galleries", &db::galleries(ids.clone()));
    hot(&mut all, backend, "attachments", &db::attachments(ids.clone()));
    hot(&mut all, backend, "media_by_id", &db::media_by_id(ids.clone()));
    hot(&mut all, backend, "tags_by_id", &db::tags_by_id(ids));
    hot(&mut all, backend, "tags_by_slug", &db::tags_by_slug(texts()));
    hot(&mut all, backend, "tags_by_name", &db::tags_by_name(texts()));
    hot(&mut all, backend, NEWEST_ENTRY, &db::newest_journal_entry());
    hot(&mut all, backend, "journal_after", &db::journal_after(100, 1_000));
    for thing in [None, Some(("article".to_owned(), 700))] {
        for actor in [None, Some("import".to_owned())] {
            let name = format!("journal_before {} {}", thing.is_some(), actor.is_some());
            hot(&mut all, backend, name, &db::journal_before(5_000, 21, db::Trail { thing: thing.clone(), actor }));
        }
    }
    for token in [SessionToken::Access, SessionToken::Refresh, SessionToken::Family] {
        hot(&mut all, backend, format!("sessions_by_token {token:?}"), &sessions_by_token(token, texts()));
    }
    hot(&mut all, backend, "withdrawals_by_id", &withdrawals_by_id(vec![7, 500], seen));
    for by in [WithdrawnBy::Slug, WithdrawnBy::LegacyId, WithdrawnBy::Address] {
        hot(&mut all, backend, format!("withdrawals_by_name {by:?}"), &withdrawals_by_name(by, texts(), seen));
    }
    hot(&mut all, backend, "keys_by_secret", &keys_by_secret(texts()));
    hot(&mut all, backend, "accounts_by_login", &accounts_by_login(texts()));
    // One key is another statement than several, where the keys have several columns.
    hot(&mut all, backend, "one article's neighbours", &db::neighbours(&[(Scope::ChannelOnly(2), millis(NOW), 700)], seen));
    for with in [false, true] {
        let mut add = |name: &str, query: (String, Vec<Param>)| {
            all.push(Hot { name: format!("{name}, with what belongs to it: {with}"), sql: query.0, params: query.1 });
        };
        let parts = Parts { details: with, cover: with, body: with };
        for ids in [vec![7], vec![1, 500, 19_999]] {
            add("articles_by_id", db::articles_by_id(ids.clone(), parts, seen).explainable(backend));
            add("cards_by_id", db::cards_by_id(ids, With { covers: with, details: with }, seen).explainable(backend));
        }
        let address = vec!["old.example/news/1.html".to_owned()];
        add("articles_by_slug", db::articles_by_slug(texts(), parts, seen).explainable(backend));
        add("articles_by_legacy_id", db::articles_by_legacy_id(texts(), parts, seen).explainable(backend));
        add("articles_by_address", db::articles_by_address(address, parts, seen).explainable(backend));
        for articles in [vec![700], vec![1, 700]] {
            add("related", db::related(&articles, 8, with, seen).explainable(backend));
        }
    }
    hot(&mut all, backend, "originals", &db::originals(&[1, 700], seen));
    hot(&mut all, backend, "reposts", &db::reposts(&[1, 700], 8, seen));
    hot(&mut all, backend, "clusters", &db::clusters(vec![1, 700]));
    hot(&mut all, backend, "clustered", &db::clustered(vec![1, 700]));
    hot(&mut all, backend, "journal_pending", &db::journal_pending(5, vec![1, 700], vec!["article.published".into()]));
    hot(&mut all, backend, "articles_before", &db::articles_before(700, 100));
    hot(&mut all, backend, "searchables", &db::searchables(vec![1, 700]));
    hot(&mut all, backend, "lists_of", &db::lists_of(vec![1, 700]));
    hot(&mut all, backend, "articles_behind", &db::articles_behind(700, 500));
    hot(&mut all, backend, "views waiting", &view::waiting());
    hot(&mut all, backend, "next_writer", &view::next_writer(1));
    hot(&mut all, backend, "batches_of", &view::batches_of(1, 7, 500));
    hot(&mut all, backend, "parts_after", &view::parts_after((1, 0), 200));
    hot(&mut all, backend, "parts_of", &view::parts_of(29_000_000, 29_000_001, 9));
    hot(&mut all, backend, "views_of", &view::views_of(490_000, 490_001));
    hot(&mut all, backend, "totals_now", &view::totals_now(vec![1, 700]));
    hot(&mut all, backend, "listed", &view::listed(vec![1, 700], seen.now));
    for is_day in [false, true] {
        hot(&mut all, backend, format!("read_from {is_day}"), &view::read_from(vec![1, 700], 20_000, is_day));
    }
    let middle = millis("2026-01-30T00:00:00Z");
    let places = [(Scope::ChannelOnly(2), middle, 700), (Scope::ChannelOnly(3), middle, 800)];
    hot(&mut all, backend, "neighbours", &db::neighbours(&places, seen));
    for order in [Order::Newest, Order::MostRead] {
        for backward in [false, true] {
            for has_cover in [None, Some(true), Some(false)] {
                let kinds = |extra| [(extra, false, false), (extra, true, false), (extra, false, true)];
                for (extra, covers, collapse) in (0..=3).flat_map(kinds) {
                    let shape = ListShape { order, backward, has_cover, extra, with: With { covers, details: covers }, collapse };
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
    // What feeds need, and what partners get of it.
    let grant = Grant {
        lists: vec![Scope::Channel(2).code(), Scope::Tag(2).code()],
        except: vec![Scope::Source(1).code()],
        delay_millis: 60_000,
    };
    for (who, seen) in [("anyone", Visibility::public(millis(NOW))), ("partner", Visibility::granted(grant, millis(NOW)))] {
        let seen = &seen;
        for (contents, tags) in [(false, false), (true, false), (true, true)] {
            let wanted = Extras { contents, tags };
            hot(
                &mut all,
                backend,
                format!("extras {who} {wanted:?}"),
                &db::extras(vec![1, 700], wanted, (Scope::Channel(2), 0), seen),
            );
        }
        hot(
            &mut all,
            backend,
            format!("cards {who}"),
            &db::cards_by_id(vec![1, 700], With { covers: true, details: true }, seen),
        );
        hot(&mut all, backend, format!("related {who}"), &db::related(&[1, 700], 8, true, seen));
        hot(&mut all, backend, format!("neighbours {who}"), &db::neighbours(&places, seen));
        hot(&mut all, backend, format!("withdrawals {who}"), &withdrawals_by_id(vec![7, 500], seen));
        let key = |scope: Scope| ListKey {
            shape: ListShape { with: With { covers: true, details: true }, ..ListShape::PLAIN },
            ..ListKey::newest(scope, 21, seen.now)
        };
        hot(&mut all, backend, format!("a list {who}"), &db::lists(&[key(Scope::Site)], seen));
        hot(&mut all, backend, format!("lists {who}"), &db::lists(&[key(Scope::Site), key(Scope::Topic(1))], seen));
        hot(&mut all, backend, format!("counts {who}"), &db::counts(&[key(Scope::Topic(1))], seen));
    }
    hot(&mut all, backend, "lists_touched", &db::lists_touched(vec![1, 700]));
    hot(&mut all, backend, "usage_on", &db::contract::usage_from(vec![1, 2], 20_000));
    all
}

/// A database of [`COUNT`] articles.
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
    for rows in [
        "withdrawal SELECT i, 0, 'import', 'reason', NULL",
        "account SELECT i, 'login-' || i, 'name', 'editor', 'hash', false, 0, NULL",
        "session SELECT i, i, 'access-' || i, 0, 'refresh-' || i, 'family-' || i, 0, 0",
        "repost SELECT i, 1 + (i - 1) / 4 * 4, i, i, 0.9, i",
        "api_key SELECT i, 'name', 'hint', 'secret-' || i, '[]', i, 0, NULL, NULL, NULL",
        "tombstone SELECT i % 7, i, i, i",
    ] {
        let series = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
        database.execute(&format!("{series} INSERT INTO {rows} FROM n")).await;
    }
    database
}

#[tokio::test]
async fn hot_statements_neither_scan_nor_sort_a_table() {
    let database = database().await;
    check(&database, "as the import leaves it", false).await;
    database.execute("ANALYZE").await;
    check(&database, "with every table's statistics", false).await;
}

/// A portal begins small, without old addresses or numbers, and the plans of its first day must be good for its last.
#[tokio::test]
async fn a_small_portal_is_read_along_its_indexes_too() {
    let database = TestDatabase::new().await;
    let (_, problems) = database.import(ndjson(&portal::whole(30))).await;
    assert!(problems.is_empty(), "{problems:?}");
    check(&database, "a small portal", true).await;
}

/// PostgreSQL may walk a small index: it looks again when the table has grown.
async fn check(database: &TestDatabase, what: &str, is_small: bool) {
    let all = statements(database.backend);
    assert!(all.len() > 60);
    let found = match database.backend {
        Backend::Sqlite => sqlite(database, &all),
        Backend::Postgres => postgres(database, &all, is_small).await,
    };
    assert!(found.is_empty(), "{what}: {} of {} statements:\n\n{}", found.len(), all.len(), found.join("\n\n"));
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
        let mut plan = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            plan.push(row.get::<_, String>(3).expect("a text"));
        }
        if plan.iter().any(|step| is_bad_step(step) && !(hot.name == NEWEST_ENTRY && step == "SCAN j")) {
            found.push(format!("{}\n{}\n  {}", hot.name, hot.sql, plan.join("\n  ")));
        }
    }
    found
}

/// Keys come as one JSON text and are read from end to end; everything else must be searched, and nothing sorted.
fn is_bad_step(step: &str) -> bool {
    let is_scan_of_rows = step.strip_prefix("SCAN ").is_some_and(|rest| {
        let table = rest.split([' ', '-']).next().unwrap_or_default();
        // The last stones of a list: a hundred rows that have been looked up.
        !["json_each", "k", "(subquery", "gone"].contains(&table)
    });
    is_scan_of_rows || step.contains("USE TEMP B-TREE") || step.contains("AUTOMATIC")
}

/// As [`sqlite`].
async fn postgres(database: &TestDatabase, all: &[Hot], is_small: bool) -> Vec<String> {
    let client = database.postgres().await;
    // As in the program's own sessions: plans under other settings say nothing.
    client.batch_execute(db::POSTGRES_READER_SETTINGS).await.expect("settings");
    let mut found = Vec::new();
    for (number, hot) in all.iter().enumerate() {
        let values = literals(&hot.params);
        let values = if values.is_empty() { String::new() } else { format!("({values})") };
        client.batch_execute(&format!("PREPARE p{number} AS {}", hot.sql)).await.expect("a statement");
        let rows = client.simple_query(&format!("EXPLAIN EXECUTE p{number} {values}")).await.expect("a plan");
        let mut plan = String::new();
        for row in rows {
            if let tokio_postgres::SimpleQueryMessage::Row(row) = row {
                let _ = writeln!(plan, "{}", row.get(0).unwrap_or_default());
            }
        }
        let mut bad = bad_nodes(&plan);
        bad.retain(|node| !(is_small && node.starts_with("Index ")));
        let is_newest = hot.name == NEWEST_ENTRY && matches!(&bad[..], [one] if one.contains("journal_pkey"));
        if !bad.is_empty() && !is_newest {
            found.push(format!("{}\n{}\n{}\n\n{plan}", hot.name, hot.sql, bad.join("\n")));
        }
    }
    found
}

/// The nodes of a plan, as `EXPLAIN` prints it, that read a whole table or a whole index, or sort.
fn bad_nodes(plan: &str) -> Vec<&str> {
    // A node is the first line and every one with an arrow; below it stand its conditions.
    let mut nodes: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in plan.lines().map(str::trim_start) {
        match (line.strip_prefix("->"), nodes.last_mut()) {
            (Some(node), _) => nodes.push((node.trim_start(), Vec::new())),
            (None, None) => nodes.push((line, Vec::new())),
            (None, Some((_, conditions))) => conditions.push(line),
        }
    }
    let is_bad = |(node, conditions): &(&str, Vec<&str>)| {
        let kind = node.split("  (cost").next().unwrap_or_default().split(" on ").next().unwrap_or_default();
        let reads_an_index = kind.contains("Index Scan") || kind.contains("Index Only Scan");
        let has_condition = conditions.iter().any(|c| c.starts_with("Index Cond:"));
        kind.contains("Seq Scan") || kind.contains("Sort") || (reads_an_index && !has_condition)
    };
    nodes.into_iter().filter(is_bad).map(|(node, _)| node).collect()
}

/// Values of parameters in PostgreSQL's own spelling.
fn literals(params: &[Param]) -> String {
    let int = |n: i64| if n == i64::MIN { "(-9223372036854775807 - 1)".to_owned() } else { format!("({n})") };
    let ints = |list: &[i64]| format!("ARRAY[{}]::bigint[]", list.iter().map(|n| int(*n)).collect::<Vec<_>>().join(","));
    let mut values = Vec::new();
    for param in params {
        match param {
            Param::Int(n) => values.push(int(*n)),
            Param::Text(text) => values.push(format!("'{}'::text", text.replace('\'', "''"))),
            Param::Ints(list) => values.push(ints(list)),
            Param::Texts(list) => {
                let quoted: Vec<String> = list.iter().map(|t| format!("'{}'", t.replace('\'', "''"))).collect();
                values.push(format!("ARRAY[{}]::text[]", quoted.join(",")));
            }
            Param::Keys(columns) => values.extend(columns.iter().map(|column| ints(column))),
        }
    }
    values.join(", ")
}

#[test]
fn the_check_knows_bad_steps_of_sqlite() {
    for bad in [
        "SCAN a",
        "SCAN article",
        "SCAN l USING INDEX listing_scope",
        "USE TEMP B-TREE FOR ORDER BY",
        "SCAN r",
        "SCAN j",
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

#[test]
fn the_check_knows_bad_nodes_of_postgresql() {
    for (plan, expected) in [
        ("Seq Scan on article a  (cost=0.00..1.06 rows=6 width=8)\n  Filter: (id = ANY ($1))", &["Seq Scan on article a"][..]),
        (
            "Nested Loop  (cost=0.15..9.31 rows=1 width=8)\n  ->  Function Scan on unnest k\n  ->  Parallel Seq Scan on listing l",
            &["Parallel Seq Scan on listing l"],
        ),
        (
            "Limit\n  ->  Sort\n        Sort Key: l.published_at\n        ->  Index Scan using a on listing l\n              Index Cond: (scope = $1)",
            &["Sort"],
        ),
        ("Incremental Sort\n  Sort Key: a.id\n  ->  Result", &["Incremental Sort"]),
        ("Index Scan using article_pkey on article a\n  Filter: (slug = $1)", &["Index Scan using article_pkey on article a"]),
        (
            "Limit\n  ->  Index Only Scan Backward using journal_pkey on journal j",
            &["Index Only Scan Backward using journal_pkey on journal j"],
        ),
        // The condition of one node is no other's.
        (
            "Nested Loop\n  ->  Index Only Scan using a on listing l\n  ->  Index Scan using b on article a\n        Index Cond: (id = l.article_id)",
            &["Index Only Scan using a on listing l"],
        ),
    ] {
        let found = bad_nodes(plan);
        assert_eq!(found.len(), expected.len(), "{plan}\n{found:?}");
        assert!(found.iter().zip(expected).all(|(node, start)| node.starts_with(start)), "{plan}\n{found:?}");
    }
    for good in [
        "Nested Loop\n  ->  Function Scan on unnest k  (cost=0.00..0.03 rows=3 width=16)\n  ->  Index Scan using article_pkey on article a\n        Index Cond: (id = k.id)\n        Filter: (expires_at > $1)",
        "Function Scan on unnest k\n  SubPlan 1\n    ->  Aggregate\n          ->  Index Only Scan using sort_key on listing l\n                Index Cond: (scope = k.scope)",
        "Limit\n  ->  Index Only Scan Backward using listing_newest on listing l\n        Index Cond: ((scope = $1) AND (expires_at > $2))",
        "ProjectSet\n  ->  Result",
    ] {
        assert_eq!(bad_nodes(good), Vec::<&str>::new(), "{good}");
    }
}
