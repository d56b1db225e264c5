//! Related items (同类资讯), best first.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "related")]
pub struct Model {
    /// The article it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// Order, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// The related article.
    pub related_id: i64,
    /// `editor`, `shared_tags` or `same_channel`.
    pub reason: String,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
    /// Through `related_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::RelatedId", to = "super::article::Column::Id")]
    Related,
}

impl ActiveModelBehavior for ActiveModel {}
