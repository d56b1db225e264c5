//! Views: batches as they come, and what they sum up to.

use sea_orm::{DbBackend, QueryResult, Statement, Value};

use super::connect::Database;
use super::query::{Param, Query, Texts};
use super::write::{self, Transaction, execute, insert_or, select, with_json};
use crate::error::Result;
use entity::view_excluded::Model as ViewExcluded;
use entity::view_hour::Model as ViewHour;
use entity::view_total::Model as ViewTotal;

/// What the day's key is called among the secrets.
const SALT: &str = "views:";

/// Keeps batch `number` of `writer`, gathered until `at` (milliseconds since 1970); one that is there stays.
pub async fn keep(on: &Transaction, (writer, number): (i64, i64), at: i64, views: Vec<u8>) -> Result<()> {
    let sql = "INSERT INTO view_batch (writer, number, at, views, is_folded) VALUES ($1, $2, $3, $4, false) \
               ON CONFLICT (writer, number) DO NOTHING";
    execute(on, sql, vec![writer.into(), number.into(), at.into(), views.into()]).await.map(drop)
}

/// A batch, and its place among all: when it came (milliseconds since 1970), its writer and number.
pub type Kept = ((i64, i64, i64), Vec<u8>);

/// The next batches behind `place`, at most `most`, oldest first.
pub async fn batches_after(db: &Database, place: (i64, i64, i64), most: i64) -> Result<Vec<Kept>> {
    let on = db.writer();
    let sql = "SELECT at, writer, number, views FROM view_batch WHERE at >= $1 AND (at, writer, number) > ($1, $2, $3) \
               ORDER BY at, writer, number LIMIT $4";
    let values = [place.0, place.1, place.2, most].map(Value::from);
    let read = |row: &QueryResult| {
        let number = |at: usize| row.try_get_by_index(at);
        Ok(((number(0)?, number(1)?, number(2)?), row.try_get_by_index(3)?))
    };
    select(on, Statement::from_sql_and_values(on.get_database_backend(), sql, values), read).await
}

/// Takes the oldest batches that are not summed up yet, at most `most`, and marks them: nobody else takes them.
pub async fn take(on: &Transaction, most: i64) -> Result<Vec<Vec<u8>>> {
    let skip = if on.backend() == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" };
    let sql = format!(
        "UPDATE view_batch SET is_folded = true WHERE NOT is_folded AND (writer, number) IN \
         (SELECT writer, number FROM view_batch WHERE NOT is_folded ORDER BY at LIMIT $1 {skip}) RETURNING views"
    );
    select(on, Statement::from_sql_and_values(on.backend(), sql, [Value::from(most)]), |row| row.try_get_by_index(0)).await
}

/// Forgets batches that are summed up and came before `at` (milliseconds since 1970).
pub async fn forget(on: &Transaction, at: i64) -> Result<u64> {
    execute(on, "DELETE FROM view_batch WHERE is_folded AND at < $1", vec![at.into()]).await
}

/// Those of `articles` that readers see at `now` (milliseconds since 1970).
pub async fn seen_articles(on: &Transaction, articles: &[i64], now: i64) -> Result<Vec<i64>> {
    let among = write::among(on.backend(), "id", "bigint");
    let sql =
        format!("SELECT id FROM article WHERE {among} AND status = 'published' AND published_at <= {now} AND expires_at > {now}");
    select(on, with_json(on, sql, articles)?, |row| row.try_get_by_index(0)).await
}

/// Adds to hours, totals and what does not count. The rows come in the order of their keys, so that no two programs wait for each
/// other.
pub async fn add(on: &Transaction, hours: &[ViewHour], totals: &[ViewTotal], excluded: &[ViewExcluded]) -> Result<()> {
    let more = |table: &str, key: &str| format!("ON CONFLICT ({key}) DO UPDATE SET views = {table}.views + excluded.views");
    insert_or(on, hours, &more("view_hour", "hour, article_id")).await?;
    insert_or(on, totals, &more("view_total", "article_id")).await?;
    insert_or(on, excluded, &more("view_excluded", "hour, reason, article_id")).await
}

/// The key of `day` (days since 1970), which is `new` if there is none yet. Those of days before are deleted.
pub async fn salt(on: &Transaction, day: i64, new: &str) -> Result<String> {
    forget_salts(on, day).await?;
    write::secret(on, &format!("{SALT}{day}"), new).await
}

/// Deletes the keys of the days before `day` (days since 1970; five digits until the year 2243).
pub async fn forget_salts(on: &Transaction, day: i64) -> Result<()> {
    let (all, kept) = (format!("{SALT}%"), format!("{SALT}{day}"));
    execute(on, "DELETE FROM secret WHERE name LIKE $1 AND name < $2", vec![all.into(), kept.into()]).await.map(drop)
}

/// Views by hour from hour `first` on (hours since 1970), as (hour, views), in order.
pub fn hours(first: i64) -> Query<(i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT v.hour, CAST(sum(v.views) AS bigint) FROM view_hour v WHERE v.hour >= $1 GROUP BY v.hour ORDER BY v.hour".into()
    });
    Query::new(sql, vec![Param::Int(first)], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// What did not count from hour `first` on (hours since 1970), as (hour, reason, views), in order.
pub fn excluded(first: i64) -> Query<(i64, i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT v.hour, v.reason, CAST(sum(v.views) AS bigint) FROM view_excluded v WHERE v.hour >= $1 \
         GROUP BY v.hour, v.reason ORDER BY v.hour, v.reason"
            .into()
    });
    Query::new(sql, vec![Param::Int(first)], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}
