//! Whether readers have ever seen an article is a fact of its own: what they have links to keeps its address.

use sea_orm_migration::prelude::*;

use crate::table::column;

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLE: &str = "manuscript";
const COLUMN: &str = "was_live";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite changes tables outside transactions here: a start that was killed half-way goes on where it stopped.
        if !manager.has_column(TABLE, COLUMN).await? {
            let mut column = column(manager.get_database_backend(), COLUMN, "bool");
            let added = Table::alter().table(Alias::new(TABLE)).add_column(column.default(false)).take();
            manager.alter_table(added).await?;
        }
        // Those whose state does not tell are taken for seen: their slug stays.
        let seen = "UPDATE manuscript SET was_live = true WHERE is_live OR live > 0 OR state IN ('archived', 'withdrawn')";
        manager.get_connection().execute_unprepared(seen).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table(Alias::new(TABLE)).drop_column(Alias::new(COLUMN)).take()).await
    }
}
