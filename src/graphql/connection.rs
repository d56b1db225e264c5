//! The article connection (Relay Cursor Connections): arguments, page, edges, filter, order.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use futures_util::future::BoxFuture;

use super::context::{Operation, asks};
use super::id::{Kind, decode};
use super::relation::list::{self, List, Slice};
use super::scalar::DateTime;
use super::types::Article;
use crate::db::{Order, Scope};
use crate::error::{Error, Result};
use crate::loader::With;

/// What a list of articles is ordered by. 排序
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum ArticleOrder {
    /// Newest first. 最新
    Newest,
    /// Most views in all first. 阅读最多
    MostRead,
}

/// Which articles a list holds. All conditions hold together. 筛选条件
#[derive(Clone, Debug, Default, InputObject)]
pub struct ArticleFilter {
    /// In this channel. 频道
    pub channel: Option<ID>,
    /// With the channels below it, which is the default, or without. 含子频道
    #[graphql(default = true)]
    pub include_subchannels: bool,
    /// With this tag. 标签
    pub tag: Option<ID>,
    /// Of this source. 来源
    pub source: Option<ID>,
    /// Of this topic. 专题
    pub topic: Option<ID>,
    /// By this author. 作者
    pub author: Option<ID>,
    /// Of articles in the list that have one text, more or less (reposts), that which was published first alone. 合并转载
    #[graphql(default = false)]
    pub collapse: bool,
    /// Published at or after this instant.
    pub published_from: Option<DateTime>,
    /// Published at or before this instant.
    pub published_to: Option<DateTime>,
    /// Only with a cover (`true`) or only without (`false`). 有无封面图
    pub has_cover: Option<bool>,
}

/// The number behind `id`, which must be of `kind`.
pub fn number(field: &str, id: &ID, kind: Kind) -> Result<i64> {
    match decode(id) {
        Some((found, number)) if found == kind => Ok(number),
        Some((found, _)) => {
            Err(Error::invalid(field, format!("is the id of another kind of thing ({found:?}); this needs one of {kind:?}")))
        }
        None => Err(Error::invalid(field, "is no id of this portal; ids come from the field `id`")),
    }
}

impl ArticleFilter {
    /// The filter of a list that belongs to `scope`, or of the whole site, in `order`.
    pub fn list(filter: Option<&Self>, scope: Option<Scope>, order: ArticleOrder) -> Result<List> {
        let whole = Self { include_subchannels: true, ..Self::default() };
        let filter = filter.unwrap_or(&whole);
        let mut scopes: Vec<Scope> = scope.into_iter().collect();
        if let Some(id) = &filter.channel {
            let channel = number("filter.channel", id, Kind::Channel)?;
            scopes.push(if filter.include_subchannels { Scope::Channel(channel) } else { Scope::ChannelOnly(channel) });
        }
        let mut narrow = |field: &str, id: &Option<ID>, kind: Kind, scope: fn(i64) -> Scope| {
            let scope = id.as_ref().map(|id| number(field, id, kind)).transpose()?.map(scope);
            scopes.extend(scope);
            Ok(())
        };
        narrow("filter.tag", &filter.tag, Kind::Tag, Scope::Tag)?;
        narrow("filter.source", &filter.source, Kind::Source, Scope::Source)?;
        narrow("filter.topic", &filter.topic, Kind::Topic, Scope::Topic)?;
        narrow("filter.author", &filter.author, Kind::Author, Scope::Author)?;
        if scopes.is_empty() {
            scopes.push(Scope::Site);
        }
        let order = match order {
            ArticleOrder::Newest => Order::Newest,
            ArticleOrder::MostRead => Order::MostRead,
        };
        let millis = |t: &DateTime| t.0.timestamp_millis();
        Ok(List {
            scopes,
            order,
            has_cover: filter.has_cover,
            from: filter.published_from.as_ref().map(millis),
            to: filter.published_to.as_ref().map(millis),
            collapse: filter.collapse,
        })
    }
}

/// A page of a list of articles. 文章列表的一页
pub struct ArticleConnection {
    slice: Box<Slice>,
}

impl ArticleConnection {
    /// The page that a field's arguments ask for, of a list that belongs to `scope`, or of the whole site's.
    ///
    /// Boxed, as the other loads of `types/` are, and its filter with it: the library moves the future of the dearest field
    /// of a type for every field of it, so a tag's name would pay for its list of articles (measured: 2.8 kB each).
    pub fn load<'a>(
        context: &'a Context<'_>,
        scope: Option<Scope>,
        filter: Option<Box<ArticleFilter>>,
        order: ArticleOrder,
        page: list::Page,
    ) -> BoxFuture<'a, Result<Self>> {
        Box::pin(async move {
            let list = ArticleFilter::list(filter.as_deref(), scope, order)?;
            let covers = asks(context, &["nodes", "cover"]) || asks(context, &["edges", "node", "cover"]);
            Ok(Self { slice: Box::new(list::slice(Operation::of(context), &list, &page, With::covers(covers)).await?) })
        })
    }
}

/// A page of a list of articles. 文章列表的一页
#[Object]
impl ArticleConnection {
    /// The articles with their cursors.
    async fn edges(&self) -> Vec<ArticleEdge> {
        let edge = |a: &Arc<crate::db::Article>| ArticleEdge { cursor: self.slice.cursor_of(a), node: Article(Arc::clone(a)) };
        self.slice.articles.iter().map(edge).collect()
    }

    /// The articles.
    async fn nodes(&self) -> Vec<Article> {
        self.slice.articles.iter().cloned().map(Article).collect()
    }

    /// Where the page lies in the list. 分页信息
    async fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.slice.has_next,
            has_previous_page: self.slice.has_previous,
            start_cursor: self.slice.articles.first().map(|a| self.slice.cursor_of(a)),
            end_cursor: self.slice.articles.last().map(|a| self.slice.cursor_of(a)),
        }
    }

    /// How many articles the whole list has. Counted only when asked for. 总数
    async fn total_count(&self, context: &Context<'_>) -> Result<i64> {
        list::count(Operation::of(context), &self.slice).await
    }
}

/// An article in a list.
#[derive(SimpleObject)]
pub struct ArticleEdge {
    /// The article's place in the list, for `after` and `before`. 游标
    cursor: String,
    /// The article.
    node: Article,
}

/// Where a page lies in its list. 分页信息
#[derive(SimpleObject)]
pub struct PageInfo {
    /// Whether there are articles after the last of the page.
    pub has_next_page: bool,
    /// Whether there are articles before the first of the page.
    pub has_previous_page: bool,
    /// Cursor of the first article; none on an empty page.
    pub start_cursor: Option<String>,
    /// Cursor of the last article; none on an empty page.
    pub end_cursor: Option<String>,
}
