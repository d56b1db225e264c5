//! Finds the related items of articles that have just been published. Imports find their own.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::{Database, manuscript};
use crate::editorial;
use crate::error::Result;
use crate::journal::{JournalEntry, Tail, cursor};

/// The name of this reader of the journal.
const NAME: &str = "related";

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// How many entries are worked on in one transaction: other writers wait that long.
const CHUNK: usize = 100;

/// How long to leave the database to what is due.
const STANDING_BACK: Duration = Duration::from_millis(50);

/// How many entries without anything to do may be read again after a restart.
const UNWRITTEN: i64 = 10_000;

/// The article of `entry`, if its related items are to be found.
fn concerns(entry: &JournalEntry) -> Option<i64> {
    let is_new = matches!(entry.action.as_str(), "article.published" | "article.restored");
    (is_new && entry.actor != "import").then_some(entry.entity_id)
}

/// Follows the journal, for ever.
pub async fn watch(db: Database, clock: Clock) {
    loop {
        if let Err(error) = follow(&db, &clock).await {
            tracing::warn!(error = %error, "Related items could not be found: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn follow(db: &Database, clock: &Clock) -> Result<()> {
    let mut done = cursor(db, NAME).await?;
    let mut tail = Tail::after(db, done);
    loop {
        let entries = tail.next().await;
        if !entries.iter().any(|entry| concerns(entry).is_some()) && tail.seen() - done < UNWRITTEN {
            continue;
        }
        for part in entries.chunks(CHUNK) {
            // What is due goes first: ten thousand may be, and nobody waits for related items.
            while is_overdue(db, clock).await? {
                tokio::time::sleep(STANDING_BACK).await;
            }
            let articles: Vec<i64> = part.iter().filter_map(concerns).collect();
            let to = part.last().map_or(done, |entry| entry.seq);
            if !editorial::relate(db, &articles, (NAME, done, to)).await? {
                // Another program was faster: go on where it is.
                return Ok(());
            }
            done = to;
        }
    }
}

/// Whether something is due that has not happened yet.
async fn is_overdue(db: &Database, clock: &Clock) -> Result<bool> {
    let now = clock.now().timestamp_millis();
    Ok(db.reader().all(manuscript::next_due()).await?.into_iter().flatten().any(|at| at <= now))
}
