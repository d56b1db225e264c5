//! The content model: small nouns, articles with their bodies apart, lists, placements, rankings, redirects, journal.
//! Instants are milliseconds since 1970 in both databases: one type, one order, the same bytes in every answer.

use sea_orm_migration::prelude::*;

use crate::table::{Plan, column, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Parents stand before children, because a foreign key needs its table.
const TABLES: &[Plan] = &[
    plan(
        "site",
        &["id"],
        "id int, external_id text, name text, slogan text?, language text, time_zone text, url text, article_path text, icp_number text?, police_number text?, disclaimer text?, takedown_contact text?, import_hash int",
        &[],
    ),
    plan(
        "media",
        &["id"],
        "id int, external_id text, url text, width int, height int, alt text?, credit text?, focal_x real?, focal_y real?, dominant_color text?, mime_type text?, import_hash int",
        &[],
    ),
    plan(
        "page",
        &["id"],
        "id int, external_id text, slug text, title text, body text, position int, updated_at int, import_hash int",
        &[],
    ),
    plan(
        "channel",
        &["id"],
        "id int, external_id text, parent_id int?, slug text, name text, kind text, position int, description text?, import_hash int",
        &[("parent_id", "channel")],
    ),
    plan("tag", &["id"], "id int, external_id text, slug text, name text, import_hash int", &[]),
    plan(
        "topic",
        &["id"],
        "id int, external_id text, slug text, title text, summary text?, cover_id int?, position int, import_hash int",
        &[("cover_id", "media")],
    ),
    plan(
        "source",
        &["id"],
        "id int, external_id text, slug text, name text, url text?, licence text?, attribution text?, disclaimer text?, contact text?, import_hash int",
        &[],
    ),
    plan("author", &["id"], "id int, external_id text, slug text, name text, bio text?, import_hash int", &[]),
    plan(
        "navigation",
        &["id"],
        "id int, external_id text, parent_id int?, position int, label text, channel_id int?, topic_id int?, page_id int?, url text?, import_hash int",
        &[("parent_id", "navigation"), ("channel_id", "channel"), ("topic_id", "topic"), ("page_id", "page")],
    ),
    plan(
        "article",
        &["id"],
        "id int, external_id text, legacy_id text?, slug text, title text, subtitle text?, summary text, summary_is_excerpt bool, language text, status text, published_at int, modified_at int, significant_at int?, expires_at int, channel_id int, channel_ids text, tag_ids text, topic_ids text, author_ids text, source_id int?, source_url text?, canonical_url text?, cover_id int?, view_count int, word_count int, page_count int, import_hash int",
        &[("channel_id", "channel"), ("source_id", "source"), ("cover_id", "media")],
    ),
    plan(
        "article_body",
        &["article_id", "page"],
        "article_id int, page int, title text?, html text",
        &[("article_id", "article")],
    ),
    plan(
        "gallery_image",
        &["article_id", "position"],
        "article_id int, position int, media_id int, caption text?",
        &[("article_id", "article"), ("media_id", "media")],
    ),
    plan(
        "attachment",
        &["article_id", "position"],
        "article_id int, position int, name text, url text, mime_type text?, size_bytes int?",
        &[("article_id", "article")],
    ),
    plan(
        "listing",
        &["scope", "published_at", "article_id"],
        "scope int, published_at int, article_id int, expires_at int, view_count int, has_cover bool",
        &[("article_id", "article")],
    ),
    plan(
        "placement",
        &["id"],
        "id int, external_id text, slot text, channel_id int?, import_hash int",
        &[("channel_id", "channel")],
    ),
    plan(
        "placement_item",
        &["placement_id", "position"],
        "placement_id int, position int, article_id int, label text?, starts_at int?, ends_at int?",
        &[("placement_id", "placement"), ("article_id", "article")],
    ),
    plan(
        "related",
        &["article_id", "position"],
        "article_id int, position int, related_id int, reason text",
        &[("article_id", "article"), ("related_id", "article")],
    ),
    plan(
        "ranking",
        &["scope", "time_window", "rank"],
        "scope int, time_window int, rank int, article_id int, views int, previous_rank int?",
        &[("article_id", "article")],
    ),
    plan(
        "redirect",
        &["id"],
        "id int, external_id text, address text, article_id int, import_hash int",
        &[("article_id", "article")],
    ),
    plan("id_counter", &["name"], "name text, last int", &[]),
];

/// Unique columns, then plain indexes: (table, columns, unique). Every foreign key that a delete must follow has one.
const INDEXES: &[(&str, &[&str], bool)] = &[
    ("site", &["external_id"], true),
    ("media", &["external_id"], true),
    ("page", &["external_id"], true),
    ("page", &["slug"], true),
    ("channel", &["external_id"], true),
    ("channel", &["slug"], true),
    ("tag", &["external_id"], true),
    ("tag", &["slug"], true),
    ("tag", &["name"], true),
    ("topic", &["external_id"], true),
    ("topic", &["slug"], true),
    ("source", &["external_id"], true),
    ("source", &["slug"], true),
    ("author", &["external_id"], true),
    ("author", &["slug"], true),
    ("navigation", &["external_id"], true),
    ("placement", &["external_id"], true),
    ("redirect", &["external_id"], true),
    ("redirect", &["address"], true),
    ("article", &["external_id"], true),
    ("article", &["slug"], true),
    ("article", &["legacy_id"], true),
    ("listing", &["scope", "view_count", "article_id"], false),
    ("listing", &["article_id"], false),
    ("related", &["related_id"], false),
    ("ranking", &["article_id", "time_window"], false),
    ("placement_item", &["article_id"], false),
    ("redirect", &["article_id"], false),
    ("gallery_image", &["media_id"], false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let backend = manager.get_database_backend();
        create_tables(manager, TABLES).await?;
        let mut journal = Table::create();
        journal
            .table(Alias::new("journal"))
            .if_not_exists()
            .col(ColumnDef::new(Alias::new("seq")).big_integer().not_null().auto_increment().primary_key());
        for part in "at int, actor text, action text, entity text, entity_id int, revision int, payload text?".split(", ") {
            let (name, kind) = part.split_once(' ').expect("the plan writes `name kind`");
            journal.col(column(backend, name, kind));
        }
        manager.create_table(journal.take()).await?;
        create_indexes(manager, INDEXES).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Alias::new("journal")).take()).await?;
        drop_tables(manager, TABLES).await
    }
}
