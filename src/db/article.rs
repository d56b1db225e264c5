//! Articles by id, slug or legacy number, and what hangs on one article: body, gallery, attachments.

use std::sync::{Arc, LazyLock};

use super::query::{Backend, Param, Query, Row, Sql, any};
use super::visibility::{Audience, Visibility};
use crate::error::Result;

/// An article's card: everything but the body. Instants are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the columns are described in the entity")]
pub struct Article {
    pub id: i64,
    pub legacy_id: Option<String>,
    pub slug: String,
    pub title: String,
    pub subtitle: Option<String>,
    pub summary: String,
    pub summary_is_excerpt: bool,
    pub language: String,
    pub published_at: i64,
    pub modified_at: i64,
    pub significant_at: Option<i64>,
    pub expires_at: i64,
    pub channel_id: i64,
    pub channel_ids: Vec<i64>,
    pub tag_ids: Vec<i64>,
    pub topic_ids: Vec<i64>,
    pub author_ids: Vec<i64>,
    pub source_id: Option<i64>,
    pub source_url: Option<String>,
    pub canonical_url: Option<String>,
    pub cover_id: Option<i64>,
    pub view_count: i64,
    pub word_count: i64,
    pub page_count: i64,
}

/// The columns of [`Article`] in order; `a` is the article table.
pub(super) const COLUMNS: &str = "a.id, a.legacy_id, a.slug, a.title, a.subtitle, a.summary, a.summary_is_excerpt, a.language, \
    a.published_at, a.modified_at, a.significant_at, a.expires_at, a.channel_id, a.channel_ids, a.tag_ids, a.topic_ids, \
    a.author_ids, a.source_id, a.source_url, a.canonical_url, a.cover_id, a.view_count, a.word_count, a.page_count";

/// How many columns [`COLUMNS`] names: what stands behind them in a row begins here.
pub(super) const COLUMN_COUNT: usize = 24;

/// An article from a row that begins with [`COLUMNS`].
pub(super) fn decode(row: &Row<'_>) -> Result<Arc<Article>> {
    Ok(Arc::new(Article {
        id: row.int(0)?,
        legacy_id: row.opt_text(1)?,
        slug: row.text(2)?,
        title: row.text(3)?,
        subtitle: row.opt_text(4)?,
        summary: row.text(5)?,
        summary_is_excerpt: row.flag(6)?,
        language: row.text(7)?,
        published_at: row.int(8)?,
        modified_at: row.int(9)?,
        significant_at: row.opt_int(10)?,
        expires_at: row.int(11)?,
        channel_id: row.int(12)?,
        channel_ids: ids(&row.text(13)?),
        tag_ids: ids(&row.text(14)?),
        topic_ids: ids(&row.text(15)?),
        author_ids: ids(&row.text(16)?),
        source_id: row.opt_int(17)?,
        source_url: row.opt_text(18)?,
        canonical_url: row.opt_text(19)?,
        cover_id: row.opt_int(20)?,
        view_count: row.int(21)?,
        word_count: row.int(22)?,
        page_count: row.int(23)?,
    }))
}

/// The numbers of a JSON array of integers, which is how id lists are kept (`[]`, `[3,17]`).
pub(super) fn ids(json: &str) -> Vec<i64> {
    json.trim_matches(['[', ']']).split(',').filter_map(|n| n.parse().ok()).collect()
}

fn by(column: &'static str, audience: Audience) -> Arc<Sql> {
    Sql::new(|b| {
        format!("SELECT {COLUMNS} FROM article a WHERE {} AND {}", any(b, column, 2), Visibility::condition(audience, "a"))
    })
}

/// The public and the staff form of one look-up.
struct Forms {
    public: Arc<Sql>,
    staff: Arc<Sql>,
}

impl Forms {
    fn new(column: &'static str) -> Self {
        Self { public: by(column, Audience::Public), staff: by(column, Audience::Staff) }
    }

    fn of(&self, audience: Audience) -> &Arc<Sql> {
        match audience {
            Audience::Public => &self.public,
            Audience::Staff => &self.staff,
        }
    }
}

static BY_ID: LazyLock<Forms> = LazyLock::new(|| Forms::new("a.id"));
static BY_SLUG: LazyLock<Forms> = LazyLock::new(|| Forms::new("a.slug"));
static BY_LEGACY: LazyLock<Forms> = LazyLock::new(|| Forms::new("a.legacy_id"));

/// The visible ones of `ids`, in any order.
pub fn articles_by_id(ids: Vec<i64>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(BY_ID.of(seen.audience), vec![Param::Int(seen.now), Param::Ints(ids)], decode)
}

/// The visible ones of `slugs`, in any order.
pub fn articles_by_slug(slugs: Vec<String>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(BY_SLUG.of(seen.audience), vec![Param::Int(seen.now), Param::Texts(slugs)], decode)
}

/// The visible ones with these numbers of the system they came from, in any order.
pub fn articles_by_legacy_id(numbers: Vec<String>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(BY_LEGACY.of(seen.audience), vec![Param::Int(seen.now), Param::Texts(numbers)], decode)
}

/// A page of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct BodyPage {
    /// From 1.
    pub number: i64,
    /// Title of the page.
    pub title: Option<String>,
    /// Sanitised HTML.
    pub html: String,
}

/// An article's whole body.
pub type Body = Arc<Vec<BodyPage>>;

static BODIES: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b: Backend| {
        format!("SELECT b.article_id, b.page, b.title, b.html FROM article_body b WHERE {}", any(b, "b.article_id", 1))
    })
});

/// All pages of the bodies of `articles`, as (article, page), in any order.
pub fn bodies(articles: Vec<i64>) -> Query<(i64, BodyPage)> {
    Query::new(&BODIES, vec![Param::Ints(articles)], |row| {
        Ok((row.int(0)?, BodyPage { number: row.int(1)?, title: row.opt_text(2)?, html: row.text(3)? }))
    })
}

/// A picture of a gallery.
#[derive(Clone, Debug, PartialEq)]
pub struct GalleryImage {
    /// Order, from 0.
    pub position: i64,
    /// The picture.
    pub media_id: i64,
    /// Plain text.
    pub caption: Option<String>,
}

static GALLERIES: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b| {
        format!("SELECT g.article_id, g.position, g.media_id, g.caption FROM gallery_image g WHERE {}", any(b, "g.article_id", 1))
    })
});

/// The galleries of `articles`, in any order.
pub fn galleries(articles: Vec<i64>) -> Query<(i64, GalleryImage)> {
    Query::new(&GALLERIES, vec![Param::Ints(articles)], |row| {
        Ok((row.int(0)?, GalleryImage { position: row.int(1)?, media_id: row.int(2)?, caption: row.opt_text(3)? }))
    })
}

/// A file that belongs to an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Attachment {
    /// Order, from 0.
    pub position: i64,
    /// Plain text.
    pub name: String,
    /// Absolute, or a path under the site's address.
    pub url: String,
    /// Media type.
    pub mime_type: Option<String>,
    /// Length.
    pub size_bytes: Option<i64>,
}

static ATTACHMENTS: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b| {
        format!(
            "SELECT t.article_id, t.position, t.name, t.url, t.mime_type, t.size_bytes FROM attachment t WHERE {}",
            any(b, "t.article_id", 1)
        )
    })
});

/// The attachments of `articles`, in any order.
pub fn attachments(articles: Vec<i64>) -> Query<(i64, Attachment)> {
    Query::new(&ATTACHMENTS, vec![Param::Ints(articles)], |row| {
        let attachment = Attachment {
            position: row.int(1)?,
            name: row.text(2)?,
            url: row.text(3)?,
            mime_type: row.opt_text(4)?,
            size_bytes: row.opt_int(5)?,
        };
        Ok((row.int(0)?, attachment))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_right() {
        assert_eq!(COLUMNS.split(',').count(), COLUMN_COUNT);
    }

    #[test]
    fn id_lists_are_read_back() {
        assert_eq!(ids("[]"), Vec::<i64>::new());
        assert_eq!(ids("[3]"), [3]);
        assert_eq!(ids("[3,17,9007199254740993]"), [3, 17, 9_007_199_254_740_993]);
    }
}
