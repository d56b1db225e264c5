//! Views: batches as they come, and what they sum up to.

use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Statement, Value};

use super::connect::Database;
use super::query::{Param, Query, Row, Texts, any};
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

/// The next writer of batches after `writer`.
pub fn next_writer(writer: i64) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT v.writer FROM view_batch v WHERE v.writer > $1 ORDER BY v.writer LIMIT 1".into());
    Query::new(sql, vec![Param::Int(writer)], |row| row.int(0))
}

/// The next batches of `writer` after number `number`, at most `most`, with their numbers in order.
pub fn batches_of(writer: i64, number: i64, most: i64) -> Query<(i64, Vec<u8>)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT v.number, v.views FROM view_batch v WHERE v.writer = $1 AND v.number > $2 ORDER BY v.number LIMIT $3".into()
    });
    Query::new(sql, [writer, number, most].map(Param::Int).to_vec(), |row| Ok((row.int(0)?, row.bytes(1)?)))
}

/// Whether a batch waits to be summed up: 1 if so.
pub fn waiting() -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT CAST(1 AS bigint) FROM view_batch v WHERE v.is_folded = false LIMIT 1".into());
    Query::new(sql, Vec::new(), |row| row.int(0))
}

/// The number of the next part. Until the end of the transaction nobody else gets one: parts are seen in the order of their numbers.
pub async fn next_part(on: &Transaction) -> Result<i64> {
    write::reserve_ids(on, PARTS, 1).await
}

/// What parts are called among the counters.
const PARTS: &str = "view_minute";

/// Takes the oldest batches that are not summed up yet, at most `most`, and marks them.
pub async fn take(on: &Transaction, most: i64) -> Result<Vec<Vec<u8>>> {
    let sql = "UPDATE view_batch SET is_folded = true WHERE (writer, number) IN \
         (SELECT writer, number FROM view_batch WHERE is_folded = false ORDER BY at LIMIT $1) RETURNING views";
    select(on, Statement::from_sql_and_values(on.backend(), sql, [Value::from(most)]), |row| row.try_get_by_index(0)).await
}

/// The totals of `articles` that have some.
pub async fn totals(on: &Transaction, articles: &[i64]) -> Result<Vec<ViewTotal>> {
    write::rows_in(on, "article_id", articles).await
}

/// Keeps part `number`, given by minute (since 1970).
pub async fn keep_part(on: &Transaction, number: i64, minutes: Vec<(i64, Vec<u8>)>) -> Result<()> {
    /// Rows of a statement, where there are so many: views that were reported late lie in many minutes.
    const ROWS: usize = 64;
    let (many, few) = minutes.split_at(minutes.len() / ROWS * ROWS);
    for rows in many.chunks(ROWS).chain(few.chunks(1)) {
        let row = |at: usize| format!("(${}, ${}, ${})", at * 3 + 1, at * 3 + 2, at * 3 + 3);
        let places: Vec<String> = (0..rows.len()).map(row).collect();
        let sql = format!("INSERT INTO view_minute (minute, number, views) VALUES {}", places.join(", "));
        let values = rows.iter().flat_map(|(minute, views)| [(*minute).into(), number.into(), views.clone().into()]);
        execute(on, &sql, values.collect()).await?;
    }
    Ok(())
}

/// Some views of a minute: its number since 1970, the number of the part, the part.
pub type Part = (i64, i64, Vec<u8>);

fn part(row: &Row<'_>) -> Result<Part> {
    Ok((row.int(0)?, row.int(1)?, row.bytes(2)?))
}

/// The next parts behind (`number`, `minute`), at most `most`, in order.
pub fn parts_after((number, minute): (i64, i64), most: i64) -> Query<Part> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT v.minute, v.number, v.views FROM view_minute v WHERE v.number >= $1 AND (v.number, v.minute) > ($1, $2) \
         ORDER BY v.number, v.minute LIMIT $3"
            .into()
    });
    Query::new(sql, [number, minute, most].map(Param::Int).to_vec(), part)
}

/// The parts of the minutes from behind `after` up to `last`, as far as part `number`.
pub fn parts_of(after: i64, last: i64, number: i64) -> Query<Part> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT v.minute, v.number, v.views FROM view_minute v WHERE v.minute > $1 AND v.minute <= $2 AND v.number <= $3".into()
    });
    Query::new(sql, [after, last, number].map(Param::Int).to_vec(), part)
}

/// The views of the hours from behind `after` up to `last` (since 1970), as (article, views).
pub fn views_of(after: i64, last: i64) -> Query<(i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT v.article_id, v.views FROM view_hour v WHERE v.hour > $1 AND v.hour <= $2".into());
    Query::new(sql, [after, last].map(Param::Int).to_vec(), |row| Ok((row.int(0)?, row.int(1)?)))
}

/// What was counted of `articles`, as (article, views, the last part that is in them).
pub fn totals_now(articles: Vec<i64>) -> Query<(i64, i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    // One statement sees one state.
    let sql = SQL.of((), |b| {
        let last = format!("(SELECT c.last FROM id_counter c WHERE c.name = '{PARTS}')");
        format!("SELECT v.article_id, v.views, {last} FROM view_total v WHERE {}", any(b, "v.article_id", 1))
    });
    Query::new(sql, vec![Param::Ints(articles)], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}

/// What lists say of an article: article, list, time of publication, views from elsewhere.
pub type Listed = (i64, i64, i64, i64);

/// The lists in which readers see `articles` at `now` (milliseconds since 1970), in any order.
pub fn listed(articles: Vec<i64>, now: i64) -> Query<Listed> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        format!(
            "SELECT l.article_id, l.scope, l.published_at, a.imported_views FROM listing l JOIN article a ON a.id = l.article_id \
             WHERE {} AND l.published_at <= $1 AND l.expires_at > $1",
            any(b, "l.article_id", 2)
        )
    });
    Query::new(sql, vec![Param::Int(now), Param::Ints(articles)], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?)))
}

/// Everything that was counted, at one instant.
pub struct Counted {
    /// The last part that is in it.
    pub number: i64,
    /// What was read within the longer windows: article, views in the shorter and the longer of the two, in all, weight, as of which
    /// half-life.
    pub totals: Vec<(i64, i64, i64, i64, f64, i64)>,
    /// The parts of the shorter windows.
    pub parts: Vec<Part>,
}

/// What was read from behind the first of `minutes` up to the second, and from behind hours `week` and `month` up to hour `last` (all
/// since 1970).
pub async fn counted(db: &Database, minutes: (i64, i64), (week, month, last): (i64, i64, i64)) -> Result<Counted> {
    let on = write::snapshot(db).await?;
    let backend = on.get_database_backend();
    let numbers = Statement::from_sql_and_values(backend, "SELECT last FROM id_counter WHERE name = $1", [Value::from(PARTS)]);
    let number: Vec<i64> = select(&on, numbers, |row| row.try_get_by_index(0)).await?;
    let sql = "SELECT t.article_id, h.week, h.month, t.views, t.weight, t.weighed_at FROM \
        (SELECT article_id, CAST(sum(CASE WHEN hour > $1 THEN views ELSE 0 END) AS bigint) AS week, CAST(sum(views) AS bigint) AS month \
        FROM view_hour WHERE hour > $2 AND hour <= $3 GROUP BY article_id) h JOIN view_total t ON t.article_id = h.article_id";
    let totals = Statement::from_sql_and_values(backend, sql, [week, month, last].map(Value::from));
    let totals = select(&on, totals, |row| {
        let number = |at: usize| row.try_get_by_index(at);
        Ok((number(0)?, number(1)?, number(2)?, number(3)?, row.try_get_by_index(4)?, number(5)?))
    });
    let totals = totals.await?;
    let sql = "SELECT minute, number, views FROM view_minute WHERE minute > $1 AND minute <= $2";
    let parts = Statement::from_sql_and_values(backend, sql, [minutes.0, minutes.1].map(Value::from));
    let parts =
        select(&on, parts, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?))).await?;
    Ok(Counted { number: number.first().copied().unwrap_or(0), totals, parts })
}

/// How the rankings of each kind stood at their last step: kind, step, lists.
pub fn steps() -> Query<(i64, i64, Vec<u8>)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT s.kind, s.at, s.lists FROM ranking_step s".into());
    Query::new(sql, Vec::new(), |row| Ok((row.int(0)?, row.int(1)?, row.bytes(2)?)))
}

/// Writes down how the rankings of `kind` stood at step `at`, unless somebody has.
pub async fn keep_step(on: &Transaction, kind: i64, at: i64, lists: Vec<u8>) -> Result<()> {
    let sql = "INSERT INTO ranking_step (kind, at, lists) VALUES ($1, $2, $3) ON CONFLICT (kind) DO UPDATE \
               SET at = excluded.at, lists = excluded.lists WHERE ranking_step.at <> excluded.at";
    execute(on, sql, vec![kind.into(), at.into(), lists.into()]).await.map(drop)
}

/// Up to `most` articles whose row does not say yet what was read of them.
pub fn behind(most: i64) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT a.id FROM view_total v JOIN article a ON a.id = v.article_id WHERE a.view_count <> a.imported_views + v.views LIMIT $1".into()
    });
    Query::new(sql, vec![Param::Int(most)], |row| row.int(0))
}

/// Brings the view counts of `articles` and of their lists up to date, but for those that somebody else is writing. Returns which are.
pub async fn bring_up(on: &Transaction, articles: &[i64]) -> Result<Vec<i64>> {
    let hold = if on.backend() == DbBackend::Postgres { "FOR NO KEY UPDATE SKIP LOCKED" } else { "" };
    let sql = format!("SELECT id FROM article WHERE {} ORDER BY id {hold}", write::among(on.backend(), "id", "bigint"));
    let own: Vec<i64> = select(on, with_json(on, sql, articles)?, |row| row.try_get_by_index(0)).await?;
    // Only now, when nobody else writes these rows: what is read here is what goes into them.
    let among = write::among(on.backend(), "a.id", "bigint");
    let sql =
        format!("SELECT a.id, a.imported_views + v.views FROM article a JOIN view_total v ON v.article_id = a.id WHERE {among}");
    let totals: Vec<(i64, i64)> =
        select(on, with_json(on, sql, &own)?, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await?;
    let pairs = match on.backend() {
        DbBackend::Sqlite => "SELECT value ->> 0 AS id, value ->> 1 AS views FROM json_each($1)",
        _ => "SELECT (value ->> 0)::bigint AS id, (value ->> 1)::bigint AS views FROM json_array_elements($1::text::json)",
    };
    for (table, id) in [("article", "id"), ("listing", "article_id")] {
        let sql = format!("UPDATE {table} SET view_count = p.views FROM ({pairs}) AS p WHERE {table}.{id} = p.id");
        write::run(on, sql, &totals).await?;
    }
    Ok(totals.into_iter().map(|(id, _)| id).collect())
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

/// Adds to hours, totals and what does not count; weights are replaced.
pub async fn add(on: &Transaction, hours: &[ViewHour], totals: &[ViewTotal], excluded: &[ViewExcluded]) -> Result<()> {
    let more = |table: &str, key: &str| format!("ON CONFLICT ({key}) DO UPDATE SET views = {table}.views + excluded.views");
    insert_or(on, hours, &more("view_hour", "hour, article_id")).await?;
    let weight = ", weight = excluded.weight, weighed_at = excluded.weighed_at";
    insert_or(on, totals, &(more("view_total", "article_id") + weight)).await?;
    insert_or(on, excluded, &more("view_excluded", "hour, reason, article_id")).await
}

/// The minute (since 1970) of the last part but `others`; none where there are not so many.
pub async fn latest_minute(on: &Transaction, others: i64) -> Result<Option<i64>> {
    let sql = "SELECT minute FROM view_minute ORDER BY minute DESC LIMIT 1 OFFSET $1";
    let statement = Statement::from_sql_and_values(on.backend(), sql, [Value::from(others)]);
    let found: Vec<i64> = select(on, statement, |row| row.try_get_by_index(0)).await?;
    Ok(found.first().copied())
}

/// Forgets minutes before `minute` (since 1970).
pub async fn forget_minutes(on: &Transaction, minute: i64) -> Result<()> {
    execute(on, "DELETE FROM view_minute WHERE minute < $1", vec![minute.into()]).await.map(drop)
}

/// Forgets days before `day` (since 1970).
pub async fn forget_days(on: &Transaction, day: i64) -> Result<()> {
    execute(on, "DELETE FROM view_day WHERE day < $1", vec![day.into()]).await.map(drop)
}

/// The oldest hour of which something is kept. Until the end of the transaction nobody else sums up.
pub async fn oldest_hour(on: &Transaction) -> Result<Option<i64>> {
    next_part(on).await?;
    let statement = Statement::from_string(on.backend(), "SELECT min(hour) FROM view_hour");
    let found: Vec<Option<i64>> = select(on, statement, |row| row.try_get_by_index(0)).await?;
    Ok(found.into_iter().next().flatten())
}

/// Makes what was read before hour `end` into day `day` (both since 1970), and forgets what was not counted then.
pub async fn turn_day(on: &Transaction, day: i64, end: i64) -> Result<()> {
    let sql = "INSERT INTO view_day (day, article_id, views) SELECT CAST($1 AS bigint), article_id, CAST(sum(views) AS bigint) \
               FROM view_hour WHERE hour < $2 GROUP BY article_id ON CONFLICT (day, article_id) DO UPDATE SET views = view_day.views + excluded.views";
    execute(on, sql, vec![day.into(), end.into()]).await?;
    for table in ["view_hour", "view_excluded"] {
        execute(on, &format!("DELETE FROM {table} WHERE hour < $1"), vec![end.into()]).await?;
    }
    Ok(())
}

/// How often `articles` were read from hour `first` on, as (article, hour, views); with `is_day`, from that day on by day.
pub fn read_from(articles: Vec<i64>, first: i64, is_day: bool) -> Query<(i64, i64, i64)> {
    static SQL: Texts<bool> = Texts::new();
    let sql = SQL.of(is_day, |b| {
        let (table, step) = if is_day { ("view_day", "day") } else { ("view_hour", "hour") };
        format!("SELECT v.article_id, v.{step}, v.views FROM {table} v WHERE v.{step} >= $1 AND {}", any(b, "v.article_id", 2))
    });
    Query::new(sql, vec![Param::Int(first), Param::Ints(articles)], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?)))
}

/// Puts totals back that another database has counted, unless more has been counted here.
pub async fn restore(on: &Transaction, totals: &[ViewTotal]) -> Result<()> {
    let more = "ON CONFLICT (article_id) DO UPDATE SET views = CASE WHEN view_total.views < excluded.views THEN excluded.views ELSE view_total.views END";
    insert_or(on, totals, more).await
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
