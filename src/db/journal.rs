//! Reading the journal.

use super::query::{Param, Query, Row, Texts, any};
use crate::error::Result;
use entity::journal::Model as JournalEntry;

/// The newest entry's sequence number; nothing while the journal is empty.
pub fn newest() -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT j.seq FROM journal j ORDER BY j.seq DESC LIMIT 1".into());
    Query::new(sql, Vec::new(), |row| row.int(0))
}

/// The number of the oldest entry of the journal that is still kept; nothing if there is none.
pub fn oldest() -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT j.seq FROM journal j ORDER BY j.seq LIMIT 1".into());
    Query::new(sql, Vec::new(), |row| row.int(0))
}

const ENTRY: &str = "j.seq, j.at, j.actor, j.action, j.entity, j.entity_id, j.revision, j.payload";

fn entry(row: &Row<'_>) -> Result<JournalEntry> {
    Ok(JournalEntry {
        seq: row.int(0)?,
        at: row.int(1)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        entity: row.text(4)?,
        entity_id: row.int(5)?,
        revision: row.int(6)?,
        payload: row.opt_text(7)?,
    })
}

/// The first `limit` entries after number `seen`, in order.
pub fn after(seen: i64, limit: i64) -> Query<JournalEntry> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| format!("SELECT {ENTRY} FROM journal j WHERE j.seq > $1 ORDER BY j.seq LIMIT $2"));
    Query::new(sql, vec![Param::Int(seen), Param::Int(limit)], entry)
}

/// Those of `articles` of which the journal has entries of one of `actions` after number `seen`, as often as it has, in any order.
pub fn pending(seen: i64, articles: Vec<i64>, actions: Vec<String>) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let (article, action) = (any(b, "j.entity_id", 2), any(b, "j.action", 3));
        format!("SELECT j.entity_id FROM journal j WHERE j.entity = 'article' AND {article} AND j.seq > $1 AND {action}")
    });
    Query::new(sql, vec![Param::Int(seen), Param::Ints(articles), Param::Texts(actions)], |row| row.int(0))
}

/// Whose entries, and about what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// About this thing: its kind and number.
    pub thing: Option<(String, i64)>,
    /// By this actor.
    pub actor: Option<String>,
}

/// The last `limit` entries of `trail` before number `before`, newest first.
pub fn before(before: i64, limit: i64, trail: Trail) -> Query<JournalEntry> {
    static SQL: Texts<(bool, bool)> = Texts::new();
    let sql = SQL.of((trail.thing.is_some(), trail.actor.is_some()), |_| {
        let thing = if trail.thing.is_some() { " AND j.entity = $3 AND j.entity_id = $4" } else { "" };
        let number = if trail.thing.is_some() { 5 } else { 3 };
        let actor = if trail.actor.is_some() { format!(" AND j.actor = ${number}") } else { String::new() };
        format!("SELECT {ENTRY} FROM journal j WHERE j.seq < $1{thing}{actor} ORDER BY j.seq DESC LIMIT $2")
    });
    let mut params = vec![Param::Int(before), Param::Int(limit)];
    if let Some((entity, id)) = trail.thing {
        params.extend([Param::Text(entity), Param::Int(id)]);
    }
    params.extend(trail.actor.map(Param::Text));
    Query::new(sql, params, entry)
}
