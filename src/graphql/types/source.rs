//! Where articles come from and who writes them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::{ArticleFields, Ranking, RankingArguments, RankingBy, RankingWindow};
use crate::db::{self, Scope};
use crate::error::Result;
use crate::graphql::connection::{ArticleConnection, ArticleFilter, ArticleOrder};
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::list::Page;
use crate::graphql::scalar::Url;
use crate::graphql::unique::Block;
use crate::partner;

/// Where reposted articles come from, with its rights. 来源
pub struct Source(pub Arc<db::Source>);

/// Where reposted articles come from, with its rights. 来源
#[Object]
impl Source {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Source, self.0.id))
    }

    /// Name in its address.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Plain text. 名称
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Home of the source. 网址
    async fn url(&self, context: &Context<'_>) -> Option<Url> {
        self.0.url.as_ref().map(|address| Operation::of(context).url(address))
    }

    /// Licence name or SPDX expression. 许可
    async fn licence(&self) -> Option<&str> {
        self.0.licence.as_deref()
    }

    /// Line that must be shown. 署名要求
    async fn attribution(&self) -> Option<&str> {
        self.0.attribution.as_deref()
    }

    /// What must be said under its articles. 免责声明
    async fn disclaimer(&self) -> Option<&str> {
        self.0.disclaimer.as_deref()
    }

    /// Whom to ask. 联系方式
    async fn contact(&self) -> Option<&str> {
        self.0.contact.as_deref()
    }

    /// What may be passed on of its articles: what its record says, else what its licence says. 转发许可
    async fn syndication(&self) -> ArticleFields {
        partner::rights(Some(&self.0)).into()
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
        Some(ArticleConnection::load(context, Some(Scope::Source(self.0.id)), filter, order_by, page).await)
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
        Some(Ranking::load(context, Ok(Scope::Source(self.0.id)), arguments).await)
    }
}

/// A person who writes. 作者
pub struct Author(pub Arc<db::Author>);

/// A person who writes. 作者
#[Object]
impl Author {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Author, self.0.id))
    }

    /// Name in its address.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Plain text. 姓名
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Plain text. 简介
    async fn bio(&self) -> Option<&str> {
        self.0.bio.as_deref()
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
        Some(ArticleConnection::load(context, Some(Scope::Author(self.0.id)), filter, order_by, page).await)
    }
}
