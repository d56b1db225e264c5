//! Lists of articles, many at once: each key is one list from one place in it, and all keys of one shape are one
//! statement. A list is read along an index from its cursor on, so page 5,000 costs what page 1 costs, and the top N of
//! many lists never looks at more than N rows of each (no window function, no sort).

use std::sync::Arc;

use super::article::{Article, CARD, DETAILS, With, card, cover, detailed};
use super::query::{Backend, Param, Query, Row, Texts, keys};
use super::scope::Scope;
use super::visibility::{Audience, Visibility, now};
use crate::error::Result;

/// What a list is ordered by; ties by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Order {
    /// By time of publication.
    Newest,
    /// By views in all.
    MostRead,
}

/// What decides the text of the statement; keys of one shape share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListShape {
    /// Order of the list.
    pub order: Order,
    /// Read towards the beginning of the list (for `last`/`before`): rows come nearest first.
    pub backward: bool,
    /// Only with a cover, only without, or both.
    pub has_cover: Option<bool>,
    /// How many further scopes an article must stand in.
    pub extra: usize,
    /// What is read along.
    pub with: With,
    /// Of articles of one cluster that stand in the list, that which was published first alone.
    pub collapse: bool,
}

impl ListShape {
    /// Newest first, no conditions.
    pub const PLAIN: Self = Self {
        order: Order::Newest,
        backward: false,
        has_cover: None,
        extra: 0,
        with: With { covers: false, details: false },
        collapse: false,
    };
}

/// One list from one place on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListKey {
    /// See there.
    pub shape: ListShape,
    /// How many rows at most.
    pub limit: i64,
    /// The list.
    pub scope: Scope,
    /// Articles must stand in all of these too; as many as `shape.extra`.
    pub extra: Vec<Scope>,
    /// Rows beyond this (sort value, id), which itself is not in; none: from the end where reading begins.
    pub from: Option<(i64, i64)>,
    /// Published at or after, in milliseconds since 1970.
    pub low: i64,
    /// Published at or before.
    pub high: i64,
}

/// A row of a list: the number of its key, from 0, and the article.
pub type Edge = (usize, Arc<Article>);

/// The key's columns: scope, the place (`at`, `id`), the span of time, further scopes.
fn columns(extra: usize) -> Vec<&'static str> {
    const EXTRA: [&str; 6] = ["x0", "x1", "x2", "x3", "x4", "x5"];
    let mut columns = vec!["scope", "at", "id", "low", "high"];
    columns.extend(&EXTRA[..extra]);
    columns
}

/// The conditions on `listing l` that do not depend on the place: scope, expiry, cover, further scopes.
fn membership(b: Backend, audience: Audience, shape: ListShape) -> String {
    let mut text = format!("l.scope = k.scope AND {}", Visibility::listed(b, audience, "l"));
    match shape.has_cover {
        Some(true) => text.push_str(" AND l.has_cover"),
        Some(false) => text.push_str(" AND NOT l.has_cover"),
        None => {}
    }
    for i in 0..shape.extra {
        let place = "x.published_at = l.published_at AND x.article_id = l.article_id";
        text = format!("{text} AND EXISTS (SELECT 1 FROM listing x WHERE x.scope = k.x{i} AND {place})");
    }
    if shape.collapse {
        text = format!("{text} AND ({}) IS NULL", earlier(b, audience, shape));
    }
    text
}

/// An earlier article of the cluster of `listing l` that the list shows. Values and not `EXISTS`, which a planner would turn into a join of
/// whole tables: this is looked up for each row that is shown.
fn earlier(b: Backend, audience: Audience, shape: ListShape) -> String {
    let listed = Visibility::listed(b, audience, "y");
    let stands_in = |scope: &str| {
        let covered = match shape.has_cover {
            Some(true) => " AND y.has_cover",
            Some(false) => " AND NOT y.has_cover",
            None => "",
        };
        format!(
            "(SELECT 1 FROM listing y WHERE y.scope = k.{scope} AND y.published_at = m.published_at AND y.article_id = m.article_id \
             AND {listed}{covered} LIMIT 1) IS NOT NULL"
        )
    };
    let scopes = std::iter::once("scope".to_owned()).chain((0..shape.extra).map(|i| format!("x{i}")));
    let lists: Vec<String> = scopes.map(|scope| stands_in(&scope)).collect();
    format!(
        "SELECT 1 FROM repost r CROSS JOIN repost m WHERE r.article_id = l.article_id AND m.head_id = r.head_id \
         AND (m.published_at, m.article_id) < (r.published_at, r.article_id) AND m.published_at >= k.low \
         AND m.published_at <= k.high AND {} LIMIT 1",
        lists.join(" AND ")
    )
}

/// The rows wanted of one list, as a select of `listing l` in order.
fn select(b: Backend, audience: Audience, shape: ListShape) -> String {
    let (sort, direction, beyond) = match (shape.order, shape.backward) {
        (Order::Newest, false) => ("l.published_at", "DESC", "<"),
        (Order::Newest, true) => ("l.published_at", "ASC", ">"),
        (Order::MostRead, false) => ("l.view_count", "DESC", "<"),
        (Order::MostRead, true) => ("l.view_count", "ASC", ">"),
    };
    // One bound from each side of the index and no more: a second one tempts a planner to start at the wrong place.
    let span = match (shape.order, shape.backward) {
        (Order::Newest, false) => "l.published_at >= k.low",
        (Order::Newest, true) => "l.published_at <= k.high",
        // `+ 0` keeps the span of time from being taken for the way in, which would mean a sort by views.
        (Order::MostRead, _) => "l.published_at + 0 >= k.low AND l.published_at + 0 <= k.high",
    };
    let member = membership(b, audience, shape);
    format!(
        "SELECT l.article_id FROM listing l WHERE {member} AND ({sort}, l.article_id) {beyond} (k.at, k.id) AND {span} \
         ORDER BY {sort} {direction}, l.article_id {direction} LIMIT $2"
    )
}

impl ListKey {
    /// The first `limit` rows of `scope` published up to `now` (milliseconds since 1970), newest first.
    pub fn newest(scope: Scope, limit: i64, now: i64) -> Self {
        Self { shape: ListShape::PLAIN, limit, scope, extra: Vec::new(), from: None, low: i64::MIN, high: now }
    }

    /// Where reading starts. The span of time is folded in, so that the index is entered at the right row at once.
    fn start(&self) -> (i64, i64) {
        match (self.shape.order, self.shape.backward) {
            (Order::Newest, false) => self.from.unwrap_or((i64::MAX, i64::MAX)).min((self.high.saturating_add(1), i64::MIN)),
            (Order::Newest, true) => self.from.unwrap_or((i64::MIN, i64::MIN)).max((self.low.saturating_sub(1), i64::MAX)),
            (Order::MostRead, false) => self.from.unwrap_or((i64::MAX, i64::MAX)),
            (Order::MostRead, true) => self.from.unwrap_or((i64::MIN, i64::MIN)),
        }
    }

    fn row(&self, seen: &Visibility) -> Vec<i64> {
        let (at, id) = self.start();
        // Who may see one list of the portal reads along that, and not along everything.
        let only = seen.grant().map(|grant| grant.lists.as_slice()).filter(|_| self.scope == Scope::Site);
        let scope = if let Some([only]) = only { *only } else { self.scope.code() };
        let mut row = vec![scope, at, id, self.low, self.high];
        row.extend(self.extra.iter().map(|s| s.code()));
        row
    }
}

fn key_columns(wanted: &[ListKey], seen: &Visibility) -> Param {
    let rows: Vec<Vec<i64>> = wanted.iter().map(|key| key.row(seen)).collect();
    let width = rows.first().map_or(0, Vec::len);
    Param::Keys((0..width).map(|i| rows.iter().map(|row| row[i]).collect()).collect())
}

/// Rows of the lists `wanted`, which are all of one shape and limit, in any order.
pub fn lists(wanted: &[ListKey], seen: &Visibility) -> Query<Edge> {
    static SQL: Texts<(ListShape, Audience)> = Texts::new();
    let (shape, limit) = wanted.first().map_or((ListShape::PLAIN, 0), |k| (k.shape, k.limit));
    let audience = seen.of_readers();
    let sql = SQL.of((shape, audience), |b| {
        let (keys, rows) = (keys(b, 3, &columns(shape.extra)), select(b, audience, shape));
        let (cover_columns, cover_from) = cover(shape.with.covers, "a");
        let cards = match b {
            Backend::Postgres => format!("CROSS JOIN LATERAL ({rows}) l JOIN article a ON a.id = l.article_id"),
            Backend::Sqlite => format!("CROSS JOIN article a ON a.id IN ({rows})"),
        };
        let details = if shape.with.details { format!(", {DETAILS}") } else { String::new() };
        format!("SELECT k.ord, {CARD}{details}{cover_columns} FROM {keys} {cards}{cover_from}")
    });
    let read = if shape.with.details { detailed_edge } else { edge };
    Query::new(sql, vec![seen.param(), Param::Int(limit), key_columns(wanted, seen)], read)
}

/// An edge from a row of the key's number from 1 and a card.
fn edge(row: &Row<'_>) -> Result<Edge> {
    Ok((usize::try_from(row.int(0)? - 1).unwrap_or(0), card(row, 1)?))
}

/// The same with details.
fn detailed_edge(row: &Row<'_>) -> Result<Edge> {
    Ok((usize::try_from(row.int(0)? - 1).unwrap_or(0), detailed(row, 1)?))
}

/// How many articles each of `wanted` has in all, as (number of the key from 0, count). The place and the limit do not matter.
pub fn counts(wanted: &[ListKey], seen: &Visibility) -> Query<(usize, i64)> {
    static SQL: Texts<(ListShape, Audience)> = Texts::new();
    let audience = seen.of_readers();
    let shape = wanted.first().map_or(ListShape::PLAIN, |k| k.shape);
    let shape = ListShape { has_cover: shape.has_cover, extra: shape.extra, collapse: shape.collapse, ..ListShape::PLAIN };
    let sql = SQL.of((shape, audience), |b| {
        format!(
            "SELECT k.ord, (SELECT count(*) FROM listing l WHERE {} AND l.published_at >= k.low AND l.published_at <= k.high) FROM {}",
            membership(b, audience, shape),
            keys(b, 2, &columns(shape.extra))
        )
    });
    Query::new(sql, vec![seen.param(), key_columns(wanted, seen)], |row| {
        Ok((usize::try_from(row.int(0)? - 1).unwrap_or(0), row.int(1)?))
    })
}

/// A place in a list: (list, time of publication, article).
pub type Neighbours = (Scope, i64, i64);

/// The next older and the next newer article of each place, as (number of the place from 0, article), in any order.
/// Which of the two an article is shows in its time.
pub fn neighbours(places: &[Neighbours], seen: &Visibility) -> Query<Edge> {
    static SQL: Texts<Audience> = Texts::new();
    let audience = seen.of_readers();
    let sql = SQL.of(audience, |b| {
        let keys = keys(b, 2, &["scope", "at", "id"]);
        let listed = Visibility::listed(b, audience, "l");
        let side = |beyond: &str, direction: &str, span: &str| {
            format!(
                "(SELECT l.article_id FROM listing l WHERE l.scope = k.scope AND {listed} \
                 AND (l.published_at, l.article_id) {beyond} (k.at, k.id){span} \
                 ORDER BY l.published_at {direction}, l.article_id {direction} LIMIT 1)"
            )
        };
        let until = format!(" AND l.published_at <= {}", now(b, audience));
        let (older, newer) = (side("<", "DESC", ""), side(">", "ASC", &until));
        let cards = match b {
            Backend::Postgres => {
                format!("CROSS JOIN LATERAL ({older} UNION ALL {newer}) n JOIN article a ON a.id = n.article_id")
            }
            Backend::Sqlite => format!("CROSS JOIN article a ON a.id IN ({older}, {newer})"),
        };
        format!("SELECT k.ord, {CARD} FROM {keys} {cards}")
    });
    let columns = vec![
        places.iter().map(|p| p.0.code()).collect(),
        places.iter().map(|p| p.1).collect(),
        places.iter().map(|p| p.2).collect(),
    ];
    Query::new(sql, vec![seen.param(), Param::Keys(columns)], edge)
}
