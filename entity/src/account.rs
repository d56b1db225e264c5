//! Somebody who works for the portal.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// What they sign in with, lower case; unique. Of somebody whom an identity provider signs in: its issuer, a space, and
    /// their subject there.
    #[sea_orm(unique)]
    pub login: String,
    /// What others see.
    pub name: String,
    /// `reader`, `contributor`, `editor`, `chief` or `operator`.
    pub role: String,
    /// Argon2id in the PHC string format; empty for those whom an identity provider signs in.
    pub password: String,
    /// Must be replaced at the next sign-in.
    pub password_is_one_time: bool,
    /// When it was made.
    pub created_at: i64,
    /// Since when it is closed.
    pub disabled_at: Option<i64>,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
