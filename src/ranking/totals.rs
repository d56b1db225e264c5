//! Adds what was read to the rows of articles and of their lists, some at a time: rankings do not wait for it, lists in the order of
//! views do. A row says in the end what it would have said at once, however often and by whomever it is written.

use std::collections::{HashSet, VecDeque};

use crate::db::{Database, view, write};
use crate::error::Result;

/// Articles of one transaction: other writers wait that long.
const MOST: usize = 200;

/// How many rows that are behind are looked for at once.
const FOUND: i64 = 10_000;

/// Articles whose rows are behind.
#[derive(Debug, Default)]
pub struct Totals {
    order: VecDeque<i64>,
    waiting: HashSet<i64>,
}

impl Totals {
    /// More was read of `articles`.
    pub fn add(&mut self, articles: impl IntoIterator<Item = i64>) {
        for article in articles {
            if self.waiting.insert(article) {
                self.order.push_back(article);
            }
        }
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.order.len()
    }

    /// Looks for rows that another program has left behind.
    pub async fn look(&mut self, db: &Database) -> Result<()> {
        self.add(db.reader().all(view::behind(FOUND)).await?);
        Ok(())
    }

    /// Writes those that have waited longest.
    pub async fn write(&mut self, db: &Database) -> Result<()> {
        let some: Vec<i64> = self.order.iter().take(MOST).copied().collect();
        if some.is_empty() {
            return Ok(());
        }
        let on = write::begin(db).await?;
        let done: HashSet<i64> = view::bring_up(&on, &some).await?.into_iter().collect();
        write::commit(db, on).await?;
        self.order.drain(..some.len());
        for article in some {
            if done.contains(&article) {
                self.waiting.remove(&article);
            } else {
                // Somebody else is writing it; or it is gone, and then it is found no more when rows are looked for.
                self.order.push_back(article);
            }
        }
        Ok(())
    }
}
