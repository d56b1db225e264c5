//! Click rankings.

use async_graphql::{Context, Enum, ID, Object, OneofObject, SimpleObject};
use futures_util::future::BoxFuture;

use super::{Article, Channel};
use crate::db::Scope;
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::{Operation, asks};
use crate::graphql::id::Kind;
use crate::graphql::relation::list;
use crate::graphql::relation::ranking::{self, Place, Wanted};
use crate::graphql::scalar::DateTime;
use crate::graphql::unique::Block;
use crate::loader::With;
use crate::ranking::{By, Unit, Window};

/// How far back a ranking looks. 时间窗口
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Window")]
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

/// What decides the order of a ranking. 排序依据
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum RankingBy {
    /// Views in the window. 点击数
    Views,
    /// Views that fade: each counts half after six hours. 热度
    Trending,
    /// Views for the age: what is two days older needs twice as many. 按发布时间折算
    Fresh,
}

impl RankingBy {
    /// The order, with `window` where that matters.
    pub fn order(self, window: RankingWindow) -> By {
        match self {
            Self::Views => By::Views(window.into()),
            Self::Trending => By::Trending,
            Self::Fresh => By::Fresh,
        }
    }
}

/// What a ranking is of: exactly one. 排行范围
#[derive(OneofObject)]
pub enum RankingScope {
    /// A channel with those below it. 频道
    Channel(ID),
    /// A topic. 专题
    Topic(ID),
    /// A tag. 标签
    Tag(ID),
    /// A source. 来源
    Source(ID),
}

impl RankingScope {
    /// The list that the arguments `scope` and `channel` name; the site without them.
    pub fn find(scope: Option<Self>, channel: Option<&ID>) -> Result<Scope> {
        match (scope, channel) {
            (Some(_), Some(_)) => Err(Error::invalid("channel", "cannot be combined with `scope`; name the channel there")),
            (None, None) => Ok(Scope::Site),
            (None, Some(id)) => Ok(Scope::Channel(number("channel", id, Kind::Channel)?)),
            (Some(Self::Channel(id)), None) => Ok(Scope::Channel(number("scope.channel", &id, Kind::Channel)?)),
            (Some(Self::Topic(id)), None) => Ok(Scope::Topic(number("scope.topic", &id, Kind::Topic)?)),
            (Some(Self::Tag(id)), None) => Ok(Scope::Tag(number("scope.tag", &id, Kind::Tag)?)),
            (Some(Self::Source(id)), None) => Ok(Scope::Source(number("scope.source", &id, Kind::Source)?)),
        }
    }
}

/// The most read articles. 点击排行
pub struct Ranking {
    ranking: ranking::Ranking,
    window: RankingWindow,
}

/// What a field's arguments ask for.
pub struct RankingArguments {
    /// See the schema.
    pub window: RankingWindow,
    /// See the schema.
    pub by: RankingBy,
    /// See the schema.
    pub first: i32,
    /// See the schema.
    pub collapse: bool,
    /// See the schema.
    pub unique: Option<String>,
}

impl Ranking {
    /// The ranking of `scope` that a field's arguments ask for.
    pub fn load<'a>(context: &'a Context<'_>, scope: Result<Scope>, arguments: RankingArguments) -> BoxFuture<'a, Result<Self>> {
        Box::pin(async move {
            let RankingArguments { window, by, first, collapse, unique } = arguments;
            let wanted = Wanted {
                scope: scope?,
                by: by.order(window),
                window: window.into(),
                first: list::size("first", first)?,
                with: With::covers(asks(context, &["entries", "article", "cover"])),
                collapse,
                unique: Block::at(context, unique),
            };
            Ok(Self { ranking: ranking::ranking(Operation::of(context), wanted).await?, window })
        })
    }
}

/// The most read articles. 点击排行
#[Object]
impl Ranking {
    /// The window of the views: a longer one than asked for where that is empty. 时间窗口
    async fn window(&self) -> RankingWindow {
        if let By::Views(window) = self.ranking.by { window.into() } else { self.window }
    }

    /// What decides the order: views where nothing is trending. 排序依据
    async fn by(&self) -> RankingBy {
        match self.ranking.by {
            By::Views(_) => RankingBy::Views,
            By::Trending => RankingBy::Trending,
            By::Fresh => RankingBy::Fresh,
        }
    }

    /// The channel that is shown: a parent where its own is empty; none for the site and for what is no channel. 频道
    async fn channel(&self) -> Option<Channel> {
        self.ranking.channel.clone().map(Channel)
    }

    /// Whether window, order or channel are not what was asked for.
    async fn is_fallback(&self) -> bool {
        self.ranking.is_fallback
    }

    /// The places, best first. 榜单
    async fn entries(&self) -> Vec<RankingEntry> {
        self.ranking.places.iter().cloned().map(RankingEntry).collect()
    }
}

/// A place in a ranking. 名次
pub struct RankingEntry(Place);

/// A place in a ranking. 名次
#[Object]
impl RankingEntry {
    /// From 1; a number is missing where an article is not shown. 名次
    async fn rank(&self) -> i64 {
        self.0.rank
    }

    /// Before: ten minutes ago at most in the hour's ranking, an hour ago in the day's and in what is trending, a day ago in others;
    /// none if it had none, and in the ranking of all time. 上次名次
    async fn previous_rank(&self) -> Option<i64> {
        self.0.previous_rank
    }

    /// Whether it was not among the first hundred before. 新上榜
    async fn is_new(&self) -> bool {
        self.0.is_new
    }

    /// Views in the window. 点击数
    async fn views(&self) -> i64 {
        self.0.views
    }

    /// What decides the order: views in the window, views that have faded, or the views that an article published now would need. 热度值
    async fn score(&self) -> f64 {
        self.0.score
    }

    /// How its views came about, oldest first. 阅读走势
    async fn history(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "HistoryUnit::Hour", desc = "In which steps.")] unit: HistoryUnit,
        #[graphql(default = 24, desc = "How many steps up to the present one, 1 to 744 hours or 400 days.")] last: i32,
    ) -> Option<Result<Vec<ViewsAt>>> {
        Some(ViewsAt::load(Operation::of(context), self.0.article.id, unit, last).await)
    }

    /// The article.
    async fn article(&self) -> Article {
        Article(self.0.article.clone())
    }
}

/// The length of a step. 步长
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Unit")]
pub enum HistoryUnit {
    /// An hour. 小时
    Hour,
    /// A day in the portal's time zone. 天
    Day,
}

/// Views in a step of time. 时段阅读
#[derive(SimpleObject)]
pub struct ViewsAt {
    /// When it begins. 时间
    at: DateTime,
    /// How many views count. 次数
    views: i64,
}

impl ViewsAt {
    /// How often `article` was read in the last `last` steps, oldest first.
    pub async fn load(operation: &Operation, article: i64, unit: HistoryUnit, last: i32) -> Result<Vec<Self>> {
        let unit = Unit::from(unit);
        if !(1..=unit.most()).contains(&i64::from(last)) {
            return Err(Error::invalid("last", format!("must be between 1 and {}", unit.most())));
        }
        let steps = ranking::history(operation, article, unit, last.into()).await?;
        Ok(steps.into_iter().map(|(at, views)| Self { at: operation.time(at), views }).collect())
    }
}
