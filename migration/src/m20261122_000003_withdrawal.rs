//! Articles that were taken away for good: when, by whom, why, and what may be said of it.

use sea_orm_migration::prelude::*;

use crate::table::{Plan, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[plan(
    "withdrawal",
    &["article_id"],
    "article_id int, at int, actor text, reason text, notice text?",
    &[("article_id", "article")],
)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
