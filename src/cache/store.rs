//! Entries in memory, bounded by their weight. Of several who want the same entry one makes it, and the others wait for that.

use std::future::Future;
use std::hash::Hash;
use std::sync::Arc;

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::epoch::{Epochs, Tag};
use crate::error::Result;

/// Something with a weight.
pub trait Weigh {
    /// Bytes, about.
    fn weight(&self) -> u64;
}

/// Something that was made, and how long it is good.
#[derive(Debug)]
pub struct Entry<V> {
    /// What was made.
    pub value: V,
    /// The count of changes before it was begun.
    pub since: u64,
    /// What it depends on.
    pub tags: Vec<Tag>,
    /// Not good from this instant on (milliseconds since 1970), whatever changes.
    pub until: i64,
}

#[derive(Clone, Debug)]
struct Weights;

impl<K, V: Weigh> Weighter<K, Arc<Entry<V>>> for Weights {
    fn weight(&self, _: &K, entry: &Arc<Entry<V>>) -> u64 {
        entry.value.weight() + 16 * entry.tags.len() as u64 + 256
    }
}

/// Entries by key.
pub struct Store<K, V> {
    entries: Cache<K, Arc<Entry<V>>, Weights>,
}

/// Locks of a store: looking something up takes one for some nanoseconds.
const SHARDS: usize = 2;

/// So often an entry is made anew that others' changes have ended while it was made; the last is given to who asked for it alone.
const ROUNDS: usize = 3;

impl<K: Hash + Eq + Clone, V: Weigh> Store<K, V> {
    /// Room for entries of `weight` bytes in all, some `count` of them.
    pub fn new(count: usize, weight: u64) -> Self {
        // Each shard has its part of the room, and keeps nothing that is larger: a shard for each core would be too small for a large
        // document.
        let options = OptionsBuilder::new().estimated_items_capacity(count).weight_capacity(weight).shards(SHARDS).build();
        let options = options.expect("capacities are given");
        Self { entries: Cache::with_options(options, Weights, DefaultHashBuilder::default(), DefaultLifecycle::default()) }
    }

    /// The entry of `key` that is good at `now` (milliseconds since 1970), if there is one.
    pub fn get(&self, key: &K, epochs: &Epochs, now: i64) -> Option<Arc<Entry<V>>> {
        self.entries.get(key).filter(|entry| now < entry.until && epochs.is_fresh(entry.since, &entry.tags))
    }

    /// The entry of `key`: the one that is there and good at `now`, else the one that `make` makes. What fails is not kept.
    pub async fn get_or_make<F>(&self, key: &K, epochs: &Epochs, now: i64, make: impl Fn() -> F) -> Result<Arc<Entry<V>>>
    where
        F: Future<Output = Result<Entry<V>>>,
    {
        for _ in 0..ROUNDS {
            let kept = self.entries.get_or_insert_async(key, async { make().await.map(Arc::new) }).await?;
            if now < kept.until && epochs.is_fresh(kept.since, &kept.tags) {
                return Ok(kept);
            }
            // Whoever comes next makes another; it is nobody's loss if that has been made already.
            self.entries.remove_if(key, |entry| Arc::ptr_eq(entry, &kept));
        }
        make().await.map(Arc::new)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    impl Weigh for usize {
        fn weight(&self) -> u64 {
            8
        }
    }

    struct Large;

    impl Weigh for Large {
        fn weight(&self) -> u64 {
            20 << 20
        }
    }

    #[tokio::test]
    async fn what_is_large_is_kept_on_any_machine() {
        let (store, epochs) = (Store::<u8, Large>::new(20_000, 64 << 20), Epochs::default());
        let make = || async { Ok(Entry { value: Large, since: epochs.now(), tags: Vec::new(), until: 1 }) };
        store.get_or_make(&1, &epochs, 0, make).await.expect("an entry");
        assert!(store.get(&1, &epochs, 0).is_some());
    }

    #[tokio::test]
    async fn one_makes_and_the_others_wait() {
        let (store, epochs, count) = (Store::<u8, usize>::new(10, 1 << 20), Epochs::default(), AtomicUsize::new(0));
        let make = || async {
            let since = epochs.now();
            tokio::task::yield_now().await;
            Ok(Entry { value: count.fetch_add(1, Ordering::Relaxed), since, tags: vec![Tag::Article(1)], until: 100 })
        };
        let ask = |now| store.get_or_make(&1, &epochs, now, make);
        let all = futures_util::future::join_all((0..8).map(|_| ask(0))).await;
        assert!(all.into_iter().all(|entry| entry.expect("an entry").value == 0));
        epochs.bump([Tag::Article(2)]);
        assert_eq!(ask(99).await.expect("an entry").value, 0);
        epochs.bump([Tag::Article(1)]);
        assert!(store.get(&1, &epochs, 0).is_none());
        assert_eq!(ask(0).await.expect("an entry").value, 1);
        assert_eq!(store.get(&1, &epochs, 0).expect("an entry").value, 1);
        // Too late for what is kept, and for what would be: it is made for who asks.
        assert!(store.get(&1, &epochs, 100).is_none());
        assert_eq!(ask(100).await.expect("an entry").value, 4);
    }
}
