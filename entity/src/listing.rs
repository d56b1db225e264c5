//! Which published articles stand in which list: one row per scope and article, in the order lists are read.
//! Derived from `article` by `editorial/` in the same transaction; the only table that lists are cut from.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "listing")]
pub struct Model {
    /// What is listed: site, channel, tag … packed into one number by `db::Scope`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: i64,
    /// As in `article`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub published_at: i64,
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// As in `article`.
    pub expires_at: i64,
    /// As in `article`.
    pub view_count: i64,
    /// The article has a cover.
    pub has_cover: bool,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
