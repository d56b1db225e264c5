//! What an article says, as those write it who work here: the JSON of a revision. Other records are named by their ids, tags
//! by name, so that a tag comes into being with the article that first needs it and not with a draft.
//! Invariant: cleaning twice equals cleaning once.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::check::{self, address, language, line, names, optional, slug};
use super::draft::{AttachmentDraft, BodyPageDraft};
use super::manuscript::calendar;
use super::relate::Choice;
use crate::db::manuscript::{Present, Wanted};
use crate::db::rows;
use crate::error::{Error, Result};
use crate::text::{count_words, excerpt, plain_text, text_key};

/// Most entries of the lists of an article, as in imports.
const MOST: usize = 50;

/// Most channels and topics of an article, as in imports.
const MOST_PLACES: usize = 20;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "named as in the entity and in docs/import.md")]
pub struct Content {
    pub title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Until it is first published; then it stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slug: Option<String>,
    pub language: String,
    pub pages: Vec<BodyPageDraft>,
    pub channel: i64,
    pub channels: Vec<i64>,
    pub tags: Vec<String>,
    pub topics: Vec<i64>,
    pub authors: Vec<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canonical_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<i64>,
    pub gallery: Vec<Picture>,
    pub attachments: Vec<AttachmentDraft>,
    /// Pinned related items.
    pub related: Vec<i64>,
    /// What is not to be shown among its related items.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unrelated: Vec<i64>,
    /// Not to be published before (milliseconds since 1970).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embargo_until: Option<i64>,
}

/// A picture of a gallery.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as above")]
pub struct Picture {
    pub media: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
}

/// What contents refer to, as it is in a transaction.
#[derive(Debug, Default)]
pub(super) struct Known {
    records: HashSet<(String, i64)>,
    parents: HashMap<i64, Option<i64>>,
    tags: HashMap<String, i64>,
}

impl Known {
    pub(super) fn new(present: Vec<Present>) -> Self {
        let mut known = Self::default();
        for record in present {
            if record.kind == "channel" {
                known.parents.insert(record.id, record.parent);
            }
            if let Some(name) = record.name {
                known.tags.insert(name, record.id);
            }
            known.records.insert((record.kind, record.id));
        }
        known
    }

    pub(super) fn add_tag(&mut self, name: String, id: i64) {
        self.tags.insert(name, id);
    }

    pub(super) fn tag(&self, name: &str) -> Option<i64> {
        self.tags.get(name).copied()
    }

    /// A channel with everything above it.
    pub(super) fn above(&self, channel: i64) -> Vec<i64> {
        let mut path = Vec::new();
        let mut at = Some(channel);
        while let Some(id) = at.filter(|id| !path.contains(id)) {
            path.push(id);
            at = self.parents.get(&id).copied().flatten();
        }
        path
    }

    fn has(&self, kind: &str, id: i64) -> bool {
        self.records.contains(&(kind.to_owned(), id))
    }
}

/// What all of `contents` refer to.
pub(super) fn wanted<'a>(contents: impl IntoIterator<Item = &'a Content>) -> Wanted {
    let mut wanted = Wanted::default();
    for content in contents {
        wanted.tags.extend(content.tags.iter().cloned());
        wanted.topics.extend(&content.topics);
        wanted.sources.extend(content.source);
        wanted.authors.extend(&content.authors);
        wanted.media.extend(content.cover.iter().chain(content.gallery.iter().map(|p| &p.media)));
        wanted.articles.extend(content.related.iter().chain(&content.unrelated));
    }
    wanted
}

fn unique(field: &str, ids: &mut Vec<i64>, most: usize) -> Result<()> {
    let mut seen = HashSet::new();
    ids.retain(|id| seen.insert(*id));
    if ids.len() > most {
        return Err(Error::invalid(field, format!("has more than {most} entries")));
    }
    Ok(())
}

impl Content {
    /// Cleans the content, or says which field cannot be used and why.
    pub fn normalise(&mut self) -> Result<()> {
        line("title", &mut self.title, 500)?;
        optional("subtitle", &mut self.subtitle, 500)?;
        optional("summary", &mut self.summary, 2_000)?;
        self.slug.as_deref().map_or(Ok(()), slug)?;
        let mut tag = Some(std::mem::take(&mut self.language));
        language(&mut tag)?;
        self.language = tag.ok_or_else(|| Error::invalid("language", "must be a BCP 47 tag, such as zh-Hans"))?;
        self.embargo_until = self.embargo_until.map(|at| calendar("embargoUntil", at)).transpose()?;
        self.channels.retain(|id| *id != self.channel);
        unique("channels", &mut self.channels, MOST_PLACES)?;
        unique("topics", &mut self.topics, MOST_PLACES)?;
        unique("authors", &mut self.authors, MOST)?;
        unique("related", &mut self.related, MOST)?;
        unique("unrelated", &mut self.unrelated, MOST)?;
        names("tags", &mut self.tags, MOST)?;
        self.source_url.as_deref().map_or(Ok(()), |v| address("sourceUrl", v))?;
        self.canonical_url.as_deref().map_or(Ok(()), |v| address("canonicalUrl", v))?;
        for (i, picture) in self.gallery.iter_mut().enumerate() {
            optional(&format!("gallery[{i}].caption"), &mut picture.caption, 1_000)?;
        }
        check::attachments(&mut self.attachments)?;
        check::pages(&mut self.pages)
    }

    /// Refuses content that refers to what is not there.
    pub(super) fn check(&self, known: &Known) -> Result<()> {
        let one = |field: String, kind: &str, id: i64| {
            if known.has(kind, id) { Ok(()) } else { Err(Error::invalid(field, format!("is no {kind} of this portal"))) }
        };
        one("channel".into(), "channel", self.channel)?;
        let lists = [
            ("channels", "channel", &self.channels),
            ("topics", "topic", &self.topics),
            ("authors", "author", &self.authors),
            ("related", "article", &self.related),
            ("unrelated", "article", &self.unrelated),
        ];
        for (field, kind, ids) in lists {
            ids.iter().enumerate().try_for_each(|(i, id)| one(format!("{field}[{i}]"), kind, *id))?;
        }
        self.source.map_or(Ok(()), |id| one("source".into(), "source", id))?;
        self.cover.map_or(Ok(()), |id| one("cover".into(), "media", id))?;
        self.gallery.iter().enumerate().try_for_each(|(i, p)| one(format!("gallery[{i}].media"), "media", p.media))
    }

    /// Refuses to be shown at `at` (milliseconds since 1970) if that is too early.
    pub(super) fn check_embargo(&self, field: &str, at: i64) -> Result<()> {
        let Some(until) = self.embargo_until.filter(|until| *until > at) else { return Ok(()) };
        let until = crate::clock::instant(until).to_rfc3339();
        Err(Error::invalid(field, format!("the article is under an embargo until {until}")))
    }

    /// The text of the whole body.
    pub fn text(&self) -> String {
        self.pages.iter().map(|page| plain_text(&page.html)).collect::<Vec<_>>().join("\n")
    }

    /// The ids of its tags, those that there are.
    pub(super) fn tag_ids(&self, known: &Known) -> Vec<i64> {
        self.tags.iter().filter_map(|name| known.tag(name)).collect()
    }

    /// Writes the content into an article's `row`. Its state and times are its own.
    pub(super) fn put(&self, row: &mut rows::Article, known: &Known) {
        let text = self.text();
        let list = |ids: &[i64]| serde_json::to_string(ids).unwrap_or_default();
        let channels: Vec<i64> = std::iter::once(self.channel).chain(self.channels.iter().copied()).collect();
        row.title.clone_from(&self.title);
        row.subtitle.clone_from(&self.subtitle);
        row.summary = self.summary.clone().unwrap_or_else(|| excerpt(&text));
        row.summary_is_excerpt = self.summary.is_none();
        row.slug = self.slug.clone().unwrap_or_else(|| row.id.to_string());
        row.language.clone_from(&self.language);
        row.channel_id = self.channel;
        row.channel_ids = list(&channels);
        row.tag_ids = list(&self.tag_ids(known));
        row.topic_ids = list(&self.topics);
        row.author_ids = list(&self.authors);
        row.source_id = self.source;
        row.source_url.clone_from(&self.source_url);
        row.canonical_url.clone_from(&self.canonical_url);
        row.cover_id = self.cover;
        row.word_count = count_words(&text);
        row.text_key = text_key(&text);
        row.page_count = i64::try_from(self.pages.len()).unwrap_or(i64::MAX);
    }

    pub(super) fn bodies(&self, article_id: i64) -> Vec<rows::ArticleBody> {
        let row = |(page, body): (i64, &BodyPageDraft)| rows::ArticleBody {
            article_id,
            page,
            title: body.title.clone(),
            html: body.html.clone(),
        };
        (1..).zip(&self.pages).map(row).collect()
    }

    pub(super) fn images(&self, article_id: i64) -> Vec<rows::GalleryImage> {
        let row = |(position, p): (i64, &Picture)| rows::GalleryImage {
            article_id,
            position,
            media_id: p.media,
            caption: p.caption.clone(),
        };
        (0..).zip(&self.gallery).map(row).collect()
    }

    pub(super) fn files(&self, article_id: i64) -> Vec<rows::Attachment> {
        let row = |(position, f): (i64, &AttachmentDraft)| rows::Attachment {
            article_id,
            position,
            name: f.name.clone(),
            url: f.url.clone(),
            mime_type: f.mime_type.clone(),
            size_bytes: f.size_bytes,
        };
        (0..).zip(&self.attachments).map(row).collect()
    }
}

/// A field that differs: its name, what it said, what it says.
pub type Change = (String, Option<String>, Option<String>);

/// What differs between two contents, field by field, in the order of the fields. `name` gives what people call a record, by
/// kind and id.
pub fn diff(one: &Content, other: &Content, name: impl Fn(&str, i64) -> String) -> Vec<Change> {
    let (one, other) = (fields(one, &name), fields(other, &name));
    let of = |fields: &[(String, Option<String>)], field: &str| {
        fields.iter().find(|(name, _)| name == field).and_then(|(_, value)| value.clone())
    };
    let more = other.iter().filter(|(field, _)| !one.iter().any(|(name, _)| name == field));
    let all = one.iter().chain(more).map(|(field, _)| (field.clone(), of(&one, field), of(&other, field)));
    all.filter(|(_, before, after)| before != after).collect()
}

/// The fields of a content as texts.
fn fields(content: &Content, name: &impl Fn(&str, i64) -> String) -> Vec<(String, Option<String>)> {
    let list = |kind: &str, ids: &[i64]| {
        let names: Vec<String> = ids.iter().map(|id| name(kind, *id)).collect();
        Some(names.join("\n")).filter(|text| !text.is_empty())
    };
    let mut fields = vec![
        ("title".to_owned(), Some(content.title.clone())),
        ("subtitle".into(), content.subtitle.clone()),
        ("summary".into(), content.summary.clone()),
        ("slug".into(), content.slug.clone()),
        ("language".into(), Some(content.language.clone())),
        ("channel".into(), Some(name("channel", content.channel))),
        ("channels".into(), list("channel", &content.channels)),
        ("tags".into(), Some(content.tags.join("\n")).filter(|text| !text.is_empty())),
        ("topics".into(), list("topic", &content.topics)),
        ("authors".into(), list("author", &content.authors)),
        ("source".into(), content.source.map(|id| name("source", id))),
        ("sourceUrl".into(), content.source_url.clone()),
        ("canonicalUrl".into(), content.canonical_url.clone()),
        ("cover".into(), content.cover.map(|id| name("media", id))),
        ("related".into(), list("article", &content.related)),
        ("unrelated".into(), list("article", &content.unrelated)),
        ("embargoUntil".into(), content.embargo_until.map(|at| crate::clock::instant(at).to_rfc3339())),
    ];
    for (i, page) in content.pages.iter().enumerate() {
        fields.push((format!("pages[{i}].title"), page.title.clone()));
        fields.push((format!("pages[{i}].html"), Some(page.html.clone())));
    }
    for (i, picture) in content.gallery.iter().enumerate() {
        let caption = picture.caption.as_deref().unwrap_or_default();
        fields.push((format!("gallery[{i}]"), Some(format!("{} {caption}", name("media", picture.media)))));
    }
    for (i, file) in content.attachments.iter().enumerate() {
        fields.push((format!("attachments[{i}]"), Some(format!("{} {}", file.name, file.url))));
    }
    fields
}

/// The rows that an article's content can be read back from.
pub(super) struct Kept {
    pub article: rows::Article,
    pub bodies: Vec<rows::ArticleBody>,
    pub images: Vec<rows::GalleryImage>,
    pub files: Vec<rows::Attachment>,
    pub related: Vec<rows::Related>,
    /// Names of tags by id.
    pub tags: HashMap<i64, String>,
}

impl From<Kept> for Content {
    fn from(kept: Kept) -> Self {
        let Kept { article: a, mut bodies, mut images, mut files, related, tags } = kept;
        bodies.sort_by_key(|b| b.page);
        images.sort_by_key(|i| i.position);
        files.sort_by_key(|f| f.position);
        let choice = Choice::of(&related);
        let ids = |list: &str| serde_json::from_str::<Vec<i64>>(list).unwrap_or_default();
        let file =
            |f: rows::Attachment| AttachmentDraft { name: f.name, url: f.url, mime_type: f.mime_type, size_bytes: f.size_bytes };
        Self {
            title: a.title,
            subtitle: a.subtitle,
            summary: Some(a.summary).filter(|_| !a.summary_is_excerpt),
            slug: Some(a.slug),
            language: a.language,
            pages: bodies.into_iter().map(|b| BodyPageDraft { title: b.title, html: b.html }).collect(),
            channel: a.channel_id,
            channels: ids(&a.channel_ids).into_iter().filter(|id| *id != a.channel_id).collect(),
            tags: ids(&a.tag_ids).iter().filter_map(|id| tags.get(id).cloned()).collect(),
            topics: ids(&a.topic_ids),
            authors: ids(&a.author_ids),
            source: a.source_id,
            source_url: a.source_url,
            canonical_url: a.canonical_url,
            cover: a.cover_id,
            gallery: images.into_iter().map(|i| Picture { media: i.media_id, caption: i.caption }).collect(),
            attachments: files.into_iter().map(file).collect(),
            related: choice.pins,
            unrelated: choice.blocks,
            embargo_until: None,
        }
    }
}
