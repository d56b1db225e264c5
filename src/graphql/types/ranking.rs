//! Click rankings.

use async_graphql::{Context, Enum, Object, SimpleObject};
use futures_util::future::BoxFuture;

use super::{Article, Channel};
use crate::db::Window;
use crate::error::Result;
use crate::graphql::context::{Operation, asks};
use crate::graphql::relation::list;
use crate::graphql::relation::ranking::{self, Wanted};
use crate::graphql::unique::Block;

/// How far back a ranking looks. 时间窗口
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum RankingWindow {
    /// 60 minutes. 一小时
    Hour,
    /// 24 hours. 一天
    Day,
    /// 7 days. 一周
    Week,
    /// 30 days. 一月
    Month,
    /// Everything. 全部
    All,
}

impl From<RankingWindow> for Window {
    fn from(window: RankingWindow) -> Self {
        match window {
            RankingWindow::Hour => Self::Hour,
            RankingWindow::Day => Self::Day,
            RankingWindow::Week => Self::Week,
            RankingWindow::Month => Self::Month,
            RankingWindow::All => Self::All,
        }
    }
}

impl From<Window> for RankingWindow {
    fn from(window: Window) -> Self {
        match window {
            Window::Hour => Self::Hour,
            Window::Day => Self::Day,
            Window::Week => Self::Week,
            Window::Month => Self::Month,
            Window::All => Self::All,
        }
    }
}

/// The most read articles. 点击排行
pub struct Ranking(ranking::Ranking);

impl Ranking {
    /// The ranking that a field's arguments ask for, of `channel` or of the site.
    pub fn load<'a>(
        context: &'a Context<'_>,
        channel: Option<i64>,
        window: RankingWindow,
        first: i32,
        unique: Option<String>,
    ) -> BoxFuture<'a, Result<Self>> {
        Box::pin(async move {
            let wanted = Wanted {
                channel,
                window: window.into(),
                first: list::size("first", first)?,
                covers: asks(context, &["entries", "article", "cover"]),
                unique: Block::at(context, unique),
            };
            Ok(Self(ranking::ranking(Operation::of(context), wanted).await?))
        })
    }
}

/// The most read articles. 点击排行
#[Object]
impl Ranking {
    /// The window that is shown: a longer one than asked for where that is empty. 时间窗口
    async fn window(&self) -> RankingWindow {
        self.0.window.into()
    }

    /// The channel that is shown: a parent where its own is empty; none for the site. 频道
    async fn channel(&self) -> Option<Channel> {
        self.0.channel.clone().map(Channel)
    }

    /// Whether window or channel are not what was asked for.
    async fn is_fallback(&self) -> bool {
        self.0.is_fallback
    }

    /// The places, best first. 榜单
    async fn entries(&self) -> Vec<RankingEntry> {
        let entry = |place: &crate::db::RankedArticle| RankingEntry {
            rank: place.rank,
            previous_rank: place.previous_rank,
            views: place.views,
            article: Article(place.article.clone()),
        };
        self.0.places.iter().map(entry).collect()
    }
}

/// A place in a ranking. 名次
#[derive(SimpleObject)]
pub struct RankingEntry {
    /// From 1; a number is missing where an article is no longer shown. 名次
    rank: i64,
    /// Before the last refresh; none for a new entry. 上次名次
    previous_rank: Option<i64>,
    /// Views in the window. 点击数
    views: i64,
    /// The article.
    article: Article,
}
