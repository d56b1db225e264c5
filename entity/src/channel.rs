//! A channel (频道) of the tree; a park (园区) is a kind of channel.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "channel")]
pub struct Model {
    /// Kept by export and import, so public ids are stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The name by which imports know this record; unique in its kind.
    #[sea_orm(unique)]
    pub external_id: String,
    /// The channel above; none for a root.
    pub parent_id: Option<i64>,
    /// Name in addresses; unique.
    #[sea_orm(unique)]
    pub slug: String,
    /// Plain text.
    pub name: String,
    /// `channel` or `park`.
    pub kind: String,
    /// Order among siblings.
    pub position: i64,
    /// Plain text.
    pub description: Option<String>,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
