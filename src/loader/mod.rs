//! Batched reads for the resolvers of one operation. Keys that resolvers ask for are collected until every resolver
//! that can run has run; then they leave together, one statement per kind of key. Small nouns come from the catalog.
//! Invariant: the number of statements depends on the shape of the operation, never on how many rows it lists.

mod address;
mod article;
mod batch;
mod catalog;
mod contract;
mod feed;
mod history;
mod listing;
mod manuscript;
mod media;
mod related;
mod repost;
mod tag;
mod wave;
mod withdrawal;

pub use crate::db::With;
pub use address::Name as AddressName;
pub use article::{ArticleBy, ArticleNamed, AttachmentsOf, BodyOf, CardById, DetailsOf, GalleryOf};
pub use catalog::{Catalog, Catalogs, NavigationEntry, Slot};
pub use contract::UsageOf;
pub use feed::{Contents, ExtrasOf, FeedExtras};
pub use history::ReadFrom;
pub use listing::{CountOf, ListOf, NeighboursOf};
pub use manuscript::{AccountName, CorrectionsOf, ManuscriptOf, RevisionAt, RevisionsOf};
pub use media::MediaById;
pub use related::RelatedTo;
pub use repost::{OriginalOf, RepostsOf};
pub use tag::TagBy;
pub use wave::{Loaders, Statements};
pub use withdrawal::WithdrawalOf;
