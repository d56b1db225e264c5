//! Everything that readers see, in pieces, for search engines.

use super::query::{Param, Query, Texts};
use super::visibility::{Audience, Visibility};

/// An article as a sitemap has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapped {
    /// The article.
    pub id: i64,
    /// Name in its address.
    pub slug: String,
    /// When it was published (milliseconds since 1970).
    pub published_at: i64,
    /// Last change of any kind (milliseconds since 1970).
    pub modified_at: i64,
}

/// A piece, and the last change of what is in it (milliseconds since 1970).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceOfMap {
    /// Which: that of the articles whose ids, divided by its size, are this.
    pub number: i64,
    /// The last change in it.
    pub modified_at: i64,
}

/// The pieces of `size` ids that have articles, in order. Goes through the whole list: for whoever keeps the answer.
pub fn map_pieces(size: i64, seen: &Visibility) -> Query<PieceOfMap> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let listed = Visibility::listed(b, Audience::Public, "l");
        format!(
            "SELECT l.article_id / $2, max(CASE WHEN a.modified_at > l.published_at THEN a.modified_at ELSE l.published_at END) \
             FROM listing l JOIN article a ON a.id = l.article_id WHERE l.scope = 0 AND {listed} AND l.published_at <= $1 \
             GROUP BY 1 ORDER BY 1"
        )
    });
    Query::new(sql, vec![seen.param(), Param::Int(size)], |row| Ok(PieceOfMap { number: row.int(0)?, modified_at: row.int(1)? }))
}

/// The articles of piece `number` of those of `size` ids, by id.
pub fn mapped(number: i64, size: i64, seen: &Visibility) -> Query<Mapped> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let listed = Visibility::listed(b, Audience::Public, "l");
        format!(
            "SELECT a.id, a.slug, l.published_at, a.modified_at FROM article a \
             JOIN listing l ON l.scope = 0 AND l.published_at = a.published_at AND l.article_id = a.id \
             WHERE a.id >= $2 AND a.id < $3 AND {listed} AND l.published_at <= $1 ORDER BY a.id"
        )
    });
    let first = number.saturating_mul(size);
    let params = vec![seen.param(), Param::Int(first), Param::Int(first.saturating_add(size))];
    Query::new(sql, params, |row| {
        Ok(Mapped { id: row.int(0)?, slug: row.text(1)?, published_at: row.int(2)?, modified_at: row.int(3)? })
    })
}
