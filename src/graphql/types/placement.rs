//! Slots that editors fill.

use async_graphql::{Context, Object, SimpleObject};
use futures_util::future::BoxFuture;

use super::{Article, Channel};
use crate::error::Result;
use crate::graphql::context::{Operation, asks};
use crate::graphql::relation::list;
use crate::graphql::relation::placement::{self, Wanted};
use crate::graphql::unique::Block;

/// A slot and what stands in it. 推荐位
pub struct Placement {
    slot: String,
    shown: placement::Placement,
}

impl Placement {
    /// The slot that a field's arguments ask for, of `channel` or of the site.
    pub fn load<'a>(
        context: &'a Context<'_>,
        slot: String,
        channel: Option<i64>,
        first: i32,
        has_cover: bool,
        unique: Option<String>,
    ) -> BoxFuture<'a, Result<Self>> {
        Box::pin(async move {
            let wanted = Wanted {
                slot: &slot,
                channel,
                first: list::size("first", first)?,
                has_cover,
                covers: asks(context, &["items", "article", "cover"]),
                unique: Block::at(context, unique),
            };
            let shown = placement::placement(Operation::of(context), wanted).await?;
            Ok(Self { slot, shown })
        })
    }
}

/// A slot and what stands in it. 推荐位
#[Object]
impl Placement {
    /// Name of the slot.
    async fn slot(&self) -> &str {
        &self.slot
    }

    /// The channel whose slot is shown; none for the site's. 频道
    async fn channel(&self) -> Option<Channel> {
        self.shown.channel.clone().map(Channel)
    }

    /// Whether something stands in for a slot that is empty.
    async fn is_fallback(&self) -> bool {
        self.shown.is_fallback
    }

    /// What is shown, in order.
    async fn items(&self) -> Vec<PlacementItem> {
        let item = |(label, article): &(Option<String>, std::sync::Arc<crate::db::Article>)| PlacementItem {
            label: label.clone(),
            article: Article(article.clone()),
        };
        self.shown.items.iter().map(item).collect()
    }
}

/// An article in a slot. 推荐内容
#[derive(SimpleObject)]
pub struct PlacementItem {
    /// What the editor shows instead of the title. 推荐语
    label: Option<String>,
    /// The article.
    article: Article,
}
