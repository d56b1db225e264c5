//! What a search leads to: the index says which articles and in which order, the database which of them may be seen.

use std::ops::Range;
use std::sync::Arc;

use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;

use super::list::{DEFAULT_PAGE, List, size};
use crate::db::{Article, Scope};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::cursor::Cursor;
use crate::loader::{BodyOf, CardById, With};
use crate::partner::Fields;
use crate::search::{Depth, Filter, Found, Hit, Index, MOST_CHARACTERS, Need, Order, Query, Reach, Wanted, passage};
use crate::text::plain_text;

/// What is looked for.
pub struct Search {
    /// As somebody typed it.
    pub query: String,
    /// Among which articles.
    pub list: List,
    /// In which order.
    pub order: Order,
    /// Of articles with one text the best alone.
    pub collapse: bool,
    /// How many.
    pub first: Option<i32>,
    /// From where on.
    pub after: Option<String>,
}

/// What was found: a page.
pub struct Results {
    /// The articles that may be seen, with their places.
    pub hits: Vec<(Hit, Arc<Article>)>,
    /// What the index has found.
    pub found: Found,
    /// How many there are in all.
    pub total: u64,
    /// Whether that is sure.
    pub is_exact: bool,
    /// More behind the last.
    pub has_next: bool,
    /// The page is not the first.
    pub has_previous: bool,
    /// What each hit must have, for its highlights.
    pub needs: Vec<Need>,
    /// The first of the years that were counted.
    pub first_year: i32,
    cursor: Cursor,
    /// The instant of the first page: later pages see the same order.
    now: i64,
}

impl Results {
    /// The cursor of a hit.
    pub fn cursor_of(&self, hit: &Hit) -> String {
        let (score, at, article) = hit.place;
        self.cursor.encode_numbers([self.now, score, at, article])
    }
}

/// In a cursor, in the place of the instant of the first page, where that does not count.
const UNTIMED: i64 = 0;

/// The years that may be counted, and when they begin.
const YEARS: std::ops::Range<i32> = 1970..2101;

fn years(zone: Tz) -> Arc<[i64]> {
    let start = |year: i32| {
        let midnight = NaiveDate::from_ymd_opt(year, 1, 1)?.and_hms_opt(0, 0, 0)?;
        zone.from_local_datetime(&midnight).earliest().map(|at| at.timestamp_millis())
    };
    YEARS.map(|year| start(year).unwrap_or(i64::MAX)).collect()
}

/// Looks for `search`; counts where hits stand if `facets`; each with what `with` says.
pub async fn search(operation: &Operation, search: Search, facets: bool, with: With) -> Result<Results> {
    let length = search.query.chars().count();
    if length > MOST_CHARACTERS {
        let message =
            format!("has {length} characters; {MOST_CHARACTERS} are the most. Search for a sentence or a few words of it");
        return Err(Error::invalid("query", message));
    }
    let query = Query::parse(&search.query);
    if query.is_empty() {
        return Err(Error::invalid("query", "has nothing to look for; give a word, or a part of one"));
    }
    let most = search.first.map_or(Ok(DEFAULT_PAGE), |first| size("first", first))?;
    let limit = usize::try_from(most).unwrap_or(0);
    let filter = filter(&search.list, operation);
    let is_unfiltered = filter == Filter::default();
    // Where a contract has a delay, the end of the span moves on, and the list is the same.
    let shape = Filter { to: search.list.to, ..filter.clone() };
    let cursor = Cursor::of(&format!("{:?}", (query.key(), &shape, search.order, search.collapse)));
    let after: Option<[i64; 4]> = search.after.as_deref().map(|after| cursor.decode_numbers("after", after)).transpose()?;
    let now =
        after.map_or(operation.now(), |[then, ..]| if then == UNTIMED { operation.now() } else { then.min(operation.now()) });
    let wanted = Wanted {
        order: search.order,
        limit: limit + 1,
        after: after.map(|[_, score, at, article]| (score, at, article)),
        now,
        from: filter.from.unwrap_or(i64::MIN),
        to: filter.to.unwrap_or(i64::MAX),
        collapse: search.collapse,
        years: facets.then(|| years(operation.catalog().zone)),
    };
    let index = Arc::clone(operation.search());
    let needs = query.needs(&index.cutter());
    let is_current = index.is_current();
    let key = query.key();
    let mut found = index.run(move |index| index.search(&query, &filter, &wanted)).await?;
    // What a filter hides is not missing.
    if after.is_none() && is_unfiltered {
        operation.searches().note(
            &operation.caller.address,
            key,
            if found.is_relaxed { 0 } else { found.total },
            operation.now(),
        );
    }
    let has_next = found.hits.len() > limit;
    found.hits.truncate(limit);
    let keys = found.hits.iter().map(|hit| CardById::new(hit.article(), with));
    let cards = operation.loaders.load_all(keys).await?;
    let hits: Vec<(Hit, Arc<Article>)> =
        found.hits.iter().copied().zip(cards).filter_map(|(hit, card)| Some((hit, card?))).collect();
    // What the database does not show any more, the index has not heard of yet.
    let gone = (found.hits.len() - hits.len()) as u64;
    Ok(Results {
        total: found.total.saturating_sub(gone),
        is_exact: is_current && gone == 0,
        has_next,
        has_previous: after.is_some(),
        needs,
        first_year: YEARS.start,
        cursor,
        // The order by time is the same at any instant, and so are its cursors.
        now: if search.order == Order::Newest { UNTIMED } else { now },
        hits,
        found,
    })
}

/// Among which articles: those of `list` that whoever asks may have, and in as much of them.
fn filter(list: &List, operation: &Operation) -> Filter {
    let lists = list.scopes.iter().filter(|scope| **scope != Scope::Site).map(|scope| scope.code());
    let (grant, until) = (operation.terms.grant(), operation.loaders.seen().until());
    let is_late = until < operation.now();
    let to = if is_late { Some(list.to.map_or(until, |to| to.min(until))) } else { list.to };
    Filter {
        lists: lists.collect(),
        has_cover: list.has_cover,
        from: list.from,
        to,
        any: grant.lists.clone(),
        none: grant.except.clone(),
        reach: Reach {
            depth: match operation.terms.fields() {
                Fields::Full => Depth::Text,
                Fields::Summary => Depth::Lead,
                Fields::Headline | Fields::None => Depth::Title,
            },
            titles: operation.terms.limited(Fields::Headline).to_vec(),
            leads: operation.terms.limited(Fields::Summary).to_vec(),
        },
    }
}

/// The passage of the text of `article` with most of what was asked for, some `length` characters, with the parts that were; none if the text has none. Texts are read
/// for all articles of a page of hits at once.
pub async fn snippet(
    operation: &Operation,
    article: &Article,
    results: &Arc<Results>,
    length: usize,
) -> Result<Option<(String, Vec<Range<usize>>)>> {
    let body = operation.loaders.load(BodyOf(article.id)).await?;
    let results = Arc::clone(results);
    let work = move |_: &Index| {
        let pages: Vec<String> = body.iter().map(|page| plain_text(&page.html)).collect();
        let text = pages.iter().flat_map(|page| page.split_whitespace()).collect::<Vec<_>>().join(" ");
        Ok(passage(&text, &results.needs, length))
    };
    Arc::clone(operation.search()).run(work).await
}
