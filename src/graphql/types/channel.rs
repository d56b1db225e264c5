//! A channel of the tree.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};

use super::{Placement, Ranking, RankingArguments, RankingBy, RankingWindow};
use crate::db::{self, Scope};
use crate::error::{Error, Result};
use crate::graphql::connection::{ArticleConnection, ArticleFilter, ArticleOrder};
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::list::Page;
use crate::graphql::scalar::Url;
use crate::graphql::unique::Block;

/// What a channel is.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ChannelKind {
    /// A channel. 频道
    Channel,
    /// A science or industry park with a channel of its own. 园区
    Park,
}

/// A channel of the tree; a park is a kind of channel. 频道
pub struct Channel(pub Arc<db::Channel>);

impl Channel {
    /// Channel number `id`, which a row names.
    pub fn find(operation: &Operation, id: i64) -> Result<Self> {
        let found = operation.catalog().channels.find(id);
        // The catalog may be a moment older than the row.
        found.cloned().map(Self).ok_or_else(|| Error::Unavailable("the channel is being added; try again".into()))
    }

    /// What the channel is.
    pub fn what(row: &db::Channel) -> ChannelKind {
        if row.kind == "park" { ChannelKind::Park } else { ChannelKind::Channel }
    }
}

/// A channel of the tree; a park is a kind of channel. 频道
#[Object]
impl Channel {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Channel, self.0.id))
    }

    /// Name in the channel's address.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Plain text. 名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Channel or park. 类型
    async fn kind(&self) -> ChannelKind {
        Self::what(&self.0)
    }

    /// Plain text. 简介
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Where the portal shows it. 网址
    async fn url(&self, context: &Context<'_>) -> Url {
        Operation::of(context).url(&format!("/c/{}", self.0.slug))
    }

    /// The channel above; none for a root. 上级频道
    async fn parent(&self, context: &Context<'_>) -> Option<Channel> {
        self.0.parent_id.and_then(|id| Operation::of(context).catalog().channels.find(id)).cloned().map(Channel)
    }

    /// The channels right below, in order. 子频道
    async fn children(&self, context: &Context<'_>) -> Vec<Channel> {
        Operation::of(context).catalog().children(Some(self.0.id)).iter().cloned().map(Channel).collect()
    }

    /// The way from the root, itself last. 路径
    async fn path(&self, context: &Context<'_>) -> Vec<Channel> {
        Operation::of(context).catalog().ancestors(self.0.id).into_iter().rev().map(Channel).collect()
    }

    /// Its articles. 文章
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn articles(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "ArticleOrder::Newest", desc = "In which order.")] order_by: ArticleOrder,
        #[graphql(default = true, desc = "With the channels below it.")] include_subchannels: bool,
        #[graphql(desc = "Which articles.")] filter: Option<Box<ArticleFilter>>,
        #[graphql(desc = "How many from the beginning or after `after`, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go back from.")] before: Option<String>,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<ArticleConnection>> {
        let scope = if include_subchannels { Scope::Channel(self.0.id) } else { Scope::ChannelOnly(self.0.id) };
        let page = Page { first, after, last, before, unique: Block::at(context, unique) };
        Some(ArticleConnection::load(context, Some(scope), filter, order_by, page).await)
    }

    /// Click ranking of the channel with those below it. 点击排行
    async fn ranking(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "RankingWindow::Week", desc = "Over which time; a longer one stands in where it is empty.")]
        window: RankingWindow,
        #[graphql(default_with = "RankingBy::Views", desc = "In which order.")] by: RankingBy,
        #[graphql(default = 10, desc = "How many places, 1 to 100.")] first: i32,
        #[graphql(default = false, desc = "Of articles with the same text (reposts) the best alone.")] collapse: bool,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<Ranking>> {
        let arguments = RankingArguments { window, by, first, collapse, unique };
        Some(Ranking::load(context, Ok(Scope::Channel(self.0.id)), arguments).await)
    }

    /// What editors put into a slot of the channel; its parents' slot or the site's stands in where it is empty. 推荐位
    async fn placement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Name of the slot, such as `picture-stories`.")] slot: String,
        #[graphql(default = 10, desc = "How many items, 1 to 100.")] first: i32,
        #[graphql(default = false, desc = "Only articles with a cover.")] has_cover: bool,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<Placement>> {
        Some(Placement::load(context, slot, Some(self.0.id), first, has_cover, unique).await)
    }
}
