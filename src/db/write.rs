//! Writing, for `editorial/` and `ranking/` alone: many rows as one statement.
//!
//! Rows travel as one JSON parameter (`json_each` in SQLite, `json_populate_recordset` in PostgreSQL) whose columns come
//! from the entity, so a thousand rows are one prepared statement; measured at 3 to 6 times the rate of a VALUES list.

use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityName, EntityTrait, FromQueryResult, IdenStatic, Iterable,
    ModelTrait, QueryResult, RuntimeErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use serde::Serialize;

use super::connect::Database;
use crate::error::{Error, Result};

/// A transaction.
pub type Transaction = DatabaseTransaction;

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

/// Opens a transaction. Dropped without a commit, it is rolled back.
///
/// In SQLite it is the one that writes from the start: one that reads first and finds that another program has written
/// meanwhile could only give up (`SQLITE_BUSY_SNAPSHOT`), however long it waited.
pub async fn begin(db: &Database) -> Result<Transaction> {
    let mode = Some(SqliteTransactionMode::Immediate);
    let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
    db.writer().begin_with_options(options).await.map_err(failed)
}

/// Commits to `db`: from here on the writes are seen and durable, and those who follow the journal know.
pub async fn commit(db: &Database, transaction: Transaction) -> Result<()> {
    transaction.commit().await.map_err(failed)?;
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
async fn run<V: Serialize + ?Sized>(on: &impl ConnectionTrait, sql: String, values: &V) -> Result<()> {
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

async fn write_rows<R: Stored>(on: &Transaction, rows: &[R], suffix: &str) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let (table, columns) = (R::table(), R::columns());
    let backend = on.get_database_backend();
    let sql = format!("INSERT INTO {table} ({}) {} {suffix}", columns.join(", "), rows_from_json(backend, table, &columns));
    run(on, sql, rows).await
}

/// Inserts rows whose keys are new.
pub async fn insert<R: Stored>(on: &Transaction, rows: &[R]) -> Result<()> {
    write_rows(on, rows, "").await
}

/// Inserts rows, or replaces those of the same `id`.
pub async fn upsert<R: Stored>(on: &Transaction, rows: &[R]) -> Result<()> {
    let sets: Vec<String> = R::columns().iter().filter(|c| **c != "id").map(|c| format!("{c} = excluded.{c}")).collect();
    write_rows(on, rows, &format!("ON CONFLICT (id) DO UPDATE SET {}", sets.join(", "))).await
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

/// The most viewed articles of list `scope` published in (`after`, `now`], as (article, views), best first.
pub async fn most_viewed(db: &Database, scope: super::Scope, after: i64, now: i64, limit: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT article_id, view_count FROM listing WHERE scope = $1 AND published_at > $2 AND published_at <= $3 \
               AND expires_at > $3 ORDER BY view_count DESC, article_id DESC LIMIT $4";
    pairs(db, sql, &[scope.code(), after, now, limit]).await
}

/// The most viewed articles of list `scope` of all time, as (article, views), best first: read along the index of views.
pub async fn most_viewed_ever(db: &Database, scope: super::Scope, now: i64, limit: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT article_id, view_count FROM listing WHERE scope = $1 AND published_at + 0 <= $2 AND expires_at > $2 \
               ORDER BY view_count DESC, article_id DESC LIMIT $3";
    pairs(db, sql, &[scope.code(), now, limit]).await
}

async fn pairs(db: &Database, sql: &str, values: &[i64]) -> Result<Vec<(i64, i64)>> {
    let on = db.writer();
    let values = values.iter().copied().map(Value::from);
    let statement = Statement::from_sql_and_values(on.get_database_backend(), sql, values);
    select(on, statement, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await
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

/// Sets the fingerprints of records, given as (id, fingerprint).
pub async fn set_hashes(on: &Transaction, table: &str, hashes: &[(i64, i64)]) -> Result<()> {
    if hashes.is_empty() {
        return Ok(());
    }
    let backend = on.get_database_backend();
    let pairs = match backend {
        DbBackend::Sqlite => "SELECT value ->> 0 AS id, value ->> 1 AS hash FROM json_each($1)",
        _ => "SELECT (value ->> 0)::bigint AS id, (value ->> 1)::bigint AS hash FROM json_array_elements($1::text::json)",
    };
    let sql = format!("UPDATE {table} SET import_hash = p.hash FROM ({pairs}) AS p WHERE {table}.id = p.id");
    run(on, sql, hashes).await
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

/// As [`rows_of`], as they are in a transaction.
pub async fn rows_in<M: Loaded>(on: &Transaction, column: &str, ids: &[i64]) -> Result<Vec<M>> {
    let backend = on.get_database_backend();
    let condition = among(backend, column, "bigint");
    read(on, with_json(on, format!("SELECT {} FROM {} WHERE {condition}", M::columns().join(", "), M::table()), ids)?).await
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
    let tables = ["article", "article_body", "listing", "media", "ranking", "redirect", "related", "placement_item", "tag"];
    for table in tables {
        db.writer().execute_unprepared(&format!("ANALYZE {table}")).await.map_err(failed)?;
    }
    Ok(())
}
