//! A topic (专题): a hand-made collection with a cover.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "topic")]
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
    /// Plain text.
    pub summary: Option<String>,
    /// Picture.
    pub cover_id: Option<i64>,
    /// Order among topics.
    pub position: i64,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `cover_id`.
    #[sea_orm(belongs_to = "super::media::Entity", from = "Column::CoverId", to = "super::media::Column::Id")]
    Cover,
}

impl ActiveModelBehavior for ActiveModel {}
