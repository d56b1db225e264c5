//! Pages of lists: arguments are checked, cursors become places, one row more than asked for tells whether there is
//! another page.

use std::sync::Arc;

use crate::db::{Article, ListKey, ListShape, Order, Scope};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::cursor::{Cursor, Place};
use crate::graphql::unique::{Block, pick, spare};
use crate::loader::{CountOf, ListOf, With};

/// Rows of a page where the client does not say: what a phone's screen shows in two or three swipes.
pub const DEFAULT_PAGE: i64 = 20;

/// Rows of a page at most.
pub const MAX_PAGE: i64 = 100;

/// Which articles, in which order.
#[derive(Clone, Debug)]
pub struct List {
    /// Articles must stand in all of these; never empty.
    pub scopes: Vec<Scope>,
    /// In which order.
    pub order: Order,
    /// With a cover, without, or either.
    pub has_cover: Option<bool>,
    /// Published at or after (milliseconds since 1970).
    pub from: Option<i64>,
    /// Published before or at.
    pub to: Option<i64>,
    /// Of articles with one text, more or less, that which was published first alone.
    pub collapse: bool,
}

/// Which page: the four arguments of the Relay connection specification, and the group.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub first: Option<i32>,
    pub after: Option<String>,
    pub last: Option<i32>,
    pub before: Option<String>,
    pub unique: Option<Block>,
}

/// A page of a list.
pub struct Slice {
    /// Articles in the list's order.
    pub articles: Vec<Arc<Article>>,
    /// Makes their cursors.
    pub cursor: Cursor,
    /// The list's order.
    pub order: Order,
    /// More after the last.
    pub has_next: bool,
    /// More before the first.
    pub has_previous: bool,
    /// For the count.
    pub whole: ListKey,
    /// Rows beyond the page, which say that there is more.
    pub beyond: Vec<i64>,
}

impl Slice {
    /// The cursor of one of its articles.
    pub fn cursor_of(&self, article: &Article) -> String {
        self.cursor.encode(place(self.order, article))
    }
}

fn place(order: Order, article: &Article) -> Place {
    match order {
        Order::Newest => (article.published_at, article.id),
        Order::MostRead => (article.view_count, article.id),
    }
}

/// The number in argument `field`, if it is between 1 and [`MAX_PAGE`].
pub fn size(field: &str, value: i32) -> Result<i64> {
    let value = i64::from(value);
    if (1..=MAX_PAGE).contains(&value) {
        return Ok(value);
    }
    Err(Error::invalid(field, format!("must be between 1 and {MAX_PAGE}")))
}

/// The direction, the size and the place to start from.
fn span(page: &Page, cursor: Cursor) -> Result<(bool, i64, Option<Place>)> {
    let place = |field: &str, text: &Option<String>| text.as_ref().map(|t| cursor.decode(field, t)).transpose();
    match (page.first, page.last) {
        (Some(_), Some(_)) => Err(Error::invalid("last", "cannot be combined with `first`; ask for one of them")),
        (None, Some(last)) if page.after.is_none() => Ok((true, size("last", last)?, place("before", &page.before)?)),
        (None, Some(_)) => Err(Error::invalid("after", "goes with `first`; with `last` use `before`")),
        (first, None) if page.before.is_none() => {
            let first = first.map_or(Ok(DEFAULT_PAGE), |first| size("first", first))?;
            Ok((false, first, place("after", &page.after)?))
        }
        _ => Err(Error::invalid("before", "goes with `last`; with `first` use `after`")),
    }
}

impl List {
    /// What tells the list's cursors apart from those of other lists.
    fn cursor(&self) -> Cursor {
        Cursor::of(&format!("{:?}", (&self.scopes, self.order, self.has_cover, self.from, self.to, self.collapse)))
    }

    fn key(&self, now: i64) -> ListKey {
        let mut scopes = self.scopes.clone();
        // The list that is read is the one with the fewest articles; the others are looked up row by row.
        scopes.sort_by_key(|s| s.selectivity());
        scopes.dedup();
        let scope = scopes.pop().unwrap_or(Scope::Site);
        // Everything stands in the site's list.
        scopes.retain(|s| *s != Scope::Site);
        ListKey {
            shape: ListShape {
                order: self.order,
                has_cover: self.has_cover,
                extra: scopes.len(),
                collapse: self.collapse,
                ..ListShape::PLAIN
            },
            limit: 0,
            scope,
            extra: scopes,
            from: None,
            low: self.from.unwrap_or(i64::MIN),
            high: self.to.map_or(now, |to| to.min(now)),
        }
    }
}

/// A page of `list`, its articles with what `with` says.
pub async fn slice(operation: &Operation, list: &List, page: &Page, with: With) -> Result<Slice> {
    let cursor = list.cursor();
    let (backward, size, from) = span(page, cursor)?;
    let most = usize::try_from(size).unwrap_or(0);
    let turn = operation.groups.join(page.unique.as_ref(), most);
    let whole = list.key(operation.now());
    let key = ListKey {
        shape: ListShape { backward, with, ..whole.shape },
        limit: size + 1 + spare(turn.as_ref()),
        from,
        ..whole.clone()
    };
    let limit = usize::try_from(key.limit).unwrap_or(0);
    let rows = operation.loaders.load(ListOf(key)).await?;
    let is_full = rows.len() >= limit;
    let candidates = rows.len();
    let mut articles = pick(turn, rows.to_vec(), most, |a| a.id).await;
    // There is more if a candidate after the last one shown is left over, or if the database had more to give.
    let last_shown = articles.last().and_then(|last| rows.iter().position(|row| row.id == last.id)).map_or(0, |i| i + 1);
    let has_more = is_full || (articles.len() == most && last_shown < candidates);
    if backward {
        articles.reverse();
    }
    let (has_next, has_previous) = if backward { (from.is_some(), has_more) } else { (has_more, from.is_some()) };
    let beyond = rows.iter().skip(last_shown).map(|row| row.id).collect();
    Ok(Slice { articles, cursor, order: list.order, has_next, has_previous, whole, beyond })
}

/// How many articles a list has in all.
pub async fn count(operation: &Operation, slice: &Slice) -> Result<i64> {
    operation.loaders.load(CountOf(slice.whole.clone())).await
}
