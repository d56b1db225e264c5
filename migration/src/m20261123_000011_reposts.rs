//! Which articles are one text.

use sea_orm_migration::prelude::*;

use crate::table::{IndexPlan, Plan, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[plan(
    "repost",
    &["article_id"],
    "article_id int, original_id int, cluster int, likeness real, text_key int",
    &[("article_id", "article"), ("original_id", "article")],
)];

const INDEXES: &[IndexPlan] = &[("repost", &["original_id", "article_id"], false)];

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
