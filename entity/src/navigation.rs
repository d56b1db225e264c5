//! An entry of the navigation tree: leads to a channel, a topic, a page or an address.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One row; instants are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "navigation")]
pub struct Model {
    /// Kept by export and import, so public ids are stable.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i64,
    /// The name by which imports know this record; unique in its kind.
    #[sea_orm(unique)]
    pub external_id: String,
    /// The entry above; none for the first level.
    pub parent_id: Option<i64>,
    /// Order among siblings.
    pub position: i64,
    /// Text shown.
    pub label: String,
    /// Leads to a channel.
    pub channel_id: Option<i64>,
    /// Leads to a topic.
    pub topic_id: Option<i64>,
    /// Leads to a page.
    pub page_id: Option<i64>,
    /// Leads elsewhere.
    pub url: Option<String>,
    /// Fingerprint of the imported record; equal means unchanged, 0 means incomplete.
    pub import_hash: i64,
}

/// Where a row leads: the child names the parent, never back.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Through `channel_id`.
    #[sea_orm(belongs_to = "super::channel::Entity", from = "Column::ChannelId", to = "super::channel::Column::Id")]
    Channel,
    /// Through `topic_id`.
    #[sea_orm(belongs_to = "super::topic::Entity", from = "Column::TopicId", to = "super::topic::Column::Id")]
    Topic,
    /// Through `page_id`.
    #[sea_orm(belongs_to = "super::page::Entity", from = "Column::PageId", to = "super::page::Column::Id")]
    Page,
}

impl ActiveModelBehavior for ActiveModel {}
