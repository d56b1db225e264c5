//! A key by which a program works for the portal.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "api_key")]
pub struct Model {
    /// Stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Its first characters, to tell keys apart.
    pub hint: String,
    /// SHA-256 of the key in hexadecimal digits; unique.
    #[sea_orm(unique)]
    pub secret: String,
    /// JSON array of what it may do.
    pub scopes: String,
    /// Who made it; nobody if the command line did.
    pub created_by: Option<i64>,
    /// When.
    pub created_at: i64,
    /// Until when it works.
    pub expires_at: Option<i64>,
    /// Since when it does not.
    pub revoked_at: Option<i64>,
    /// The contract of the partner who has it; nobody's if it works for the portal.
    pub contract_id: Option<i64>,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `created_by`.
    #[sea_orm(belongs_to = "super::account::Entity", from = "Column::CreatedBy", to = "super::account::Column::Id")]
    Account,
}

impl ActiveModelBehavior for ActiveModel {}
