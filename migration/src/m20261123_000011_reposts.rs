//! Which articles are one text.

use sea_orm_migration::prelude::*;

use crate::table::{IndexPlan, Plan, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[plan(
    "repost",
    &["article_id"],
    "article_id int, head_id int, cluster int, published_at int, likeness real, text_key int",
    &[("article_id", "article"), ("head_id", "article")],
)];

const INDEXES: &[IndexPlan] = &[("repost", &["head_id", "published_at", "article_id"], false)];

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
