//! Refreshes the rankings now and then: windows move on even when nobody writes.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::Database;
use crate::ranking;

/// How often: an article that leaves the hour's ranking a few minutes late misleads nobody.
const PERIOD: Duration = Duration::from_mins(5);

/// Refreshes for ever.
pub async fn watch(db: Database, clock: Clock) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(error) = ranking::refresh(&db, clock.now().timestamp_millis()).await {
            tracing::warn!(error = %error, "The rankings could not be refreshed: {error}");
        }
    }
}
