//! Writing, for `editorial/`, `ranking/` and `partner/` alone: many rows as one statement.
//!
//! Rows travel as one JSON parameter (`json_each` in SQLite, `json_populate_recordset` in PostgreSQL) whose columns come
//! from the entity, so a thousand rows are one prepared statement; measured at 3 to 6 times the rate of a VALUES list.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sea_orm::prelude::async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityName, EntityTrait, ExecResult, FromQueryResult,
    IdenStatic, IsolationLevel, Iterable, ModelTrait, QueryResult, RuntimeErr, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, Value,
};
use serde::Serialize;

use super::connect::Database;
use crate::error::{Error, Result};

/// A transaction. Dropped without a commit, it is rolled back.
#[derive(Debug)]
pub struct Transaction {
    inner: DatabaseTransaction,
    written: [Arc<AtomicU64>; 2],
    /// Whether the journal says that it changes what the catalog holds.
    has_nouns: AtomicBool,
    /// Whether the journal says that it changes what partners may have.
    has_access: AtomicBool,
    /// Whether the journal says that it changes an article.
    has_articles: AtomicBool,
}

impl Transaction {
    /// Which database it is in.
    pub(super) fn backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }
}

fn count(counters: &[Arc<AtomicU64>; 2]) {
    for counter in counters {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

/// Counts what goes through.
#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        count(&self.written);
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        count(&self.written);
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        count(&self.written);
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        count(&self.written);
        self.inner.query_all_raw(statement).await
    }
}

/// Why a statement did not run. A conflict is the fault of what was to be written: a rule of the tables or a limit of the
/// database speaks against it, and will each time. Its text goes to the log, because it names tables and holds values.
fn failed(error: DbErr) -> Error {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = &error else {
        return Error::internal(error);
    };
    let Some(cause) = cause.as_database_error() else { return Error::internal(error) };
    if !cause.code().is_some_and(|code| is_refusal(&code)) {
        return Error::internal(error);
    }
    tracing::warn!(error = %error, "The database refuses a write: {error}");
    Error::Conflict("the database refuses it".into())
}

/// PostgreSQL's classes of data exceptions, broken constraints and exceeded limits (appendix A of its manual), and
/// SQLite's result codes for too long, broken constraint and wrong type, whose low byte is the code.
fn is_refusal(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) if code.len() != 5 => matches!(number & 0xff, 18..=20),
        _ => ["22", "23", "54"].iter().any(|class| code.starts_with(class)),
    }
}

/// Opens a transaction. It and the commit count as statements too.
///
/// In SQLite it is the one that writes from the start: one that reads first and finds that another program has written
/// meanwhile could only give up (`SQLITE_BUSY_SNAPSHOT`), however long it waited.
pub async fn begin(db: &Database) -> Result<Transaction> {
    let mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
    count(db.counters());
    let inner = db.writer().begin_with_options(options).await.map_err(failed)?;
    Ok(Transaction {
        inner,
        written: db.counters().clone(),
        has_nouns: AtomicBool::new(false),
        has_access: AtomicBool::new(false),
        has_articles: AtomicBool::new(false),
    })
}

/// A transaction that sees one state of the database, whoever writes meanwhile, and writes nothing.
pub(super) async fn snapshot(db: &Database) -> Result<DatabaseTransaction> {
    let is_server = db.writer().get_database_backend() == DbBackend::Postgres;
    let isolation_level = is_server.then_some(IsolationLevel::RepeatableRead);
    let access_mode = is_server.then_some(AccessMode::ReadOnly);
    let options = TransactionOptions { isolation_level, access_mode, ..TransactionOptions::default() };
    db.writer().begin_with_options(options).await.map_err(failed)
}

/// Commits to `db`: from here on the writes are seen and durable, and those who follow the journal know.
pub async fn commit(db: &Database, transaction: Transaction) -> Result<()> {
    count(db.counters());
    let (has_nouns, has_access) = (transaction.has_nouns.into_inner(), transaction.has_access.into_inner());
    let has_articles = transaction.has_articles.into_inner();
    transaction.inner.commit().await.map_err(failed)?;
    if has_nouns {
        db.count_noun_change();
    }
    if has_access {
        db.count_access_change();
    }
    if has_articles {
        db.count_article_change();
    }
    db.bell().ring();
    Ok(())
}

/// `SELECT` of all `columns` out of JSON rows in parameter `$1`.
fn rows_from_json(backend: DbBackend, table: &str, columns: &[&str]) -> String {
    match backend {
        DbBackend::Sqlite => {
            let picks: Vec<String> = columns.iter().map(|c| format!("value ->> '{c}'")).collect();
            format!("SELECT {} FROM json_each($1) WHERE true", picks.join(", "))
        }
        _ => format!("SELECT {} FROM json_populate_recordset(NULL::{table}, $1::text::json)", columns.join(", ")),
    }
}

/// Runs `sql` with `values` as its parameters; returns how many rows it has touched.
pub(super) async fn execute(on: &Transaction, sql: &str, values: Vec<Value>) -> Result<u64> {
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    Ok(on.execute_raw(statement).await.map_err(failed)?.rows_affected())
}

/// Runs `sql` with `values` as the one JSON parameter.
pub(super) async fn run<V: Serialize + ?Sized>(on: &impl ConnectionTrait, sql: String, values: &V) -> Result<()> {
    on.execute_raw(with_json(on, sql, values)?).await.map_err(failed)?;
    Ok(())
}

pub(super) fn with_json<V: Serialize + ?Sized>(on: &impl ConnectionTrait, sql: String, values: &V) -> Result<Statement> {
    let json = serde_json::to_string(values).map_err(Error::internal)?;
    Ok(Statement::from_sql_and_values(on.get_database_backend(), sql, [Value::from(json)]))
}

/// The rows of `statement`, each read by `read`.
pub(super) async fn select<T>(
    on: &impl ConnectionTrait,
    statement: Statement,
    read: fn(&QueryResult) -> Result<T, DbErr>,
) -> Result<Vec<T>> {
    let rows = on.query_all_raw(statement).await.map_err(failed)?;
    rows.iter().map(read).collect::<Result<_, _>>().map_err(failed)
}

/// A row that can be written: every entity's model.
pub trait Stored: Serialize + Sync {
    /// Its table.
    fn table() -> &'static str;
    /// The table's columns.
    fn columns() -> Vec<&'static str>;
}

impl<M> Stored for M
where
    M: ModelTrait + Serialize + Sync,
{
    fn table() -> &'static str {
        M::Entity::default().table_name()
    }

    fn columns() -> Vec<&'static str> {
        <M::Entity as EntityTrait>::Column::iter().map(|c| c.as_str()).collect()
    }
}

/// The columns of table alias `alias`, each under its name behind the alias and a `_`.
pub(super) fn prefixed<R: Stored>(alias: &str) -> Vec<String> {
    R::columns().iter().map(|column| format!("{alias}.{column} AS {alias}_{column}")).collect()
}

async fn write_rows<R: Stored>(on: &Transaction, rows: &[R], suffix: &str) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (table, columns) = (R::table(), R::columns());
    let backend = on.get_database_backend();
    let sql = format!("INSERT INTO {table} ({}) {} {suffix}", columns.join(", "), rows_from_json(backend, table, &columns));
    run(on, sql, rows).await
}

/// Inserts rows, and does what `conflict` says with those whose keys are there.
pub(super) async fn insert_or<R: Stored>(on: &Transaction, rows: &[R], conflict: &str) -> Result<()> {
    write_rows(on, rows, conflict).await
}

/// Inserts rows, but for those that something else of the table stands against.
pub async fn insert_new<R: Stored>(on: &Transaction, rows: &[R]) -> Result<()> {
    write_rows(on, rows, "ON CONFLICT DO NOTHING").await
}

/// Inserts rows whose keys are new.
pub async fn insert<R: Stored>(on: &Transaction, rows: &[R]) -> Result<()> {
    write_rows(on, rows, "").await
}

/// Inserts rows, or replaces those of the same `id`.
pub async fn upsert<R: Stored>(on: &Transaction, rows: &[R]) -> Result<()> {
    replace(on, &["id"], rows).await
}

/// Inserts rows, or replaces those of the same `key`.
pub async fn replace<R: Stored>(on: &Transaction, key: &[&str], rows: &[R]) -> Result<()> {
    let sets: Vec<String> = R::columns().iter().filter(|c| !key.contains(c)).map(|c| format!("{c} = excluded.{c}")).collect();
    write_rows(on, rows, &format!("ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), sets.join(", "))).await
}

/// Replaces rows that are there, by `id`. Others may go on naming them meanwhile: PostgreSQL keeps those away from a row whose
/// names an upsert might change, even to what they are.
pub async fn update<R: Stored>(on: &Transaction, rows: &[R]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (table, columns) = (R::table(), R::columns());
    let sets: Vec<String> = columns.iter().filter(|c| **c != "id").map(|c| format!("{c} = p.{c}")).collect();
    let from = match on.backend() {
        DbBackend::Sqlite => {
            let picks: Vec<String> = columns.iter().map(|c| format!("value ->> '{c}' AS {c}")).collect();
            format!("(SELECT {} FROM json_each($1))", picks.join(", "))
        }
        _ => format!("json_populate_recordset(NULL::{table}, $1::text::json)"),
    };
    run(on, format!("UPDATE {table} SET {} FROM {from} AS p WHERE {table}.id = p.id", sets.join(", ")), rows).await
}

/// The condition that `column` is in the JSON array `$1` of integers or texts.
pub(super) fn among(backend: DbBackend, column: &str, kind: &str) -> String {
    match backend {
        DbBackend::Sqlite => format!("{column} IN (SELECT value FROM json_each($1))"),
        _ => format!("{column} = ANY(ARRAY(SELECT value::{kind} FROM json_array_elements_text($1::text::json)))"),
    }
}

/// Deletes the rows of `table` whose `column` is one of `ids`.
pub async fn delete(on: &Transaction, table: &str, column: &str, ids: &[i64]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let backend = on.get_database_backend();
    let sql = format!("DELETE FROM {table} WHERE {}", among(backend, column, "bigint"));
    run(on, sql, ids).await
}

/// A record that is already there.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The value that was asked for.
    pub name: String,
    /// Whose it is.
    pub id: i64,
    /// The owner's name in imports.
    pub external_id: String,
    /// Fingerprint at the last import; 0 while something of the record is still to be done.
    pub import_hash: i64,
}

/// The records of `table` whose text `column` is one of `names`.
pub async fn find(on: &Transaction, table: &str, column: &str, names: &[String]) -> Result<Vec<Known>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let backend = on.get_database_backend();
    let sql = format!("SELECT {column}, id, external_id, import_hash FROM {table} WHERE {}", among(backend, column, "text"));
    let known = |row: &QueryResult| {
        Ok(Known {
            name: row.try_get_by_index(0)?,
            id: row.try_get_by_index(1)?,
            external_id: row.try_get_by_index(2)?,
            import_hash: row.try_get_by_index(3)?,
        })
    };
    select(on, with_json(on, sql, names)?, known).await
}

/// Those of `names` that are slugs of tags, and those that are external ids of tags.
pub async fn tag_names(on: &Transaction, names: &[String]) -> Result<(HashSet<String>, HashSet<String>)> {
    let among = |column| among(on.backend(), column, "text");
    let sql = format!("SELECT slug, external_id FROM tag WHERE {} OR {}", among("slug"), among("external_id"));
    let found: Vec<(String, String)> =
        select(on, with_json(on, sql, names)?, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await?;
    Ok(found.into_iter().unzip())
}

/// The names in imports of the records of `table` with these ids.
pub async fn owners(on: &Transaction, table: &str, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = on.get_database_backend();
    let sql = format!("SELECT id, external_id FROM {table} WHERE {}", among(backend, "id", "bigint"));
    select(on, with_json(on, sql, ids)?, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await
}

/// The highest id: what JavaScript's numbers hold exactly (ECMA-262, `Number.MAX_SAFE_INTEGER`).
pub const LAST_ID: i64 = (1 << 53) - 1;

/// Takes `count` new ids for `table` and returns the first. Ids are handed out in order by the database, never twice.
pub async fn reserve_ids(on: &Transaction, table: &str, count: i64) -> Result<i64> {
    let sql = "INSERT INTO id_counter (name, last) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = id_counter.last + excluded.last RETURNING last";
    let values = [Value::from(table), Value::from(count)];
    let row = on
        .query_one_raw(Statement::from_sql_and_values(on.get_database_backend(), sql, values))
        .await
        .map_err(failed)?
        .ok_or_else(|| Error::internal("id_counter returned nothing"))?;
    let last: i64 = row.try_get_by_index(0).map_err(failed)?;
    if last > LAST_ID {
        return Err(Error::Conflict(format!("no numbers are left: one near {LAST_ID} has been given away")));
    }
    Ok(last - count + 1)
}

/// Makes sure that no id up to `last` is handed out for `table` again.
pub async fn raise_ids(on: &Transaction, table: &str, last: i64) -> Result<()> {
    let sql = "INSERT INTO id_counter (name, last) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET last = \
               CASE WHEN id_counter.last < excluded.last THEN excluded.last ELSE id_counter.last END";
    execute(on, sql, vec![table.into(), last.into()]).await.map(drop)
}

/// An entry for the journal.
#[derive(Clone, Debug, Serialize)]
pub struct Entry {
    /// Milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub actor: String,
    /// What happened, such as `article.published`.
    pub action: String,
    /// Kind of the thing.
    pub entity: String,
    /// Which.
    pub entity_id: i64,
    /// Fingerprint of the new state.
    pub revision: i64,
    /// JSON with what listeners need.
    pub payload: Option<String>,
}

/// What the journal says when the articles of a channel have come into other lists.
pub const RELISTED: &str = "channel.relisted";

/// Whether the journal's `entity` is a small noun, which the catalog holds: anything but articles, pictures and those who work
/// here.
pub fn is_noun(entity: &str) -> bool {
    !matches!(
        entity,
        "article"
            | "media"
            | "redirect"
            | "account"
            | "session"
            | "key"
            | "word"
            | "takedown"
            | "search"
            | "search_word"
            | "contract"
    )
}

/// Whether the journal's `entity` decides what partners may have: contracts and the keys that belong to them.
pub fn is_access(entity: &str) -> bool {
    matches!(entity, "contract" | "key")
}

/// The channel of PostgreSQL's notifications of commits; each carries the name of the schema that was written to.
pub(super) const CHANNEL: &str = "tidings_journal";

/// Appends to the journal in the transaction that makes the change. In PostgreSQL a lock that lasts until the commit
/// makes the order of numbers the order of commits.
pub async fn append(on: &Transaction, entries: &[Entry]) -> Result<()> {
    const COLUMNS: [&str; 7] = ["at", "actor", "action", "entity", "entity_id", "revision", "payload"];
    /// "tidi" in ASCII: any number that nobody else locks. Portals in other schemas do not wait for each other.
    const LOCK: i32 = 0x7469_6469;
    if entries.is_empty() {
        return Ok(());
    }
    if entries.iter().any(|entry| is_noun(&entry.entity)) {
        on.has_nouns.store(true, Ordering::Relaxed);
    }
    if entries.iter().any(|entry| is_access(&entry.entity)) {
        on.has_access.store(true, Ordering::Relaxed);
    }
    if entries.iter().any(|entry| entry.entity == "article") {
        on.has_articles.store(true, Ordering::Relaxed);
    }
    let backend = on.get_database_backend();
    let rows = rows_from_json(backend, "journal", &COLUMNS);
    let columns = COLUMNS.join(", ");
    let sql = match backend {
        DbBackend::Postgres => {
            // Numbers are handed out to rows of the join, and there is none before the lock is held. A notification is
            // delivered when its transaction commits, to other programs too.
            let lock = format!("pg_advisory_xact_lock({LOCK}, hashtext(current_schema()))");
            let notice = format!("pg_notify('{CHANNEL}', current_schema())");
            format!("WITH held AS MATERIALIZED (SELECT {lock}, {notice}) INSERT INTO journal ({columns}) {rows} CROSS JOIN held")
        }
        _ => format!("INSERT INTO journal ({columns}) {rows}"),
    };
    run(on, sql, entries).await
}

/// Waits until no other program on the same PostgreSQL database has the turn to read records and write them back, and takes it until
/// the transaction is dropped. None in SQLite, whose file one program writes.
pub async fn turn(db: &Database) -> Result<Option<Transaction>> {
    /// "turn" in ASCII.
    const LOCK: i32 = 0x7475_726e;
    if db.writer().get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let on = begin(db).await?;
    execute(&on, &format!("SELECT pg_advisory_xact_lock({LOCK}, hashtext(current_schema()))"), Vec::new()).await?;
    Ok(Some(on))
}

/// The secret of that name, which is `new` if there is none yet.
pub async fn secret(on: &Transaction, name: &str, new: &str) -> Result<String> {
    let sql =
        "INSERT INTO secret (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = secret.value RETURNING value";
    let statement = Statement::from_sql_and_values(on.backend(), sql, [Value::from(name), Value::from(new)]);
    let found: Vec<String> = select(on, statement, |row| row.try_get_by_index(0)).await?;
    found.into_iter().next().ok_or_else(|| Error::internal("secret returned nothing"))
}

/// The place of the journal's reader `name`, which is `first` if it has none yet.
pub async fn cursor(on: &Transaction, name: &str, first: i64) -> Result<i64> {
    let sql = "INSERT INTO cursor (name, seq) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET seq = cursor.seq RETURNING seq";
    let statement = Statement::from_sql_and_values(on.backend(), sql, [Value::from(name), Value::from(first)]);
    let found: Vec<i64> = select(on, statement, |row| row.try_get_by_index(0)).await?;
    found.first().copied().ok_or_else(|| Error::internal("cursor returned nothing"))
}

/// Deletes the oldest entries of the journal, at most `most`, that are older than `before` (milliseconds since 1970) and that every
/// reader with a place of its own has done. The newest entry stays, so that numbers go on. Returns how many are gone.
pub async fn prune_journal(on: &Transaction, before: i64, most: i64) -> Result<u64> {
    let sql = "DELETE FROM journal WHERE seq IN (SELECT seq FROM journal WHERE at < $1 AND seq < (SELECT max(seq) FROM journal) \
               AND seq <= coalesce((SELECT min(seq) FROM cursor), 0) ORDER BY seq LIMIT $2)";
    execute(on, sql, vec![before.into(), most.into()]).await
}

/// Moves the place of reader `name` from `from` to `to`; false if it was not there.
pub async fn advance(on: &Transaction, name: &str, from: i64, to: i64) -> Result<bool> {
    let sql = "UPDATE cursor SET seq = $3 WHERE name = $1 AND seq = $2";
    Ok(execute(on, sql, vec![name.into(), from.into(), to.into()]).await? == 1)
}

/// How far work `name` on all articles has come: those with numbers below this are to be done. It begins with all.
pub async fn backlog(on: &Transaction, name: &str) -> Result<i64> {
    let sql = "INSERT INTO backlog (name, below) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET below = backlog.below RETURNING below";
    let statement = Statement::from_sql_and_values(on.backend(), sql, [Value::from(name), Value::from(i64::MAX)]);
    let found: Vec<i64> = select(on, statement, |row| row.try_get_by_index(0)).await?;
    found.first().copied().ok_or_else(|| Error::internal("backlog returned nothing"))
}

/// Moves work `name` on all articles from `from` to `to`; false if it was not there.
pub async fn work_off(on: &Transaction, name: &str, from: i64, to: i64) -> Result<bool> {
    let sql = "UPDATE backlog SET below = $3 WHERE name = $1 AND below = $2";
    Ok(execute(on, sql, vec![name.into(), from.into(), to.into()]).await? == 1)
}

/// Has work `name` on all articles done once more.
pub async fn work_again(on: &Transaction, name: &str) -> Result<()> {
    let sql = "UPDATE backlog SET below = $2 WHERE name = $1";
    execute(on, sql, vec![name.into(), i64::MAX.into()]).await.map(drop)
}

/// The clusters of `articles`, as (article, cluster), in any order.
pub async fn text_keys(on: &Transaction, articles: &[i64]) -> Result<Vec<(i64, i64)>> {
    let sql = format!("SELECT id, text_key FROM article WHERE {}", among(on.backend(), "id", "bigint"));
    select(on, with_json(on, sql, articles)?, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await
}

/// Every row of the table of `M`, as it is in a transaction, in any order.
pub async fn all_in<M: Loaded>(on: &Transaction) -> Result<Vec<M>> {
    let sql = format!("SELECT {} FROM {}", M::columns().join(", "), M::table());
    read(on, Statement::from_string(on.backend(), sql)).await
}

/// The revisions with these (article, number), in any order.
pub async fn revisions_in(on: &Transaction, keys: &[(i64, i64)]) -> Result<Vec<entity::revision::Model>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let pairs = match on.backend() {
        DbBackend::Sqlite => "SELECT value ->> 0, value ->> 1 FROM json_each($1)",
        _ => "SELECT (value ->> 0)::bigint, (value ->> 1)::bigint FROM json_array_elements($1::text::json)",
    };
    let columns = entity::revision::Model::columns().join(", ");
    let sql = format!("SELECT {columns} FROM revision WHERE (article_id, number) IN ({pairs})");
    read(on, with_json(on, sql, keys)?).await
}

/// The highest number of a revision of each of `articles` that has some, as (article, number).
pub async fn last_revisions(on: &Transaction, articles: &[i64]) -> Result<Vec<(i64, i64)>> {
    if articles.is_empty() {
        return Ok(Vec::new());
    }
    let among = among(on.backend(), "article_id", "bigint");
    let sql = format!("SELECT article_id, max(number) FROM revision WHERE {among} GROUP BY article_id");
    select(on, with_json(on, sql, articles)?, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await
}

/// Lets the places of `article` in lists end at `expires_at`.
pub async fn limit_listings(on: &Transaction, article: i64, expires_at: i64) -> Result<()> {
    let sql = "UPDATE listing SET expires_at = $1 WHERE article_id = $2";
    execute(on, sql, vec![expires_at.into(), article.into()]).await.map(drop)
}

/// Deletes the old addresses that came with these articles themselves.
pub async fn delete_own_redirects(on: &Transaction, articles: &[i64]) -> Result<()> {
    if articles.is_empty() {
        return Ok(());
    }
    let backend = on.get_database_backend();
    let sql =
        format!("DELETE FROM redirect WHERE external_id LIKE 'article:%\n%' AND {}", among(backend, "article_id", "bigint"));
    run(on, sql, articles).await
}

/// Has others who come for a turn at work `name` on all articles wait until the end of the transaction.
pub async fn take_turn(on: &Transaction, name: &str) -> Result<()> {
    backlog(on, name).await.map(drop)
}

/// Sets the clusters of articles, given as (article, cluster).
pub async fn set_text_keys(on: &Transaction, keys: &[(i64, i64)]) -> Result<()> {
    set_numbers(on, "article", "text_key", keys).await
}

/// Gives articles that have come out of their clusters the keys of their own texts, unless they have been changed meanwhile.
pub async fn give_back_text_keys(on: &Transaction, rows: &[entity::repost::Model]) -> Result<()> {
    let sql = "UPDATE article SET text_key = $2 WHERE id = $1 AND text_key = $3";
    for row in rows {
        execute(on, sql, vec![row.article_id.into(), row.text_key.into(), row.cluster.into()]).await?;
    }
    Ok(())
}

/// Sets the fingerprints of records, given as (id, fingerprint).
pub async fn set_hashes(on: &Transaction, table: &str, hashes: &[(i64, i64)]) -> Result<()> {
    set_numbers(on, table, "import_hash", hashes).await
}

/// Sets a column of records, given as (id, number).
async fn set_numbers(on: &Transaction, table: &str, column: &str, numbers: &[(i64, i64)]) -> Result<()> {
    if numbers.is_empty() {
        return Ok(());
    }
    let backend = on.get_database_backend();
    let pairs = match backend {
        DbBackend::Sqlite => "SELECT value ->> 0 AS id, value ->> 1 AS number FROM json_each($1)",
        _ => "SELECT (value ->> 0)::bigint AS id, (value ->> 1)::bigint AS number FROM json_array_elements($1::text::json)",
    };
    let sql = format!("UPDATE {table} SET {column} = p.number FROM ({pairs}) AS p WHERE {table}.id = p.id");
    run(on, sql, numbers).await
}

/// The rows of the table of `M` in the order of their ids, from `after` on, at most `limit`: for exports.
pub async fn page_by_id<M: Loaded>(db: &Database, after: i64, limit: u64) -> Result<Vec<M>> {
    let on = db.writer();
    let sql = format!("SELECT {} FROM {} WHERE id > $1 ORDER BY id LIMIT {limit}", M::columns().join(", "), M::table());
    read(on, Statement::from_sql_and_values(on.get_database_backend(), sql, [Value::from(after)])).await
}

/// The rows of the table of `M` whose `column` is one of `ids`, ordered by `order`.
pub async fn rows_of<M: Loaded>(db: &Database, column: &str, ids: &[i64], order: &str) -> Result<Vec<M>> {
    let on = db.writer();
    let backend = on.get_database_backend();
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {order}",
        M::columns().join(", "),
        M::table(),
        among(backend, column, "bigint")
    );
    read(on, with_json(on, sql, ids)?).await
}

/// As [`rows_of`], as they are in a transaction, in any order.
pub async fn rows_in<M: Loaded>(on: &Transaction, column: &str, ids: &[i64]) -> Result<Vec<M>> {
    rows_held(on, column, ids, "").await
}

/// The rows of the table of `M` whose text `column` is one of `names`, in any order.
pub async fn rows_named<M: Loaded>(on: &Transaction, column: &str, names: &[String]) -> Result<Vec<M>> {
    let condition = among(on.backend(), column, "text");
    read(on, with_json(on, format!("SELECT {} FROM {} WHERE {condition}", M::columns().join(", "), M::table()), names)?).await
}

/// As [`rows_in`], with `end` at the end of the statement.
pub(super) async fn rows_held<M: Loaded>(on: &Transaction, column: &str, ids: &[i64], end: &str) -> Result<Vec<M>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let condition = among(on.backend(), column, "bigint");
    let sql = format!("SELECT {} FROM {} WHERE {condition} {end}", M::columns().join(", "), M::table());
    read(on, with_json(on, sql, ids)?).await
}

async fn read<M: Loaded>(on: &impl ConnectionTrait, statement: Statement) -> Result<Vec<M>> {
    M::find_by_statement(statement).all(on).await.map_err(failed)
}

/// A row that can be read back.
pub trait Loaded: Stored + FromQueryResult + Send {}

impl<M: Stored + FromQueryResult + Send> Loaded for M {}

/// Tells PostgreSQL's planner the sizes of the tables, after a large import. SQLite is better off without: what it does not
/// know it takes for large, and reads along the indexes; what was small once it would scan for ever, since nothing there
/// looks again when a portal grows.
pub async fn analyse(db: &Database) -> Result<()> {
    if db.writer().get_database_backend() == DbBackend::Sqlite {
        return Ok(());
    }
    // By name: the rest of a PostgreSQL database is not ours.
    let tables = ["article", "article_body", "listing", "media", "redirect", "related", "placement_item", "tag"];
    for table in tables {
        db.writer().execute_unprepared(&format!("ANALYZE {table}")).await.map_err(failed)?;
    }
    Ok(())
}
