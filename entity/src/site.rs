//! The portal's own settings: one row.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "site")]
pub struct Model {
    /// Kept by export and import, so public ids are stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The name by which imports know this record; unique in its kind.
    #[sea_orm(unique)]
    pub external_id: String,
    /// Name of the portal.
    pub name: String,
    /// Line under the name (口号).
    pub slogan: Option<String>,
    /// BCP 47 tag of the portal's main language.
    pub language: String,
    /// IANA name; instants are shown with its offset.
    pub time_zone: String,
    /// Absolute address of the portal, no slash at the end.
    pub url: String,
    /// Pattern of an article's address under `url`; `{id}` and `{slug}` are replaced.
    pub article_path: String,
    /// ICP filing number (备案号).
    pub icp_number: Option<String>,
    /// Public security filing number (公安备案号).
    pub police_number: Option<String>,
    /// Shown under articles whose source has none of its own (免责声明).
    pub disclaimer: Option<String>,
    /// Where a complaint goes.
    pub takedown_contact: Option<String>,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
