//! Keeps the catalog fresh: when the journal has grown, the small nouns are read again and swapped whole.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;

use crate::db::{self, Database};
use crate::error::Result;
use crate::loader::Catalog;

/// How often the journal is looked at: one statement that reads the end of an index.
const PERIOD: Duration = Duration::from_millis(500);

/// Reads the catalog.
pub async fn load(db: &Database) -> Result<Catalog> {
    Ok(Catalog::new(db::load_catalog(db).await?))
}

/// Swaps `catalog` whenever the journal has grown, for ever. `seen` is the entry that it was loaded after.
pub async fn watch(db: Database, catalog: Arc<ArcSwap<Catalog>>, mut seen: Option<i64>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        // An outage is the readiness check's to report; the catalog that is there goes on serving.
        let Ok(newest) = db.reader().all(db::newest_journal_entry()).await else { continue };
        let newest = newest.first().copied();
        if newest == seen {
            continue;
        }
        match load(&db).await {
            Ok(fresh) => {
                catalog.store(Arc::new(fresh));
                seen = newest;
                tracing::debug!(journal.seq = newest, "Swapped the catalog");
            }
            Err(error) => tracing::warn!(error = %error, "The catalog could not be read again: {error}"),
        }
    }
}
