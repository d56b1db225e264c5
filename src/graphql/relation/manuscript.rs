//! What those see who work on articles: manuscripts, what they say, who did what.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{article, tag};
use crate::db::{self, Article, BodyPage, Correction, Details, GalleryImage, Manuscript, Parts, Preview, Reason, Revision};
use crate::editorial::{self, AttachmentDraft, BodyPageDraft, Content, Picture, State};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::loader::{
    AccountName, ArticleBy, AttachmentsOf, CardById, CorrectionsOf, GalleryOf, ManuscriptOf, RelatedTo, RevisionAt, RevisionsOf,
    TagBy, With,
};
use crate::related;
use crate::search::Index;
use crate::text::{Shingles, count_words, excerpt, passages_not_in, plain_text};

/// How many sentences that differ are told, of each of two texts.
const PASSAGES: usize = 20;

/// The manuscript of an article.
pub async fn find(operation: &Operation, article: i64) -> Result<Option<Arc<Manuscript>>> {
    operation.loaders.load(ManuscriptOf(article)).await
}

/// A revision.
pub async fn revision(operation: &Operation, article: i64, number: i64) -> Result<Option<Arc<Revision>>> {
    operation.loaders.load(RevisionAt(article, number)).await
}

/// The last `limit` revisions of an article before number `before`, oldest first.
pub async fn revisions(operation: &Operation, article: i64, before: i64, limit: i64) -> Result<Arc<Vec<Arc<Revision>>>> {
    operation.loaders.load(RevisionsOf { article, before, limit }).await
}

/// What readers were told of corrections.
pub async fn corrections(operation: &Operation, article: i64) -> Result<Arc<Vec<Correction>>> {
    operation.loaders.load(CorrectionsOf(article)).await
}

/// The name of an actor as the journal writes them: that of their account, or the word itself.
pub async fn actor(operation: &Operation, word: &str) -> Result<String> {
    let Some(id) = word.strip_prefix("account:").and_then(|id| id.parse().ok()) else { return Ok(word.to_owned()) };
    let name = operation.loaders.load(AccountName(id)).await?;
    Ok(name.map_or_else(|| word.to_owned(), |name| name.to_string()))
}

/// What the newest revision says; of an article that nobody has worked on here, what its rows say.
pub async fn head(operation: &Operation, paper: &Manuscript) -> Result<Content> {
    if paper.head > 0 {
        let found = revision(operation, paper.article_id, paper.head).await?;
        return editorial::content(&*found.ok_or_else(|| Error::internal("a head without its revision"))?);
    }
    let parts = Parts { details: true, cover: false, body: true };
    let none = || Error::NotFound { what: "the article".into() };
    let row = article::find(operation, ArticleBy::Id(paper.article_id), parts).await?.ok_or_else(none)?;
    let details = article::details(operation, &row).await?;
    let tags = tag::list(operation, &row.tag_ids).await?;
    let pages = article::body(operation, &row).await?;
    let images = operation.loaders.load(GalleryOf(row.id)).await?;
    let files = operation.loaders.load(AttachmentsOf(row.id)).await?;
    let related = operation.loaders.load(RelatedTo { article: row.id, first: 50, covers: false }).await?;
    let with = |reason: Reason| related.iter().filter(|item| item.reason == reason).map(|item| item.article.id).collect();
    Ok(Content {
        title: row.title.clone(),
        subtitle: details.subtitle.clone(),
        summary: Some(row.summary.clone()).filter(|_| !row.summary_is_excerpt),
        slug: Some(row.slug.clone()),
        language: details.language.clone(),
        pages: pages.iter().map(|p| BodyPageDraft { title: p.title.clone(), html: p.html.clone() }).collect(),
        channel: row.channel_id,
        channels: details.channel_ids.iter().copied().filter(|id| *id != row.channel_id).collect(),
        tags: tags.iter().map(|tag| tag.name.clone()).collect(),
        topics: details.topic_ids.clone(),
        authors: row.author_ids.clone(),
        source: row.source_id,
        source_url: details.source_url.clone(),
        canonical_url: details.canonical_url.clone(),
        cover: row.cover_id,
        gallery: images.iter().map(|i| Picture { media: i.media_id, caption: i.caption.clone() }).collect(),
        attachments: files.iter().map(file).collect(),
        related: with(Reason::Editor),
        unrelated: with(Reason::Blocked),
        embargo_until: None,
    })
}

/// Articles that readers see and that have the text of a manuscript, more or less.
pub struct Duplicate {
    /// The article.
    pub article: Arc<Article>,
    /// How much of one stands in the other, 0.6 to 1.
    pub likeness: f64,
    /// Sentences that the manuscript alone has.
    pub only_here: Vec<String>,
    /// Sentences that the article alone has.
    pub only_there: Vec<String>,
}

/// See [`Duplicate`], the most alike first.
pub async fn duplicates(operation: &Operation, paper: &Manuscript) -> Result<Vec<Duplicate>> {
    let text = head(operation, paper).await?.text();
    let Some(own) = Shingles::of(&text) else { return Ok(Vec::new()) };
    let number = paper.article_id;
    let suspects = {
        let own = own.clone();
        Arc::clone(operation.search()).run(move |index| related::suspects(index, &own, number)).await?
    };
    let keys = suspects.into_iter().map(|id| CardById::new(id, With::default()));
    let cards: Vec<Arc<Article>> = operation.loaders.load_all(keys).await?.into_iter().flatten().collect();
    let bodies = futures_util::future::try_join_all(cards.iter().map(|card| article::body(operation, card))).await?;
    let compare = move |_: &Index| {
        let mut found: Vec<Duplicate> = Vec::new();
        for (article, pages) in cards.into_iter().zip(bodies) {
            let there: Vec<String> = pages.iter().map(|page| plain_text(&page.html)).collect();
            let there = there.join("\n");
            let likeness = Shingles::of(&there).and_then(|other| related::same(&own, &other));
            let only = |one: &str, other: &str| -> Vec<String> {
                passages_not_in(one, other).into_iter().take(PASSAGES).map(str::to_owned).collect()
            };
            found.extend(likeness.map(|likeness| Duplicate {
                article,
                likeness,
                only_here: only(&text, &there),
                only_there: only(&there, &text),
            }));
        }
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
        Ok(found)
    };
    Arc::clone(operation.search()).run(compare).await
}

fn file(file: &db::Attachment) -> AttachmentDraft {
    let db::Attachment { name, url, mime_type, size_bytes, .. } = file.clone();
    AttachmentDraft { name, url, mime_type, size_bytes }
}

/// What the token of a preview shows; nothing once the article was withdrawn.
pub async fn shown_by(operation: &Operation, token: &str) -> Result<Option<Arc<Article>>> {
    operation.is_private.store(true, Ordering::Relaxed);
    let preview = editorial::preview_of(&operation.db, token, operation.now()).await?;
    let Some(paper) = find(operation, preview.article).await? else { return Ok(None) };
    if paper.state == State::Withdrawn.word() {
        return Ok(None);
    }
    if preview.revision == 0 && paper.head == 0 {
        // Nobody has worked on it here: its rows are all there is.
        let parts = Parts { details: true, cover: false, body: true };
        let query = db::articles_by_id(vec![preview.article], parts, &db::Visibility::staff(operation.now()));
        let found = operation.db.reader().all(query).await?;
        let mut pages: Vec<BodyPage> = found.iter().filter_map(|row| row.page.clone()).collect();
        pages.sort_by_key(|page| page.number);
        let article = found.into_iter().next().map(|row| Article { body: Some(Arc::new(pages)), ..row.article });
        return Ok(article.map(Arc::new));
    }
    let none = || Error::internal("a preview without its revision");
    let row = revision(operation, preview.article, preview.revision.max(1)).await?.ok_or_else(none)?;
    self::preview(operation, &paper, &editorial::content(&row)?).await.map(Some)
}

/// The article as it would be with what `content` says.
pub async fn preview(operation: &Operation, paper: &Manuscript, content: &Content) -> Result<Arc<Article>> {
    // The article as it is now has what no content says.
    let parts = Parts { details: true, cover: false, body: false };
    let now = article::find(operation, ArticleBy::Id(paper.article_id), parts).await?;
    let old = now.as_ref().and_then(|a| a.details.clone());
    let names = content.tags.iter().map(async |name| tag::find(operation, TagBy::Name(name.clone())).await);
    let tags = futures_util::future::try_join_all(names).await?;
    let text = content.text();
    let pages: Vec<BodyPage> = (1..)
        .zip(&content.pages)
        .map(|(number, page)| BodyPage { number, title: page.title.clone(), html: page.html.clone() })
        .collect();
    let details = Details {
        expires_at: i64::MAX,
        legacy_id: old.as_ref().and_then(|d| d.legacy_id.clone()),
        subtitle: content.subtitle.clone(),
        language: content.language.clone(),
        modified_at: paper.changed_at,
        significant_at: old.as_ref().and_then(|d| d.significant_at),
        channel_ids: std::iter::once(content.channel).chain(content.channels.iter().copied()).collect(),
        topic_ids: content.topics.clone(),
        source_url: content.source_url.clone(),
        canonical_url: content.canonical_url.clone(),
        word_count: count_words(&text),
        status: paper.state.clone(),
    };
    let image = |(position, p): (i64, &Picture)| GalleryImage { position, media_id: p.media, caption: p.caption.clone() };
    let attachment = |(position, f): (i64, &AttachmentDraft)| db::Attachment {
        position,
        name: f.name.clone(),
        url: f.url.clone(),
        mime_type: f.mime_type.clone(),
        size_bytes: f.size_bytes,
    };
    let preview = Preview {
        gallery: Arc::new((0..).zip(&content.gallery).map(image).collect()),
        attachments: Arc::new((0..).zip(&content.attachments).map(attachment).collect()),
    };
    Ok(Arc::new(Article {
        id: paper.article_id,
        slug: content
            .slug
            .clone()
            .or_else(|| now.as_ref().map(|a| a.slug.clone()))
            .unwrap_or_else(|| paper.article_id.to_string()),
        title: content.title.clone(),
        summary: content.summary.clone().unwrap_or_else(|| excerpt(&text)),
        summary_is_excerpt: content.summary.is_none(),
        published_at: paper.publish_at.or_else(|| now.as_ref().map(|a| a.published_at)).unwrap_or(paper.changed_at),
        channel_id: content.channel,
        tag_ids: tags.iter().flatten().map(|tag| tag.id).collect(),
        author_ids: content.authors.clone(),
        source_id: content.source,
        cover_id: content.cover,
        view_count: now.as_ref().map_or(0, |a| a.view_count),
        page_count: i64::try_from(pages.len()).unwrap_or(i64::MAX),
        text_key: 0,
        details: Some(Arc::new(details)),
        cover: None,
        body: Some(Arc::new(pages)),
        preview: Some(Arc::new(preview)),
    }))
}
