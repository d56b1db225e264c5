//! Where somebody who works here gets things done: who they are, when it is, and where it is written.

use std::sync::Arc;

use serde::Serialize;

use super::receipt::Receipt;
use crate::auth::Actor;
use crate::clock::Clock;
use crate::db::Database;
use crate::db::write::{self, Transaction};
use crate::error::Result;
use crate::journal::Entry;
use crate::ranking::Charts;

/// The office, working for one who asks. What it does for them is in the files of the things that it does.
pub struct Office {
    pub(super) db: Database,
    pub(super) actor: Actor,
    pub(super) clock: Clock,
    pub(super) receipt: Option<Receipt>,
    pub(super) charts: Option<Arc<Charts>>,
}

impl Office {
    /// The office at `db`, working for `actor`.
    pub fn new(db: &Database, actor: Actor, clock: Clock) -> Self {
        Self { db: db.clone(), actor, clock, receipt: None, charts: None }
    }

    /// As it is, with the rankings that readers see: reports say where an article stood in them.
    #[must_use]
    pub fn with_charts(self, charts: Arc<Charts>) -> Self {
        Self { charts: Some(charts), ..self }
    }

    /// In how many rankings `article` stands.
    pub(super) fn rankings_of(&self, article: i64) -> i64 {
        self.charts.as_ref().map_or(0, |charts| charts.places_of(article))
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }

    /// Opens a transaction for a change that is asked for.
    pub(super) async fn begin(&self) -> Result<Transaction> {
        write::begin(&self.db).await
    }

    /// Commits a change with what comes of it.
    pub(super) async fn commit<T: Serialize>(&self, on: Transaction, result: T) -> Result<T> {
        self.receive(&on, &result).await?;
        write::commit(&self.db, on).await?;
        Ok(result)
    }

    pub(super) fn entry(&self, action: &str, entity: &str, entity_id: i64, payload: &serde_json::Value) -> Entry {
        Entry {
            at: self.now(),
            actor: self.actor.word(),
            action: format!("{entity}.{action}"),
            entity: entity.into(),
            entity_id,
            revision: 0,
            payload: Some(payload.to_string()),
        }
    }
}
