//! Forgets sessions that are over, attempts to sign in of yesterday, and what the journal need not keep.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::Database;
use crate::{editorial, journal};

/// How often. Nothing depends on it but the size of two tables.
const PERIOD: Duration = Duration::from_hours(1);

/// Sweeps, for ever.
pub async fn sweep(db: Database, clock: Clock, keep_days: u32) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if keep_days > 0 {
            let before = clock.now() - chrono::Duration::days(i64::from(keep_days));
            match journal::prune(&db, before.timestamp_millis()).await {
                Ok(0) => {}
                Ok(gone) => tracing::info!(journal.entries = gone, "Forgot {gone} old entries of the journal"),
                Err(error) => tracing::warn!(error = %error, "Old entries of the journal could not be deleted: {error}"),
            }
        }
        if let Err(error) = editorial::sweep(&db, clock.now().timestamp_millis()).await {
            tracing::warn!(error = %error, "Old sessions could not be deleted: {error}");
        }
    }
}
