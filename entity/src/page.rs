//! A footer page (关于我们, 联系方式 …).

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "page")]
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
    /// Plain text.
    pub title: String,
    /// Sanitised HTML.
    pub body: String,
    /// Order in the footer.
    pub position: i64,
    /// Last change.
    pub updated_at: i64,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
