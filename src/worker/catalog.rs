//! Keeps the catalog fresh: when the journal says that a small noun has changed, all are read again and swapped whole.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::db::{self, Database};
use crate::error::Result;
use crate::journal::{JournalEntry, Tail};
use crate::loader::Catalog;

/// Time between two swaps at least: an import makes new tags with every batch.
const PAUSE: Duration = Duration::from_millis(500);

/// Reads the catalog.
pub async fn load(db: &Database) -> Result<Catalog> {
    Ok(Catalog::new(db::load_catalog(db).await?))
}

/// Whether `entry` is about something that the catalog holds: anything but articles, pictures and those who work here.
fn concerns(entry: &JournalEntry) -> bool {
    !matches!(entry.entity.as_str(), "article" | "media" | "redirect" | "account" | "session" | "key")
}

/// Swaps `catalog` whenever `tail` brings a change of it, for ever.
pub async fn watch(db: Database, catalog: Arc<ArcSwap<Catalog>>, mut tail: Tail) {
    loop {
        if !tail.next().await.iter().any(concerns) {
            continue;
        }
        // What has been committed since is in the snapshot; its entries cause one more swap and no harm.
        loop {
            match load(&db).await {
                Ok(fresh) => {
                    catalog.store(Arc::new(fresh));
                    tracing::debug!(journal.seq = tail.seen(), "Swapped the catalog");
                    break;
                }
                // An outage is the readiness check's to report; the catalog that is there goes on serving.
                Err(error) => tracing::warn!(error = %error, "The catalog could not be read again: {error}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
        tokio::time::sleep(PAUSE).await;
    }
}
