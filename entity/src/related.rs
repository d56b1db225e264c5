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
    /// Order, from 0; below 0 what editors have blocked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i64,
    /// The related article.
    pub related_id: i64,
    /// `editor`, `shared_terms`, `shared_tags`, `same_topic` or `blocked`.
    pub reason: String,
    /// How much the two have in common, about 0 to 1; 0 for what editors say.
    pub score: f64,
    /// Words that both have, as JSON.
    pub terms: String,
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
