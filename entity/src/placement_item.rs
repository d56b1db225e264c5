//! An article in a slot, with a time window.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "placement_item")]
pub struct Model {
    /// The slot.
    #[sea_orm(primary_key, auto_increment = false)]
    pub placement_id: i64,
    /// Order, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// The article.
    pub article_id: i64,
    /// Shown instead of the title.
    pub label: Option<String>,
    /// Shown from this instant on.
    pub starts_at: Option<i64>,
    /// Shown before this instant.
    pub ends_at: Option<i64>,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `placement_id`.
    #[sea_orm(belongs_to = "super::placement::Entity", from = "Column::PlacementId", to = "super::placement::Column::Id")]
    Placement,
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
