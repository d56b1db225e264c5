//! Finds the related items of articles that have just been published. Imports find their own.

use std::time::Duration;

use crate::db::Database;
use crate::editorial;
use crate::error::Result;
use crate::journal::{JournalEntry, Tail, cursor};

/// The name of this reader of the journal.
const NAME: &str = "related";

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// How many entries without anything to do may be read again after a restart.
const UNWRITTEN: i64 = 10_000;

/// The article of `entry`, if its related items are to be found.
fn concerns(entry: &JournalEntry) -> Option<i64> {
    let is_new = matches!(entry.action.as_str(), "article.published" | "article.restored");
    (is_new && entry.actor != "import").then_some(entry.entity_id)
}

/// Follows the journal, for ever.
pub async fn watch(db: Database) {
    loop {
        if let Err(error) = follow(&db).await {
            tracing::warn!(error = %error, "Related items could not be found: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn follow(db: &Database) -> Result<()> {
    let mut done = cursor(db, NAME).await?;
    let mut tail = Tail::after(db, done);
    loop {
        let entries = tail.next().await;
        let articles: Vec<i64> = entries.iter().filter_map(concerns).collect();
        if articles.is_empty() && tail.seen() - done < UNWRITTEN {
            continue;
        }
        if !editorial::relate(db, &articles, (NAME, done, tail.seen())).await? {
            // Another program was faster: go on where it is.
            return Ok(());
        }
        done = tail.seen();
    }
}
