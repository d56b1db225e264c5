//! Claims that something be taken down; which key has fetched which article; where an article stands.

use sea_orm::{ConnectionTrait, Statement, Value};

use super::query::{Param, Query, Row, Texts, any};
use super::write::{self, Transaction};
use crate::error::Result;
use entity::fetched::Model as Fetched;
use entity::takedown::Model as Takedown;

const TAKEDOWN: &str =
    "t.id, t.article_id, t.address, t.name, t.contact, t.claim, t.state, t.note, t.created_at, t.closed_at, t.closed_by";

fn takedown(row: &Row<'_>) -> Result<Takedown> {
    Ok(Takedown {
        id: row.int(0)?,
        article_id: row.opt_int(1)?,
        address: row.text(2)?,
        name: row.text(3)?,
        contact: row.text(4)?,
        claim: row.text(5)?,
        state: row.text(6)?,
        note: row.opt_text(7)?,
        created_at: row.int(8)?,
        closed_at: row.opt_int(9)?,
        closed_by: row.opt_text(10)?,
    })
}

/// The last `limit` claims in one of `states` before number `before`, newest first.
pub fn takedowns_before(states: Vec<String>, before: i64, limit: i64) -> Query<Takedown> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        format!("SELECT {TAKEDOWN} FROM takedown t WHERE t.id < $1 AND {} ORDER BY t.id DESC LIMIT $2", any(b, "t.state", 3))
    });
    Query::new(sql, vec![Param::Int(before), Param::Int(limit), Param::texts(states)], takedown)
}

/// Which keys have fetched `article`: name of the key, first, last; in order.
pub fn fetched(article: i64) -> Query<(String, i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT y.name, f.first_at, f.last_at FROM fetched f JOIN api_key y ON y.id = f.key_id WHERE f.article_id = $1 ORDER BY f.key_id"
            .into()
    });
    Query::new(sql, vec![Param::Int(article)], |row| Ok((row.text(0)?, row.int(1)?, row.int(2)?)))
}

/// How many places an article has in each kind of surface: lists, rankings, related items of others, slots, old addresses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Places {
    /// Lists of the site, of channels, tags, topics, sources, authors.
    pub lists: i64,
    /// Places in rankings.
    pub rankings: i64,
    /// Articles that it is related to.
    pub related: i64,
    /// Places in slots.
    pub placements: i64,
    /// Old addresses.
    pub addresses: i64,
}

const PLACES: &str = "SELECT (SELECT count(*) FROM listing WHERE article_id = $1), \
    (SELECT count(*) FROM related WHERE related_id = $1 AND position >= 0), (SELECT count(*) FROM placement_item WHERE article_id = $1), \
    (SELECT count(*) FROM redirect WHERE article_id = $1)";

/// Notes for each list that shows one of `articles` that it leaves it at `at` (milliseconds since 1970), in a transaction, before it does.
pub async fn bury(on: &Transaction, articles: &[i64], at: i64) -> Result<()> {
    if articles.is_empty() {
        return Ok(());
    }
    let among = write::among(on.get_database_backend(), "article_id", "bigint");
    let sql = format!(
        "INSERT INTO tombstone (scope, at, article_id, published_at) SELECT scope, {at}, article_id, published_at FROM listing \
         WHERE {among} AND published_at <= {at} ON CONFLICT DO NOTHING"
    );
    write::run(on, sql, articles).await
}

/// Where `article` stands, as it is in a transaction, but for rankings.
pub async fn places(on: &Transaction, article: i64) -> Result<Places> {
    let statement = Statement::from_sql_and_values(on.get_database_backend(), PLACES, [Value::from(article)]);
    let found = write::select(on, statement, |row| {
        Ok(Places {
            lists: row.try_get_by_index(0)?,
            rankings: 0,
            related: row.try_get_by_index(1)?,
            placements: row.try_get_by_index(2)?,
            addresses: row.try_get_by_index(3)?,
        })
    });
    Ok(found.await?.into_iter().next().unwrap_or_default())
}

/// In how many of those places, of each ranking that it stands in 1, the public sees `article` at `now`: each is asked with the condition that readers' queries carry.
pub fn shown(article: i64, now: i64) -> Query<Places> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let visible = super::Visibility::condition(b, super::Audience::Public, "a");
        let count = |from: &str, id: &str| {
            format!("(SELECT count(*) FROM {from} s JOIN article a ON a.id = s.{id} WHERE s.{id} = $2 AND {visible})")
        };
        // Rankings are in memory, and show what readers see.
        let seen = format!("(SELECT count(*) FROM article a WHERE a.id = $2 AND {visible})");
        // Lists are cut from `listing` alone, with the times that it has.
        let lists = "(SELECT count(*) FROM listing l WHERE l.article_id = $2 AND l.published_at <= $1 AND l.expires_at > $1)";
        let others = [("related", "related_id"), ("placement_item", "article_id"), ("redirect", "article_id")];
        let counts: Vec<String> = others.into_iter().map(|(from, id)| count(from, id)).collect();
        format!("SELECT {lists}, {seen}, {}", counts.join(", "))
    });
    Query::new(sql, vec![Param::Int(now), Param::Int(article)], |row| {
        Ok(Places {
            lists: row.int(0)?,
            rankings: row.int(1)?,
            related: row.int(2)?,
            placements: row.int(3)?,
            addresses: row.int(4)?,
        })
    })
}

/// Notes that keys have fetched articles; the first time stays.
pub async fn note_fetched(on: &Transaction, rows: &[Fetched]) -> Result<()> {
    write::insert_or(on, rows, "ON CONFLICT (article_id, key_id) DO UPDATE SET last_at = excluded.last_at").await
}
