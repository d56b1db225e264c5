//! What others show, written down: feeds, sitemaps, embeds, pages of articles. Pure: items in, bytes out; no row, no clock, no request.
//! Not for what may be in them: that is decided before (`partner`). Invariant: the three formats of a feed say the same of the same
//! items, and what an editor can type cannot break one.

mod address;
mod atom;
mod body;
mod embed;
mod item;
mod json;
mod oembed;
mod page;
mod rss;
mod sitemap;
mod text;
mod words;
mod xml;

pub use address::{encode_segment, encoded};
pub use atom::atom;
pub use body::{content, placeholders};
pub use embed::{Card, CardList, Frame, Kind as EmbedKind, Theme, card, card_height, content_policy, list, message};
pub use item::{Enclosure, Feed, Image, Item, Links, SourceNote, Tombstone};
pub use json::json;
pub use oembed::{Oembed, oembed_json, oembed_xml};
pub use page::{ListPage, PageArticle, PageLink, PageSite, article_page, list_page, message_page};
pub use rss::rss;
pub use sitemap::{Location, NewsItem, news_sitemap, robots, sitemap, sitemap_index};
pub use text::headline;
pub use words::Words;
