//! Every write by anyone enters here: drafts come in by name, are cleaned and checked, become rows, list memberships
//! and a journal entry in one transaction. So do the accounts and keys of those who write, and their sessions.

mod account;
mod article;
mod bureau;
mod check;
mod content;
mod contract;
mod dictionary;
mod draft;
mod identity;
mod key;
mod live;
mod manuscript;
mod noun;
mod office;
mod preview;
mod receipt;
pub mod record;
mod relate;
mod repost;
mod save;
mod schedule;
mod searches;
mod session;
mod state;
mod takedown;
mod withdrawal;
mod words;

pub use account::{AccountChange, AccountDraft};
pub use bureau::{Noun, Placed};
pub use content::{Content, Picture, diff};
pub use contract::ContractDraft;
pub use draft::{
    ArticleDraft, AttachmentDraft, AuthorDraft, BodyPageDraft, ChannelDraft, DEFAULT_LANGUAGE, Draft, GalleryDraft, MediaDraft,
    NavigationDraft, PageDraft, PlacementDraft, PlacementItemDraft, RedirectDraft, SiteDraft, SourceDraft, TagDraft, TopicDraft,
    WithdrawalDraft,
};
pub use identity::{actor_known_as, provider_of};
pub use key::{KeyDraft, NewKey};
pub use manuscript::{Release, Seen, content, may_take};
pub use office::Office;
pub use preview::preview_of;
pub use receipt::Receipt;
pub use relate::{Choice, Found, Progress, backlog, relate};
pub use repost::{Copies, Text, cluster};
pub use save::{Desk, Incoming, Outcome};
pub use schedule::{Settled, settle_due};
pub use searches::Searches;
pub use session::{Credentials, SignedIn, Tokens, actor_of, change_password, refresh, sign_in, sign_out, sweep};
pub use state::{State, Step};
pub use takedown::{Claim, Fetches, Report};
pub use withdrawal::WithdrawalRequest;
pub use words::{WordAction, WordDraft};
