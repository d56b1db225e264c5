//! Rankings, with the fall-back that keeps a block from being empty: a longer window, then the parent channel, then the site. Which
//! articles stand where is in memory; a ranking costs the statement for its articles, and falling back costs none. What was read
//! ever is read along the lists' index of views, with what is newer than that from memory.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use crate::db::{Article, Channel, ListKey, ListShape, Order, Scope};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::unique::{Block, free, settle, spare};
use crate::loader::{CardById, ListOf, ReadFrom, With};
use crate::ranking::{self, By, Chart, Unit, Window, heat};

/// Places of a ranking that are known.
const MOST: usize = 100;

/// Articles that are loaded beyond those asked for, should some no longer be shown.
const SPARE: usize = 5;

/// A place in a ranking.
#[derive(Clone)]
pub struct Place {
    /// From 1; gaps where an article is not shown.
    pub rank: i64,
    /// Before the last step.
    pub previous_rank: Option<i64>,
    /// Whether it was not in the ranking before.
    pub is_new: bool,
    /// Views in the window.
    pub views: i64,
    /// What decides the order.
    pub score: f64,
    /// Which.
    pub article: Arc<Article>,
}

/// A ranking as it is shown.
pub struct Ranking {
    /// Of this channel; none: of something else.
    pub channel: Option<Arc<Channel>>,
    /// In this order.
    pub by: By,
    /// Whether either is not what was asked for.
    pub is_fallback: bool,
    /// The places, in order.
    pub places: Vec<Place>,
}

/// What is asked for.
pub struct Wanted {
    /// Of this list.
    pub scope: Scope,
    /// In this order.
    pub by: By,
    /// Views are those within this window.
    pub window: Window,
    /// How many places.
    pub first: i64,
    /// What the articles come with.
    pub with: With,
    /// Of articles with the same text the best alone.
    pub collapse: bool,
    /// Group of blocks that do not repeat each other.
    pub unique: Option<Block>,
}

/// Ranks by article, once they have been read.
type Ranks = Arc<OnceCell<HashMap<i64, i64>>>;

/// The ranks of all time that an operation has asked for.
#[derive(Default)]
pub struct RanksEver(Mutex<HashMap<Scope, Ranks>>);

impl RanksEver {
    fn of(&self, scope: Scope) -> Ranks {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(scope).or_default())
    }
}

/// What may stand in for the order `by`, itself first.
fn orders(by: By) -> Vec<By> {
    match by {
        By::Views(window) => Window::EVERY.into_iter().filter(|longer| *longer >= window).map(By::Views).collect(),
        By::Trending | By::Fresh => vec![by, By::Views(Window::All)],
    }
}

/// The first places of a ranking, or of what stands in for it.
pub async fn ranking(operation: &Operation, wanted: Wanted) -> Result<Ranking> {
    let Wanted { scope, by, window, first, with, collapse, unique } = wanted;
    let most = usize::try_from(first).unwrap_or(0);
    let turn = operation.groups.join(unique.as_ref(), most);
    let catalog = operation.catalog();
    let own = if let Scope::Channel(id) = scope { catalog.channels.find(id).cloned() } else { None };
    let scopes = match scope {
        Scope::Channel(id) => catalog.fallbacks(Some(id)),
        other => vec![(None, other)],
    };
    let candidates =
        scopes.into_iter().flat_map(|(channel, scope)| orders(by).into_iter().map(move |by| (channel.clone(), scope, by)));
    for (shown_channel, shown_scope, shown_by) in candidates {
        let wanted = if collapse { MOST } else { MOST.min(most + usize::try_from(spare(turn.as_ref())).unwrap_or(MOST)) };
        let mut places = places(operation, shown_scope, (shown_by, window), wanted, with).await?;
        if collapse {
            let mut texts = HashSet::new();
            places.retain(|place| place.article.text_key == 0 || texts.insert(place.article.text_key));
        }
        // Nothing is left where all of it has become invisible, or earlier blocks of the group show it.
        let places = free(turn.as_ref(), places, most, |place| place.article.id).await;
        if !places.is_empty() {
            settle(turn, &places, |place| place.article.id);
            return Ok(Ranking {
                channel: shown_channel,
                by: shown_by,
                is_fallback: (shown_scope, shown_by) != (scope, by),
                places,
            });
        }
    }
    Ok(Ranking { channel: own, by, is_fallback: false, places: Vec::new() })
}

/// The first `most` places of one ranking.
async fn places(operation: &Operation, scope: Scope, (by, window): (By, Window), most: usize, with: With) -> Result<Vec<Place>> {
    let chart = operation.charts().chart(scope, by);
    if by == By::Views(Window::All) {
        return ever(operation, scope, chart.as_deref(), most, with).await;
    }
    let Some(chart) = chart else { return Ok(Vec::new()) };
    let (mut places, mut at) = (Vec::with_capacity(most), 0);
    while places.len() < most && at < chart.places.len() {
        // Of what a contract grants any number may be missing here: one look at all, and not one after the other.
        let is_limited = operation.loaders.seen().grant().is_some();
        let end = if is_limited { chart.places.len() } else { (at + most - places.len() + SPARE).min(chart.places.len()) };
        let cards = chart.places[at..end].iter().map(|(_, id)| CardById::new(*id, with));
        for ((score, id), (rank, article)) in
            chart.places[at..end].iter().zip((at..).zip(operation.loaders.load_all(cards).await?))
        {
            let Some(article) = article else { continue };
            let views = match by {
                By::Views(_) => i64::try_from(*score).unwrap_or(i64::MAX),
                By::Trending | By::Fresh => views(operation, &article, window),
            };
            places.push(Place {
                rank: i64::try_from(rank + 1).unwrap_or(i64::MAX),
                previous_rank: chart.previous_rank(*id),
                is_new: chart.is_new(*id),
                views,
                score: heat(by, *score, operation.now()),
                article,
            });
        }
        at = end;
    }
    places.truncate(most);
    Ok(places)
}

/// What was read most ever: whoever is among the first has its views in its row, or was read within a month and is in `recent`.
async fn ever(operation: &Operation, scope: Scope, recent: Option<&Chart>, most: usize, with: With) -> Result<Vec<Place>> {
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let shape = ListShape { order: Order::MostRead, with, ..ListShape::PLAIN };
    let list = ListOf(ListKey { shape, ..ListKey::newest(scope, limit, operation.now()) });
    let recent = recent.map(|chart| &chart.places[..chart.places.len().min(most + SPARE)]).unwrap_or_default();
    let cards = recent.iter().map(|(_, id)| CardById::new(*id, with));
    let (listed, recent) =
        futures_util::future::try_join(operation.loaders.load(list), operation.loaders.load_all(cards)).await?;
    let articles: HashMap<i64, &Arc<Article>> =
        listed.iter().chain(recent.iter().flatten()).map(|article| (article.id, article)).collect();
    let mut ranked: Vec<(i64, &Arc<Article>)> =
        articles.into_values().map(|article| (views(operation, article, Window::All), article)).collect();
    ranked.sort_unstable_by_key(|(views, article)| std::cmp::Reverse((*views, article.id)));
    let place = |(rank, (views, article)): (i64, (i64, &Arc<Article>))| Place {
        rank,
        previous_rank: None,
        is_new: false,
        views,
        score: heat(By::Views(Window::All), u64::try_from(views).unwrap_or(0), operation.now()),
        article: Arc::clone(article),
    };
    Ok((1..).zip(ranked.into_iter().take(most)).map(place).collect())
}

/// How often `article` was read within `window`.
pub fn views(operation: &Operation, article: &Article, window: Window) -> i64 {
    let known = operation.charts().counts(article.id).map_or(0, |counts| counts.within(window));
    // What was read more than a month ago is in the row alone.
    if window == Window::All { known.max(article.view_count) } else { known }
}

/// The rank of `article` in the ranking of `scope` in the order `by`; nothing if it has none.
pub async fn rank(operation: &Operation, article: &Article, scope: Scope, by: By) -> Result<Option<i64>> {
    if by == By::Views(Window::All) {
        // Once for all that ask.
        let ranks = operation.ranks.of(scope);
        let ranks = ranks.get_or_try_init(async || {
            let places = places(operation, scope, (by, Window::All), MOST, With::default()).await?;
            Ok::<_, Error>(places.into_iter().map(|place| (place.article.id, place.rank)).collect())
        });
        return Ok(ranks.await?.get(&article.id).copied());
    }
    Ok(operation.charts().chart(scope, by).and_then(|chart| chart.rank(article.id)))
}

/// How often `article` was read in each of the last `count` steps, as (beginning in milliseconds since 1970, views), oldest first.
pub async fn history(operation: &Operation, article: i64, unit: Unit, count: i64) -> Result<Vec<(i64, i64)>> {
    let (zone, now) = (operation.catalog().zone, operation.now());
    let (hour, day) = unit.reach(count, zone, now);
    let hours = operation.loaders.load(ReadFrom { article, first: hour, is_day: false });
    let days = async {
        match day {
            Some(first) => operation.loaders.load(ReadFrom { article, first, is_day: true }).await,
            None => Ok(Arc::default()),
        }
    };
    let (hours, days) = futures_util::future::try_join(hours, days).await?;
    Ok(ranking::history(unit, count, (&hours, &days), zone, now))
}
