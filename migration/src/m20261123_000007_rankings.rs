//! Rankings are derived by each program from what is read here, so their table goes; what is read is kept by minute for a day, by hour
//! for a month, by day after that. What an article brought along from elsewhere is told apart from what was read here.

use sea_orm_migration::prelude::*;

use crate::table::{IndexPlan, Plan, add_column, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[
    plan("view_minute", &["minute", "number"], "minute int, number int, views blob", &[]),
    plan("view_day", &["day", "article_id"], "day int, article_id int, views int", &[]),
    plan("ranking_step", &["kind"], "kind int, at int, lists blob", &[]),
];

const INDEXES: &[IndexPlan] = &[("view_minute", &["number", "minute"], false), ("view_day", &["article_id", "day"], false)];

const RANKING: Plan = plan(
    "ranking",
    &["scope", "time_window", "rank"],
    "scope int, time_window int, rank int, article_id int, views int, previous_rank int?",
    &[("article_id", "article")],
);

const COLUMNS: [(&str, &str, &str); 4] = [
    ("article", "imported_views", "int"),
    ("article", "text_key", "int"),
    ("view_total", "weight", "real"),
    ("view_total", "weighed_at", "int"),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name, kind) in COLUMNS {
            add_column(manager, table, name, kind, 0).await?;
        }
        // Until now nothing else was in it.
        manager.get_connection().execute_unprepared("UPDATE article SET imported_views = view_count").await?;
        create_tables(manager, TABLES).await?;
        create_indexes(manager, INDEXES).await?;
        manager.drop_table(Table::drop().table(Alias::new("ranking")).if_exists().take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, &[RANKING]).await?;
        drop_tables(manager, TABLES).await?;
        for (table, name, _) in COLUMNS {
            manager.alter_table(Table::alter().table(Alias::new(table)).drop_column(Alias::new(name)).take()).await?;
        }
        Ok(())
    }
}
