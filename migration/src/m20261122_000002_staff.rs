//! Who works here: accounts, their sessions, keys of programs, failed attempts to sign in; and the journal by whom and what.
//! Secrets are kept as hashes only: passwords by Argon2id, tokens and keys, which are random, by SHA-256.

use sea_orm_migration::prelude::*;

use crate::table::{IndexPlan, Plan, create_indexes, create_tables, drop_tables, plan};

/// See the module.
#[derive(DeriveMigrationName)]
pub struct Migration;

const TABLES: &[Plan] = &[
    plan(
        "account",
        &["id"],
        "id int, login text, name text, role text, password text, password_is_one_time bool, created_at int, disabled_at int?",
        &[],
    ),
    plan(
        "session",
        &["id"],
        "id int, account_id int, access text, access_expires_at int, refresh text, family text, expires_at int, created_at int",
        &[("account_id", "account")],
    ),
    plan(
        "api_key",
        &["id"],
        "id int, name text, hint text, secret text, scopes text, created_by int?, created_at int, expires_at int?, revoked_at int?",
        &[("created_by", "account")],
    ),
    plan("attempt", &["subject"], "subject text, failures int, next_at int", &[]),
];

const INDEXES: &[IndexPlan] = &[
    ("account", &["login"], true),
    ("session", &["access"], true),
    ("session", &["refresh"], true),
    ("session", &["family"], true),
    ("session", &["account_id"], false),
    ("session", &["expires_at"], false),
    ("api_key", &["secret"], true),
    ("api_key", &["created_by"], false),
    ("attempt", &["next_at"], false),
    ("journal", &["entity", "entity_id", "seq"], false),
    ("journal", &["actor", "seq"], false),
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_tables(manager, TABLES).await?;
        create_indexes(manager, INDEXES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, columns, _) in INDEXES.iter().filter(|(table, ..)| *table == "journal") {
            let name = format!("{table}_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table(Alias::new(*table)).to_owned()).await?;
        }
        drop_tables(manager, TABLES).await
    }
}
