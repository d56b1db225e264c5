//! A claim that something be taken down, and what became of it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "takedown")]
pub struct Model {
    /// Its number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The article it is about, if it is known.
    pub article_id: Option<i64>,
    /// The address it is about, as it was given.
    pub address: String,
    /// Who claims.
    pub name: String,
    /// How they can be reached.
    pub contact: String,
    /// What is wrong.
    pub claim: String,
    /// `open`, `upheld` or `refused`.
    pub state: String,
    /// What was decided, for those who work here.
    pub note: Option<String>,
    /// When it came.
    pub created_at: i64,
    /// When it was decided.
    pub closed_at: Option<i64>,
    /// By whom, as the journal writes actors.
    pub closed_by: Option<String>,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `article_id`.
    #[sea_orm(belongs_to = "super::article::Entity", from = "Column::ArticleId", to = "super::article::Column::Id")]
    Article,
}

impl ActiveModelBehavior for ActiveModel {}
