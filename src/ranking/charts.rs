//! The rankings as readers see them: lists and counts in memory, so that a ranking costs no statement but that for its articles.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::board::{Counts, ListName, fresh_worth};
use super::by::By;
use super::top::Entry;
use super::weight::worth;
use crate::db::Scope;

/// How many entries are swapped before readers have their turn.
const SWAPPED: usize = 1_000;

/// A ranking.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// The best, best first, at most 100, with their scores.
    pub places: Vec<Entry>,
    /// The list that movement is measured from; none: nothing is known of before.
    pub before: Option<Arc<Vec<i64>>>,
}

impl Chart {
    /// The rank of `article`, from 1.
    pub fn rank(&self, article: i64) -> Option<i64> {
        place(self.places.iter().map(|(_, own)| *own), article)
    }

    /// Its rank before.
    pub fn previous_rank(&self, article: i64) -> Option<i64> {
        self.before.as_ref().and_then(|before| place(before.iter().copied(), article))
    }

    /// Whether it is known not to have been in the list before.
    pub fn is_new(&self, article: i64) -> bool {
        self.before.as_ref().is_some_and(|before| !before.contains(&article))
    }
}

fn place(mut list: impl Iterator<Item = i64>, article: i64) -> Option<i64> {
    list.position(|own| own == article).and_then(|place| i64::try_from(place + 1).ok())
}

/// What a score in the order `by` says at `now` (milliseconds since 1970): views, faded or for the age where the order is.
pub fn heat(by: By, score: u64, now: i64) -> f64 {
    match by {
        #[expect(clippy::cast_precision_loss, reason = "views are below 2^53")]
        By::Views(_) => score as f64,
        By::Trending => worth(score, now.div_euclid(1_000)),
        By::Fresh => fresh_worth(score, now),
    }
}

/// All rankings. Shared: one that is being read stays as it is.
#[derive(Debug, Default)]
pub struct Charts {
    lists: RwLock<HashMap<ListName, Arc<Chart>>>,
    counts: RwLock<HashMap<i64, Counts>>,
    state: RwLock<State>,
}

/// What is in the rankings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The last part of views (`view_minute.number`).
    pub part: i64,
    /// The last minute of the windows, since 1970.
    pub minute: i64,
    /// The last entry of the journal.
    pub entry: i64,
}

impl Charts {
    /// The ranking of `scope` in the order `by`; none while nothing is in it.
    pub fn chart(&self, scope: Scope, by: By) -> Option<Arc<Chart>> {
        self.lists.read().unwrap_or_else(PoisonError::into_inner).get(&(scope.code(), by)).cloned()
    }

    /// How often `article` was read; none if nobody has within a month.
    pub fn counts(&self, article: i64) -> Option<Counts> {
        self.counts.read().unwrap_or_else(PoisonError::into_inner).get(&article).copied()
    }

    /// In how many rankings `article` stands. Looks at all of them.
    pub fn places_of(&self, article: i64) -> i64 {
        let lists: Vec<Arc<Chart>> = self.lists.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        lists.iter().map(|chart| i64::from(chart.rank(article).is_some())).sum()
    }

    /// What is in them.
    pub fn state(&self) -> State {
        *self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many rankings there are, and articles with counts, for metrics.
    pub fn size(&self) -> (usize, usize) {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner).len();
        (lists, self.counts.read().unwrap_or_else(PoisonError::into_inner).len())
    }

    pub(super) fn set_state(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Every ranking's name, and every article with counts.
    pub(super) fn names(&self) -> (Vec<ListName>, Vec<i64>) {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect();
        (lists, self.counts.read().unwrap_or_else(PoisonError::into_inner).keys().copied().collect())
    }

    pub(super) fn get(&self, name: ListName) -> Option<Arc<Chart>> {
        self.lists.read().unwrap_or_else(PoisonError::into_inner).get(&name).cloned()
    }

    /// Every ranking in the order `by`, with its scope.
    pub(super) fn all_by(&self, by: By) -> Vec<(i64, Arc<Chart>)> {
        let lists = self.lists.read().unwrap_or_else(PoisonError::into_inner);
        lists.iter().filter(|((_, own), _)| *own == by).map(|((scope, _), chart)| (*scope, Arc::clone(chart))).collect()
    }

    pub(super) fn put_lists(&self, lists: Vec<(ListName, Chart)>) {
        put(&self.lists, lists, |chart| (!chart.places.is_empty()).then(|| Arc::new(chart)));
    }

    pub(super) fn put_counts(&self, counts: Vec<(i64, Option<Counts>)>) {
        put(&self.counts, counts, |counts| counts);
    }
}

/// Puts entries in, or takes them out, some at a time.
fn put<K: Eq + std::hash::Hash, N, V>(map: &RwLock<HashMap<K, V>>, news: Vec<(K, N)>, value: impl Fn(N) -> Option<V>) {
    let mut news = news.into_iter().peekable();
    while news.peek().is_some() {
        let mut held = map.write().unwrap_or_else(PoisonError::into_inner);
        for (key, new) in news.by_ref().take(SWAPPED) {
            match value(new) {
                Some(value) => drop(held.insert(key, value)),
                None => drop(held.remove(&key)),
            }
        }
    }
}
