//! A word to look out for.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sensitive_word")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// As it is looked for; unique.
    pub word: String,
    /// `hold`, `replace` or `refuse`.
    pub action: String,
    /// What stands in its place.
    pub replacement: Option<String>,
    /// Why, for those who write.
    pub note: Option<String>,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
