//! Reading the journal.

use super::query::{Param, Query, Texts};
use entity::journal::Model as JournalEntry;

/// The newest entry's sequence number; nothing while the journal is empty.
pub fn newest() -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT j.seq FROM journal j ORDER BY j.seq DESC LIMIT 1".into());
    Query::new(sql, Vec::new(), |row| row.int(0))
}

/// The first `limit` entries after number `seen`, in order.
pub fn after(seen: i64, limit: i64) -> Query<JournalEntry> {
    static SQL: Texts<()> = Texts::new();
    let columns = "j.seq, j.at, j.actor, j.action, j.entity, j.entity_id, j.revision, j.payload";
    let sql = SQL.of((), |_| format!("SELECT {columns} FROM journal j WHERE j.seq > $1 ORDER BY j.seq LIMIT $2"));
    Query::new(sql, vec![Param::Int(seen), Param::Int(limit)], |row| {
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
    })
}
