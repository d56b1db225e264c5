//! A tag (标签).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "tag")]
pub struct Model {
    /// Kept by export and import, so public ids are stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The name by which imports know this record; unique in its kind.
    #[sea_orm(unique)]
    pub external_id: String,
    /// Name in addresses; unique.
    #[sea_orm(unique)]
    pub slug: String,
    /// Plain text; unique.
    #[sea_orm(unique)]
    pub name: String,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
