//! Related items of an article.

use crate::db::{Article, RelatedArticle};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::unique::{Block, pick, spare};
use crate::loader::RelatedTo;

/// The first `first` items related to `article` that no earlier block of the group shows, with their covers if `covers`.
pub async fn related(
    operation: &Operation,
    article: &Article,
    first: i64,
    covers: bool,
    unique: Option<&Block>,
) -> Result<Vec<RelatedArticle>> {
    let most = usize::try_from(first).unwrap_or(0);
    let turn = operation.groups.join(unique, most);
    let first = first + spare(turn.as_ref());
    let key = RelatedTo { article: article.id, channel: article.channel_id, first, covers };
    let items = operation.loaders.load(key).await?;
    Ok(pick(turn, items.to_vec(), most, |item| item.article.id).await)
}
