//! Related items of an article: the stored ones, and where they are too few the newest of its channel. The second costs
//! a statement more, the same one for all articles of the operation.

use std::collections::HashSet;
use std::sync::Arc;

use crate::db::{Article, ListKey, ListShape, Reason, RelatedArticle, Scope};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::unique::{Block, pick, spare};
use crate::loader::{ListOf, RelatedTo, With};

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
    let wanted = usize::try_from(first).unwrap_or(0);
    let stored = operation.loaders.load(RelatedTo { article: article.id, first, covers }).await?;
    let (blocked, mut items): (Vec<_>, Vec<_>) = stored.iter().cloned().partition(|item| item.reason == Reason::Blocked);
    // Rows may be older than what is known of texts.
    let mut texts = HashSet::from([article.text_key]);
    texts.remove(&0);
    items.retain(|item| is_other(&mut texts, &item.article) || item.reason == Reason::Editor);
    if items.len() < wanted {
        // Twice as many and one, though the article itself and those that are there already be among them: the number
        // depends on what is asked alone, so that all articles share a statement.
        let channel = ListKey::newest(Scope::ChannelOnly(article.channel_id), 2 * first + 1, operation.now());
        let newest = operation
            .loaders
            .load(ListOf(ListKey { shape: ListShape { with: With::covers(covers), ..channel.shape }, ..channel }))
            .await?;
        let known: HashSet<i64> = items.iter().chain(&blocked).map(|item| item.article.id).chain([article.id]).collect();
        let others = newest.iter().filter(|a| !known.contains(&a.id) && is_other(&mut texts, a)).take(wanted - items.len());
        let item = |other: &Arc<Article>| RelatedArticle {
            position: i64::MAX,
            reason: Reason::SameChannel,
            terms: Vec::new(),
            article: Arc::clone(other),
        };
        items.extend(others.map(item));
    }
    Ok(pick(turn, items, most, |item| item.article.id).await)
}

/// Whether `article` has another text than those seen so far.
fn is_other(texts: &mut HashSet<i64>, article: &Article) -> bool {
    article.text_key == 0 || texts.insert(article.text_key)
}
