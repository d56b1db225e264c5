//! Articles that are one text, more or less: a cluster is its original and the reposts of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row for each article of a cluster, the original too.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "repost")]
pub struct Model {
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// The article of the cluster that was published first; the article itself if it is that one.
    pub original_id: i64,
    /// The key that the rows of all articles of the cluster have.
    pub cluster: i64,
    /// How much of it stands in another of the cluster, 0 to 1.
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
    /// Through `original_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::OriginalId", to = "super::article::Column::Id")]
    Original,
}

impl ActiveModelBehavior for ActiveModel {}
