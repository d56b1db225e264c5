//! What stands in a slot, with the fall-back that keeps a block from being empty: the slot of the channel, of its
//! parents, of the site, and at last the newest articles. Costs one wave, and another where most of a slot's articles have
//! become invisible, which an editor's slip can cause but the number of rows cannot.

use std::collections::HashSet;
use std::sync::Arc;

use crate::db::{Article, Channel, ListKey, ListShape, PlacementItem};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::unique::{Block, Turn, free, settle, spare};
use crate::loader::{CardById, ListOf, With};

/// Items of a slot that are loaded beyond those shown, for those that have been withdrawn or have expired.
const SPARE_ITEMS: usize = 2;

/// A slot as it is shown.
pub struct Placement {
    /// Of this channel; none: the site.
    pub channel: Option<Arc<Channel>>,
    /// Whether it is not the slot that was asked for.
    pub is_fallback: bool,
    /// Articles with their labels, in order.
    pub items: Vec<(Option<String>, Arc<Article>)>,
}

/// What is asked for.
pub struct Wanted<'a> {
    /// The slot's name.
    pub slot: &'a str,
    /// Of this channel; none: the site.
    pub channel: Option<i64>,
    /// How many items.
    pub first: i64,
    /// Only articles with a cover.
    pub has_cover: bool,
    /// What the articles come with.
    pub with: With,
    /// Group of blocks that do not repeat each other.
    pub unique: Option<Block>,
}

/// The items of a slot.
pub async fn placement(operation: &Operation, wanted: Wanted<'_>) -> Result<Placement> {
    let most = usize::try_from(wanted.first).unwrap_or(0);
    let turn = operation.groups.join(wanted.unique.as_ref(), most);
    let catalog = Arc::clone(operation.catalog());
    let places = catalog.fallbacks(wanted.channel);
    for (channel, _) in &places {
        let id = channel.as_ref().map(|c| c.id);
        let Some(slot) = catalog.slot(id, wanted.slot) else { continue };
        let mut seen = HashSet::new();
        let due: Vec<&PlacementItem> = slot.items_at(operation.now()).filter(|item| seen.insert(item.article_id)).collect();
        let need = most.saturating_add(turn.as_ref().map_or(0, Turn::spare));
        // Items are rarely invisible: what is needed and a few more, then the rest only if that was not enough.
        let (likely, rest) = due.split_at(due.len().min(need + SPARE_ITEMS));
        let mut items = visible(operation, likely, &wanted).await?;
        if items.len() < need && !rest.is_empty() {
            items.extend(visible(operation, rest, &wanted).await?);
        }
        let items = free(turn.as_ref(), items, most, |(_, article)| article.id).await;
        if !items.is_empty() {
            settle(turn, &items, |(_, article)| article.id);
            return Ok(Placement { channel: channel.clone(), is_fallback: id != wanted.channel, items });
        }
    }
    for (channel, scope) in places {
        let key = ListKey::newest(scope, wanted.first + spare(turn.as_ref()), operation.now());
        let shape = ListShape { has_cover: wanted.has_cover.then_some(true), with: wanted.with, ..key.shape };
        let key = ListKey { shape, ..key };
        let newest = operation.loaders.load(ListOf(key)).await?;
        let items = newest.iter().map(|a| (None, Arc::clone(a))).collect();
        let items = free(turn.as_ref(), items, most, |(_, article)| article.id).await;
        if !items.is_empty() {
            settle(turn, &items, |(_, article)| article.id);
            return Ok(Placement { channel, is_fallback: true, items });
        }
    }
    let channel = wanted.channel.and_then(|id| catalog.channels.find(id)).cloned();
    Ok(Placement { channel, is_fallback: false, items: Vec::new() })
}

/// Those of `due` that may be shown, with their labels.
async fn visible(
    operation: &Operation,
    due: &[&PlacementItem],
    wanted: &Wanted<'_>,
) -> Result<Vec<(Option<String>, Arc<Article>)>> {
    let keys = due.iter().map(|item| CardById::new(item.article_id, wanted.with));
    let articles = operation.loaders.load_all(keys).await?;
    let labelled = due.iter().zip(articles).filter_map(|(item, article)| Some((item.label.clone(), article?)));
    Ok(labelled.filter(|(_, article)| !wanted.has_cover || article.cover_id.is_some()).collect())
}
