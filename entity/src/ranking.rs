//! The most read articles (点击排行) of a scope in a window. Derived; filled anew by `ranking/`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "ranking")]
pub struct Model {
    /// As in `listing`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: i64,
    /// 0 hour, 1 day, 2 week, 3 month, 4 all.
    #[sea_orm(primary_key, auto_increment = false)]
    pub time_window: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rank: i64,
    /// The article.
    pub article_id: i64,
    /// Views that count for this window.
    pub views: i64,
    /// Rank before the last refresh.
    pub previous_rank: Option<i64>,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
