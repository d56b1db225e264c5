//! What a feed needs beside its list, in one statement: texts and files of its articles, what has left the list, and when the next article
//! comes into it.

use super::article::{Attachment, BodyPage};
use super::query::{Backend, Param, Query, Row, Texts, any};
use super::scope::Scope;
use super::visibility::{Audience, Visibility, granted_of_gone, until};
use crate::error::Result;

/// One row of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Extra {
    /// A page of an article's text.
    Page(i64, BodyPage),
    /// A file of an article.
    File(i64, Attachment),
    /// The name of a tag of an article, with its place among them.
    Tag(i64, i64, String),
    /// An article has left the list: which, when (milliseconds since 1970), and what readers are told.
    Gone(i64, i64, Option<String>),
    /// The next article comes into the list at this instant; `i64::MAX` for never, as far as is known.
    Due(i64),
}

/// How much of it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extras {
    /// Texts and files.
    pub contents: bool,
    /// Names of tags: where they are too many to be in memory.
    pub tags: bool,
}

/// Extras of `articles` and of list `scope`: of what has left it since `since` (milliseconds since 1970) and is still away, the last 100.
pub fn extras(articles: Vec<i64>, wanted: Extras, (scope, since): (Scope, i64), seen: &Visibility) -> Query<Extra> {
    static SQL: Texts<(Extras, Audience)> = Texts::new();
    let audience = seen.of_readers();
    let sql = SQL.of((wanted, audience), |b| text(b, wanted, audience));
    let params = vec![seen.param(), Param::Int(scope.code()), Param::Int(since), Param::Ints(articles)];
    Query::new(sql, params, extra)
}

/// Columns: what it is, the article, a number, three texts, another number.
fn text(b: Backend, wanted: Extras, audience: Audience) -> String {
    let (granted, until) = (granted_of_gone(b, audience, "t"), until(b, audience));
    let mut text = format!(
        "SELECT * FROM (SELECT CAST(0 AS bigint), t.article_id, t.at, w.notice, CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS bigint) \
         FROM tombstone t JOIN article a ON a.id = t.article_id LEFT JOIN withdrawal w ON w.article_id = t.article_id \
         WHERE t.scope = $2 AND t.at > $3 AND a.status <> 'published'{granted} ORDER BY t.at DESC, t.article_id DESC LIMIT 100) AS gone \
         UNION ALL SELECT 1, 0, min(l.published_at), NULL, NULL, NULL, NULL FROM listing l WHERE l.scope = $2 AND l.published_at > {until}"
    );
    if wanted.contents {
        let (pages, files) = (any(b, "b.article_id", 4), any(b, "f.article_id", 4));
        text = format!(
            "{text} UNION ALL SELECT 2, b.article_id, b.page, b.title, b.html, NULL, NULL FROM article_body b WHERE {pages} \
             UNION ALL SELECT 3, f.article_id, f.position, f.name, f.url, f.mime_type, f.size_bytes FROM attachment f WHERE {files}"
        );
    }
    if wanted.tags {
        let each = match b {
            Backend::Sqlite => "json_each(n.tag_ids) k",
            Backend::Postgres => "json_array_elements_text(n.tag_ids::json) WITH ORDINALITY k(value, key)",
        };
        let among = any(b, "n.id", 4);
        text = format!(
            "{text} UNION ALL SELECT 4, n.id, k.key, g.name, NULL, NULL, NULL FROM article n CROSS JOIN {each} \
             JOIN tag g ON g.id = CAST(k.value AS bigint) WHERE {among}"
        );
    }
    // A parameter that no part names would have no type.
    if !wanted.contents && !wanted.tags {
        let among = any(b, "n.id", 4);
        text = format!("{text} UNION ALL SELECT 5, n.id, 0, NULL, NULL, NULL, NULL FROM article n WHERE {among} AND n.id < 0");
    }
    text
}

fn extra(row: &Row<'_>) -> Result<Extra> {
    let article = row.int(1)?;
    Ok(match row.int(0)? {
        0 => Extra::Gone(article, row.int(2)?, row.opt_text(3)?),
        1 => Extra::Due(row.opt_int(2)?.unwrap_or(i64::MAX)),
        2 => Extra::Page(article, BodyPage { number: row.int(2)?, title: row.opt_text(3)?, html: row.text(4)? }),
        3 => Extra::File(
            article,
            Attachment {
                position: row.int(2)?,
                name: row.text(3)?,
                url: row.text(4)?,
                mime_type: row.opt_text(5)?,
                size_bytes: row.opt_int(6)?,
            },
        ),
        _ => Extra::Tag(article, row.int(2)?, row.text(3)?),
    })
}

/// The lists that `articles` stand in or have left, as (article, list), in any order.
pub fn lists_touched(articles: Vec<i64>) -> Query<(i64, i64)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| {
        let (listed, gone) = (any(b, "l.article_id", 1), any(b, "t.article_id", 1));
        format!(
            "SELECT l.article_id, l.scope FROM listing l WHERE {listed} UNION SELECT t.article_id, t.scope FROM tombstone t WHERE {gone}"
        )
    });
    Query::new(sql, vec![Param::Ints(articles)], |row| Ok((row.int(0)?, row.int(1)?)))
}
