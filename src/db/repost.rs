//! Clusters of articles that are one text: the original of an article, its reposts, and who is in one.

use std::sync::Arc;

use super::article::{Article, CARD, card};
use super::query::{Backend, Param, Query, Texts, any, keys};
use super::visibility::{Audience, Visibility};
use entity::repost::Model as Repost;

/// An article of a cluster.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The article.
    pub article: Arc<Article>,
    /// How much of it stands in the head's text, or the other way round, 0 to 1.
    pub likeness: f64,
}

/// What joins articles `a` of the cluster of key `k` in the order of their publication, the first `limit` of them: those before it, or behind it.
fn beside(b: Backend, audience: Audience, beyond: &str, limit: &str) -> String {
    let keys = keys(b, 2, &["id"]);
    let visible = Visibility::condition(b, audience, "a");
    let some = format!(
        "FROM repost x CROSS JOIN article a WHERE x.head_id = r.head_id AND \
         (x.published_at, x.article_id) {beyond} (r.published_at, r.article_id) AND a.id = x.article_id AND {visible} \
         ORDER BY x.published_at, x.article_id LIMIT {limit}"
    );
    match b {
        Backend::Postgres => format!(
            "SELECT k.id, c.* FROM {keys} JOIN repost r ON r.article_id = k.id CROSS JOIN LATERAL (SELECT x.likeness, {CARD} {some}) c"
        ),
        Backend::Sqlite => format!(
            "SELECT k.id, m.likeness, {CARD} FROM {keys} CROSS JOIN repost r ON r.article_id = k.id CROSS JOIN repost m \
             ON m.article_id IN (SELECT x.article_id {some}) CROSS JOIN article a ON a.id = m.article_id"
        ),
    }
}

/// The visible originals of those of `articles` that are reposts, as (repost, original), in any order.
pub fn originals(articles: &[i64], seen: &Visibility) -> Query<(i64, Arc<Article>)> {
    static SQL: Texts<Audience> = Texts::new();
    let audience = seen.of_readers();
    let params = vec![seen.param(), Param::Keys(vec![articles.to_vec()])];
    Query::new(SQL.of(audience, |b| beside(b, audience, "<", "1")), params, |row| Ok((row.int(0)?, card(row, 2)?)))
}

/// The first `limit` visible reposts of each of `articles`: what of its cluster was published after it, as (article, repost), in any order.
pub fn reposts(articles: &[i64], limit: i64, seen: &Visibility) -> Query<(i64, Copy)> {
    static SQL: Texts<Audience> = Texts::new();
    let audience = seen.of_readers();
    let params = vec![seen.param(), Param::Keys(vec![articles.to_vec()]), Param::Int(limit)];
    Query::new(SQL.of(audience, |b| beside(b, audience, ">", "$3")), params, |row| {
        Ok((row.int(0)?, Copy { likeness: row.opt_real(1)?.unwrap_or(0.0), article: card(row, 2)? }))
    })
}

/// The rows of those of `articles` that are in a cluster, and whose texts have not been written since.
pub fn clustered(articles: Vec<i64>) -> Query<Repost> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let among = any(b, "r.article_id", 1);
        format!(
            "SELECT r.article_id, r.head_id, r.cluster, r.published_at, r.likeness, r.text_key FROM repost r CROSS JOIN article a WHERE {among} \
             AND a.id = r.article_id AND a.text_key = r.cluster")
    });
    Query::new(sql, vec![Param::Ints(articles)], |row| {
        Ok(Repost {
            article_id: row.int(0)?,
            head_id: row.int(1)?,
            cluster: row.int(2)?,
            published_at: row.int(3)?,
            likeness: row.opt_real(4)?.unwrap_or(0.0),
            text_key: row.int(5)?,
        })
    })
}

/// The clusters of `articles`, as (article, cluster), in any order; 0 for what is in none and says little.
pub fn clusters(articles: Vec<i64>) -> Query<(i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT a.id, a.text_key FROM article a WHERE {}", any(b, "a.id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| Ok((row.int(0)?, row.int(1)?)))
}
