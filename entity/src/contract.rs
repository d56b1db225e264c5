//! What a partner may have, and how much of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "contract")]
pub struct Model {
    /// Stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// Whose it is.
    pub name: String,
    /// Who can be reached there.
    pub contact: Option<String>,
    /// For those who work here.
    pub note: Option<String>,
    /// JSON array of the lists (as `listing.scope`) whose articles it may have; empty: all.
    pub lists: String,
    /// How much of an article: `headline`, `summary` or `full`.
    pub fields: String,
    /// How long after publication.
    pub delay_secs: i64,
    /// What must be shown with each article.
    pub attribution: Option<String>,
    /// Which address is canonical: `portal` or `original`.
    pub canonical: String,
    /// Requests in a minute.
    pub requests_per_minute: Option<i64>,
    /// Requests in a day.
    pub requests_per_day: Option<i64>,
    /// Cost in a minute.
    pub cost_per_minute: Option<i64>,
    /// Cost in a day.
    pub cost_per_day: Option<i64>,
    /// JSON array of the origins whose pages may show embeds.
    pub origins: String,
    /// Names the contract in embeds, where everybody reads it; unique.
    #[sea_orm(unique)]
    pub embed_key: String,
    /// From when on it holds.
    pub starts_at: Option<i64>,
    /// Until when.
    pub ends_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub changed_at: i64,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
