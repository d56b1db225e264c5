//! One page of an article's body.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "article_body")]
pub struct Model {
    /// The article it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub page: i64,
    /// Title of the page, where the body has several.
    pub title: Option<String>,
    /// Sanitised HTML.
    pub html: String,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
