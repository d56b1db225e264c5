//! Loads the small nouns whole, through sea-orm: a few statements at start and when the journal says so.

use entity::{author, channel, navigation, page, placement, placement_item, site, source, tag, topic};
use sea_orm::{DatabaseConnection, DbErr, EntityTrait, QueryOrder, QuerySelect};

use super::connect::Database;
use super::tag::MOST_IN_CATALOG;
use crate::error::{Error, Result};

/// Every row of every small table, in the order readers see them.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "named after their tables")]
pub struct CatalogRows {
    pub site: Option<site::Model>,
    pub navigation: Vec<navigation::Model>,
    pub pages: Vec<page::Model>,
    pub channels: Vec<channel::Model>,
    /// None where they are more than are worth keeping.
    pub tags: Option<Vec<tag::Model>>,
    pub topics: Vec<topic::Model>,
    pub sources: Vec<source::Model>,
    pub authors: Vec<author::Model>,
    pub placements: Vec<placement::Model>,
    pub placement_items: Vec<placement_item::Model>,
}

/// Reads them all.
pub async fn load_catalog(db: &Database) -> Result<CatalogRows> {
    let on = db.writer();
    let failed = |error: sea_orm::DbErr| Error::internal(error);
    Ok(CatalogRows {
        site: site::Entity::find().order_by_asc(site::Column::Id).one(on).await.map_err(failed)?,
        navigation: navigation::Entity::find()
            .order_by_asc(navigation::Column::Position)
            .order_by_asc(navigation::Column::Id)
            .all(on)
            .await
            .map_err(failed)?,
        pages: page::Entity::find()
            .order_by_asc(page::Column::Position)
            .order_by_asc(page::Column::Id)
            .all(on)
            .await
            .map_err(failed)?,
        channels: channel::Entity::find()
            .order_by_asc(channel::Column::Position)
            .order_by_asc(channel::Column::Id)
            .all(on)
            .await
            .map_err(failed)?,
        tags: few_tags(on).await.map_err(failed)?,
        topics: topic::Entity::find()
            .order_by_asc(topic::Column::Position)
            .order_by_asc(topic::Column::Id)
            .all(on)
            .await
            .map_err(failed)?,
        sources: source::Entity::find().order_by_asc(source::Column::Id).all(on).await.map_err(failed)?,
        authors: author::Entity::find().order_by_asc(author::Column::Id).all(on).await.map_err(failed)?,
        placements: placement::Entity::find().order_by_asc(placement::Column::Id).all(on).await.map_err(failed)?,
        placement_items: placement_item::Entity::find()
            .order_by_asc(placement_item::Column::PlacementId)
            .order_by_asc(placement_item::Column::Position)
            .all(on)
            .await
            .map_err(failed)?,
    })
}

async fn few_tags(on: &DatabaseConnection) -> Result<Option<Vec<tag::Model>>, DbErr> {
    let tags = tag::Entity::find().order_by_asc(tag::Column::Id).limit(MOST_IN_CATALOG + 1).all(on).await?;
    Ok(Some(tags).filter(|tags| tags.len() as u64 <= MOST_IN_CATALOG))
}
