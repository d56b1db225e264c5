//! What the search index is told of articles.

use super::article::ids;
use super::query::{Param, Query, Row, Texts, any};
use crate::error::Result;
use entity::search_word::Model as SearchWord;

/// An article that readers see, or will at its time, without its text.
#[derive(Clone, Debug, PartialEq)]
pub struct Searchable {
    /// The article.
    pub id: i64,
    /// Plain text.
    pub title: String,
    /// Plain text.
    pub subtitle: Option<String>,
    /// Plain text; none if it was cut from the text.
    pub summary: Option<String>,
    /// Tags in order.
    pub tags: Vec<i64>,
    /// Milliseconds since 1970.
    pub published_at: i64,
    /// Milliseconds since 1970.
    pub expires_at: i64,
    /// Whether it has a cover.
    pub has_cover: bool,
    /// Equal for reposts of one text; 0 if it has too little.
    pub text_key: i64,
}

const COLUMNS: &str =
    "a.id, a.title, a.subtitle, a.summary, a.summary_is_excerpt, a.tag_ids, a.published_at, a.expires_at, a.cover_id, a.text_key";

fn searchable(row: &Row<'_>) -> Result<Searchable> {
    let summary = row.text(3)?;
    Ok(Searchable {
        id: row.int(0)?,
        title: row.text(1)?,
        subtitle: row.opt_text(2)?,
        summary: (!row.flag(4)?).then_some(summary),
        tags: ids(&row.text(5)?),
        published_at: row.int(6)?,
        expires_at: row.int(7)?,
        has_cover: row.opt_int(8)?.is_some(),
        text_key: row.int(9)?,
    })
}

/// Those of `articles` that are published, in any order.
pub fn searchables(articles: Vec<i64>) -> Query<Searchable> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT {COLUMNS} FROM article a WHERE {} AND a.status = 'published'", any(b, "a.id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], searchable)
}

/// The next `most` articles behind number `after`, of whatever state.
pub fn articles_behind(after: i64, most: i64) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT a.id FROM article a WHERE a.id > $1 ORDER BY a.id LIMIT $2".into());
    Query::new(sql, vec![Param::Int(after), Param::Int(most)], |row| row.int(0))
}

/// The next `most` articles before number `below`, the last first, of whatever state.
pub fn articles_before(below: i64, most: i64) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT a.id FROM article a WHERE a.id < $1 ORDER BY a.id DESC LIMIT $2".into());
    Query::new(sql, vec![Param::Int(below), Param::Int(most)], |row| row.int(0))
}

/// The lists that `articles` stand in, as (article, list), in any order.
pub fn lists_of(articles: Vec<i64>) -> Query<(i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT l.article_id, l.scope FROM listing l WHERE {}", any(b, "l.article_id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// The next `most` articles behind number `after` in list `scope`, by number.
pub fn articles_in(scope: i64, after: i64, most: i64) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT l.article_id FROM listing l WHERE l.scope = $1 AND l.article_id > $2 ORDER BY l.article_id LIMIT $3".into()
    });
    Query::new(sql, vec![Param::Int(scope), Param::Int(after), Param::Int(most)], |row| row.int(0))
}

/// The portal's own words, in order.
pub fn search_words() -> Query<SearchWord> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT w.id, w.word, w.added_at FROM search_word w ORDER BY w.word".into());
    Query::new(sql, Vec::new(), |row| Ok(SearchWord { id: row.int(0)?, word: row.text(1)?, added_at: row.int(2)? }))
}
