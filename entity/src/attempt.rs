//! Attempts to sign in since the last that worked.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "attempt")]
pub struct Model {
    /// `login:NAME` or `address:IP`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject: String,
    /// How many.
    pub failures: i64,
    /// No attempt is looked at before this instant.
    pub next_at: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
