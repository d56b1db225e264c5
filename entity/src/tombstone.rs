//! An article that has left a list, for those who have taken it from there. It counts for as long as the article is not published.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "tombstone")]
pub struct Model {
    /// The list, as in `listing`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: i64,
    /// When.
    #[sea_orm(primary_key, auto_increment = false)]
    pub at: i64,
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// When it was published.
    pub published_at: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
