//! What a writer hands in: one record of any kind, naming other records by their external ids. This is also the line
//! format of import and export (`docs/import.md`). `normalise` cleans a draft and says what is wrong with it.
//! Invariant: normalising twice equals normalising once, so an exported draft comes back as itself.

use std::marker::PhantomData;

use chrono::{DateTime, Utc};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::check::{
    self, address, instant, language, line, names, old_address, optional, optional_address, optional_instant, range, reference,
    slug,
};
use crate::db::write::LAST_ID;
use crate::error::{Error, Result};
use crate::partner::Fields;
use crate::text::{paragraphs, sanitise};

/// The language of articles where neither they nor the site say otherwise.
pub const DEFAULT_LANGUAGE: &str = "zh-Hans";

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

macro_rules! drafts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attr:meta])* $field:ident : $kind:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            #[expect(missing_docs, reason = "fields are described in docs/import.md and named as in the entity")]
            pub struct $name {
                #[serde(default, skip_serializing)]
                pub(crate) kind: serde::de::IgnoredAny,
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub id: Option<i64>,
                pub external_id: String,
                $($(#[$attr])* pub $field: $kind,)*
            }
        )*
    };
}

drafts! {
    /// The portal's settings.
    SiteDraft {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slogan: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        time_zone: Option<String>,
        url: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        article_path: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        icp_number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        police_number: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disclaimer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takedown_contact: Option<String>,
    }
    /// A source (来源).
    SourceDraft {
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        licence: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attribution: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        disclaimer: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        syndication: Option<String>,
    }
    /// An author.
    AuthorDraft {
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bio: Option<String>,
    }
    /// A picture.
    MediaDraft {
        url: String,
        width: i64,
        height: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        alt: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        credit: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        focal_x: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        focal_y: Option<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        dominant_color: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mime_type: Option<String>,
    }
    /// A channel (频道) or park (园区).
    ChannelDraft {
        slug: String,
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[serde(rename = "type")]
        channel_type: Option<String>,
        #[serde(default)]
        position: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    }
    /// A tag.
    TagDraft {
        slug: String,
        name: String,
    }
    /// A topic (专题).
    TopicDraft {
        slug: String,
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cover: Option<String>,
        #[serde(default)]
        position: i64,
    }
    /// A footer page.
    PageDraft {
        slug: String,
        title: String,
        body: String,
        #[serde(default)]
        position: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        updated_at: Option<DateTime<Utc>>,
    }
    /// An entry of the navigation.
    NavigationDraft {
        label: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<String>,
        #[serde(default)]
        position: i64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        topic: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    }
    /// An article.
    ArticleDraft {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        legacy_id: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        slug: Option<String>,
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        subtitle: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        summary: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body_text: Option<String>,
        #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
        pages: Vec<BodyPageDraft>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        withdrawal: Option<WithdrawalDraft>,
        published_at: DateTime<Utc>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        modified_at: Option<DateTime<Utc>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        significantly_updated_at: Option<DateTime<Utc>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expires_at: Option<DateTime<Utc>>,
        channel: String,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        topics: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        authors: Vec<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source_url: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        canonical_url: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cover: Option<String>,
        #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
        gallery: Vec<GalleryDraft>,
        #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
        attachments: Vec<AttachmentDraft>,
        #[serde(default)]
        view_count: i64,
        #[serde(default, skip_serializing_if = "is_zero")]
        views_counted: i64,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        related: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unrelated: Vec<String>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        old_urls: Vec<String>,
    }
    /// A slot (推荐位) and what stands in it.
    PlacementDraft {
        slot: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<String>,
        #[serde(default, deserialize_with = "objects", skip_serializing_if = "Vec::is_empty")]
        items: Vec<PlacementItemDraft>,
    }
    /// An old address of an article.
    RedirectDraft {
        url: String,
        article: String,
    }
}

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident { $($(#[$attr:meta])* $field:ident : $kind:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "camelCase", deny_unknown_fields)]
            #[expect(missing_docs, reason = "as above")]
            pub struct $name {
                $($(#[$attr])* pub $field: $kind,)*
            }
        )*
    };
}

parts! {
    /// A page of a body.
    BodyPageDraft {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        html: String,
    }
    /// Why an article was taken away for good.
    WithdrawalDraft {
        at: DateTime<Utc>,
        actor: String,
        reason: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<String>,
    }
    /// A picture of a gallery.
    GalleryDraft {
        media: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        caption: Option<String>,
    }
    /// A file.
    AttachmentDraft {
        name: String,
        url: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mime_type: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        size_bytes: Option<i64>,
    }
    /// An article in a slot.
    PlacementItemDraft {
        article: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        starts_at: Option<DateTime<Utc>>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ends_at: Option<DateTime<Utc>>,
    }
}

/// A list of JSON objects, and of nothing else: what serde derives for a struct would read an array as one, by position.
fn objects<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> std::result::Result<Vec<T>, D::Error> {
    let items = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(items.into_iter().map(|item| item.0).collect())
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

/// A record of any kind.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[expect(missing_docs, reason = "named after what they hold")]
pub enum Draft {
    Site(Box<SiteDraft>),
    Source(Box<SourceDraft>),
    Author(Box<AuthorDraft>),
    Media(Box<MediaDraft>),
    Channel(Box<ChannelDraft>),
    Tag(Box<TagDraft>),
    Topic(Box<TopicDraft>),
    Page(Box<PageDraft>),
    Navigation(Box<NavigationDraft>),
    Article(Box<ArticleDraft>),
    Placement(Box<PlacementDraft>),
    Redirect(Box<RedirectDraft>),
}

/// The same of whatever kind a draft is.
macro_rules! of_any {
    ($draft:expr, $d:ident => $value:expr) => {
        match $draft {
            Self::Site($d) => $value,
            Self::Source($d) => $value,
            Self::Author($d) => $value,
            Self::Media($d) => $value,
            Self::Channel($d) => $value,
            Self::Tag($d) => $value,
            Self::Topic($d) => $value,
            Self::Page($d) => $value,
            Self::Navigation($d) => $value,
            Self::Article($d) => $value,
            Self::Placement($d) => $value,
            Self::Redirect($d) => $value,
        }
    };
}

impl Draft {
    /// The kind's name, which is also its table's.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Site(_) => "site",
            Self::Source(_) => "source",
            Self::Author(_) => "author",
            Self::Media(_) => "media",
            Self::Channel(_) => "channel",
            Self::Tag(_) => "tag",
            Self::Topic(_) => "topic",
            Self::Page(_) => "page",
            Self::Navigation(_) => "navigation",
            Self::Article(_) => "article",
            Self::Placement(_) => "placement",
            Self::Redirect(_) => "redirect",
        }
    }

    /// The name by which imports know the record.
    pub fn external_id(&self) -> &str {
        of_any!(self, d => &d.external_id)
    }

    /// The id it asks for.
    pub fn id(&self) -> Option<i64> {
        of_any!(self, d => d.id)
    }

    /// Drops what may differ between two lines that say the same: the id, and when a page was written.
    pub(super) fn forget_circumstances(&mut self) {
        of_any!(self, d => d.id = None);
        if let Self::Page(page) = self {
            page.updated_at = None;
        }
    }

    /// Cleans the draft, or says which field cannot be used and why.
    pub fn normalise(&mut self) -> Result<()> {
        line("externalId", of_any!(self, d => &mut d.external_id), 200)?;
        // Below 2^53, so that JavaScript can hold it, and far below what `db::Scope` packs.
        self.id().map_or(Ok(()), |id| range("id", id, 1, (1 << 53) - 1))?;
        match self {
            Self::Site(d) => d.normalise(),
            Self::Source(d) => {
                slug(&d.slug)?;
                line("name", &mut d.name, 200)?;
                optional_address("url", d.url.as_ref())?;
                optional("licence", &mut d.licence, 200)?;
                optional("attribution", &mut d.attribution, 1_000)?;
                optional("disclaimer", &mut d.disclaimer, 5_000)?;
                optional("contact", &mut d.contact, 500)?;
                syndication(d.syndication.as_deref())
            }
            Self::Author(d) => {
                slug(&d.slug)?;
                line("name", &mut d.name, 200)?;
                optional("bio", &mut d.bio, 5_000)
            }
            Self::Media(d) => d.normalise(),
            Self::Channel(d) => {
                slug(&d.slug)?;
                line("name", &mut d.name, 200)?;
                let kind = d.channel_type.get_or_insert_with(|| "channel".into());
                if kind != "channel" && kind != "park" {
                    return Err(Error::invalid("type", "must be `channel` or `park`"));
                }
                reference("parent", &mut d.parent)?;
                optional("description", &mut d.description, 5_000)
            }
            Self::Tag(d) => {
                slug(&d.slug)?;
                line("name", &mut d.name, 200)
            }
            Self::Topic(d) => {
                slug(&d.slug)?;
                line("title", &mut d.title, 500)?;
                reference("cover", &mut d.cover)?;
                optional("summary", &mut d.summary, 5_000)
            }
            Self::Page(d) => {
                slug(&d.slug)?;
                line("title", &mut d.title, 500)?;
                d.body = sanitise(&d.body);
                optional_instant("updatedAt", &mut d.updated_at)
            }
            Self::Navigation(d) => {
                line("label", &mut d.label, 200)?;
                reference("parent", &mut d.parent)?;
                reference("channel", &mut d.channel)?;
                reference("topic", &mut d.topic)?;
                reference("page", &mut d.page)?;
                optional_address("url", d.url.as_ref())?;
                let targets = [&d.channel, &d.topic, &d.page, &d.url].into_iter().flatten().count();
                if targets == 1 {
                    return Ok(());
                }
                Err(Error::invalid("url", "exactly one of `channel`, `topic`, `page` and `url` says where the entry leads"))
            }
            Self::Article(d) => d.normalise(),
            Self::Placement(d) => {
                line("slot", &mut d.slot, 100)?;
                reference("channel", &mut d.channel)?;
                for (i, item) in d.items.iter_mut().enumerate() {
                    line(&format!("items[{i}].article"), &mut item.article, 200)?;
                    optional(&format!("items[{i}].label"), &mut item.label, 500)?;
                    optional_instant(&format!("items[{i}].startsAt"), &mut item.starts_at)?;
                    optional_instant(&format!("items[{i}].endsAt"), &mut item.ends_at)?;
                }
                if d.items.len() > 500 { Err(Error::invalid("items", "has more than 500 entries")) } else { Ok(()) }
            }
            Self::Redirect(d) => {
                old_address("url", &mut d.url)?;
                line("article", &mut d.article, 200)
            }
        }
    }
}

/// What may be passed on of a source's articles, by its word.
fn syndication(word: Option<&str>) -> Result<()> {
    if word.is_none_or(|word| Fields::from_word(word).is_some()) {
        return Ok(());
    }
    Err(Error::invalid("syndication", "must be `none`, `headline`, `summary` or `full`"))
}

impl SiteDraft {
    fn normalise(&mut self) -> Result<()> {
        if self.external_id != "site" {
            return Err(Error::invalid("externalId", "must be `site`: a portal has one"));
        }
        line("name", &mut self.name, 200)?;
        optional("slogan", &mut self.slogan, 500)?;
        language(&mut self.language)?;
        self.language.get_or_insert_with(|| DEFAULT_LANGUAGE.into());
        let zone = self.time_zone.get_or_insert_with(|| "Asia/Shanghai".into());
        if zone.parse::<chrono_tz::Tz>().is_err() {
            return Err(Error::invalid("timeZone", "is no IANA time zone, such as Asia/Shanghai"));
        }
        address("url", &self.url)?;
        while self.url.ends_with('/') {
            self.url.pop();
        }
        let path = self.article_path.get_or_insert_with(|| "/a/{id}".into());
        if !path.starts_with('/') || !(path.contains("{id}") || path.contains("{slug}")) {
            return Err(Error::invalid("articlePath", "must begin with a slash and contain {id} or {slug}"));
        }
        address("articlePath", &path.replace("{id}", "1").replace("{slug}", "1"))?;
        optional("icpNumber", &mut self.icp_number, 100)?;
        optional("policeNumber", &mut self.police_number, 100)?;
        optional("disclaimer", &mut self.disclaimer, 5_000)?;
        optional("takedownContact", &mut self.takedown_contact, 500)
    }
}

impl MediaDraft {
    fn normalise(&mut self) -> Result<()> {
        address("url", &self.url)?;
        range("width", self.width, 1, 100_000)?;
        range("height", self.height, 1, 100_000)?;
        optional("alt", &mut self.alt, 1_000)?;
        optional("credit", &mut self.credit, 500)?;
        for (field, value) in [("focalX", self.focal_x), ("focalY", self.focal_y)] {
            if value.is_some_and(|v| !(0.0..=1.0).contains(&v)) {
                return Err(Error::invalid(field, "must be between 0 and 1"));
            }
        }
        let is_color = |c: &String| c.len() == 7 && c.starts_with('#') && c[1..].chars().all(|c| c.is_ascii_hexdigit());
        if self.dominant_color.as_ref().is_some_and(|c| !is_color(c)) {
            return Err(Error::invalid("dominantColor", "must look like #1a2b3c"));
        }
        optional("mimeType", &mut self.mime_type, 100)
    }
}

impl WithdrawalDraft {
    fn normalise(&mut self) -> Result<()> {
        instant("withdrawal.at", &mut self.at)?;
        line("withdrawal.actor", &mut self.actor, 100)?;
        line("withdrawal.reason", &mut self.reason, 2_000)?;
        optional("withdrawal.notice", &mut self.notice, 500)
    }
}

impl ArticleDraft {
    fn normalise(&mut self) -> Result<()> {
        line("title", &mut self.title, 500)?;
        optional("subtitle", &mut self.subtitle, 500)?;
        optional("summary", &mut self.summary, 2_000)?;
        optional("legacyId", &mut self.legacy_id, 100)?;
        self.slug.as_deref().map_or(Ok(()), slug)?;
        language(&mut self.language)?;
        let status = self.status.get_or_insert_with(|| "published".into());
        if !matches!(status.as_str(), "published" | "draft" | "archived" | "withdrawn") {
            return Err(Error::invalid("status", "must be `published`, `draft`, `archived` or `withdrawn`"));
        }
        match (status == "withdrawn", &mut self.withdrawal) {
            (true, Some(withdrawal)) => withdrawal.normalise()?,
            (false, None) => {}
            (true, None) => return Err(Error::invalid("withdrawal", "must say when and why a withdrawn article was")),
            (false, Some(_)) => return Err(Error::invalid("withdrawal", "goes with the status `withdrawn` alone")),
        }
        instant("publishedAt", &mut self.published_at)?;
        optional_instant("modifiedAt", &mut self.modified_at)?;
        self.modified_at.get_or_insert(self.published_at);
        optional_instant("significantlyUpdatedAt", &mut self.significantly_updated_at)?;
        optional_instant("expiresAt", &mut self.expires_at)?;
        line("channel", &mut self.channel, 200)?;
        names("channels", &mut self.channels, 20)?;
        self.channels.retain(|c| *c != self.channel);
        names("tags", &mut self.tags, 50)?;
        names("topics", &mut self.topics, 20)?;
        names("authors", &mut self.authors, 50)?;
        names("related", &mut self.related, 50)?;
        names("unrelated", &mut self.unrelated, 50)?;
        reference("source", &mut self.source)?;
        reference("cover", &mut self.cover)?;
        optional_address("sourceUrl", self.source_url.as_ref())?;
        optional_address("canonicalUrl", self.canonical_url.as_ref())?;
        range("viewCount", self.view_count, 0, i64::from(i32::MAX))?;
        range("viewsCounted", self.views_counted, 0, LAST_ID)?;
        for (i, image) in self.gallery.iter_mut().enumerate() {
            line(&format!("gallery[{i}].media"), &mut image.media, 200)?;
            optional(&format!("gallery[{i}].caption"), &mut image.caption, 1_000)?;
        }
        check::attachments(&mut self.attachments)?;
        for (i, url) in self.old_urls.iter_mut().enumerate() {
            old_address(&format!("oldUrls[{i}]"), url)?;
        }
        let mut seen = std::collections::HashSet::new();
        self.old_urls.retain(|u| seen.insert(u.clone()));
        self.normalise_body()
    }

    /// Whatever form the body came in, it becomes sanitised pages.
    fn normalise_body(&mut self) -> Result<()> {
        let forms = [self.body.is_some(), self.body_text.is_some(), !self.pages.is_empty()];
        if forms.iter().filter(|f| **f).count() > 1 {
            return Err(Error::invalid("body", "comes as one of `body`, `bodyText` and `pages`, not several"));
        }
        if let Some(text) = self.body_text.take() {
            self.pages = vec![BodyPageDraft { title: None, html: paragraphs(&text) }];
        } else if let Some(html) = self.body.take() {
            self.pages = vec![BodyPageDraft { title: None, html }];
        }
        // One page without a title is the plain form, and is exported as such.
        check::pages(&mut self.pages)
    }
}
