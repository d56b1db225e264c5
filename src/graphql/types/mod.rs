//! What things are. A type wraps a row; plain fields read it, relation fields are one call into `relation/`.

mod account;
mod article;
mod audit;
mod body;
mod channel;
mod key;
mod manuscript;
mod media;
mod placement;
mod ranking;
mod site;
mod source;
mod tag;
mod takedown;
mod topic;
mod view;
mod withdrawal;
mod word;

pub use account::{Account, Me, Permission, Role, SessionTokens};
pub use article::Article;
pub use audit::{AuditConnection, AuditFilter};
pub use body::Body;
pub use channel::{Channel, ChannelKind};
pub use key::ApiKey;
pub use manuscript::{ArticleState, Correction, Manuscript, ManuscriptConnection, ManuscriptCount, ManuscriptFilter, WordMatch};
pub use media::{Attachment, GalleryImage, Media};
pub use placement::{Placement, PlacementSlot};
pub use ranking::{HistoryUnit, Ranking, RankingArguments, RankingBy, RankingScope, RankingWindow, ViewsAt};
pub use site::{Page, Site};
pub use source::{Author, Source};
pub use tag::Tag;
pub use takedown::{Takedown, TakedownConnection, TakedownState, WithdrawalReport};
pub use topic::Topic;
pub use view::ViewStats;
pub use withdrawal::Withdrawal;
pub use word::{SensitiveWord, SensitiveWordAction};
