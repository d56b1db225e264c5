//! Rankings, with the fall-back that keeps a block from being empty: a longer window, then the parent channel, then
//! the site. Which rankings have entries is in the catalog, so falling back costs no statement.

use std::sync::Arc;

use crate::db::{Article, Channel, RankedArticle, Scope, Window};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::unique::{Block, free, settle, spare};
use crate::loader::{RankOf, RankedIn};

/// A ranking as it is shown.
pub struct Ranking {
    /// Of this channel; none: the site.
    pub channel: Option<Arc<Channel>>,
    /// In this window.
    pub window: Window,
    /// Whether either is not what was asked for.
    pub is_fallback: bool,
    /// The places, in order.
    pub places: Vec<RankedArticle>,
}

/// What is asked for.
pub struct Wanted {
    /// Of this channel; none: the site.
    pub channel: Option<i64>,
    /// In this window.
    pub window: Window,
    /// How many places.
    pub first: i64,
    /// The articles with their covers.
    pub covers: bool,
    /// Group of blocks that do not repeat each other.
    pub unique: Option<Block>,
}

/// The first places of a ranking, or of what stands in for it.
pub async fn ranking(operation: &Operation, wanted: Wanted) -> Result<Ranking> {
    let Wanted { channel, window, first, covers, unique } = wanted;
    let most = usize::try_from(first).unwrap_or(0);
    let turn = operation.groups.join(unique.as_ref(), most);
    let catalog = operation.catalog();
    let windows = || Window::EVERY.into_iter().filter(move |w| *w >= window);
    let candidates = catalog
        .fallbacks(channel)
        .into_iter()
        .flat_map(|(channel, scope)| windows().map(move |w| (channel.clone(), scope, w)))
        .filter(|(_, scope, w)| catalog.has_ranking(*scope, *w));
    for (shown_channel, scope, shown_window) in candidates {
        let key = RankedIn { scope, window: shown_window, first: first + spare(turn.as_ref()), covers };
        let places = operation.loaders.load(key).await?;
        // Nothing is left where all of it has become invisible, or earlier blocks of the group show it.
        let places = free(turn.as_ref(), places.to_vec(), most, |place| place.article.id).await;
        if !places.is_empty() {
            settle(turn, &places, |place| place.article.id);
            let is_fallback = shown_channel.as_ref().map(|c| c.id) != channel || shown_window != window;
            return Ok(Ranking { channel: shown_channel, window: shown_window, is_fallback, places });
        }
    }
    let channel = channel.and_then(|id| catalog.channels.find(id)).cloned();
    Ok(Ranking { channel, window, is_fallback: false, places: Vec::new() })
}

/// The rank of `article` in the ranking of `channel` (or the site) in `window`; nothing if it has none.
pub async fn rank(operation: &Operation, article: &Article, channel: Option<i64>, window: Window) -> Result<Option<i64>> {
    let scope = channel.map_or(Scope::Site, Scope::Channel);
    operation.loaders.load(RankOf(scope, window, article.id)).await
}
