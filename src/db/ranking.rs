//! Rankings of many scopes at once, and the rank of single articles.

use std::sync::Arc;

use super::article::{Article, CARD, card, cover};
use super::query::{Backend, Param, Query, Texts, keys};
use super::scope::Scope;
use super::visibility::{Audience, Visibility};

/// A span of time that a ranking looks back over, shortest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Window {
    /// 60 minutes.
    Hour,
    /// 24 hours.
    Day,
    /// 7 days.
    Week,
    /// 30 days.
    Month,
    /// Everything.
    All,
}

impl Window {
    /// Every window, shortest first.
    pub const EVERY: [Self; 5] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::All];

    /// The number in the database.
    pub fn code(self) -> i64 {
        self as i64
    }

    /// Length in milliseconds; none for everything.
    pub fn length_ms(self) -> Option<i64> {
        const HOUR: i64 = 3_600_000;
        match self {
            Self::Hour => Some(HOUR),
            Self::Day => Some(24 * HOUR),
            Self::Week => Some(7 * 24 * HOUR),
            Self::Month => Some(30 * 24 * HOUR),
            Self::All => None,
        }
    }
}

/// A place in a ranking.
#[derive(Clone, Debug)]
pub struct RankedArticle {
    /// The window the place is for.
    pub window: i64,
    /// From 1; gaps where an article has become invisible.
    pub rank: i64,
    /// Before the last refresh.
    pub previous_rank: Option<i64>,
    /// Views that count for the window.
    pub views: i64,
    /// Which.
    pub article: Arc<Article>,
}

fn ranked_text(b: Backend, covers: bool) -> String {
    let keys = keys(b, 3, &["scope", "time_window"]);
    let visible = Visibility::condition(Audience::Public, "a");
    let wanted = "x.scope = k.scope AND x.time_window = k.time_window";
    match b {
        Backend::Postgres => {
            let (columns, from) = cover(covers, "r");
            format!(
                "SELECT r.*{columns} FROM {keys} CROSS JOIN LATERAL (SELECT x.scope, x.time_window, x.rank, x.previous_rank, x.views, \
                 {CARD} FROM ranking x JOIN article a ON a.id = x.article_id WHERE {wanted} AND {visible} ORDER BY x.rank LIMIT $2) r{from}"
            )
        }
        // SQLite has no LATERAL: the ranks that are wanted are looked up first, then their articles.
        Backend::Sqlite => {
            let (columns, from) = cover(covers, "a");
            format!(
                "SELECT k.scope, k.time_window, r.rank, r.previous_rank, r.views, {CARD}{columns} FROM {keys} CROSS JOIN ranking r \
                 ON r.scope = k.scope AND r.time_window = k.time_window AND r.rank IN (SELECT x.rank FROM ranking x \
                 CROSS JOIN article a ON a.id = x.article_id WHERE {wanted} AND {visible} ORDER BY x.rank LIMIT $2) \
                 CROSS JOIN article a ON a.id = r.article_id{from}"
            )
        }
    }
}

/// The first `limit` visible places of each ranking, as (scope code, place), in any order, with their covers if `covers`.
pub fn ranked(rankings: &[(Scope, Window)], limit: i64, covers: bool, seen: Visibility) -> Query<(i64, RankedArticle)> {
    static SQL: Texts<bool> = Texts::new();
    let columns = vec![rankings.iter().map(|r| r.0.code()).collect(), rankings.iter().map(|r| r.1.code()).collect()];
    let params = vec![Param::Int(seen.now), Param::Int(limit), Param::Keys(columns)];
    Query::new(SQL.of(covers, |b| ranked_text(b, covers)), params, |row| {
        let place = RankedArticle {
            window: row.int(1)?,
            rank: row.int(2)?,
            previous_rank: row.opt_int(3)?,
            views: row.int(4)?,
            article: card(row, 5)?,
        };
        Ok((row.int(0)?, place))
    })
}

/// The places of single articles, as (scope code, window code, article, rank); nothing for those without a place.
pub fn ranks(wanted: &[(Scope, Window, i64)]) -> Query<(i64, i64, i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        format!(
            "SELECT r.scope, r.time_window, r.article_id, r.rank FROM {} JOIN ranking r ON r.article_id = k.article_id \
             AND r.time_window = k.time_window AND r.scope = k.scope",
            keys(b, 1, &["scope", "time_window", "article_id"])
        )
    });
    let columns = vec![
        wanted.iter().map(|w| w.0.code()).collect(),
        wanted.iter().map(|w| w.1.code()).collect(),
        wanted.iter().map(|w| w.2).collect(),
    ];
    Query::new(sql, vec![Param::Keys(columns)], |row| Ok((row.int(0)?, row.int(1)?, row.int(2)?, row.int(3)?)))
}
