//! What a partner has used in a day.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "contract_usage")]
pub struct Model {
    /// The contract.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contract_id: i64,
    /// Days since 1970, in UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i64,
    /// Requests that were answered.
    pub requests: i64,
    /// Requests that were refused.
    pub refused: i64,
    /// What they cost.
    pub cost: i64,
    /// Embeds that were shown, which are no requests.
    pub embeds: i64,
    /// Articles in the answers.
    pub items: i64,
    /// Bytes of the answers' bodies, before packing.
    pub bytes: i64,
    /// The last request.
    pub last_at: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `contract_id`.
    #[sea_orm(belongs_to = "super::contract::Entity", from = "Column::ContractId", to = "super::contract::Column::Id")]
    Contract,
}

impl ActiveModelBehavior for ActiveModel {}
