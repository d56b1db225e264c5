//! The only room that speaks SQL. One function is one statement, for any number of keys.
//!
//! Two ways in: `Reader` answers hot reads through prepared statements on drivers of its own (measured: a fifth of the
//! CPU of the general way, see docs/adr/0003); `Database::writer` is sea-orm, for migrations, writes and loads at start.
//! Invariant: every read of articles takes a `Visibility`.

mod article;
mod bell;
mod catalog;
mod connect;
pub mod contract;
mod document;
mod feed;
mod journal;
mod listing;
pub mod manuscript;
mod media;
mod postgres;
mod query;
mod related;
mod repost;
mod scope;
mod searches;
mod sitemap;
mod sqlite;
pub mod staff;
mod tag;
pub mod takedown;
pub mod view;
mod visibility;
pub mod withdrawal;
pub mod write;

pub use article::{
    Article, Attachment, Body, BodyPage, Details, Found, GalleryImage, Parts, Preview, With, articles_by_address, articles_by_id,
    articles_by_legacy_id, articles_by_slug, attachments, bodies, cards_by_id, details, galleries,
};
pub use catalog::{CatalogRows, load_catalog};
pub use connect::{Database, Settings as DatabaseSettings};
pub use document::{Searchable, articles_before, articles_behind, articles_in, lists_of, search_words, searchables};
pub use entity::account::Model as Account;
pub use entity::api_key::Model as ApiKey;
pub use entity::author::Model as Author;
pub use entity::channel::Model as Channel;
pub use entity::contract::Model as Contract;
pub use entity::contract_usage::Model as ContractUsage;
pub use entity::correction::Model as Correction;
pub use entity::fetched::Model as Fetched;
pub use entity::journal::Model as JournalEntry;
pub use entity::manuscript::Model as Manuscript;
pub use entity::media::Model as Media;
pub use entity::navigation::Model as Navigation;
pub use entity::page::Model as Page;
pub use entity::placement::Model as Placement;
pub use entity::placement_item::Model as PlacementItem;
pub use entity::repost::Model as Repost;
pub use entity::revision::Model as Revision;
pub use entity::search_query::Model as SearchQuery;
pub use entity::search_word::Model as SearchWord;
pub use entity::sensitive_word::Model as SensitiveWord;
pub use entity::session::Model as Session;
pub use entity::site::Model as Site;
pub use entity::source::Model as Source;
pub use entity::tag::Model as Tag;
pub use entity::takedown::Model as Takedown;
pub use entity::topic::Model as Topic;
pub use entity::withdrawal::Model as Withdrawal;
pub use feed::{Extra, Extras, extras, lists_touched};
pub use journal::{
    Trail, after as journal_after, before as journal_before, newest as newest_journal_entry, oldest as oldest_journal_entry,
    pending as journal_pending,
};
pub use listing::{Edge, ListKey, ListShape, Neighbours, Order, counts, lists, neighbours};
pub use media::media_by_id;
pub use postgres::SETTINGS as POSTGRES_READER_SETTINGS;
pub use query::{Backend, Job, Param, Query, Reader, Work};
pub use related::{Reason, RelatedArticle, related};
pub use repost::{Copy as RepostedArticle, clustered, clusters, originals, reposts};
pub use scope::Scope;
pub use searches::{Asked, asked, forget as forget_searches, note as note_searches};
pub use sitemap::{Mapped, PieceOfMap, map_pieces, mapped};
pub use tag::{tags_by_id, tags_by_name, tags_by_slug};

/// Rows that only writers and exporters handle, under their tables' names.
pub mod rows {
    pub use entity::article::Model as Article;
    pub use entity::article_body::Model as ArticleBody;
    pub use entity::attachment::Model as Attachment;
    pub use entity::gallery_image::Model as GalleryImage;
    pub use entity::listing::Model as Listing;
    pub use entity::receipt::Model as Receipt;
    pub use entity::redirect::Model as Redirect;
    pub use entity::related::Model as Related;
    pub use entity::view_excluded::Model as ViewExcluded;
    pub use entity::view_hour::Model as ViewHour;
    pub use entity::view_total::Model as ViewTotal;
}
pub use visibility::{Audience, Grant, Visibility};
