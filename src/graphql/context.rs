//! What every resolver of one operation can reach: loaders, catalog, the instant, blocks that must not repeat.

use std::sync::Arc;

use async_graphql::Context;
use chrono::{Offset, TimeZone};

use super::scalar::{DateTime, Url};
use super::unique::Groups;
use crate::clock::instant;
use crate::loader::{Catalog, Loaders};

/// Whether the selection of the field that `context` is for goes down `path`, name by name. What will be asked for is
/// loaded along with what leads to it; a `@skip` is not looked at.
pub fn asks(context: &Context<'_>, path: &[&str]) -> bool {
    path.iter().fold(context.look_ahead(), |ahead, name| ahead.field(name)).exists()
}

/// One operation.
pub struct Operation {
    /// Batched reads.
    pub loaders: Arc<Loaders>,
    /// Blocks that do not repeat each other.
    pub groups: Groups,
}

impl Operation {
    /// An operation over `loaders`.
    pub fn new(loaders: Arc<Loaders>) -> Self {
        Self { loaders, groups: Groups::default() }
    }

    /// The operation that a resolver belongs to.
    pub fn of<'a>(context: &Context<'a>) -> &'a Self {
        context.data::<Self>().expect("the endpoint puts the operation into every request")
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
