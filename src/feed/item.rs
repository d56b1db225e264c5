//! A feed before it is written in one of its formats.

use chrono::{DateTime, FixedOffset};

/// An instant in the portal's time zone.
pub type Instant = DateTime<FixedOffset>;

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Feed {
    /// What it is of, plain text.
    pub title: String,
    /// Plain text.
    pub description: String,
    /// Where people read the portal.
    pub home: String,
    /// The page that shows the same list; the portal's home where none does.
    pub page: String,
    /// Whose it is.
    pub publisher: String,
    /// BCP 47 tag.
    pub language: String,
    /// The newest of its items' significant updates and of its tombstones.
    pub updated: Instant,
    /// Other addresses.
    pub links: Links,
    /// In the list's order.
    pub items: Vec<Item>,
    /// What has left the list, the last first.
    pub tombstones: Vec<Tombstone>,
}

/// Addresses that belong to a feed (RFC 5005 §3 for the pages).
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// What the list is called, whichever page of it this is.
    pub id: String,
    /// This page in each format: RSS, Atom, JSON.
    pub formats: [String; 3],
    /// The first page, in the format of the feed.
    pub first: String,
    /// The next page.
    pub next: Option<String>,
    /// The page before.
    pub previous: Option<String>,
    /// What makes it readable for people.
    pub stylesheet: String,
}

/// An article as a feed has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// A tag URI (RFC 4151): the same in all formats, for ever.
    pub id: String,
    /// Where the portal shows it.
    pub url: String,
    /// The address that search engines shall prefer.
    pub canonical: String,
    /// Plain text, without a line break.
    pub title: String,
    /// Plain text; the title where there is nothing more to say.
    pub summary: String,
    /// HTML whose addresses are absolute: the text, or the summary where that is all that may be passed on; with what must be shown.
    pub content: String,
    /// When it was published.
    pub published: Instant,
    /// Last change that readers should notice.
    pub updated: Instant,
    /// BCP 47 tag.
    pub language: String,
    /// Names.
    pub authors: Vec<String>,
    /// Names of channels and tags.
    pub categories: Vec<String>,
    /// Where it comes from.
    pub source: Option<SourceNote>,
    /// Where it was taken from.
    pub original: Option<String>,
    /// What must be said of its rights, plain text.
    pub rights: Option<String>,
    /// Its cover.
    pub image: Option<Image>,
    /// Its files.
    pub enclosures: Vec<Enclosure>,
}

/// Where an article comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceNote {
    /// Plain text.
    pub name: String,
    /// Its home, absolute.
    pub url: Option<String>,
    /// Licence name or SPDX expression.
    pub licence: Option<String>,
    /// Line that must be shown.
    pub attribution: Option<String>,
}

/// A picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Absolute.
    pub url: String,
    /// Media type.
    pub mime_type: Option<String>,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// For those who cannot see it.
    pub alt: Option<String>,
    /// Who must be named.
    pub credit: Option<String>,
}

/// A file.
#[derive(Clone, Debug, PartialEq)]
pub struct Enclosure {
    /// Absolute.
    pub url: String,
    /// Media type.
    pub mime_type: String,
    /// Bytes; none if nobody has said.
    pub length: Option<i64>,
    /// Plain text.
    pub title: String,
}

/// An item that has left the list (RFC 6721).
#[derive(Clone, Debug, PartialEq)]
pub struct Tombstone {
    /// As the item had it.
    pub id: String,
    /// When.
    pub at: Instant,
    /// What readers are told, plain text.
    pub notice: Option<String>,
}
