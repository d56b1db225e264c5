//! How many searched for each query on each day.

use sea_orm_migration::prelude::*;

use crate::table::{Plan, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[plan("search_query", &["day", "query"], "day int, query text, searches int, found int", &[])];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
