//! What the handlers share.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use bytes::Bytes;

use super::copy::Copies;
use super::document::Documents;
use super::identity::Provider;
use super::metrics::Metrics;
use crate::cache::Epochs;
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Database;
use crate::editorial::{Fetches, Searches};
use crate::graphql::{Schema, Services, Shapes};
use crate::loader::Catalogs;
use crate::partner::Book;
use crate::ranking::{Charts, Intake};
use crate::search::Index;

/// One for the program.
pub struct State {
    /// Settings.
    pub config: Config,
    /// The database.
    pub db: Database,
    /// Time.
    pub clock: Clock,
    /// The identity provider whose tokens are taken.
    pub identity: Option<Arc<Provider>>,
    /// Where views come in.
    pub intake: Arc<Intake>,
    /// The rankings.
    pub charts: Arc<Charts>,
    /// The search index.
    pub search: Arc<Index>,
    /// What is searched for.
    pub searches: Arc<Searches>,
    /// The small nouns; swapped whole.
    pub catalog: Catalogs,
    /// Contracts of partners.
    pub book: Arc<Book>,
    /// Which keys have fetched which articles.
    pub fetches: Arc<Fetches>,
    /// The API.
    pub schema: Schema,
    /// The API for documents that have passed validation: checks only what depends on values.
    pub validated: Schema,
    /// The API's types, for whatever the library does not check.
    pub shapes: Shapes,
    /// The API's text.
    pub sdl: Bytes,
    /// Documents that have been read before.
    pub documents: Documents,
    /// Documents that are given to many.
    pub copies: Copies,
    /// What has changed since they were made.
    pub epochs: Arc<Epochs>,
    /// Counters.
    pub metrics: Metrics,
    /// Whether the program is stopping: `/ready` says so first.
    pub is_stopping: AtomicBool,
    /// Whether this is the demo: pictures are drawn, statistics are open to all.
    pub is_demo: bool,
}

impl State {
    /// What every operation uses.
    pub fn services(&self) -> Services {
        Services {
            intake: Arc::clone(&self.intake),
            charts: Arc::clone(&self.charts),
            search: Arc::clone(&self.search),
            searches: Arc::clone(&self.searches),
            book: Arc::clone(&self.book),
        }
    }
}

/// As handlers hold it.
pub type Shared = Arc<State>;
