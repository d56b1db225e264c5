//! Views that do not count, by hour, reason and article.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "view_excluded")]
pub struct Model {
    /// Hours since 1970-01-01T00:00:00Z.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hour: i64,
    /// 0 a robot, 1 fetched ahead, 2 the same visitor again, 3 a burst.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reason: i64,
    /// The article.
    #[sea_orm(primary_key, auto_increment = false)]
    pub article_id: i64,
    /// How many.
    pub views: i64,
}

/// Articles are not deleted, and views come too often to ask for each.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
