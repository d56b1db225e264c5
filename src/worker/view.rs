//! Sums up the views that come.

use std::time::Duration;

use crate::clock::Clock;
use crate::db::Database;
use crate::ranking;

/// How often; what came before is in the sums after it.
const PERIOD: Duration = Duration::from_secs(1);

/// After how many rounds what nobody needs any more is forgotten.
const ROUNDS: u32 = 300;

/// Sums up, for ever.
pub async fn fold(db: Database, clock: Clock) {
    let mut round = 0_u32;
    loop {
        tokio::time::sleep(PERIOD).await;
        let now = clock.now().timestamp_millis();
        loop {
            match ranking::fold(&db, now).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(error = %error, "Views could not be summed up: {error}");
                    break;
                }
            }
        }
        round += 1;
        if round % ROUNDS == 1
            && let Err(error) = ranking::forget(&db, now).await
        {
            tracing::warn!(error = %error, "Old batches of views could not be deleted: {error}");
        }
    }
}
