//! A picture with what a page needs to place it before it has loaded.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "media")]
pub struct Model {
    /// Kept by export and import, so public ids are stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The name by which imports know this record; unique in its kind.
    #[sea_orm(unique)]
    pub external_id: String,
    /// Absolute, or a path under the site's address.
    pub url: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// Text for those who cannot see it.
    pub alt: Option<String>,
    /// Who must be named.
    pub credit: Option<String>,
    /// 0 left, 1 right.
    pub focal_x: Option<f64>,
    /// 0 top, 1 bottom.
    pub focal_y: Option<f64>,
    /// `#rrggbb`.
    pub dominant_color: Option<String>,
    /// Media type.
    pub mime_type: Option<String>,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
