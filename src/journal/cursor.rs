//! Places in the journal that outlast the program: what a reader has done is done once, however many programs read and
//! whenever they are killed.

use crate::db::write::{self, Transaction};
use crate::db::{self, Database};
use crate::error::Result;

/// The last entry that reader `name` has done; who reads for the first time begins behind the newest one.
pub async fn cursor(db: &Database, name: &str) -> Result<i64> {
    let newest = db.reader().all(db::newest_journal_entry()).await?.first().copied().unwrap_or(0);
    let on = write::begin(db).await?;
    let seq = write::cursor(&on, name, newest).await?;
    write::commit(db, on).await?;
    Ok(seq)
}

/// Writes down, in the transaction of the work itself, that reader `name` has done the entries from behind `from` up to `to`.
/// False if somebody else has: then the transaction must come to nothing.
pub async fn advance(on: &Transaction, name: &str, from: i64, to: i64) -> Result<bool> {
    write::advance(on, name, from, to).await
}
