//! Keeps the contracts fresh: when the journal says that one or a key of one has changed, all are read again and swapped whole, at once.
//! And writes down every second what partners have used.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::db::Database;
use crate::journal::{Tail, is_access};
use crate::partner::Book;

/// How long counts of usage may wait: what a killed process forgets.
const PERIOD: Duration = Duration::from_secs(1);

/// Swaps what `book` holds whenever `tail` brings a change of it, for ever.
pub async fn watch(db: Database, book: Arc<Book>, mut tail: Tail) {
    loop {
        if !tail.next().await.iter().any(|entry| is_access(&entry.entity)) {
            continue;
        }
        while let Err(error) = book.refresh(&db).await {
            tracing::warn!(error = %error, "The contracts could not be read again: {error}");
            tokio::time::sleep(PERIOD).await;
        }
    }
}

/// Writes down what was used, for ever.
pub async fn settle(db: Database, clock: Clock, book: Arc<Book>) {
    loop {
        tokio::time::sleep(PERIOD).await;
        if let Err(error) = book.meter.settle(&db, clock.now().timestamp_millis()).await {
            tracing::warn!(error = %error, "What partners have used could not be written down: {error}");
        }
    }
}
