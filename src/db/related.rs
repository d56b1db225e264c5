//! Related items of many articles at once: the best N of each, in one statement.

use std::sync::Arc;

use super::article::{Article, CARD, card, cover};
use super::query::{Backend, Param, Query, Texts, keys};
use super::scope::Scope;
use super::visibility::{Audience, Visibility};
use crate::error::{Error, Result};

/// Why an item is related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An editor pinned it.
    Editor,
    /// Tags in common.
    SharedTags,
    /// The same channel.
    SameChannel,
}

impl Reason {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::SharedTags => "shared_tags",
            Self::SameChannel => "same_channel",
        }
    }

    fn read(word: &str) -> Result<Self> {
        [Self::Editor, Self::SharedTags, Self::SameChannel]
            .into_iter()
            .find(|r| r.word() == word)
            .ok_or_else(|| Error::internal(format!("related.reason holds {word:?}")))
    }
}

/// A related article.
#[derive(Clone, Debug)]
pub struct RelatedArticle {
    /// Order of the stored ones, from 0; those that fill up come after, newest first.
    pub position: i64,
    /// Why.
    pub reason: Reason,
    /// Which.
    pub article: Arc<Article>,
}

/// The stored items, and where they are too few the newest of the article's channel: the second half of the union is
/// read only as far as the first leaves room.
fn text(b: Backend, covers: bool) -> String {
    let keys = keys(b, 3, &["id", "scope"]);
    let visible = Visibility::condition(Audience::Public, "a");
    let stored = |columns: &str| {
        format!(
            "SELECT {columns} FROM related x CROSS JOIN article a WHERE a.id = x.related_id AND x.article_id = k.id \
             AND {visible} ORDER BY x.position LIMIT $2"
        )
    };
    let newest = |columns: &str| {
        format!(
            "SELECT {columns} FROM listing l CROSS JOIN article a WHERE a.id = l.article_id AND l.scope = k.scope \
             AND l.published_at <= $1 AND l.expires_at > $1 AND l.article_id <> k.id AND NOT EXISTS (SELECT 1 FROM related y \
             WHERE y.article_id = k.id AND y.related_id = l.article_id) ORDER BY l.published_at DESC, l.article_id DESC LIMIT $2"
        )
    };
    match b {
        Backend::Postgres => {
            let stored = stored(&format!("x.article_id AS owner, x.position, x.reason, {CARD}"));
            let newest = newest(&format!("k.id, NULL::bigint, NULL::text, {CARD}"));
            let (columns, from) = cover(covers, "r");
            format!("SELECT r.*{columns} FROM {keys} CROSS JOIN LATERAL (({stored}) UNION ALL ({newest}) LIMIT $2) r{from}")
        }
        Backend::Sqlite => {
            let (columns, from) = cover(covers, "a");
            format!(
                "SELECT k.id, r.position, r.reason, {CARD}{columns} FROM {keys} CROSS JOIN article a ON a.id IN (SELECT id FROM ({}) \
                 UNION ALL SELECT id FROM ({}) LIMIT $2) LEFT JOIN related r ON r.article_id = k.id AND r.related_id = a.id{from}",
                stored("a.id"),
                newest("a.id")
            )
        }
    }
}

/// The first `limit` visible related items of each article, as (article, item), in any order, with their covers if
/// `covers`. Each article comes with its main channel, which fills up what is missing; those have no position.
pub fn related(articles: &[(i64, i64)], limit: i64, covers: bool, seen: Visibility) -> Query<(i64, RelatedArticle)> {
    static SQL: Texts<bool> = Texts::new();
    let columns = vec![articles.iter().map(|a| a.0).collect(), articles.iter().map(|a| Scope::ChannelOnly(a.1).code()).collect()];
    let params = vec![Param::Int(seen.now), Param::Int(limit), Param::Keys(columns)];
    Query::new(SQL.of(covers, |b| text(b, covers)), params, |row| {
        let item = RelatedArticle {
            position: row.opt_int(1)?.unwrap_or(i64::MAX),
            reason: row.opt_text(2)?.map_or(Ok(Reason::SameChannel), |word| Reason::read(&word))?,
            article: card(row, 3)?,
        };
        Ok((row.int(0)?, item))
    })
}
