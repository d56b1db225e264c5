//! Every write by anyone enters here: drafts come in by name, are cleaned and checked, become rows, list memberships
//! and a journal entry in one transaction. Today importers write; editors will use the same path.

mod article;
mod draft;
mod noun;
mod save;

pub use draft::{
    ArticleDraft, AttachmentDraft, AuthorDraft, BodyPageDraft, ChannelDraft, DEFAULT_LANGUAGE, Draft, GalleryDraft, MediaDraft,
    NavigationDraft, PageDraft, PlacementDraft, PlacementItemDraft, RedirectDraft, SiteDraft, SourceDraft, TagDraft, TopicDraft,
};
pub use save::{Desk, Incoming, Outcome};
