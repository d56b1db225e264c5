//! Related items say how much they have in common and which words; work on all articles says how far it has come.

use sea_orm_migration::prelude::*;

use crate::table::{Plan, add_column, column, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// All articles with numbers below `below` are still to be worked on.
const TABLES: &[Plan] = &[plan("backlog", &["name"], "name text, below int", &[])];

const TABLE: &str = "related";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await?;
        add_column(manager, TABLE, "score", "real", 0).await?;
        if !manager.has_column(TABLE, "terms").await? {
            let mut terms = column(manager.get_database_backend(), "terms", "text");
            manager.alter_table(Table::alter().table(Alias::new(TABLE)).add_column(terms.default("[]")).take()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["terms", "score"] {
            manager.alter_table(Table::alter().table(Alias::new(TABLE)).drop_column(Alias::new(column)).take()).await?;
        }
        drop_tables(manager, TABLES).await
    }
}
