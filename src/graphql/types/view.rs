//! What those who work here see of views.

use async_graphql::{Enum, SimpleObject};

use crate::graphql::context::Operation;
use crate::graphql::scalar::DateTime;
use crate::ranking::{self, Exclusion};

/// Why views do not count. 未计入原因
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "Exclusion")]
pub enum ViewExclusion {
    /// The agent is a robot's, or none. 爬虫
    Robot,
    /// A browser has fetched it ahead. 预取
    Prefetch,
    /// The same visitor has read it within half an hour. 重复
    Repeat,
    /// Its network sends more than readers would. 突发
    Burst,
}

/// Views that do not count, with the reason. 未计入的阅读
#[derive(SimpleObject)]
pub struct ExcludedViews {
    /// Why. 原因
    reason: ViewExclusion,
    /// How many. 次数
    views: i64,
}

/// The views of an hour. 每小时阅读
#[derive(SimpleObject)]
pub struct ViewsOfHour {
    /// When it begins. 时间
    at: DateTime,
    /// How many count. 计入次数
    views: i64,
    /// How many do not. 未计入
    excluded: Vec<ExcludedViews>,
}

/// How much is read. 阅读统计
#[derive(SimpleObject)]
pub struct ViewStats {
    /// Views that count. 计入次数
    views: i64,
    /// Those that do not. 未计入
    excluded: Vec<ExcludedViews>,
    /// The hours, oldest first; those without views too. 每小时
    hours: Vec<ViewsOfHour>,
}

fn list(excluded: &[(Exclusion, i64)]) -> Vec<ExcludedViews> {
    excluded.iter().map(|(reason, views)| ExcludedViews { reason: (*reason).into(), views: *views }).collect()
}

impl ViewStats {
    /// What `stats` say, in the portal's time zone.
    pub fn new(operation: &Operation, stats: &[ranking::HourStats]) -> Self {
        let of = |reason: Exclusion| {
            let views = stats.iter().flat_map(|hour| &hour.excluded).filter(|(own, _)| *own == reason).map(|(_, views)| views);
            (reason, views.sum::<i64>())
        };
        let all: Vec<(Exclusion, i64)> = Exclusion::ALL.into_iter().map(of).filter(|(_, views)| *views > 0).collect();
        let hour = |hour: &ranking::HourStats| ViewsOfHour {
            at: operation.time(hour.at),
            views: hour.views,
            excluded: list(&hour.excluded),
        };
        Self { views: stats.iter().map(|hour| hour.views).sum(), excluded: list(&all), hours: stats.iter().map(hour).collect() }
    }
}
