//! Drives the resolvers of one operation and sends their keys in waves.
//!
//! A wave leaves when the whole operation stands still: every resolver that could run has run, and no statement is
//! under way. So a level of a query is one wave, whatever the timing, without a timer and without a task of its own;
//! a client that goes away drops the operation and its waves with it.

use std::collections::HashSet;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::article::{ArticleNamed, AttachmentsOf, BodyOf, CardById, DetailsOf, GalleryOf};
use super::batch::{AnyQueue, Key, Load, Queue};
use super::catalog::Catalog;
use super::contract::UsageOf;
use super::feed::ExtrasOf;
use super::history::ReadFrom;
use super::listing::{CountOf, ListOf, NeighboursOf};
use super::manuscript::{AccountName, CorrectionsOf, ManuscriptOf, RevisionAt, RevisionsOf};
use super::media::MediaById;
use super::related::RelatedTo;
use super::repost::{OriginalOf, RepostsOf};
use super::tag::TagBy;
use super::withdrawal::WithdrawalOf;
use crate::db::{Reader, Visibility, Work};
use crate::error::Result;

/// What an operation has cost in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statements {
    /// SQL statements.
    pub statements: u32,
    /// Waves they left in: round trips.
    pub waves: u32,
}

/// Defines the queues, and which queue a kind of key belongs to.
macro_rules! queues {
    ($($field:ident: $key:ty),* $(,)?) => {
        #[derive(Default)]
        struct Queues { $($field: Arc<Queue<$key>>,)* }

        impl Queues {
            /// Everything that waits, as statements.
            fn leave(&self, seen: &Visibility) -> Vec<Box<dyn Work>> {
                let mut wave = Vec::new();
                $(wave.extend(Arc::clone(&self.$field).leave(seen));)*
                wave
            }

            fn articles(&self) -> HashSet<i64> {
                let mut found = HashSet::new();
                $(found.extend(self.$field.articles());)*
                found
            }

            fn forget(&self) {
                $(self.$field.forget();)*
            }
        }

        $(impl Queued for $key {
            fn queue(loaders: &Loaders) -> &Arc<Queue<Self>> {
                &loaders.queues.$field
            }
        })*
    };
}

/// A key that has a queue.
pub trait Queued: Key {
    /// Its queue.
    fn queue(loaders: &Loaders) -> &Arc<Queue<Self>>;
}

queues! {
    articles: ArticleNamed,
    cards: CardById,
    details: DetailsOf,
    bodies: BodyOf,
    galleries: GalleryOf,
    attachments: AttachmentsOf,
    lists: ListOf,
    counts: CountOf,
    neighbours: NeighboursOf,
    media: MediaById,
    reads: ReadFrom,
    related: RelatedTo,
    originals: OriginalOf,
    reposts: RepostsOf,
    tags: TagBy,
    withdrawals: WithdrawalOf,
    manuscripts: ManuscriptOf,
    revisions: RevisionAt,
    histories: RevisionsOf,
    corrections: CorrectionsOf,
    account_names: AccountName,
    usages: UsageOf,
    extras: ExtrasOf,
}

/// The loaders of one operation: one reader, one audience, one instant, one catalog.
pub struct Loaders {
    reader: Reader,
    seen: Visibility,
    catalog: Arc<Catalog>,
    queues: Queues,
    statements: AtomicU32,
    waves: AtomicU32,
}

impl Loaders {
    /// Loaders for what `seen` may see.
    pub fn new(reader: Reader, seen: Visibility, catalog: Arc<Catalog>) -> Self {
        Self { reader, seen, catalog, queues: Queues::default(), statements: AtomicU32::new(0), waves: AtomicU32::new(0) }
    }

    /// Waits for the value of `key`.
    pub fn load<K: Queued>(&self, key: K) -> Load<K> {
        K::queue(self).load(key)
    }

    /// Waits for the values of `keys`, in order.
    pub async fn load_all<K: Queued>(&self, keys: impl IntoIterator<Item = K>) -> Result<Vec<K::Value>> {
        futures_util::future::try_join_all(keys.into_iter().map(|key| self.load(key))).await
    }

    /// The articles that the operation has shown.
    pub fn articles(&self) -> HashSet<i64> {
        self.queues.articles()
    }

    /// Forgets what is known: something has been changed, and who asks from here on asks anew.
    pub fn forget(&self) {
        self.queues.forget();
    }

    /// The small nouns.
    pub fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// For whom and when.
    pub fn seen(&self) -> &Visibility {
        &self.seen
    }

    /// What has been spent so far.
    pub fn spent(&self) -> Statements {
        Statements { statements: self.statements.load(Ordering::Relaxed), waves: self.waves.load(Ordering::Relaxed) }
    }

    fn wave(&self) -> Option<Pin<Box<dyn Future<Output = ()> + Send + '_>>> {
        let wave = self.queues.leave(&self.seen);
        if wave.is_empty() {
            return None;
        }
        self.waves.fetch_add(1, Ordering::Relaxed);
        self.statements.fetch_add(u32::try_from(wave.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
        Some(Box::pin(self.reader.run(wave)))
    }

    /// Runs `operation`, whose resolvers ask these loaders, and sends their waves.
    pub async fn drive<F: Future>(&self, operation: F) -> F::Output {
        let mut operation = pin!(operation);
        let bell = Arc::new(Bell::default());
        let waker = Waker::from(Arc::clone(&bell));
        let mut under_way: Option<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = None;
        std::future::poll_fn(move |context| {
            bell.listen(context.waker());
            loop {
                // Whatever rings while resolvers run is answered here, without a detour through the scheduler.
                if bell.take()
                    && let Poll::Ready(output) = operation.as_mut().poll(&mut Context::from_waker(&waker))
                {
                    return Poll::Ready(output);
                }
                if bell.is_rung() {
                    continue;
                }
                if under_way.is_none() {
                    under_way = self.wave();
                }
                match under_way.as_mut().map(|wave| wave.as_mut().poll(context)) {
                    Some(Poll::Ready(())) => under_way = None,
                    Some(Poll::Pending) | None => {
                        if bell.rest() {
                            return Poll::Pending;
                        }
                    }
                }
            }
        })
        .await
    }
}

/// Tells whether anything has happened since the operation was last polled. Rings through to the task only while the
/// driver rests.
struct Bell {
    rung: AtomicBool,
    awake: AtomicBool,
    task: Mutex<Option<Waker>>,
}

impl Default for Bell {
    /// Rung once, so that the operation is polled at all.
    fn default() -> Self {
        Self { rung: AtomicBool::new(true), awake: AtomicBool::new(true), task: Mutex::new(None) }
    }
}

impl Bell {
    fn listen(&self, task: &Waker) {
        self.awake.store(true, Ordering::SeqCst);
        let mut held = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        if !held.as_ref().is_some_and(|w| w.will_wake(task)) {
            *held = Some(task.clone());
        }
    }

    fn take(&self) -> bool {
        self.rung.swap(false, Ordering::SeqCst)
    }

    fn is_rung(&self) -> bool {
        self.rung.load(Ordering::SeqCst)
    }

    /// Goes to rest; false if it rang at the last moment and the driver must go on.
    fn rest(&self) -> bool {
        self.awake.store(false, Ordering::SeqCst);
        if self.is_rung() {
            self.awake.store(true, Ordering::SeqCst);
            return false;
        }
        true
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.rung.store(true, Ordering::SeqCst);
        if !self.awake.load(Ordering::SeqCst) {
            let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some(task) = task {
                task.wake();
            }
        }
    }
}
