//! What became of a write that carried a key, so that it is done once however often it is sent.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "receipt")]
pub struct Model {
    /// Who sent it, as the journal writes actors.
    #[sea_orm(primary_key, auto_increment = false)]
    pub actor: String,
    /// Their key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// The field of the operation.
    #[sea_orm(primary_key, auto_increment = false)]
    pub path: String,
    /// Fingerprint of the operation with its variables.
    pub request: i64,
    /// JSON; none while it is being written.
    pub result: Option<String>,
    /// When.
    pub at: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
