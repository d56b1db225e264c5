//! When what changed last, as one count for all: an entry that was begun at count N is good as long as none of its tags has a higher one.
//! So a change that comes while an entry is made cannot be lost, and there is nothing to look up backwards.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// What an entry depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tag {
    /// What an article says, and whether it is there.
    Article(i64),
    /// Which articles come into a list, or have left it: the list's number in the database.
    List(i64),
}

/// More tags are forgotten, which counts as a change of all.
const MOST: usize = 200_000;

#[derive(Debug, Default)]
struct Changes {
    now: u64,
    all: u64,
    tags: HashMap<Tag, u64>,
}

/// Counts of changes.
#[derive(Debug, Default)]
pub struct Epochs {
    changes: Mutex<Changes>,
    /// Up to which entry of the journal changes are counted.
    heard: watch::Sender<i64>,
}

impl Epochs {
    /// Every change up to entry `seq` of the journal is counted.
    pub fn pass(&self, seq: i64) {
        self.heard.send_replace(seq);
    }

    /// Waits until every change up to entry `seq` of the journal is counted.
    pub async fn reached(&self, seq: i64) {
        // It lives as long as this does.
        drop(self.heard.subscribe().wait_for(|heard| *heard >= seq).await);
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The present count. Whoever makes an entry asks before the first read.
    pub fn now(&self) -> u64 {
        self.changes().now
    }

    /// These have changed.
    pub fn bump(&self, tags: impl IntoIterator<Item = Tag>) {
        let mut changes = self.changes();
        changes.now += 1;
        let now = changes.now;
        if changes.tags.len() > MOST {
            changes.tags.clear();
            changes.all = now;
        }
        changes.tags.extend(tags.into_iter().map(|tag| (tag, now)));
    }

    /// Anything may have changed.
    pub fn bump_all(&self) {
        let mut changes = self.changes();
        changes.now += 1;
        changes.all = changes.now;
        changes.tags.clear();
    }

    /// Whether nothing of `tags` has changed since count `since`.
    pub fn is_fresh(&self, since: u64, tags: &[Tag]) -> bool {
        let changes = self.changes();
        changes.all <= since && tags.iter().all(|tag| changes.tags.get(tag).is_none_or(|at| *at <= since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_ends_what_was_begun_before_it() {
        let epochs = Epochs::default();
        let (list, article) = (Tag::List(0), Tag::Article(7));
        let before = epochs.now();
        epochs.bump([article]);
        let after = epochs.now();
        assert!(!epochs.is_fresh(before, &[list, article]) && epochs.is_fresh(before, &[list]));
        assert!(epochs.is_fresh(after, &[list, article]));
        epochs.bump_all();
        assert!(!epochs.is_fresh(after, &[list]) && !epochs.is_fresh(after, &[]));
        assert!(epochs.is_fresh(epochs.now(), &[list]));
    }

    #[test]
    fn what_is_forgotten_counts_as_changed() {
        let epochs = Epochs::default();
        let since = epochs.now();
        epochs.bump((0..=200_000).map(Tag::Article));
        epochs.bump([Tag::Article(-1)]);
        assert!(!epochs.is_fresh(since, &[Tag::List(5)]));
    }
}
