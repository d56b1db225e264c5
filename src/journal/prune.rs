//! Forgetting what is old.

use crate::db::Database;
use crate::db::write;
use crate::error::Result;

/// How many entries go in one transaction: writers wait no longer than for an import's batch.
const BATCH: i64 = 5_000;

/// Deletes entries from before `before` (milliseconds since 1970) that every reader has done; returns how many.
pub async fn prune(db: &Database, before: i64) -> Result<u64> {
    let mut gone = 0;
    loop {
        let on = write::begin(db).await?;
        let deleted = write::prune_journal(&on, before, BATCH).await?;
        write::commit(db, on).await?;
        gone += deleted;
        if deleted < BATCH.unsigned_abs() {
            return Ok(gone);
        }
    }
}
