//! A page of a list, whichever it is.

use std::sync::Arc;

use super::subject::{Subject, What};
use crate::db::{Article, Order};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::relation::list::{self, List, Page};
use crate::graphql::relation::{placement, ranking, search};
use crate::loader::With;
use crate::ranking::{By, Window};

/// Which page, and what else the address says.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// How many articles.
    pub first: i32,
    /// From where on.
    pub after: Option<String>,
    /// Up to where.
    pub before: Option<String>,
    /// Over which time a ranking looks back.
    pub window: Window,
    /// In which order; none: by views.
    pub by: Option<By>,
    /// What to search for.
    pub query: Option<String>,
    /// What the articles come with.
    pub with: With,
}

/// A page of a list.
pub struct Selection {
    /// The articles in order, each with its rank from 1.
    pub articles: Vec<(i64, Arc<Article>)>,
    /// The next page begins behind this.
    pub next: Option<String>,
    /// The page before ends here.
    pub previous: Option<String>,
    /// Articles that are not shown and that the answer depends on.
    pub others: Vec<i64>,
}

impl Selection {
    /// When the first of its articles is not to be seen any more (milliseconds since 1970), as far as they came with details.
    pub fn ends(&self) -> i64 {
        let details = self.articles.iter().filter_map(|(_, article)| article.details.as_ref());
        details.map(|details| details.expires_at).min().unwrap_or(i64::MAX)
    }
}

/// The page that is asked for.
pub async fn select(operation: &Operation, subject: &Subject, wanted: &Wanted) -> Result<Selection> {
    // A ranking and a slot have one page.
    if !matches!(subject.what, What::Newest(_) | What::Found)
        && let Some((field, _)) = [("after", &wanted.after), ("before", &wanted.before)].into_iter().find(|(_, v)| v.is_some())
    {
        return Err(Error::invalid(field, "this list has one page: leave it out"));
    }
    match &subject.what {
        What::Newest(scope) => newest(operation, *scope, wanted).await,
        What::Ranking(scope) => {
            let by = wanted.by.unwrap_or(By::Views(wanted.window));
            let wanted = ranking::Wanted {
                scope: *scope,
                by,
                window: wanted.window,
                first: list::size("limit", wanted.first)?,
                with: wanted.with,
                collapse: true,
                unique: None,
            };
            let places = ranking::ranking(operation, wanted).await?.places;
            Ok(whole(places.into_iter().map(|place| place.article)))
        }
        What::Slot(channel, slot) => {
            let wanted = placement::Wanted {
                slot,
                channel: *channel,
                first: list::size("limit", wanted.first)?,
                has_cover: false,
                with: wanted.with,
                unique: None,
            };
            let items = placement::placement(operation, wanted).await?.items;
            Ok(whole(items.into_iter().map(|(_, article)| article)))
        }
        What::Found => found(operation, wanted).await,
    }
}

/// A list of one page.
fn whole(articles: impl Iterator<Item = Arc<Article>>) -> Selection {
    Selection { articles: (1..).zip(articles).collect(), next: None, previous: None, others: Vec::new() }
}

async fn newest(operation: &Operation, scope: crate::db::Scope, wanted: &Wanted) -> Result<Selection> {
    let list = List { scopes: vec![scope], order: Order::Newest, has_cover: None, from: None, to: None, collapse: false };
    let backward = wanted.before.is_some();
    if backward && wanted.after.is_some() {
        return Err(Error::invalid("before", "cannot be combined with `after`"));
    }
    list::size("limit", wanted.first)?;
    let page = Page {
        first: (!backward).then_some(wanted.first),
        after: wanted.after.clone(),
        last: backward.then_some(wanted.first),
        before: wanted.before.clone(),
        unique: None,
    };
    let slice = list::slice(operation, &list, &page, wanted.with).await?;
    let cursor = |article: Option<&Arc<Article>>| article.map(|article| slice.cursor_of(article));
    Ok(Selection {
        next: cursor(slice.articles.last()).filter(|_| slice.has_next),
        previous: cursor(slice.articles.first()).filter(|_| slice.has_previous),
        others: slice.beyond.clone(),
        articles: (1..).zip(slice.articles.iter().cloned()).collect(),
    })
}

async fn found(operation: &Operation, wanted: &Wanted) -> Result<Selection> {
    let query = wanted.query.clone().ok_or_else(|| Error::invalid("q", "is missing: say what to search for"))?;
    if wanted.before.is_some() {
        return Err(Error::invalid("before", "search goes forward: use `after`"));
    }
    let list = List {
        scopes: vec![crate::db::Scope::Site],
        order: Order::Newest,
        has_cover: None,
        from: None,
        to: None,
        collapse: false,
    };
    let search = search::Search {
        query,
        list,
        order: crate::search::Order::Newest,
        collapse: true,
        first: Some(wanted.first),
        after: wanted.after.clone(),
    };
    let results = search::search(operation, search, false, wanted.with).await.map_err(|error| match error {
        Error::Invalid { field, message } if field == "query" => Error::invalid("q", message),
        other => other,
    })?;
    let end = results.found.hits.last().map(|hit| results.cursor_of(hit));
    Ok(Selection {
        next: end.filter(|_| results.has_next),
        previous: None,
        others: results.found.hits.iter().map(crate::search::Hit::article).collect(),
        articles: (1..).zip(results.hits.iter().map(|(_, article)| Arc::clone(article))).collect(),
    })
}
