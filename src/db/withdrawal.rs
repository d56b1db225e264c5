//! Articles that were taken away for good.

use sea_orm::{ConnectionTrait, DbBackend};

use super::query::{Backend, Param, Query, Texts, any};
use super::visibility::{Audience, Visibility, granted_of_gone};
use super::write::{self, Transaction};
use crate::error::Result;
use entity::withdrawal::Model as Withdrawal;

/// By which name of the article a withdrawal is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WithdrawnBy {
    /// The name in its address.
    Slug,
    /// Its number in the system it came from.
    LegacyId,
    /// An old address, normalised.
    Address,
}

/// The withdrawals of the articles `ids`, in any order.
pub fn withdrawals_by_id(ids: Vec<i64>, seen: &Visibility) -> Query<(Option<String>, Withdrawal)> {
    static SQL: Texts<Audience> = Texts::new();
    let sql = SQL.of(seen.of_readers(), |b| {
        let (among, known) = (any(b, "w.article_id", 2), known(b, seen.of_readers()));
        format!("SELECT NULL, {COLUMNS} FROM withdrawal w WHERE {among} AND {known}")
    });
    Query::new(sql, vec![seen.param(), Param::Ints(ids)], decode)
}

/// The withdrawals of the articles with these `names`, each with the name it was found by, in any order.
pub fn withdrawals_by_name(by: WithdrawnBy, names: Vec<String>, seen: &Visibility) -> Query<(Option<String>, Withdrawal)> {
    static SQL: Texts<(WithdrawnBy, Audience)> = Texts::new();
    let sql = SQL.of((by, seen.of_readers()), |b| {
        let (name, from, id) = match by {
            WithdrawnBy::Slug => ("a.slug", "article a", "a.id"),
            WithdrawnBy::LegacyId => ("a.legacy_id", "article a", "a.id"),
            WithdrawnBy::Address => ("r.address", "redirect r", "r.article_id"),
        };
        let (among, known) = (any(b, name, 2), known(b, seen.of_readers()));
        format!("SELECT {name}, {COLUMNS} FROM {from} JOIN withdrawal w ON w.article_id = {id} WHERE {among} AND {known}")
    });
    Query::new(sql, vec![seen.param(), Param::texts(names)], decode)
}

/// Whether somebody may know of withdrawal `w`: a partner of what it could have had.
fn known(b: Backend, audience: Audience) -> String {
    match audience {
        Audience::Partner { .. } => {
            let granted = granted_of_gone(b, audience, "t");
            format!("EXISTS (SELECT 1 FROM tombstone t WHERE t.article_id = w.article_id{granted})")
        }
        Audience::Public | Audience::Staff => "CAST($1 AS bigint) IS NOT NULL".into(),
    }
}

const COLUMNS: &str = "w.article_id, w.at, w.actor, w.reason, w.notice";

fn decode(row: &super::query::Row<'_>) -> Result<(Option<String>, Withdrawal)> {
    let withdrawal = Withdrawal {
        article_id: row.int(1)?,
        at: row.int(2)?,
        actor: row.text(3)?,
        reason: row.text(4)?,
        notice: row.opt_text(5)?,
    };
    Ok((row.opt_text(0)?, withdrawal))
}

/// The states of the articles `ids`, as (article, state). Until the end of the transaction nobody else changes them.
pub async fn lock(on: &Transaction, ids: &[i64]) -> Result<Vec<(i64, String)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let backend = on.get_database_backend();
    // SQLite has one writer at a time.
    let hold = if backend == DbBackend::Postgres { " FOR NO KEY UPDATE" } else { "" };
    let sql = format!("SELECT id, status FROM article WHERE {} ORDER BY id{hold}", write::among(backend, "id", "bigint"));
    write::select(on, write::with_json(on, sql, ids)?, |row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).await
}
