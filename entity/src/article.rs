//! An article's card: all that lists and headers show. Bodies are in `article_body`; lists never read them.
//! Small nouns are ordered id lists on the row (JSON arrays); which articles stand in a list is in `listing`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "article")]
pub struct Model {
    /// Kept by export and import, so public ids are stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The name by which imports know this record; unique in its kind.
    #[sea_orm(unique)]
    pub external_id: String,
    /// Number in the system the article came from; unique.
    #[sea_orm(unique)]
    pub legacy_id: Option<String>,
    /// Name in addresses; unique.
    #[sea_orm(unique)]
    pub slug: String,
    /// Plain text.
    pub title: String,
    /// Plain text.
    pub subtitle: Option<String>,
    /// Editor's own, else an excerpt (核心提示).
    pub summary: String,
    /// The summary was cut from the body.
    pub summary_is_excerpt: bool,
    /// BCP 47 tag.
    pub language: String,
    /// `draft`, `published` or `withdrawn`.
    pub status: String,
    /// Visible from this instant on.
    pub published_at: i64,
    /// Last change of any kind.
    pub modified_at: i64,
    /// Last change that readers should notice.
    pub significant_at: Option<i64>,
    /// Visible before this instant; `i64::MAX` for ever.
    pub expires_at: i64,
    /// Main channel.
    pub channel_id: i64,
    /// Every channel, the main one first.
    pub channel_ids: String,
    /// Tags in order.
    pub tag_ids: String,
    /// Topics in order.
    pub topic_ids: String,
    /// Authors in order.
    pub author_ids: String,
    /// Source of a repost.
    pub source_id: Option<i64>,
    /// Where the repost was taken from.
    pub source_url: Option<String>,
    /// The address search engines shall prefer, if not ours.
    pub canonical_url: Option<String>,
    /// Cover picture.
    pub cover_id: Option<i64>,
    /// Views in all, as far as what was read here has been added.
    pub view_count: i64,
    /// Views that it came with from elsewhere.
    pub imported_views: i64,
    /// Fingerprint of its text: equal for reposts of one text; 0 if there is too little.
    pub text_key: i64,
    /// Chinese characters plus words of other scripts in the body.
    pub word_count: i64,
    /// Pages of the body; 0 without a body.
    pub page_count: i64,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `channel_id`.
    #[sea_orm(belongs_to = "super::channel::Entity", from = "Column::ChannelId", to = "super::channel::Column::Id")]
    Channel,
    /// Through `source_id`.
    #[sea_orm(belongs_to = "super::source::Entity", from = "Column::SourceId", to = "super::source::Column::Id")]
    Source,
    /// Through `cover_id`.
    #[sea_orm(belongs_to = "super::media::Entity", from = "Column::CoverId", to = "super::media::Column::Id")]
    Cover,
}

impl ActiveModelBehavior for ActiveModel {}
