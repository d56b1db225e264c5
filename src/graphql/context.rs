//! What every resolver of one operation can reach: who asks, loaders, catalog, the instant, blocks that must not repeat.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use async_graphql::Context;
use chrono::{Offset, TimeZone};

use super::relation::ranking::RanksEver;
use super::scalar::{DateTime, Url};
use super::unique::Groups;
use crate::auth::Actor;
use crate::clock::{Clock, instant};
use crate::db::{Article, Database};
use crate::editorial::{Office, Receipt, Searches};
use crate::error::Result;
use crate::loader::{Catalog, Loaders};
use crate::partner::{Book, Fields, Holder, Terms};
use crate::ranking::{Charts, Intake};
use crate::search::Index;

/// Whether the selection of the field that `context` is for goes down `path`, name by name. What will be asked for is
/// loaded along with what leads to it; a `@skip` is not looked at.
pub fn asks(context: &Context<'_>, path: &[&str]) -> bool {
    path.iter().fold(context.look_ahead(), |ahead, name| ahead.field(name)).exists()
}

/// Who asks, from where.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// The address of their machine, as far as it is known.
    pub address: String,
    /// What their machine calls itself; known for mutations.
    pub agent: String,
    /// The key by which a write is done once, with the fingerprint of the request.
    pub idempotency: Option<(String, i64)>,
    /// The contract, if it is a partner.
    pub holder: Option<Holder>,
}

/// Parts of the program that every operation uses.
#[derive(Clone)]
pub struct Services {
    /// Where views come in.
    pub intake: Arc<Intake>,
    /// The rankings.
    pub charts: Arc<Charts>,
    /// The search index.
    pub search: Arc<Index>,
    /// What is searched for.
    pub searches: Arc<Searches>,
    /// Contracts of partners.
    pub book: Arc<Book>,
}

/// One operation.
pub struct Operation {
    /// Batched reads.
    pub loaders: Arc<Loaders>,
    /// Blocks that do not repeat each other.
    pub groups: Groups,
    /// Who asks.
    pub caller: Caller,
    /// What they may have of articles.
    pub terms: Terms,
    /// For writes, through `editorial/`.
    pub db: Database,
    /// For writes: each at its own instant.
    pub clock: Clock,
    /// What every operation uses.
    services: Services,
    /// Ranks of all time that have been read.
    pub ranks: RanksEver,
    /// Whether the answer holds what is not for all, though anybody may ask: nobody on the way keeps it.
    pub is_private: Arc<AtomicBool>,
}

impl Operation {
    /// An operation of `caller` over `loaders`, which writes to a database at times of a clock.
    pub fn new(
        loaders: Arc<Loaders>,
        (caller, terms): (Caller, Terms),
        (db, clock): (Database, Clock),
        services: Services,
    ) -> Self {
        Self {
            loaders,
            groups: Groups::default(),
            caller,
            terms,
            db,
            clock,
            services,
            ranks: RanksEver::default(),
            is_private: Arc::default(),
        }
    }

    /// The office, working for whoever asks.
    pub fn office(&self) -> Office {
        Office::new(&self.db, self.caller.actor.clone(), self.clock.clone()).with_charts(Arc::clone(self.charts()))
    }

    /// As [`Self::office`], for the change that the field of `context` makes: once, if the request carries a key. What the
    /// operation has read before it is forgotten.
    pub fn change(context: &Context<'_>) -> Office {
        let operation = Self::of(context);
        operation.loaders.forget();
        let path = context.field().alias().unwrap_or_else(|| context.field().name()).to_owned();
        let receipt = operation.caller.idempotency.as_ref().map(|(key, request)| Receipt {
            // Those who are nobody in particular are told apart by their machines.
            actor: match &operation.caller.actor {
                Actor::Anyone => format!("anyone:{}", operation.caller.address),
                actor => actor.word(),
            },
            key: key.clone(),
            path,
            request: *request,
        });
        operation.office().with_receipt(receipt)
    }

    /// The operation that a resolver belongs to.
    pub fn of<'a>(context: &Context<'a>) -> &'a Self {
        context.data::<Self>().expect("the endpoint puts the operation into every request")
    }

    /// Where views come in.
    pub fn intake(&self) -> &Arc<Intake> {
        &self.services.intake
    }

    /// The rankings.
    pub fn charts(&self) -> &Arc<Charts> {
        &self.services.charts
    }

    /// The search index.
    pub fn search(&self) -> &Arc<Index> {
        &self.services.search
    }

    /// What is searched for.
    pub fn searches(&self) -> &Arc<Searches> {
        &self.services.searches
    }

    /// Contracts of partners.
    pub fn book(&self) -> &Arc<Book> {
        &self.services.book
    }

    /// Fails unless who asks may have `fields` of `article`.
    pub fn require(&self, fields: Fields, article: &Article) -> Result<()> {
        if self.terms.is_everything() {
            return Ok(());
        }
        let source = article.source_id.and_then(|id| self.catalog().sources.find(id));
        self.terms.require(fields, source.map(Arc::as_ref))
    }

    /// The small nouns.
    pub fn catalog(&self) -> &Arc<Catalog> {
        self.loaders.catalog()
    }

    /// Milliseconds since 1970, the same for the whole operation.
    pub fn now(&self) -> i64 {
        self.loaders.seen().now
    }

    /// An instant (milliseconds since 1970) in the portal's time zone.
    pub fn time(&self, millis: i64) -> DateTime {
        let utc = instant(millis);
        let offset = self.catalog().zone.offset_from_utc_datetime(&utc.naive_utc()).fix();
        DateTime(utc.with_timezone(&offset))
    }

    /// An absolute address.
    pub fn url(&self, address: &str) -> Url {
        Url(self.catalog().absolute(address))
    }
}
