//! What the mutations of small nouns share.

use async_graphql::{ID, InputObject, MaybeUndefined};

use crate::editorial::Office;
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::id::Kind;

/// Something that shall be taken away.
#[derive(InputObject)]
pub struct DeleteInput {
    /// Which.
    pub(super) id: ID,
}

/// Gives `field` the value, if there is one.
pub(super) fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

/// The name in imports of the record that `id` names, if any.
pub(super) async fn name_of(
    office: &Office,
    field: &str,
    id: Option<ID>,
    kind: Kind,
    table: &'static str,
) -> Result<Option<String>> {
    match id {
        Some(id) => office.external_id(field, table, number(field, &id, kind)?).await.map(Some),
        None => Ok(None),
    }
}

/// Puts the name in imports of the record that `id` names into `target`, if it is given.
pub(super) async fn put_name(
    office: &Office,
    target: &mut Option<String>,
    field: &str,
    id: MaybeUndefined<ID>,
    kind: Kind,
    table: &'static str,
) -> Result<()> {
    if !id.is_undefined() {
        *target = name_of(office, field, id.take(), kind, table).await?;
    }
    Ok(())
}
