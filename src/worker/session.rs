//! Forgets sessions that are over and attempts to sign in of yesterday.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::Database;
use crate::editorial;

/// How often. Nothing depends on it but the size of two tables.
const PERIOD: Duration = Duration::from_hours(1);

/// Sweeps, for ever.
pub async fn sweep(db: Database, clock: Clock) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(error) = editorial::sweep(&db, clock.now().timestamp_millis()).await {
            tracing::warn!(error = %error, "Old sessions could not be deleted: {error}");
        }
    }
}
