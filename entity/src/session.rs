//! A signed-in account. Its two tokens are kept as SHA-256 in hexadecimal digits.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// Stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Whose it is.
    pub account_id: i64,
    /// Hash of the token that requests carry; unique.
    #[sea_orm(unique)]
    pub access: String,
    /// Until when that works.
    pub access_expires_at: i64,
    /// Hash of the token that gets new tokens; unique.
    #[sea_orm(unique)]
    pub refresh: String,
    /// Hash of what all its refresh tokens begin with: who shows an older one has stolen it, or was robbed; unique.
    #[sea_orm(unique)]
    pub family: String,
    /// Until when the session can be refreshed.
    pub expires_at: i64,
    /// When they signed in.
    pub created_at: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `account_id`.
    #[sea_orm(belongs_to = "super::account::Entity", from = "Column::AccountId", to = "super::account::Column::Id")]
    Account,
}

impl ActiveModelBehavior for ActiveModel {}
