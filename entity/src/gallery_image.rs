//! A picture of an article's gallery.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "gallery_image")]
pub struct Model {
    /// The article it belongs to.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// Order, from 0.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// The picture.
    pub media_id: i64,
    /// Plain text.
    pub caption: Option<String>,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
    /// Through `media_id`.
    #[sea_orm(belongs_to = "super::media::Entity", from = "Column::MediaId", to = "super::media::Column::Id")]
    Media,
}

impl ActiveModelBehavior for ActiveModel {}
