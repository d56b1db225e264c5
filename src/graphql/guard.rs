//! Keeps fields for those who may: what each needs stands in `auth::FIELDS`.

use async_graphql::{Context, Guard};

use super::context::Operation;
use crate::auth::Need;
use crate::error::Error;

/// The guard of the fields of a type, which it names.
pub struct Policy(pub &'static str);

impl Guard for Policy {
    /// A field that the table does not know is for nobody.
    async fn check(&self, context: &Context<'_>) -> async_graphql::Result<()> {
        let name = context.field().name();
        let need = Need::of(self.0, name).ok_or_else(|| Error::internal(format!("no policy for {}.{name}", self.0)));
        need.and_then(|need| Operation::of(context).caller.actor.check(need)).map_err(async_graphql::Error::new_with_source)
    }
}
