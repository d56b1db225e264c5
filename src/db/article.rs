//! Articles by id, slug or legacy number, and what hangs on one article: body, gallery, attachments.

use std::sync::Arc;

use super::media;
use super::query::{Param, Query, Row, Texts, any};
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
    pub text_key: i64,
    /// Known where the article was asked for by name with its details; lists leave them out: half of a row's cost is here.
    pub details: Option<Arc<Details>>,
    /// Known where the statement was asked for covers and the article has one.
    pub cover: Option<Arc<Media>>,
    /// Known where the article was asked for by name with its body.
    pub body: Option<Body>,
    /// What hangs on it, where it is not the article of the database but one that may become it.
    pub preview: Option<Arc<Preview>>,
}

/// What hangs on an article that is looked at before it is published.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// Its gallery, in order.
    pub gallery: Arc<Vec<GalleryImage>>,
    /// Its files, in order.
    pub attachments: Arc<Vec<Attachment>>,
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
    pub status: String,
    pub expires_at: i64,
}

/// What comes along with cards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct With {
    /// Covers.
    pub covers: bool,
    /// Details.
    pub details: bool,
}

impl With {
    /// Covers if they are asked for, and nothing else.
    pub fn covers(covers: bool) -> Self {
        Self { covers, details: false }
    }
}

/// The columns of a card in order; `a` is the article table.
pub(super) const CARD: &str = "a.id, a.slug, a.title, a.summary, a.summary_is_excerpt, a.published_at, a.channel_id, a.tag_ids, \
    a.author_ids, a.source_id, a.cover_id, a.view_count, a.page_count, a.text_key";

/// How many columns [`CARD`] names.
const CARD_WIDTH: usize = 14;

/// The columns of [`Details`] in order.
pub(super) const DETAILS: &str = "a.legacy_id, a.subtitle, a.language, a.modified_at, a.significant_at, a.channel_ids, a.topic_ids, \
    a.source_url, a.canonical_url, a.word_count, a.status, a.expires_at";

/// How many columns [`DETAILS`] names.
const DETAILS_WIDTH: usize = 12;

/// What covers add to the columns behind a card and to the tables; `cards` is where the cards come from.
pub(super) fn cover(covers: bool, cards: &str) -> (String, String) {
    if covers {
        return (format!(", {}", media::COLUMNS), format!(" LEFT JOIN media m ON m.id = {cards}.cover_id"));
    }
    (String::new(), String::new())
}

/// A card whose columns begin at `at` and end the row, but for those of its cover.
pub(super) fn card(row: &Row<'_>, at: usize) -> Result<Arc<Article>> {
    let mut article = read_card(row, at)?;
    if row.width() > at + CARD_WIDTH {
        article.cover = read_cover(row, &article, at + CARD_WIDTH)?;
    }
    Ok(Arc::new(article))
}

/// The same with details behind the card and before the cover.
pub(super) fn detailed(row: &Row<'_>, at: usize) -> Result<Arc<Article>> {
    let mut article = read_card(row, at)?;
    article.details = Some(Arc::new(read_details(row, at + CARD_WIDTH)?));
    if row.width() > at + CARD_WIDTH + DETAILS_WIDTH {
        article.cover = read_cover(row, &article, at + CARD_WIDTH + DETAILS_WIDTH)?;
    }
    Ok(Arc::new(article))
}

/// The cover of `article` from the columns that begin at `at`; they are NULL where it has none.
fn read_cover(row: &Row<'_>, article: &Article, at: usize) -> Result<Option<Arc<Media>>> {
    article.cover_id.map(|_| media::decode(row, at)).transpose()
}

fn read_card(row: &Row<'_>, at: usize) -> Result<Article> {
    Ok(Article {
        id: row.int(at)?,
        slug: row.text(at + 1)?,
        title: row.text(at + 2)?,
        summary: row.text(at + 3)?,
        summary_is_excerpt: row.flag(at + 4)?,
        published_at: row.int(at + 5)?,
        channel_id: row.int(at + 6)?,
        tag_ids: ids(&row.text(at + 7)?),
        author_ids: ids(&row.text(at + 8)?),
        source_id: row.opt_int(at + 9)?,
        cover_id: row.opt_int(at + 10)?,
        view_count: row.int(at + 11)?,
        page_count: row.int(at + 12)?,
        text_key: row.int(at + 13)?,
        details: None,
        cover: None,
        body: None,
        preview: None,
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
        status: row.text(at + 10)?,
        expires_at: row.int(at + 11)?,
    })
}

/// The numbers of a JSON array of integers, which is how id lists are kept (`[]`, `[3,17]`).
pub(super) fn ids(json: &str) -> Vec<i64> {
    json.trim_matches(['[', ']']).split(',').filter_map(|n| n.parse().ok()).collect()
}

/// What a look-up by name brings beside the card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Parts {
    /// The details.
    pub details: bool,
    /// The cover.
    pub cover: bool,
    /// The body.
    pub body: bool,
}

/// An article that was looked up, the text it was found by (nothing for ids), and a page of its body, if asked for.
pub struct Found {
    /// What it was found by.
    pub name: Option<String>,
    /// The article; its other pages come in rows of their own.
    pub article: Article,
    /// A page.
    pub page: Option<BodyPage>,
}

/// A look-up of articles by what stands in `column`.
fn look_up(column: &'static str, keys: Param, parts: Parts, seen: &Visibility) -> Query<Found> {
    static SQL: Texts<(&str, Parts, Audience)> = Texts::new();
    let sql = SQL.of((column, parts, seen.audience), |b| {
        let name = if column == "a.id" { "NULL" } else { column };
        let details = if parts.details { format!(", {DETAILS}") } else { String::new() };
        let (cover_columns, cover_from) = cover(parts.cover, "a");
        let (pages, pages_from) =
            if parts.body { (", b.page, b.title, b.html", " LEFT JOIN article_body b ON b.article_id = a.id") } else { ("", "") };
        let from = if column == "r.address" { "redirect r JOIN article a ON a.id = r.article_id" } else { "article a" };
        format!(
            "SELECT {name}, {CARD}{details}{cover_columns}{pages} FROM {from}{cover_from}{pages_from} WHERE {} AND {}",
            any(b, column, 2),
            Visibility::condition(b, seen.audience, "a")
        )
    });
    let decode = match (parts.details, parts.cover, parts.body) {
        (false, false, false) => found::<false, false, false>,
        (false, false, true) => found::<false, false, true>,
        (false, true, false) => found::<false, true, false>,
        (false, true, true) => found::<false, true, true>,
        (true, false, false) => found::<true, false, false>,
        (true, false, true) => found::<true, false, true>,
        (true, true, false) => found::<true, true, false>,
        (true, true, true) => found::<true, true, true>,
    };
    Query::new(sql, vec![seen.param(), keys], decode)
}

/// Reads a row of [`look_up`] with the parts it was asked for.
fn found<const DETAILED: bool, const COVERED: bool, const PAGED: bool>(row: &Row<'_>) -> Result<Found> {
    let mut article = read_card(row, 1)?;
    let mut at = 1 + CARD_WIDTH;
    if DETAILED {
        article.details = Some(Arc::new(read_details(row, at)?));
        at += DETAILS_WIDTH;
    }
    if COVERED {
        article.cover = read_cover(row, &article, at)?;
        at += media::WIDTH;
    }
    let number = if PAGED { row.opt_int(at)? } else { None };
    let page = number.map(|number| Ok(BodyPage { number, title: row.opt_text(at + 1)?, html: row.text(at + 2)? }));
    Ok(Found { name: row.opt_text(0)?, article, page: page.transpose()? })
}

/// The visible ones of `ids`, in any order.
pub fn articles_by_id(ids: Vec<i64>, parts: Parts, seen: &Visibility) -> Query<Found> {
    look_up("a.id", Param::Ints(ids), parts, seen)
}

/// The visible ones of `slugs`, in any order.
pub fn articles_by_slug(slugs: Vec<String>, parts: Parts, seen: &Visibility) -> Query<Found> {
    look_up("a.slug", Param::texts(slugs), parts, seen)
}

/// The visible ones with these numbers of the system they came from, in any order.
pub fn articles_by_legacy_id(numbers: Vec<String>, parts: Parts, seen: &Visibility) -> Query<Found> {
    look_up("a.legacy_id", Param::texts(numbers), parts, seen)
}

/// The visible articles that once stood at `addresses` (normalised by `text::address`).
pub fn articles_by_address(addresses: Vec<String>, parts: Parts, seen: &Visibility) -> Query<Found> {
    look_up("r.address", Param::texts(addresses), parts, seen)
}

/// The cards of those of `ids` that readers may see, staff not more than others, in any order, with what `with` says.
pub fn cards_by_id(ids: Vec<i64>, with: With, seen: &Visibility) -> Query<Arc<Article>> {
    static SQL: Texts<(With, Audience)> = Texts::new();
    let audience = seen.of_readers();
    let sql = SQL.of((with, audience), |b| {
        let (columns, from) = cover(with.covers, "a");
        let columns = if with.details { format!(", {DETAILS}{columns}") } else { columns };
        let visible = Visibility::condition(b, audience, "a");
        format!("SELECT {CARD}{columns} FROM article a{from} WHERE {} AND {visible}", any(b, "a.id", 2))
    });
    Query::new(sql, vec![seen.param(), Param::Ints(ids)], if with.details { |row| detailed(row, 0) } else { |row| card(row, 0) })
}

/// The details of `articles`, which the caller may see already, as (article, details), in any order.
pub fn details(articles: Vec<i64>) -> Query<(i64, Arc<Details>)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT a.id, {DETAILS} FROM article a WHERE {}", any(b, "a.id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| Ok((row.int(0)?, Arc::new(read_details(row, 1)?))))
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

/// All pages of the bodies of `articles`, as (article, page), in any order.
pub fn bodies(articles: Vec<i64>) -> Query<(i64, BodyPage)> {
    static SQL: Texts<()> = Texts::new();
    let columns = "b.article_id, b.page, b.title, b.html";
    let sql = SQL.of((), |b| format!("SELECT {columns} FROM article_body b WHERE {}", any(b, "b.article_id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| {
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

/// The galleries of `articles`, in any order.
pub fn galleries(articles: Vec<i64>) -> Query<(i64, GalleryImage)> {
    static SQL: Texts<()> = Texts::new();
    let columns = "g.article_id, g.position, g.media_id, g.caption";
    let sql = SQL.of((), |b| format!("SELECT {columns} FROM gallery_image g WHERE {}", any(b, "g.article_id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| {
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

/// The attachments of `articles`, in any order.
pub fn attachments(articles: Vec<i64>) -> Query<(i64, Attachment)> {
    static SQL: Texts<()> = Texts::new();
    let columns = "t.article_id, t.position, t.name, t.url, t.mime_type, t.size_bytes";
    let sql = SQL.of((), |b| format!("SELECT {columns} FROM attachment t WHERE {}", any(b, "t.article_id", 1)));
    Query::new(sql, vec![Param::Ints(articles)], |row| {
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
