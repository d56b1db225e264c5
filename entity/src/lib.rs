//! The tables as sea-orm entities: one file per noun, nothing but rows and where they lead.
//! The child names the parent, never back. Read and written by `db/` of the main crate alone.

pub mod account;
pub mod api_key;
pub mod article;
pub mod article_body;
pub mod attachment;
pub mod attempt;
pub mod author;
pub mod channel;
pub mod correction;
pub mod cursor;
pub mod fetched;
pub mod gallery_image;
pub mod journal;
pub mod listing;
pub mod manuscript;
pub mod media;
pub mod navigation;
pub mod page;
pub mod placement;
pub mod placement_item;
pub mod ranking;
pub mod receipt;
pub mod redirect;
pub mod related;
pub mod revision;
pub mod secret;
pub mod sensitive_word;
pub mod session;
pub mod site;
pub mod source;
pub mod tag;
pub mod takedown;
pub mod topic;
pub mod withdrawal;
