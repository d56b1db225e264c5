//! How often an article was read here; what an import says of former times is in `article`.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "view_total")]
pub struct Model {
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// Views that count.
    pub views: i64,
    /// What they are worth where they fade, as of half-life number `weighed_at` (`ranking::weight`).
    pub weight: f64,
    /// Half-lives since 1970.
    pub weighed_at: i64,
}

/// Articles are not deleted, and views come too often to ask for each.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
