//! The portal itself: settings, navigation, footer pages.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object};

use super::{Author, Channel, Source, Topic};
use crate::db;
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::scalar::{DateTime, Html, Url};
use crate::loader::{Catalog, NavigationEntry};

/// The portal. 站点
pub struct Site(pub Arc<Catalog>);

/// The portal. 站点
#[Object]
impl Site {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Site, self.0.site.id))
    }

    /// Plain text. 站名
    async fn name(&self) -> &str {
        &self.0.site.name
    }

    /// Line under the name. 口号
    async fn slogan(&self) -> Option<&str> {
        self.0.site.slogan.as_deref()
    }

    /// BCP 47 tag of the main language. 语言
    async fn language(&self) -> &str {
        &self.0.site.language
    }

    /// IANA name of the time zone; instants carry its offset. 时区
    async fn time_zone(&self) -> &str {
        self.0.zone.name()
    }

    /// Address of the portal. 网址
    async fn url(&self) -> Url {
        Url(self.0.site.url.clone())
    }

    /// ICP filing number. ICP备案号
    async fn icp_number(&self) -> Option<&str> {
        self.0.site.icp_number.as_deref()
    }

    /// Public security filing number. 公安备案号
    async fn police_number(&self) -> Option<&str> {
        self.0.site.police_number.as_deref()
    }

    /// What is said under articles whose source says nothing of its own. 免责声明
    async fn disclaimer(&self) -> Option<&str> {
        self.0.site.disclaimer.as_deref()
    }

    /// Where a complaint goes. 投诉联系方式
    async fn takedown_contact(&self) -> Option<&str> {
        self.0.site.takedown_contact.as_deref()
    }

    /// First level of the navigation, in order. 导航
    async fn navigation(&self) -> Vec<NavigationItem> {
        self.0.navigation.iter().cloned().map(NavigationItem).collect()
    }

    /// Footer pages, in order. 页脚页面
    async fn pages(&self) -> Vec<Page> {
        self.0.pages.all().iter().cloned().map(Page).collect()
    }

    /// One footer page. 页脚页面
    async fn page(&self, #[graphql(desc = "Name in its address, such as `about`.")] slug: String) -> Option<Page> {
        self.0.pages.find_slug(&slug).cloned().map(Page)
    }

    /// Topics, in order. 专题
    async fn topics(&self) -> Vec<Topic> {
        self.0.topics.all().iter().cloned().map(Topic).collect()
    }

    /// Authors. 作者
    async fn authors(&self) -> Vec<Author> {
        self.0.authors.all().iter().cloned().map(Author).collect()
    }

    /// Sources. 来源
    async fn sources(&self) -> Vec<Source> {
        self.0.sources.all().iter().cloned().map(Source).collect()
    }
}

/// Where an entry of the navigation leads.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum NavigationKind {
    /// To a channel or park. 频道
    Channel,
    /// To a topic. 专题
    Topic,
    /// To a footer page. 页面
    Page,
    /// Elsewhere. 外部链接
    Link,
}

/// An entry of the navigation. 导航项
pub struct NavigationItem(Arc<NavigationEntry>);

impl NavigationItem {
    fn target_channel(&self, catalog: &Catalog) -> Option<Arc<db::Channel>> {
        self.0.row.channel_id.and_then(|id| catalog.channels.find(id)).cloned()
    }

    fn target_topic(&self, catalog: &Catalog) -> Option<Arc<db::Topic>> {
        self.0.row.topic_id.and_then(|id| catalog.topics.find(id)).cloned()
    }

    fn target_page(&self, catalog: &Catalog) -> Option<Arc<db::Page>> {
        self.0.row.page_id.and_then(|id| catalog.pages.find(id)).cloned()
    }
}

/// An entry of the navigation. 导航项
#[Object]
impl NavigationItem {
    /// Opaque, stable id.
    async fn id(&self) -> ID {
        ID(encode(Kind::NavigationItem, self.0.row.id))
    }

    /// Text shown. 名称
    async fn label(&self) -> &str {
        &self.0.row.label
    }

    /// Where it leads. 类型
    async fn kind(&self) -> NavigationKind {
        let row = &self.0.row;
        match (row.channel_id, row.topic_id, row.page_id) {
            (Some(_), _, _) => NavigationKind::Channel,
            (_, Some(_), _) => NavigationKind::Topic,
            (_, _, Some(_)) => NavigationKind::Page,
            _ => NavigationKind::Link,
        }
    }

    /// The address it leads to; none if the target is gone. 网址
    async fn url(&self, context: &Context<'_>) -> Option<Url> {
        let operation = Operation::of(context);
        let catalog = operation.catalog();
        let channel = self.target_channel(catalog).map(|c| format!("/c/{}", c.slug));
        let topic = || self.target_topic(catalog).map(|t| format!("/t/{}", t.slug));
        let page = || self.target_page(catalog).map(|p| format!("/p/{}", p.slug));
        channel.or_else(topic).or_else(page).or_else(|| self.0.row.url.clone()).map(|address| operation.url(&address))
    }

    /// The channel it leads to. 频道
    async fn channel(&self, context: &Context<'_>) -> Option<Channel> {
        self.target_channel(Operation::of(context).catalog()).map(Channel)
    }

    /// The topic it leads to. 专题
    async fn topic(&self, context: &Context<'_>) -> Option<Topic> {
        self.target_topic(Operation::of(context).catalog()).map(Topic)
    }

    /// The footer page it leads to. 页面
    async fn page(&self, context: &Context<'_>) -> Option<Page> {
        self.target_page(Operation::of(context).catalog()).map(Page)
    }

    /// The entries below, in order. 子导航
    async fn items(&self) -> Vec<NavigationItem> {
        self.0.items.iter().cloned().map(NavigationItem).collect()
    }
}

/// A footer page. 页脚页面
pub struct Page(pub Arc<db::Page>);

/// A footer page. 页脚页面
#[Object]
impl Page {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Page, self.0.id))
    }

    /// Name in the page's address.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Plain text. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The text, safe to insert. 正文
    async fn body(&self) -> Html {
        Html(self.0.body.clone())
    }

    /// Where the portal shows it. 网址
    async fn url(&self, context: &Context<'_>) -> Url {
        Operation::of(context).url(&format!("/p/{}", self.0.slug))
    }

    /// Last change. 更新时间
    async fn updated_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.updated_at)
    }
}
