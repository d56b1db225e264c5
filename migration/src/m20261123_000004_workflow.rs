//! How articles are worked on: each has a manuscript, which says where it is on its way, and revisions of its content; notes
//! of corrections; words to look out for; claims that something be taken down; what became of writes that carry a key; how far the journal's
//! readers have come.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

use crate::table::{IndexPlan, Plan, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[
    plan(
        "manuscript",
        &["article_id"],
        "article_id int, state text, is_live bool, version int, head int, live int, title text, channel_id int, created_by text, changed_by text, changed_at int, publish_at int?, unpublish_at int?, note text?, correction text?, is_significant bool, held text?",
        &[("article_id", "article"), ("channel_id", "channel")],
    ),
    plan(
        "revision",
        &["article_id", "number"],
        "article_id int, number int, at int, actor text, origin text, content text",
        &[("article_id", "article")],
    ),
    plan("correction", &["article_id", "at"], "article_id int, at int, note text", &[("article_id", "article")]),
    plan("sensitive_word", &["id"], "id int, word text, action text, replacement text?, note text?", &[]),
    plan(
        "takedown",
        &["id"],
        "id int, article_id int?, address text, name text, contact text, claim text, state text, note text?, created_at int, closed_at int?, closed_by text?",
        &[("article_id", "article")],
    ),
    plan("receipt", &["actor", "key", "path"], "actor text, key text, path text, request int, result text?, at int", &[]),
    plan("cursor", &["name"], "name text, seq int", &[]),
    plan("secret", &["name"], "name text, value text", &[]),
    plan(
        "fetched",
        &["article_id", "key_id"],
        "article_id int, key_id int, first_at int, last_at int",
        &[("article_id", "article")],
    ),
];

const INDEXES: &[IndexPlan] = &[
    ("manuscript", &["state", "changed_at", "article_id"], false),
    ("manuscript", &["changed_at", "article_id"], false),
    ("manuscript", &["created_by", "changed_at", "article_id"], false),
    ("manuscript", &["channel_id"], false),
    ("manuscript", &["publish_at", "article_id"], false),
    ("manuscript", &["unpublish_at", "article_id"], false),
    ("sensitive_word", &["word"], true),
    ("takedown", &["state", "id"], false),
    ("takedown", &["article_id"], false),
    ("receipt", &["at"], false),
];

/// What is there already gets its manuscript too: what is before its time is scheduled, and what ends at a time of its own
/// (before the end of all times) is taken off then.
fn fill(backend: DbBackend) -> String {
    let now = match backend {
        DbBackend::Sqlite => "CAST(strftime('%s', 'now') AS integer) * 1000",
        _ => "CAST(extract(epoch FROM now()) * 1000 AS bigint)",
    };
    let is_future = format!("status = 'published' AND published_at > {now}");
    format!(
        "INSERT INTO manuscript (article_id, state, is_live, version, head, live, title, channel_id, created_by, changed_by, changed_at, \
         publish_at, unpublish_at, is_significant) \
         SELECT id, CASE WHEN {is_future} THEN 'scheduled' ELSE status END, status = 'published' AND NOT ({is_future}), 1, 0, 0, title, \
         channel_id, 'import', 'import', modified_at, CASE WHEN {is_future} THEN published_at END, \
         CASE WHEN expires_at < 9223372036854775807 AND status = 'published' THEN expires_at END, false FROM article \
         WHERE NOT EXISTS (SELECT 1 FROM manuscript m WHERE m.article_id = article.id)"
    )
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await?;
        create_indexes(manager, INDEXES).await?;
        manager.get_connection().execute_unprepared(&fill(manager.get_database_backend())).await.map(drop)
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
