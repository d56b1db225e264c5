//! Strikes when something is due: exactly at its time where this program knows of it, at the next look where another one has
//! just written it down.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::{Database, manuscript};
use crate::editorial::{self, Settled};
use crate::error::Result;

/// How often it looks without being told: two look-ups at the beginning of an index.
const PERIOD: Duration = Duration::from_millis(250);

/// How long it leaves alone what somebody else is changing.
const PAUSE: Duration = Duration::from_millis(20);

/// How long it waits after a failure.
const PATIENCE: Duration = Duration::from_secs(1);

/// Watches the time, for ever.
pub async fn watch(db: Database, clock: Clock) {
    let mut heard = db.bell().listen();
    loop {
        heard.mark_unchanged();
        let rest = strike(&db, &clock).await.unwrap_or_else(|error| {
            tracing::warn!(error = %error, "What is due could not be done: {error}");
            PATIENCE
        });
        // Not less than a moment, or a clock that is set by hand would never let go.
        drop(tokio::time::timeout(rest.clamp(Duration::from_millis(1), PERIOD), heard.changed()).await);
    }
}

/// Does what is due, and says how long there is nothing to do.
async fn strike(db: &Database, clock: &Clock) -> Result<Duration> {
    loop {
        let now = clock.now().timestamp_millis();
        let Some(at) = db.reader().all(manuscript::next_due()).await?.into_iter().flatten().next() else { return Ok(PERIOD) };
        if at > now {
            return Ok(Duration::from_millis(u64::try_from(at - now).unwrap_or(0)));
        }
        let settled = editorial::settle_due(db, now).await?;
        let Settled { published, unpublished, failed, left } = settled;
        if published + unpublished + failed > 0 {
            tracing::info!(published, unpublished, failed, late_ms = now - at, "Published {published} articles at their time");
        } else if left > 0 {
            tokio::time::sleep(PAUSE).await;
        } else {
            return Ok(PERIOD);
        }
    }
}
