//! What things are. A type wraps a row; plain fields read it, relation fields are one call into `relation/`.

mod article;
mod body;
mod channel;
mod media;
mod placement;
mod ranking;
mod site;
mod source;
mod tag;
mod topic;

pub use article::Article;
pub use body::Body;
pub use channel::{Channel, ChannelKind};
pub use media::{Attachment, GalleryImage, Media};
pub use placement::Placement;
pub use ranking::{Ranking, RankingWindow};
pub use site::{Page, Site};
pub use source::{Author, Source};
pub use tag::Tag;
pub use topic::Topic;
