//! Where reposted articles come from (来源), with its rights.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "source")]
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
    pub name: String,
    /// Home of the source.
    pub url: Option<String>,
    /// Licence name or SPDX expression.
    pub licence: Option<String>,
    /// Line that must be shown.
    pub attribution: Option<String>,
    /// Shown instead of the site's (免责声明).
    pub disclaimer: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// What may be passed on of its articles: `none`, `headline`, `summary` or `full`; nothing: what its licence says.
    pub syndication: Option<String>,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
