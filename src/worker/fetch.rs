//! Writes down which keys have fetched which articles.

use std::sync::Arc;
use std::time::Duration;

use crate::db::Database;
use crate::editorial::Fetches;

/// How long a note may wait: what a killed process forgets.
const PERIOD: Duration = Duration::from_secs(1);

/// Writes, for ever.
pub async fn write(db: Database, fetches: Arc<Fetches>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(error) = fetches.flush(&db).await {
            tracing::warn!(error = %error, "What keys have fetched could not be written down: {error}");
        }
    }
}
