//! Views: batches as they come, what they sum up to by article and hour, and what does not count with its reason.

use sea_orm_migration::prelude::*;

use crate::table::{IndexPlan, Plan, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[
    plan("view_batch", &["writer", "number"], "writer int, number int, at int, views blob, is_folded bool", &[]),
    plan("view_hour", &["hour", "article_id"], "hour int, article_id int, views int", &[]),
    plan("view_total", &["article_id"], "article_id int, views int", &[]),
    plan("view_excluded", &["hour", "reason", "article_id"], "hour int, reason int, article_id int, views int", &[]),
];

const INDEXES: &[IndexPlan] = &[
    ("view_batch", &["is_folded", "at"], false),
    ("view_batch", &["at", "writer", "number"], false),
    ("view_hour", &["article_id", "hour"], false),
];

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
