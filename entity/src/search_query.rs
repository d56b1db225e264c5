//! How many searched for a query on a day.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "search_query")]
pub struct Model {
    /// The day, since 1970-01-01 (UTC).
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// Folded.
    #[sea_orm(primary_key, auto_increment = false)]
    pub query: String,
    /// How many visitors.
    pub searches: i64,
    /// How many articles were found last.
    pub found: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
