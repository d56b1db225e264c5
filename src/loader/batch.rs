//! One queue per kind of key: what has been asked for, what is under way, what is known. The small types of the other
//! files implement [`Key`]; nothing here knows what they load.

use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::db::{Job, Query, Visibility, Work};
use crate::error::Result;

/// Something that can be loaded together with others of its kind.
pub trait Key: Clone + Eq + Hash + Send + Sync + 'static {
    /// What it leads to. Cheap to clone.
    type Value: Clone + Send + 'static;

    /// The articles that a value shows.
    fn articles(_: &Self::Value) -> Vec<i64> {
        Vec::new()
    }

    /// The statements that load `keys`, which are all different: one, or one per shape. Each key must be answered.
    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>>;
}

enum State<V> {
    Waiting(Vec<Waker>),
    Known(Result<V>),
}

struct Inner<K: Key> {
    states: HashMap<K, State<K::Value>>,
    asked: Vec<K>,
}

/// The keys of one kind in one operation.
pub struct Queue<K: Key>(Mutex<Inner<K>>);

impl<K: Key> Default for Queue<K> {
    fn default() -> Self {
        Self(Mutex::new(Inner { states: HashMap::new(), asked: Vec::new() }))
    }
}

impl<K: Key> Queue<K> {
    fn inner(&self) -> MutexGuard<'_, Inner<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value of `key`, once the wave that it leaves with has come back. Asked twice, it is loaded once.
    pub fn load(self: &Arc<Self>, key: K) -> Load<K> {
        Load { queue: Arc::clone(self), key }
    }

    /// The articles that have come.
    pub(super) fn articles(&self) -> Vec<i64> {
        let known = |state: &State<K::Value>| if let State::Known(Ok(value)) = state { K::articles(value) } else { Vec::new() };
        self.inner().states.values().flat_map(known).collect()
    }

    /// Forgets what is known. Who waits goes on waiting.
    pub(super) fn forget(&self) {
        self.inner().states.retain(|_, state| matches!(state, State::Waiting(_)));
    }

    fn answer(&self, key: &K, value: Result<K::Value>) {
        let state = self.inner().states.insert(key.clone(), State::Known(value));
        if let Some(State::Waiting(wakers)) = state {
            wakers.into_iter().for_each(Waker::wake);
        }
    }

    /// One statement for `keys`, in which `value_of` finds each key's value.
    pub fn job<T: Send + 'static>(
        self: &Arc<Self>,
        keys: Vec<K>,
        query: Query<T>,
        group: impl FnOnce(&[K], Vec<T>) -> HashMap<usize, K::Value> + Send + 'static,
        none: impl Fn() -> K::Value + Send + 'static,
    ) -> Box<dyn Work> {
        let queue = Arc::clone(self);
        Box::new(Job::new(query, move |rows: Result<Vec<T>>| match rows {
            Ok(rows) => {
                let mut values = group(&keys, rows);
                for (number, key) in keys.iter().enumerate() {
                    queue.answer(key, Ok(values.remove(&number).unwrap_or_else(&none)));
                }
            }
            Err(error) => keys.iter().for_each(|key| queue.answer(key, Err(error.clone()))),
        }))
    }
}

/// A queue whose kind does not matter.
pub trait AnyQueue: Send + Sync {
    /// The statements for everything that has been asked for since the last call.
    fn leave(self: Arc<Self>, seen: &Visibility) -> Vec<Box<dyn Work>>;
}

impl<K: Key> AnyQueue for Queue<K> {
    fn leave(self: Arc<Self>, seen: &Visibility) -> Vec<Box<dyn Work>> {
        let asked = std::mem::take(&mut self.inner().asked);
        if asked.is_empty() { Vec::new() } else { K::statements(asked, seen, &self) }
    }
}

/// Waits for a value. Must be polled inside [`super::Loaders::drive`], which sends the waves.
pub struct Load<K: Key> {
    queue: Arc<Queue<K>>,
    key: K,
}

impl<K: Key> Future for Load<K> {
    type Output = Result<K::Value>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut inner = self.queue.inner();
        match inner.states.get_mut(&self.key) {
            Some(State::Known(value)) => return Poll::Ready(value.clone()),
            Some(State::Waiting(wakers)) => {
                if !wakers.iter().any(|w| w.will_wake(context.waker())) {
                    wakers.push(context.waker().clone());
                }
            }
            None => {
                inner.states.insert(self.key.clone(), State::Waiting(vec![context.waker().clone()]));
                inner.asked.push(self.key.clone());
            }
        }
        Poll::Pending
    }
}

/// Groups rows that name their key by value: each key gets its rows.
pub fn by_key<K: Eq + Hash, T>(keys: &[K], rows: Vec<(K, T)>) -> HashMap<usize, Vec<T>> {
    let numbers: HashMap<&K, usize> = keys.iter().enumerate().map(|(number, key)| (key, number)).collect();
    let mut groups: HashMap<usize, Vec<T>> = HashMap::with_capacity(keys.len());
    for (key, row) in rows {
        if let Some(number) = numbers.get(&key) {
            groups.entry(*number).or_default().push(row);
        }
    }
    groups
}
