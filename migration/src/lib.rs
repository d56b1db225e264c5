//! Changes of the tables over time, in order, for SQLite and PostgreSQL alike.
//! Append-only: a migration that has been released is never edited; a later one corrects it.

pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m20261122_000001_content;
mod m20261122_000002_staff;
mod m20261122_000003_withdrawal;
mod m20261123_000004_workflow;
mod m20261123_000005_was_live;
mod m20261123_000006_views;
mod m20261123_000007_rankings;
mod m20261123_000008_search;
mod m20261123_000009_searches;
mod m20261123_000010_related;
mod m20261123_000011_reposts;
mod m20261129_000012_partners;
mod table;

/// Every migration, oldest first.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_content::Migration),
            Box::new(m20261122_000002_staff::Migration),
            Box::new(m20261122_000003_withdrawal::Migration),
            Box::new(m20261123_000004_workflow::Migration),
            Box::new(m20261123_000005_was_live::Migration),
            Box::new(m20261123_000006_views::Migration),
            Box::new(m20261123_000007_rankings::Migration),
            Box::new(m20261123_000008_search::Migration),
            Box::new(m20261123_000009_searches::Migration),
            Box::new(m20261123_000010_related::Migration),
            Box::new(m20261123_000011_reposts::Migration),
            Box::new(m20261129_000012_partners::Migration),
        ]
    }
}
