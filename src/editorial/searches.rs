//! What is searched for, without who searched: how many asked for each query on each day. One visitor counts once a day for a
//! query; who that was is known to this process alone, as a hash with a key of its own, and only until the next day.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::Office;
use crate::auth::{Need, Permission};
use crate::db::{self, Asked, Database, SearchQuery, write};
use crate::error::Result;

/// Longer queries are sentences and addresses, which no other visitor types.
const LONGEST: usize = 40;

/// More visitors and queries than these are not told apart: what a flood can take of memory.
const MOST_SEEN: usize = 200_000;
const MOST_WAITING: usize = 10_000;

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Searches that are not written down yet.
#[derive(Debug)]
pub struct Searches {
    seed: u64,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    day: i64,
    seen: HashSet<u64>,
    waiting: HashMap<(i64, String), (i64, i64)>,
}

impl Office {
    /// What was searched for in the last `days` by at least three visitors on one day, each of whom counts once a day for a query: queries that find something, and those that
    /// find nothing, `most` of each.
    pub async fn search_report(&self, days: i64, most: i64) -> Result<(Vec<Asked>, Vec<Asked>)> {
        /// What only one has typed is nobody else's to read; a program that is started again does not know whom it has counted.
        const FEWEST: i64 = 3;
        self.actor.check(Need::May(Permission::ReadStats))?;
        let first = self.now().div_euclid(DAY) + 1 - days;
        let reader = self.db.reader();
        Ok((reader.all(db::asked(first, FEWEST, most, true)).await?, reader.all(db::asked(first, FEWEST, most, false)).await?))
    }
}

impl Default for Searches {
    fn default() -> Self {
        let mut seed = [0; 8];
        // Without a random key a hash tells nobody more than a count does.
        getrandom::fill(&mut seed).unwrap_or_default();
        Self { seed: u64::from_le_bytes(seed), noted: Mutex::default() }
    }
}

impl Searches {
    /// Somebody at `visitor` (any text that tells visitors apart) has asked for `query`, which is folded, at `now` (milliseconds since 1970), and
    /// `found` so many.
    pub fn note(&self, visitor: &str, query: String, found: u64, now: i64) {
        if query.chars().count() > LONGEST {
            return;
        }
        let day = now.div_euclid(DAY);
        let name = xxh3_64_with_seed(format!("{visitor}\n{query}").as_bytes(), self.seed);
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.day != day {
            noted.seen.clear();
            noted.day = day;
        }
        if noted.seen.len() >= MOST_SEEN || !noted.seen.insert(name) {
            return;
        }
        if noted.waiting.len() < MOST_WAITING || noted.waiting.contains_key(&(day, query.clone())) {
            let entry = noted.waiting.entry((day, query)).or_default();
            *entry = (entry.0 + 1, i64::try_from(found).unwrap_or(i64::MAX));
        }
    }

    /// Writes down what waits.
    pub async fn flush(&self, db: &Database) -> Result<()> {
        let waiting = std::mem::take(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner).waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let row = |((day, query), (searches, found)): (&(i64, String), &(i64, i64))| SearchQuery {
            day: *day,
            query: query.clone(),
            searches: *searches,
            found: *found,
        };
        let mut rows: Vec<SearchQuery> = waiting.iter().map(row).collect();
        // Two programs that write at once wait for each other, and not for ever.
        rows.sort_unstable_by(|a, b| (a.day, &a.query).cmp(&(b.day, &b.query)));
        let done = async {
            let on = write::begin(db).await?;
            db::note_searches(&on, &rows).await?;
            write::commit(db, on).await
        };
        let done = done.await;
        if done.is_err() {
            let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
            for (key, (searches, found)) in waiting {
                noted.waiting.entry(key).or_insert((0, found)).0 += searches;
            }
        }
        done
    }
}
