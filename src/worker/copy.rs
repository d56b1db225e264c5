//! Ends what was made of articles and lists that have changed, from the entry in the journal on.

use std::sync::Arc;

use crate::cache::{Epochs, Tag};
use crate::db::{self, Database, JournalEntry};
use crate::journal::{RELISTED, Tail};

/// Counts changes in `epochs` as `tail` brings them, for ever; nothing is kept yet that depends on what was before it. The small nouns need no count: who makes something holds a snapshot of them
/// that is named in the key.
pub async fn watch(db: Database, epochs: Arc<Epochs>, mut tail: Tail) {
    epochs.pass(tail.seen());
    loop {
        let entries = tail.next().await;
        if entries.iter().any(changes_all) {
            epochs.bump_all();
        } else {
            count(&db, &epochs, &entries).await;
        }
        epochs.pass(tail.seen());
    }
}

/// Counts what `entries` have changed.
async fn count(db: &Database, epochs: &Epochs, entries: &[JournalEntry]) {
    let articles: Vec<i64> = entries.iter().filter(|entry| entry.entity == "article").map(|entry| entry.entity_id).collect();
    if articles.is_empty() {
        return;
    }
    // At once: what shows one of them is over, whatever lists it has come into.
    epochs.bump(articles.iter().copied().map(Tag::Article));
    match db.reader().all(db::lists_touched(articles)).await {
        Ok(lists) => epochs.bump(lists.into_iter().map(|(_, list)| Tag::List(list))),
        Err(error) => {
            tracing::warn!(error = %error, "What has changed cannot be told, so all of it has: {error}");
            epochs.bump_all();
        }
    }
}

/// Whether `entry` is about what cannot be told by article: pictures stand in many, names of tags in all that have them.
fn changes_all(entry: &JournalEntry) -> bool {
    entry.action == RELISTED || entry.entity == "media" || entry.action == "tag.changed"
}
