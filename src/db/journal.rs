//! Reading the journal.

use super::query::{Query, Texts};

/// The newest entry's sequence number; nothing while the journal is empty.
pub fn newest() -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT j.seq FROM journal j ORDER BY j.seq DESC LIMIT 1".into());
    Query::new(sql, Vec::new(), |row| row.int(0))
}
