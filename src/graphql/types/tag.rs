//! A tag.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::{Ranking, RankingArguments, RankingBy, RankingWindow};
use crate::db::{self, Scope};
use crate::error::Result;
use crate::graphql::connection::{ArticleConnection, ArticleFilter, ArticleOrder};
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::list::Page;
use crate::graphql::scalar::Url;
use crate::graphql::unique::Block;

/// A tag. 标签
pub struct Tag(pub Arc<db::Tag>);

/// A tag. 标签
#[Object]
impl Tag {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Tag, self.0.id))
    }

    /// Name in its address.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Plain text. 名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Where the portal shows it. 网址
    async fn url(&self, context: &Context<'_>) -> Url {
        Operation::of(context).url(&format!("/tag/{}", self.0.slug))
    }

    /// Its articles. 文章
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn articles(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "ArticleOrder::Newest", desc = "In which order.")] order_by: ArticleOrder,
        #[graphql(desc = "Which articles.")] filter: Option<Box<ArticleFilter>>,
        #[graphql(desc = "How many from the beginning or after `after`, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`, 1 to 100.")] last: Option<i32>,
        #[graphql(desc = "Cursor to go back from.")] before: Option<String>,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<ArticleConnection>> {
        let page = Page { first, after, last, before, unique: Block::at(context, unique) };
        Some(ArticleConnection::load(context, Some(Scope::Tag(self.0.id)), filter, order_by, page).await)
    }

    /// Click ranking of its articles. 点击排行
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
        Some(Ranking::load(context, Ok(Scope::Tag(self.0.id)), arguments).await)
    }
}
