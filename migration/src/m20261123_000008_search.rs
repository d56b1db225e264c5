//! Words of the portal's own, with which the search index cuts texts.

use sea_orm_migration::prelude::*;

use crate::table::{IndexPlan, Plan, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[plan("search_word", &["id"], "id int, word text, added_at int", &[])];

const INDEXES: &[IndexPlan] = &[("search_word", &["word"], true)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await?;
        create_indexes(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
