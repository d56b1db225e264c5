//! Partners: contracts, what was used of them, keys that belong to one; what may be passed on of a source; and who has left which list,
//! so that those who have taken it can be told.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

use crate::table::{IndexPlan, Plan, column, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[
    plan(
        "contract",
        &["id"],
        "id int, name text, contact text?, note text?, lists text, fields text, delay_secs int, attribution text?, canonical text, requests_per_minute int?, requests_per_day int?, cost_per_minute int?, cost_per_day int?, origins text, embed_key text, starts_at int?, ends_at int?, created_at int, changed_at int",
        &[],
    ),
    plan(
        "contract_usage",
        &["contract_id", "day"],
        "contract_id int, day int, requests int, refused int, cost int, embeds int, items int, bytes int, last_at int",
        &[("contract_id", "contract")],
    ),
    // Along its key: the newest of a list.
    plan(
        "tombstone",
        &["scope", "at", "article_id"],
        "scope int, at int, article_id int, published_at int",
        &[("article_id", "article")],
    ),
];

const INDEXES: &[IndexPlan] = &[("contract", &["embed_key"], true), ("tombstone", &["article_id"], false)];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await?;
        create_indexes(manager, INDEXES).await?;
        for (table, name, kind) in [("source", "syndication", "text?"), ("api_key", "contract_id", "int?")] {
            if !manager.has_column(table, name).await? {
                let column = column(manager.get_database_backend(), name, kind);
                manager.alter_table(Table::alter().table(Alias::new(table)).add_column(column).take()).await?;
            }
        }
        bury(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [("source", "syndication"), ("api_key", "contract_id")] {
            manager.alter_table(Table::alter().table(Alias::new(table)).drop_column(Alias::new(name)).take()).await?;
        }
        drop_tables(manager, TABLES).await
    }
}

/// What was withdrawn before gets its tombstones: in every list that its row says it stood in, as the tree of channels is now.
async fn bury(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let each = |column: &str| match manager.get_database_backend() {
        DbBackend::Sqlite => format!("json_each(a.{column}) AS e"),
        _ => format!("json_array_elements_text(a.{column}::json) AS e(value)"),
    };
    let scopes = |column: &str, kind: i64| {
        format!(
            "SELECT CAST(e.value AS bigint) * 8 + {kind}, w.at, a.id, a.published_at FROM gone w, article a, {} WHERE a.id = w.article_id",
            each(column)
        )
    };
    let (channels, tags) = (scopes("channel_ids", 2), scopes("tag_ids", 3));
    let (topics, authors) = (scopes("topic_ids", 4), scopes("author_ids", 6));
    let sql = format!(
        "INSERT INTO tombstone (scope, at, article_id, published_at) \
         WITH RECURSIVE gone AS (SELECT article_id, at FROM withdrawal), own(scope, at, id, published_at) AS ({channels}), \
         above(channel, at, id, published_at) AS (SELECT o.scope / 8, o.at, o.id, o.published_at FROM own o \
           UNION SELECT c.parent_id, x.at, x.id, x.published_at FROM above x JOIN channel c ON c.id = x.channel WHERE c.parent_id IS NOT NULL) \
         SELECT 0, w.at, a.id, a.published_at FROM gone w JOIN article a ON a.id = w.article_id \
         UNION SELECT scope, at, id, published_at FROM own UNION SELECT channel * 8 + 1, at, id, published_at FROM above \
         UNION {tags} UNION {topics} UNION {authors} \
         UNION SELECT a.source_id * 8 + 5, w.at, a.id, a.published_at FROM gone w JOIN article a ON a.id = w.article_id \
         WHERE a.source_id IS NOT NULL ON CONFLICT DO NOTHING"
    );
    manager.get_connection().execute_unprepared(&sql).await.map(drop)
}
