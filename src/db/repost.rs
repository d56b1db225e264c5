//! Clusters of articles that are one text: the original of an article, its reposts, and who is in one.

use std::sync::Arc;

use super::article::{Article, CARD, card};
use super::query::{Backend, Param, Query, Texts, any, keys};
use super::visibility::{Audience, Visibility};
use entity::repost::Model as Repost;

/// An article of a cluster, with how much of it stands in another.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The article.
    pub article: Arc<Article>,
    /// 0 to 1.
    pub likeness: f64,
}

/// The visible originals of those of `articles` that are reposts, as (repost, original), in any order.
pub fn originals(articles: Vec<i64>, seen: Visibility) -> Query<(i64, Arc<Article>)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let visible = Visibility::condition(Audience::Public, "a");
        let among = any(b, "r.article_id", 2);
        format!(
            "SELECT r.article_id, {CARD} FROM repost r CROSS JOIN article a \
             WHERE {among} AND r.original_id <> r.article_id AND a.id = r.original_id AND {visible}"
        )
    });
    Query::new(sql, vec![Param::Int(seen.now), Param::Ints(articles)], |row| Ok((row.int(0)?, card(row, 1)?)))
}

/// The first `limit` visible reposts of each of `articles` by number, as (original, repost), in any order.
pub fn reposts(articles: &[i64], limit: i64, seen: Visibility) -> Query<(i64, Copy)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let keys = keys(b, 3, &["id"]);
        let visible = Visibility::condition(Audience::Public, "a");
        let some =
            "FROM repost x CROSS JOIN article a WHERE x.original_id = k.id AND x.article_id <> k.id AND a.id = x.article_id";
        match b {
            Backend::Postgres => format!(
                "SELECT r.* FROM {keys} CROSS JOIN LATERAL (SELECT x.original_id, x.likeness, {CARD} {some} AND {visible} \
                 ORDER BY x.article_id LIMIT $2) r"
            ),
            Backend::Sqlite => format!(
                "SELECT k.id, r.likeness, {CARD} FROM {keys} CROSS JOIN repost r ON r.article_id IN (SELECT x.article_id {some} \
                 AND {visible} ORDER BY x.article_id LIMIT $2) CROSS JOIN article a ON a.id = r.article_id"
            ),
        }
    });
    let params = vec![Param::Int(seen.now), Param::Int(limit), Param::Keys(vec![articles.to_vec()])];
    Query::new(sql, params, |row| Ok((row.int(0)?, Copy { likeness: row.opt_real(1)?.unwrap_or(0.0), article: card(row, 2)? })))
}

/// The rows of those of `articles` that are in a cluster.
pub fn clustered(articles: Vec<i64>) -> Query<Repost> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        format!(
            "SELECT r.article_id, r.original_id, r.cluster, r.likeness, r.text_key FROM repost r WHERE {}",
            any(b, "r.article_id", 1)
        )
    });
    Query::new(sql, vec![Param::Ints(articles)], |row| {
        Ok(Repost {
            article_id: row.int(0)?,
            original_id: row.int(1)?,
            cluster: row.int(2)?,
            likeness: row.opt_real(3)?.unwrap_or(0.0),
            text_key: row.int(4)?,
        })
    })
}
