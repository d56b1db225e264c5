//! Tags: from the catalog where they are few, from the database where they are many.

use std::sync::Arc;

use crate::db::Tag;
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::loader::TagBy;

/// One tag.
pub async fn find(operation: &Operation, key: TagBy) -> Result<Option<Arc<Tag>>> {
    let catalog = operation.catalog();
    let Some(tags) = &catalog.tags else {
        return operation.loaders.load(key).await;
    };
    Ok(match &key {
        TagBy::Id(id) => tags.find(*id),
        TagBy::Slug(slug) => tags.find_slug(slug),
        TagBy::Name(name) => catalog.tag_named(name),
    }
    .cloned())
}

/// The tags `ids`, in that order.
pub async fn list(operation: &Operation, ids: &[i64]) -> Result<Vec<Arc<Tag>>> {
    if let Some(tags) = &operation.catalog().tags {
        return Ok(tags.list(ids));
    }
    Ok(operation.loaders.load_all(ids.iter().map(|id| TagBy::Id(*id))).await?.into_iter().flatten().collect())
}
