//! Slots that editors fill.

use async_graphql::{Context, ID, Object, SimpleObject};
use futures_util::future::BoxFuture;

use super::{Article, Channel};
use crate::db;
use crate::error::Result;
use crate::graphql::context::{Operation, asks};
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::placement::{self, Wanted};
use crate::graphql::relation::{article, list};
use crate::graphql::scalar::DateTime;
use crate::graphql::unique::Block;
use crate::loader::ArticleBy;
use crate::loader::With;

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
                with: With::covers(asks(context, &["items", "article", "cover"])),
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

/// A slot as editors have filled it, with what is out of its time too. 推荐位设置
pub struct PlacementSlot {
    slot: String,
    channel: Option<i64>,
    items: Vec<db::PlacementItem>,
}

impl PlacementSlot {
    /// Every slot, those of the site first, by name.
    pub fn all(operation: &Operation) -> Vec<Self> {
        let slots = operation.catalog().slots();
        let mut slots: Vec<Self> =
            slots.map(|(channel, slot, found)| Self { slot: slot.to_owned(), channel, items: found.items.clone() }).collect();
        slots.sort_by(|a, b| (a.channel, &a.slot).cmp(&(b.channel, &b.slot)));
        slots
    }
}

/// A slot as editors have filled it, with what is out of its time too. 推荐位设置
#[Object]
impl PlacementSlot {
    /// Name of the slot.
    async fn slot(&self) -> &str {
        &self.slot
    }

    /// The channel whose slot it is; none for the site's. 频道
    async fn channel(&self, context: &Context<'_>) -> Option<Channel> {
        self.channel.and_then(|id| Operation::of(context).catalog().channels.find(id)).cloned().map(Channel)
    }

    /// What stands in it, in order. 推荐内容
    async fn items(&self) -> Vec<PlacementSlotItem> {
        self.items.iter().cloned().map(PlacementSlotItem).collect()
    }
}

/// An article in a slot, as an editor put it there. 推荐内容
pub struct PlacementSlotItem(db::PlacementItem);

/// An article in a slot, as an editor put it there. 推荐内容
#[Object]
impl PlacementSlotItem {
    /// The id of the article.
    async fn article_id(&self) -> ID {
        ID(encode(Kind::Article, self.0.article_id))
    }

    /// The article, in whatever state. 文章
    async fn article(&self, context: &Context<'_>) -> Option<Result<Article>> {
        let by = ArticleBy::Id(self.0.article_id);
        let found = Box::pin(article::find(Operation::of(context), by, article::parts(context))).await;
        found.map(|found| found.map(Article)).transpose()
    }

    /// What stands there instead of its title. 推荐语
    async fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// From when on. 开始时间
    async fn starts_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.starts_at.map(|at| Operation::of(context).time(at))
    }

    /// Until when. 结束时间
    async fn ends_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.ends_at.map(|at| Operation::of(context).time(at))
    }
}
