//! Every change, one row, written in the transaction that makes it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "journal")]
pub struct Model {
    /// Order of commits.
    #[sea_orm(primary_key)]
    pub seq: i64,
    /// When.
    pub at: i64,
    /// Who: `import`, `system` …
    pub actor: String,
    /// What happened, such as `article.published`.
    pub action: String,
    /// Kind of the thing.
    pub entity: String,
    /// Which.
    pub entity_id: i64,
    /// Fingerprint of the new state.
    pub revision: i64,
    /// JSON with what listeners need.
    pub payload: Option<String>,
}

/// No row of this table names another.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
