//! Articles by id, slug or legacy number, and what hangs on one article: body, gallery, attachments.

use std::sync::{Arc, LazyLock};

use super::media;
use super::query::{Backend, Param, Query, Row, Sql, any};
use super::visibility::{Audience, Visibility};
use crate::error::Result;
use entity::media::Model as Media;

/// An article's card: what lists show. Instants are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the columns are described in the entity")]
pub struct Article {
    pub id: i64,
    pub slug: String,
    pub title: String,
    pub summary: String,
    pub summary_is_excerpt: bool,
    pub published_at: i64,
    pub channel_id: i64,
    pub tag_ids: Vec<i64>,
    pub author_ids: Vec<i64>,
    pub source_id: Option<i64>,
    pub cover_id: Option<i64>,
    pub view_count: i64,
    pub page_count: i64,
    /// Known where the article was asked for by name; lists leave it out, since half of a row's cost is here.
    pub details: Option<Arc<Details>>,
    /// Known where the article was asked for by name and has a cover: its page then waits for no second look-up.
    pub cover: Option<Arc<Media>>,
}

/// What an article's own page shows beside its card.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the columns are described in the entity")]
pub struct Details {
    pub legacy_id: Option<String>,
    pub subtitle: Option<String>,
    pub language: String,
    pub modified_at: i64,
    pub significant_at: Option<i64>,
    pub channel_ids: Vec<i64>,
    pub topic_ids: Vec<i64>,
    pub source_url: Option<String>,
    pub canonical_url: Option<String>,
    pub word_count: i64,
}

/// The columns of a card in order; `a` is the article table.
pub(super) const CARD: &str = "a.id, a.slug, a.title, a.summary, a.summary_is_excerpt, a.published_at, a.channel_id, a.tag_ids, \
    a.author_ids, a.source_id, a.cover_id, a.view_count, a.page_count";

/// How many columns [`CARD`] names: what stands behind them in a row begins here.
pub(super) const CARD_WIDTH: usize = 13;

/// The columns of [`Details`] in order.
const DETAILS: &str = "a.legacy_id, a.subtitle, a.language, a.modified_at, a.significant_at, a.channel_ids, a.topic_ids, \
    a.source_url, a.canonical_url, a.word_count";

/// How many columns [`DETAILS`] names.
const DETAILS_WIDTH: usize = 10;

/// A card from a row that begins with [`CARD`].
pub(super) fn card(row: &Row<'_>) -> Result<Arc<Article>> {
    Ok(Arc::new(read_card(row)?))
}

/// A card with details and cover from a row of [`full_columns`].
fn full(row: &Row<'_>) -> Result<Arc<Article>> {
    let mut article = read_card(row)?;
    article.details = Some(Arc::new(read_details(row, CARD_WIDTH)?));
    if article.cover_id.is_some() {
        article.cover = Some(media::decode(row, CARD_WIDTH + DETAILS_WIDTH)?);
    }
    Ok(Arc::new(article))
}

fn read_card(row: &Row<'_>) -> Result<Article> {
    Ok(Article {
        id: row.int(0)?,
        slug: row.text(1)?,
        title: row.text(2)?,
        summary: row.text(3)?,
        summary_is_excerpt: row.flag(4)?,
        published_at: row.int(5)?,
        channel_id: row.int(6)?,
        tag_ids: ids(&row.text(7)?),
        author_ids: ids(&row.text(8)?),
        source_id: row.opt_int(9)?,
        cover_id: row.opt_int(10)?,
        view_count: row.int(11)?,
        page_count: row.int(12)?,
        details: None,
        cover: None,
    })
}

fn read_details(row: &Row<'_>, at: usize) -> Result<Details> {
    Ok(Details {
        legacy_id: row.opt_text(at)?,
        subtitle: row.opt_text(at + 1)?,
        language: row.text(at + 2)?,
        modified_at: row.int(at + 3)?,
        significant_at: row.opt_int(at + 4)?,
        channel_ids: ids(&row.text(at + 5)?),
        topic_ids: ids(&row.text(at + 6)?),
        source_url: row.opt_text(at + 7)?,
        canonical_url: row.opt_text(at + 8)?,
        word_count: row.int(at + 9)?,
    })
}

/// The numbers of a JSON array of integers, which is how id lists are kept (`[]`, `[3,17]`).
pub(super) fn ids(json: &str) -> Vec<i64> {
    json.trim_matches(['[', ']']).split(',').filter_map(|n| n.parse().ok()).collect()
}

/// Reads card, details and cover.
fn full_columns() -> String {
    format!("{CARD}, {DETAILS}, {}", media::COLUMNS)
}

/// What [`full_columns`] are read from.
const FULL_FROM: &str = "article a LEFT JOIN media m ON m.id = a.cover_id";

fn by(column: &'static str, audience: Audience) -> Arc<Sql> {
    Sql::new(|b| {
        format!(
            "SELECT {} FROM {FULL_FROM} WHERE {} AND {}",
            full_columns(),
            any(b, column, 2),
            Visibility::condition(audience, "a")
        )
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

/// The visible ones of `ids` with their details, in any order.
pub fn articles_by_id(ids: Vec<i64>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(BY_ID.of(seen.audience), vec![Param::Int(seen.now), Param::Ints(ids)], full)
}

/// The visible ones of `slugs`, in any order.
pub fn articles_by_slug(slugs: Vec<String>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(BY_SLUG.of(seen.audience), vec![Param::Int(seen.now), Param::Texts(slugs)], full)
}

/// The visible ones with these numbers of the system they came from, in any order.
pub fn articles_by_legacy_id(numbers: Vec<String>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(BY_LEGACY.of(seen.audience), vec![Param::Int(seen.now), Param::Texts(numbers)], full)
}

static CARDS: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b| {
        format!("SELECT {CARD} FROM article a WHERE {} AND {}", any(b, "a.id", 2), Visibility::condition(Audience::Public, "a"))
    })
});

/// The cards of those of `ids` that the public may see, in any order.
pub fn cards_by_id(ids: Vec<i64>, seen: Visibility) -> Query<Arc<Article>> {
    Query::new(&CARDS, vec![Param::Int(seen.now), Param::Ints(ids)], card)
}

static DETAILS_BY_ID: LazyLock<Arc<Sql>> =
    LazyLock::new(|| Sql::new(|b| format!("SELECT a.id, {DETAILS} FROM article a WHERE {}", any(b, "a.id", 1))));

/// The details of `articles`, which the caller may see already, as (article, details), in any order.
pub fn details(articles: Vec<i64>) -> Query<(i64, Arc<Details>)> {
    Query::new(&DETAILS_BY_ID, vec![Param::Ints(articles)], |row| Ok((row.int(0)?, Arc::new(read_details(row, 1)?))))
}

/// The visible articles that once stood at `addresses` (normalised by `text::address`), each with its address.
pub fn articles_by_address(addresses: Vec<String>, seen: Visibility) -> Query<(String, Arc<Article>)> {
    Query::new(&BY_ADDRESS, vec![Param::Int(seen.now), Param::Texts(addresses)], |row| {
        Ok((row.text(CARD_WIDTH + DETAILS_WIDTH + media::WIDTH)?, full(row)?))
    })
}

static BY_ADDRESS: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b| {
        format!(
            "SELECT {}, r.address FROM redirect r JOIN article a ON a.id = r.article_id LEFT JOIN media m ON m.id = a.cover_id WHERE {} AND {}",
            full_columns(),
            any(b, "r.address", 2),
            Visibility::condition(Audience::Public, "a")
        )
    })
});

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
        assert_eq!(CARD.split(',').count(), CARD_WIDTH);
        assert_eq!(DETAILS.split(',').count(), DETAILS_WIDTH);
    }

    #[test]
    fn id_lists_are_read_back() {
        assert_eq!(ids("[]"), Vec::<i64>::new());
        assert_eq!(ids("[3]"), [3]);
        assert_eq!(ids("[3,17,9007199254740993]"), [3, 17, 9_007_199_254_740_993]);
    }
}
