//! Articles that are one text, more or less: a cluster is a text, its head, and all that have it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row for each article of a cluster, the head too; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "repost")]
pub struct Model {
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// The article whose text the others were compared with; the article itself if it is that one.
    pub head_id: i64,
    /// The key of the head's text, which the rows of all articles of the cluster have.
    pub cluster: i64,
    /// When readers see it first: who is first is the original.
    pub published_at: i64,
    /// How much of it stands in the head's text, or the other way round, 0 to 1.
    pub likeness: f64,
    /// The key of its own text.
    pub text_key: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
    /// Through `head_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::HeadId", to = "super::article::Column::Id")]
    Head,
}

impl ActiveModelBehavior for ActiveModel {}
