//! Keeps the catalog fresh: when the journal says that a small noun has changed, all are read again and swapped whole.

use std::time::Duration;

use crate::db::Database;
use crate::journal::{Tail, is_noun};
use crate::loader::Catalogs;

/// Time between two swaps at least: an import makes new tags with every batch.
const PAUSE: Duration = Duration::from_millis(500);

/// Swaps `catalog` whenever `tail` brings a change of it, for ever.
pub async fn watch(db: Database, catalog: Catalogs, mut tail: Tail) {
    loop {
        if !tail.next().await.iter().any(|entry| is_noun(&entry.entity)) {
            continue;
        }
        // What has been committed since is in the snapshot; its entries cause one more swap and no harm.
        loop {
            match catalog.refresh(&db).await {
                Ok(()) => {
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
