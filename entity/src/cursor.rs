//! How far a reader of the journal has come.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "cursor")]
pub struct Model {
    /// Who reads.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// The last entry that it has done.
    pub seq: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
