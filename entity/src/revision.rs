//! What an article said at a time. Never changed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "revision")]
pub struct Model {
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// When it was written.
    pub at: i64,
    /// Who wrote it, as the journal writes actors.
    pub actor: String,
    /// `import`, `edit`, `restore` or `replace`.
    pub origin: String,
    /// JSON, see `editorial::Content`.
    pub content: String,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
