//! How an article is worked on: where it is on its way, and which of its revisions is whose.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "manuscript")]
pub struct Model {
    /// The article; its row guards this one: whoever changes either has locked it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// A word of the state machine of `editorial/`.
    pub state: String,
    /// Readers see the article.
    pub is_live: bool,
    /// Grows by one with every change: who changes a manuscript says which version they have seen.
    pub version: i64,
    /// The newest revision of what is worked on; 0 while the article's rows are all there is.
    pub head: i64,
    /// The revision that readers see; 0 if there is none, or none was kept.
    pub live: i64,
    /// Title of the head.
    pub title: String,
    /// Main channel of the head.
    pub channel_id: i64,
    /// Who began it, as the journal writes actors.
    pub created_by: String,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: i64,
    /// When it will be published; only while it is scheduled.
    pub publish_at: Option<i64>,
    /// When readers will see it no more.
    pub unpublish_at: Option<i64>,
    /// Why it was rejected.
    pub note: Option<String>,
    /// What readers are told of the next publication.
    pub correction: Option<String>,
    /// The next publication is a change that readers should notice.
    pub is_significant: bool,
    /// JSON list of the sensitive words that hold it up.
    pub held: Option<String>,
    /// Readers see the article or have seen it: they have links to it.
    pub was_live: bool,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
