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

/// A piece: where it begins, and the last change of what is in it (milliseconds since 1970).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PieceOfMap {
    /// Publication of its first article.
    pub from: i64,
    /// Its first article.
    pub id: i64,
    /// The last change in it.
    pub modified_at: i64,
}

/// The first articles of pieces of `size`, the oldest first. Goes through the whole list: for whoever keeps the answer.
pub fn map_pieces(size: i64, seen: &Visibility) -> Query<PieceOfMap> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let listed = Visibility::listed(b, Audience::Public, "l");
        format!(
            "SELECT min(x.published_at), min(CASE WHEN x.place = 0 THEN x.article_id END), max(x.changed_at) FROM (\
             SELECT l.published_at, l.article_id, (row_number() OVER (ORDER BY l.published_at, l.article_id) - 1) / $2 AS piece, \
             (row_number() OVER (ORDER BY l.published_at, l.article_id) - 1) % $2 AS place, \
             CASE WHEN a.modified_at > l.published_at THEN a.modified_at ELSE l.published_at END AS changed_at \
             FROM listing l JOIN article a ON a.id = l.article_id WHERE l.scope = 0 AND {listed} AND l.published_at <= $1) x \
             GROUP BY x.piece ORDER BY x.piece"
        )
    });
    Query::new(sql, vec![seen.param(), Param::Int(size)], |row| {
        Ok(PieceOfMap { from: row.int(0)?, id: row.int(1)?, modified_at: row.int(2)? })
    })
}

/// At most `limit` articles from place (`from`, `id`) on, the oldest first.
pub fn mapped((from, id): (i64, i64), limit: i64, seen: &Visibility) -> Query<Mapped> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let listed = Visibility::listed(b, Audience::Public, "l");
        format!(
            "SELECT a.id, a.slug, l.published_at, a.modified_at FROM listing l JOIN article a ON a.id = l.article_id \
             WHERE l.scope = 0 AND {listed} AND l.published_at <= $1 AND (l.published_at, l.article_id) >= ($2, $3) \
             ORDER BY l.published_at, l.article_id LIMIT $4"
        )
    });
    let params = vec![seen.param(), Param::Int(from), Param::Int(id), Param::Int(limit)];
    Query::new(sql, params, |row| {
        Ok(Mapped { id: row.int(0)?, slug: row.text(1)?, published_at: row.int(2)?, modified_at: row.int(3)? })
    })
}
