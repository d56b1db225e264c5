//! Reading the journal.

use std::sync::{Arc, LazyLock};

use super::query::{Query, Sql};

static NEWEST: LazyLock<Arc<Sql>> =
    LazyLock::new(|| Sql::new(|_| "SELECT j.seq FROM journal j ORDER BY j.seq DESC LIMIT 1".into()));

/// The newest entry's sequence number; nothing while the journal is empty.
pub fn newest() -> Query<i64> {
    Query::new(&NEWEST, Vec::new(), |row| row.int(0))
}
