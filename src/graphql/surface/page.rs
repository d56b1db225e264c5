//! What pages show.

use std::sync::Arc;

use super::item::{enclosure, image, local, source_note};
use crate::db::{Article, Channel, Parts};
use crate::error::{Error, Result};
use crate::feed::{PageArticle, PageLink, PageSite, encode_segment};
use crate::graphql::context::Operation;
use crate::graphql::relation::{article, manuscript, related, tag};
use crate::loader::{ArticleBy, Catalog};

/// How many related articles a page leads to.
const RELATED: i64 = 6;

/// The page of an article without what belongs to the door, and what it depends on.
pub struct Paper {
    /// The page.
    pub page: PageArticle,
    /// The article.
    pub article: Arc<Article>,
    /// Articles that it shows, itself first.
    pub shown: Vec<i64>,
    /// Not good from this instant on (milliseconds since 1970), though nothing changes.
    pub until: i64,
}

/// The address of the page of the channel called `slug`, where such pages are shown.
pub fn channel_page(catalog: &Catalog, slug: &str) -> String {
    format!("{}/c/{}", catalog.site.url, encode_segment(slug))
}

/// A link to the page of `channel`.
pub fn channel_link(catalog: &Catalog, channel: &Channel) -> PageLink {
    PageLink { url: channel_page(catalog, &channel.slug), text: channel.name.clone() }
}

/// What every page says of the portal; `base` is where its style stands.
pub fn page_site(catalog: &Catalog, base: &str) -> PageSite {
    /// Where the public looks up filings with the ministry of industry, and with that of public security; portals must lead there.
    const ICP: &str = "https://beian.miit.gov.cn/";
    const POLICE: &str = "https://beian.mps.gov.cn/";
    let site = &catalog.site;
    let filings = [(&site.icp_number, ICP), (&site.police_number, POLICE)];
    let filing = |(number, url): (&Option<String>, &str)| Some(PageLink { url: url.into(), text: number.clone()? });
    PageSite {
        name: site.name.clone(),
        home: site.url.clone(),
        contact: site.takedown_contact.clone(),
        filings: filings.into_iter().filter_map(filing).collect(),
        stylesheet: format!("{base}/page.css"),
    }
}

/// The page of the article that `by` names; none if there is none to be seen. `base` is where the program answers.
pub async fn paper(operation: &Operation, by: ArticleBy, base: &str) -> Result<Option<Paper>> {
    let parts = Parts { details: true, cover: true, body: true };
    let Some(article) = article::find(operation, by, parts).await? else { return Ok(None) };
    let catalog = operation.catalog();
    let details = article.details.as_ref().ok_or_else(|| Error::internal("a page without details"))?;
    let (body, gallery, files, tags, corrections, related) = tokio::try_join!(
        article::body(operation, &article),
        Box::pin(article::gallery(operation, &article)),
        article::attachments(operation, &article),
        tag::list(operation, &article.tag_ids),
        manuscript::corrections(operation, article.id),
        Box::pin(related::related(operation, &article, RELATED, false, None)),
    )?;
    let url = article::address(catalog, &article);
    let link = |other: &Article| PageLink { url: article::address(catalog, other), text: other.title.clone() };
    let source = article.source_id.and_then(|id| catalog.sources.find(id));
    let page = PageArticle {
        canonical: article::canonical(operation, details, &url),
        url,
        language: details.language.clone(),
        title: article.title.clone(),
        subtitle: details.subtitle.clone(),
        summary: article.summary.clone(),
        // What is the beginning of the text is not said twice.
        shows_summary: !article.summary_is_excerpt && !article.summary.is_empty(),
        pages: body.iter().map(|page| (page.title.clone(), page.html.clone())).collect(),
        published: local(catalog, article.published_at),
        updated: details.significant_at.filter(|at| *at > article.published_at).map(|at| local(catalog, at)),
        modified: local(catalog, details.modified_at.max(article.published_at)),
        authors: catalog.authors.list(&article.author_ids).iter().map(|author| author.name.clone()).collect(),
        source: source_note(catalog, &article),
        original: details.source_url.as_deref().map(|address| catalog.absolute(address)),
        cover: article.cover.as_ref().map(|media| image(catalog, media)),
        gallery: gallery.iter().map(|(row, media)| (image(catalog, media), row.caption.clone())).collect(),
        files: files.iter().map(|file| enclosure(catalog, file)).collect(),
        breadcrumbs: catalog.ancestors(article.channel_id).iter().rev().map(|channel| channel_link(catalog, channel)).collect(),
        tags: tags.iter().map(|tag| tag.name.clone()).collect(),
        corrections: corrections.iter().map(|row| (local(catalog, row.at), row.note.clone())).collect(),
        disclaimer: catalog.disclaimer(source.map(Arc::as_ref)).map(str::to_owned),
        related: related.iter().map(|item| link(&item.article)).collect(),
        word_count: details.word_count,
        site: page_site(catalog, base),
        feeds: Vec::new(),
        oembed: Vec::new(),
        beacon: String::new(),
    };
    let until = details.expires_at;
    let shown = std::iter::once(article.id).chain(related.iter().map(|item| item.article.id)).collect();
    Ok(Some(Paper { page, shown, until, article: Arc::clone(&article) }))
}
