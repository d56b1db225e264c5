//! Articles as items of feeds, with as much of them as the operation's terms grant.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{FixedOffset, Offset, TimeZone};

use super::selection::{Selection, Wanted, select};
use super::subject::{Subject, What};
use crate::clock::instant;
use crate::db::{Article, Attachment, Details, Extras, Media, Scope};
use crate::error::{Error, Result};
use crate::feed::{Enclosure, Feed, Image, Item, Links, SourceNote, Tombstone, Words, content, placeholders};
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::article::{address, canonical};
use crate::loader::{Catalog, Contents, ExtrasOf, FeedExtras};
use crate::partner::Fields;
use crate::text::{host, paragraphs};

/// How long readers are told that something has left a list: longer than any of them sleeps.
const MEMORY_MILLIS: i64 = 90 * 86_400_000;

/// The year in which ids of items are minted (RFC 4151 wants one in which the host was the portal's).
const MINTED: &str = "2026";

/// The media type of a file of which nobody has said one.
const UNKNOWN_TYPE: &str = "application/octet-stream";

/// What a feed shall hold.
#[derive(Clone, Debug)]
pub struct SheetRequest {
    /// Which page of the list.
    pub wanted: Wanted,
    /// How much of each article; none: as much as is granted.
    pub fields: Option<Fields>,
    /// The host that mints ids of items; empty: the portal's.
    pub id_host: String,
}

/// A feed without its addresses, and what it depends on.
pub struct Sheet {
    /// The feed; its links are empty.
    pub feed: Feed,
    /// The next page begins behind this.
    pub next: Option<String>,
    /// The page before ends here.
    pub previous: Option<String>,
    /// Articles that it shows.
    pub shown: Vec<i64>,
    /// Articles whose change may change it.
    pub depends: Vec<i64>,
    /// The list whose change may change it.
    pub scope: Scope,
    /// Not good from this instant on (milliseconds since 1970), though nothing changes.
    pub until: i64,
}

/// The name by which readers know the item of article `id`, in every format and for ever: minted by `host`.
fn id_of(host: &str, id: i64) -> String {
    format!("tag:{host},{MINTED}:{}", encode(Kind::Article, id))
}

/// An instant (milliseconds since 1970) in the portal's time zone.
pub fn local(catalog: &Catalog, millis: i64) -> chrono::DateTime<FixedOffset> {
    let utc = instant(millis);
    utc.with_timezone(&catalog.zone.offset_from_utc_datetime(&utc.naive_utc()).fix())
}

/// The page of `subject` that `request` asks for.
pub async fn sheet(operation: &Operation, subject: &Subject, request: &SheetRequest) -> Result<Sheet> {
    let catalog = operation.catalog();
    subject.check(operation)?;
    if let Some(fields) = request.fields {
        operation.terms.require(fields, None)?;
    }
    let most = request.fields.unwrap_or(Fields::Full).min(operation.terms.fields());
    let selection = select(operation, subject, &request.wanted).await?;
    let ends = selection.ends();
    let Selection { articles, next, previous, others } = selection;
    let shown: Vec<i64> = articles.iter().map(|(_, article)| article.id).collect();
    let scope = subject.scope();
    let (now, is_first) = (operation.now(), request.wanted.after.is_none() && request.wanted.before.is_none());
    let wanted = Extras { contents: most == Fields::Full, tags: catalog.tags.is_none() };
    let since = if is_first { now - MEMORY_MILLIS } else { i64::MAX };
    let extras = operation.loaders.load(ExtrasOf { articles: shown.clone(), wanted, scope, since }).await?;
    let own = || host(&catalog.site.url).unwrap_or_else(|| "localhost".into());
    let minted_by = Some(request.id_host.clone()).filter(|host| !host.is_empty()).unwrap_or_else(own);
    let host = minted_by.as_str();
    let item_of = |article: &Arc<Article>| item(operation, article, extras.contents.get(&article.id), (most, host));
    let items = articles.iter().map(|(_, article)| item_of(article)).collect::<Result<Vec<Item>>>()?;
    let tombstones: Vec<Tombstone> = extras.gone.iter().map(|gone| tombstone(catalog, host, gone)).collect();
    let newest = items.iter().map(|item| item.updated).chain(tombstones.iter().map(|t| t.at)).max();
    // A feed without items has not changed since before there were any.
    let updated = newest.unwrap_or_else(|| local(catalog, 946_684_800_000));
    let until = ends.min(due(operation, &extras)).min(slot_changes(operation, subject, now));
    Ok(Sheet {
        feed: Feed {
            title: title(catalog, subject, request.wanted.query.as_deref()),
            description: catalog.site.slogan.clone().unwrap_or_else(|| catalog.site.name.clone()),
            home: catalog.site.url.clone(),
            page: catalog.site.url.clone(),
            publisher: catalog.site.name.clone(),
            language: catalog.site.language.clone(),
            updated,
            links: Links::default(),
            items,
            tombstones,
        },
        next,
        previous,
        depends: shown.iter().copied().chain(others).collect(),
        shown,
        scope: subject.depends(),
        until,
    })
}

/// When the next article is to be seen here.
pub(super) fn due(operation: &Operation, extras: &FeedExtras) -> i64 {
    extras.due.saturating_add(delay(operation))
}

/// How long after publication whoever asks sees it (milliseconds).
pub(super) fn delay(operation: &Operation) -> i64 {
    operation.loaders.seen().grant().map_or(0, |grant| grant.delay_millis)
}

/// When something of a slot begins or ends by its time.
pub(super) fn slot_changes(operation: &Operation, subject: &Subject, now: i64) -> i64 {
    let What::Slot(_, name) = &subject.what else { return i64::MAX };
    let slots = operation.catalog().slots().filter(|(_, own, _)| own == name);
    let times = slots.flat_map(|(_, _, slot)| slot.items.iter().flat_map(|item| [item.starts_at, item.ends_at]));
    times.flatten().filter(|at| *at > now).min().unwrap_or(i64::MAX)
}

fn title(catalog: &Catalog, subject: &Subject, query: Option<&str>) -> String {
    let (site, words) = (&catalog.site.name, Words::of(&catalog.site.language));
    let what = match (&subject.what, &subject.name) {
        (What::Newest(_), Some(name)) => name.clone(),
        (What::Newest(_), None) => return site.clone(),
        (What::Ranking(_), Some(name)) => format!("{name} · {}", words.ranking),
        (What::Ranking(_), None) => words.ranking.to_owned(),
        (What::Slot(_, slot), Some(name)) => format!("{name} · {slot}"),
        (What::Slot(_, slot), None) => slot.clone(),
        (What::Found, _) => query.unwrap_or_default().to_owned(),
    };
    format!("{what} - {site}")
}

fn tombstone(catalog: &Catalog, host: &str, (id, at, notice): &(i64, i64, Option<String>)) -> Tombstone {
    Tombstone { id: id_of(host, *id), at: local(catalog, *at), notice: notice.clone() }
}

/// An article's source as others name it.
pub fn source_note(catalog: &Catalog, article: &Article) -> Option<SourceNote> {
    let source = article.source_id.and_then(|id| catalog.sources.find(id))?;
    Some(SourceNote {
        name: source.name.clone(),
        url: source.url.as_deref().map(|url| catalog.absolute(url)),
        licence: source.licence.clone(),
        attribution: source.attribution.clone(),
    })
}

/// An article's picture as others show it.
pub fn image(catalog: &Catalog, media: &Media) -> Image {
    Image {
        url: catalog.absolute(&media.url),
        mime_type: media.mime_type.clone().filter(|text| is_media_type(text)),
        width: media.width,
        height: media.height,
        alt: media.alt.clone(),
        credit: media.credit.clone(),
    }
}

/// Whether `text` is a media type without parameters (RFC 9110 §8.3.1).
fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b));
    text.split_once('/').is_some_and(|(kind, subtype)| is_token(kind) && is_token(subtype))
}

/// A file as others fetch it.
pub fn enclosure(catalog: &Catalog, file: &Attachment) -> Enclosure {
    Enclosure {
        url: catalog.absolute(&file.url),
        mime_type: file.mime_type.clone().filter(|text| is_media_type(text)).unwrap_or_else(|| UNKNOWN_TYPE.into()),
        // Whoever wrote 0 did not know.
        length: file.size_bytes.filter(|bytes| *bytes > 0),
        title: file.name.clone(),
    }
}

/// What must be shown with `article` under the contract, if there is one that says so.
pub fn attribution(operation: &Operation, article: &Article) -> Option<String> {
    let template = operation.terms.contract()?.row.attribution.as_deref()?;
    let catalog = operation.catalog();
    let source = article.source_id.and_then(|id| catalog.sources.find(id));
    let url = address(catalog, article);
    let source = source.map_or(catalog.site.name.as_str(), |source| source.name.as_str());
    Some(placeholders(template, &article.title, &url, &catalog.site.name, source))
}

fn item(
    operation: &Operation,
    article: &Arc<Article>,
    contents: Option<&Contents>,
    (most, host): (Fields, &str),
) -> Result<Item> {
    let catalog = operation.catalog();
    let details = article.details.as_ref().ok_or_else(|| Error::internal("a feed without details"))?;
    let source = article.source_id.and_then(|id| catalog.sources.find(id));
    let fields = most.min(operation.terms.fields_of(source.map(Arc::as_ref)));
    let url = address(catalog, article);
    let note = source_note(catalog, article);
    let original = details.source_url.as_deref().map(|address| catalog.absolute(address));
    let disclaimer = catalog.disclaimer(source.map(Arc::as_ref)).map(str::to_owned);
    let notes: Vec<String> = [note.as_ref().and_then(|note| note.attribution.clone()), attribution(operation, article)]
        .into_iter()
        .flatten()
        .collect();
    let empty = Contents::default();
    let contents = contents.unwrap_or(&empty);
    let has_text = fields == Fields::Full && !contents.pages.is_empty();
    let title = crate::feed::headline(&article.title);
    let summary = if fields >= Fields::Summary && !article.summary.is_empty() { article.summary.clone() } else { title.clone() };
    let short = paragraphs(&summary);
    let pages: Vec<&str> =
        if has_text { contents.pages.iter().map(|page| page.html.as_str()).collect() } else { vec![short.as_str()] };
    let rights: Vec<String> =
        notes.iter().cloned().chain(note.as_ref().and_then(|n| n.licence.clone())).chain(disclaimer).collect();
    Ok(Item {
        id: id_of(host, article.id),
        canonical: canonical(operation, details, &url),
        title,
        summary,
        content: content(pages.into_iter(), &url, &notes),
        published: local(catalog, article.published_at),
        updated: local(catalog, details.significant_at.unwrap_or(article.published_at).max(article.published_at)),
        language: details.language.clone(),
        authors: catalog.authors.list(&article.author_ids).iter().map(|author| author.name.clone()).collect(),
        categories: categories(catalog, article, details, contents),
        source: note,
        original,
        rights: Some(rights.join(" · ")).filter(|rights| !rights.is_empty()),
        image: article.cover.as_ref().filter(|_| fields >= Fields::Summary).map(|media| image(catalog, media)),
        enclosures: if fields == Fields::Full {
            contents.files.iter().map(|file| enclosure(catalog, file)).collect()
        } else {
            Vec::new()
        },
        url,
    })
}

/// Names of an article's channels and tags, each once.
fn categories(catalog: &Catalog, article: &Article, details: &Details, contents: &Contents) -> Vec<String> {
    let channels = catalog.channels.list(&details.channel_ids).into_iter().map(|channel| channel.name.clone());
    let tags: Vec<String> = match &catalog.tags {
        Some(tags) => tags.list(&article.tag_ids).iter().map(|tag| tag.name.clone()).collect(),
        None => contents.tags.clone(),
    };
    let mut seen = HashSet::new();
    channels.chain(tags).filter(|name| seen.insert(name.clone())).collect()
}
