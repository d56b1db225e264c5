//! What an article leads to.

use std::sync::Arc;

use async_graphql::Context;

use crate::db::{Article, Attachment, Body, Details, GalleryImage, Media, Parts, Scope};
use crate::error::{Error, Result};
use crate::graphql::context::{Operation, asks};
use crate::graphql::id::{Kind, encode};
use crate::loader::{ArticleBy, ArticleNamed, AttachmentsOf, BodyOf, Catalog, DetailsOf, GalleryOf, MediaById, NeighboursOf};
use crate::partner::Canonical;

/// The article that `by` names, if it may be seen, with those of its parts that will be asked for.
pub async fn find(operation: &Operation, by: ArticleBy, parts: Parts) -> Result<Option<Arc<Article>>> {
    operation.loaders.load(ArticleNamed { by, parts }).await
}

/// The address of the article with `details` that search engines shall prefer, as the contract says: the original's where an editor gave
/// it, else `url`.
pub fn canonical(operation: &Operation, details: &Details, url: &str) -> String {
    let rule = operation.terms.contract().map_or(Canonical::Original, |contract| contract.canonical);
    let original = details.canonical_url.as_deref().filter(|_| rule == Canonical::Original);
    original.map_or_else(|| url.to_owned(), |address| operation.catalog().absolute(address))
}

/// Where `article` stands.
pub fn address(catalog: &Catalog, article: &Article) -> String {
    catalog.article_url(&encode(Kind::Article, article.id), &article.slug)
}

/// The parts that the selection of the field that `context` is for names.
pub fn parts(context: &Context<'_>) -> Parts {
    const DETAILS: [&str; 12] = [
        "legacyId",
        "subtitle",
        "language",
        "modifiedAt",
        "significantlyUpdatedAt",
        "canonicalUrl",
        "sourceUrl",
        "channels",
        "topics",
        "wordCount",
        "readingTimeMinutes",
        "state",
    ];
    Parts {
        details: DETAILS.iter().any(|field| asks(context, &[field])),
        cover: asks(context, &["cover"]),
        body: asks(context, &["body"]),
    }
}

/// What the article's own page shows beside its card.
pub async fn details(operation: &Operation, article: &Article) -> Result<Arc<Details>> {
    if let Some(details) = &article.details {
        return Ok(Arc::clone(details));
    }
    let found = operation.loaders.load(DetailsOf(article.id)).await?;
    found.ok_or_else(|| Error::NotFound { what: "the article".into() })
}

/// A picture.
pub async fn media(operation: &Operation, id: Option<i64>) -> Result<Option<Arc<Media>>> {
    match id {
        Some(id) => operation.loaders.load(MediaById(id)).await,
        None => Ok(None),
    }
}

/// An article's cover.
pub async fn cover(operation: &Operation, article: &Article) -> Result<Option<Arc<Media>>> {
    match &article.cover {
        Some(cover) => Ok(Some(Arc::clone(cover))),
        // Boxed: it is rare, and every field of an article would be as large as this.
        None => Box::pin(media(operation, article.cover_id)).await,
    }
}

/// The pages of an article's body.
pub async fn body(operation: &Operation, article: &Article) -> Result<Body> {
    if let Some(body) = &article.body {
        return Ok(Arc::clone(body));
    }
    if article.page_count == 0 {
        return Ok(Body::default());
    }
    operation.loaders.load(BodyOf(article.id)).await
}

/// The pictures of an article's gallery whose file is known, in order.
pub async fn gallery(operation: &Operation, article: &Article) -> Result<Vec<(GalleryImage, Arc<Media>)>> {
    let images = match &article.preview {
        Some(preview) => Arc::clone(&preview.gallery),
        None => operation.loaders.load(GalleryOf(article.id)).await?,
    };
    let media = operation.loaders.load_all(images.iter().map(|image| MediaById(image.media_id))).await?;
    Ok(images.iter().cloned().zip(media).filter_map(|(image, media)| Some((image, media?))).collect())
}

/// An article's files.
pub async fn attachments(operation: &Operation, article: &Article) -> Result<Arc<Vec<Attachment>>> {
    if let Some(preview) = &article.preview {
        return Ok(Arc::clone(&preview.attachments));
    }
    operation.loaders.load(AttachmentsOf(article.id)).await
}

/// The next older and the next newer article of the main channel.
pub async fn neighbours(operation: &Operation, article: &Article) -> Result<(Option<Arc<Article>>, Option<Arc<Article>>)> {
    let place = (Scope::ChannelOnly(article.channel_id), article.published_at, article.id);
    operation.loaders.load(NeighboursOf(place)).await
}
