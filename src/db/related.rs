//! Related items of many articles at once: the best N of each, in one statement.

use std::sync::Arc;

use super::article::{Article, CARD, card, cover};
use super::query::{Backend, Param, Query, Texts, keys};
use super::visibility::{Audience, Visibility};
use crate::error::{Error, Result};

/// Why an item is related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// An editor pinned it.
    Editor,
    /// Telling words in common.
    SharedTerms,
    /// Tags in common.
    SharedTags,
    /// The same topic.
    SameTopic,
    /// The same channel.
    SameChannel,
    /// An editor said that it is not.
    Blocked,
}

impl Reason {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Editor => "editor",
            Self::SharedTerms => "shared_terms",
            Self::SharedTags => "shared_tags",
            Self::SameTopic => "same_topic",
            Self::SameChannel => "same_channel",
            Self::Blocked => "blocked",
        }
    }

    /// The reason of that word in the database.
    pub fn read(word: &str) -> Result<Self> {
        [Self::Editor, Self::SharedTerms, Self::SharedTags, Self::SameTopic, Self::SameChannel, Self::Blocked]
            .into_iter()
            .find(|r| r.word() == word)
            .ok_or_else(|| Error::internal(format!("related.reason holds {word:?}")))
    }
}

/// A related article.
#[derive(Clone, Debug)]
pub struct RelatedArticle {
    /// Order, from 0; below 0 what is blocked.
    pub position: i64,
    /// Why.
    pub reason: Reason,
    /// Words that both have.
    pub terms: Vec<String>,
    /// Which.
    pub article: Arc<Article>,
}

fn text(b: Backend, audience: Audience, covers: bool) -> String {
    let keys = keys(b, 3, &["id"]);
    let visible = Visibility::condition(b, audience, "a");
    match b {
        Backend::Postgres => {
            let (columns, from) = cover(covers, "r");
            let some = |condition: &str| {
                format!(
                    "SELECT x.article_id, x.position, x.reason, x.terms, {CARD} FROM related x JOIN article a ON a.id = x.related_id \
                     WHERE x.article_id = k.id AND {condition} AND {visible}"
                )
            };
            let (blocked, shown) = (some("x.position < 0"), some("x.position >= 0"));
            format!(
                "SELECT r.*{columns} FROM {keys} CROSS JOIN LATERAL (({blocked} ORDER BY x.position LIMIT 50) \
                 UNION ALL ({shown} ORDER BY x.position LIMIT $2)) r{from}"
            )
        }
        // SQLite has no LATERAL: the places that are wanted are looked up first, then their articles.
        Backend::Sqlite => {
            let (columns, from) = cover(covers, "a");
            format!(
                "SELECT k.id, r.position, r.reason, r.terms, {CARD}{columns} FROM {keys} CROSS JOIN related r ON r.article_id = k.id \
                 AND (r.position < 0 OR r.position IN (SELECT x.position FROM related x CROSS JOIN article a ON a.id = x.related_id \
                 WHERE x.article_id = k.id AND x.position >= 0 AND {visible} ORDER BY x.position LIMIT $2)) \
                 CROSS JOIN article a ON a.id = r.related_id{from}"
            )
        }
    }
}

/// The first `limit` visible stored items of each article, and those that are blocked, as (article, item), in any order, with their
/// covers if `covers`.
pub fn related(articles: &[i64], limit: i64, covers: bool, seen: &Visibility) -> Query<(i64, RelatedArticle)> {
    static SQL: Texts<(bool, Audience)> = Texts::new();
    let audience = seen.of_readers();
    let params = vec![seen.param(), Param::Int(limit), Param::Keys(vec![articles.to_vec()])];
    Query::new(SQL.of((covers, audience), |b| text(b, audience, covers)), params, |row| {
        let terms = serde_json::from_str(&row.text(3)?).map_err(Error::internal)?;
        let item = RelatedArticle { position: row.int(1)?, reason: Reason::read(&row.text(2)?)?, terms, article: card(row, 4)? };
        Ok((row.int(0)?, item))
    })
}
