//! Following the journal.

use std::time::Duration;

use tokio::sync::watch;

use crate::db::{self, Database, JournalEntry};

/// How often a follower looks without being told: for commits of other processes on SQLite, and where a notification of
/// PostgreSQL was lost with its connection. One look reads the end of an index.
const PERIOD: Duration = Duration::from_millis(500);

/// How many entries come at once.
const BATCH: i64 = 1_000;

/// A reader of the journal with its place in it.
pub struct Tail {
    db: Database,
    heard: watch::Receiver<u64>,
    seen: i64,
    is_away: bool,
}

impl Tail {
    /// Follows the journal of `db` from behind entry `seen` on; 0: from its beginning.
    pub fn after(db: &Database, seen: i64) -> Self {
        Self { heard: db.bell().listen(), db: db.clone(), seen, is_away: false }
    }

    /// The sequence number of the last entry that has come.
    pub fn seen(&self) -> i64 {
        self.seen
    }

    /// Waits for entries: at least one, in the order of their commits, none skipped and none twice. A database that is
    /// away is waited for. Dropped while it waits, it loses nothing.
    pub async fn next(&mut self) -> Vec<JournalEntry> {
        loop {
            // Before the look: what is committed during it rings again.
            self.heard.mark_unchanged();
            match self.db.reader().all(db::journal_after(self.seen, BATCH)).await {
                Ok(entries) => {
                    self.is_away = false;
                    if let Some(last) = entries.last() {
                        self.seen = last.seq;
                        return entries;
                    }
                }
                Err(error) if !self.is_away => {
                    self.is_away = true;
                    tracing::warn!(error = %error, "The journal cannot be read: {error}");
                }
                Err(_) => {}
            }
            drop(tokio::time::timeout(PERIOD, self.heard.changed()).await);
        }
    }
}
