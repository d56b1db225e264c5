//! Complaints, and what became of what was taken down.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::{Article, Withdrawal};
use crate::db;
use crate::db::takedown::{Places, takedowns_before};
use crate::editorial;
use crate::error::{Error, Result};
use crate::graphql::connection::PageInfo;
use crate::graphql::context::Operation;
use crate::graphql::cursor::Cursor;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::list::size;
use crate::graphql::relation::{article, manuscript};
use crate::graphql::scalar::DateTime;
use crate::loader::ArticleBy;

/// What became of a complaint. 投诉状态
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum TakedownState {
    /// Nobody has decided yet. 待处理
    Open,
    /// It was right. 成立
    Upheld,
    /// It was not. 不成立
    Refused,
}

impl TakedownState {
    const WORDS: [(Self, &str); 3] = [(Self::Open, "open"), (Self::Upheld, "upheld"), (Self::Refused, "refused")];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(state, _)| *state == self).map_or("open", |(_, word)| word)
    }
}

/// A claim that something be taken down. 侵权投诉
pub struct Takedown(pub db::Takedown);

/// A claim that something be taken down. 侵权投诉
#[Object]
impl Takedown {
    /// Opaque, stable id.
    async fn id(&self) -> ID {
        ID(encode(Kind::Takedown, self.0.id))
    }

    /// What became of it. 状态
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn state(&self) -> Result<TakedownState> {
        let found = TakedownState::WORDS.iter().find(|(_, word)| *word == self.0.state);
        found.map(|(state, _)| *state).ok_or_else(|| Error::internal(format!("{:?} is no state of a case", self.0.state)))
    }

    /// The address it is about, as it was given. 网址
    async fn address(&self) -> &str {
        &self.0.address
    }

    /// The article that stands there, if it is known. 文章
    async fn article(&self, context: &Context<'_>) -> Option<Result<Article>> {
        let by = ArticleBy::Id(self.0.article_id?);
        let found = Box::pin(article::find(Operation::of(context), by, article::parts(context))).await;
        found.map(|found| found.map(Article)).transpose()
    }

    /// Who claims. 投诉人
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How they can be reached. 联系方式
    async fn contact(&self) -> &str {
        &self.0.contact
    }

    /// What is wrong. 投诉内容
    async fn claim(&self) -> &str {
        &self.0.claim
    }

    /// What was decided, for those who work here. 处理意见
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// When it came. 提交时间
    async fn created_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.created_at)
    }

    /// When it was decided. 处理时间
    async fn closed_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.closed_at.map(|at| Operation::of(context).time(at))
    }

    /// By whom. 处理人
    async fn closed_by(&self, context: &Context<'_>) -> Option<Result<String>> {
        let word = self.0.closed_by.as_deref()?;
        Some(manuscript::actor(Operation::of(context), word).await)
    }
}

/// A page of complaints. 投诉列表的一页
#[derive(SimpleObject)]
pub struct TakedownConnection {
    /// The complaints with their cursors.
    edges: Vec<TakedownEdge>,
    /// The complaints.
    nodes: Vec<Takedown>,
    /// Where the page lies in the list. 分页信息
    page_info: PageInfo,
}

/// A complaint in a page.
#[derive(SimpleObject)]
pub struct TakedownEdge {
    /// Its place, for `after`. 游标
    cursor: String,
    /// The complaint.
    node: Takedown,
}

impl TakedownConnection {
    /// The page after `after`, newest first.
    pub async fn load(operation: &Operation, states: Vec<TakedownState>, first: i32, after: Option<String>) -> Result<Self> {
        let size = size("first", first)?;
        let states = if states.is_empty() { TakedownState::WORDS.map(|(state, _)| state).to_vec() } else { states };
        let words: Vec<String> = states.into_iter().map(|state| state.word().to_owned()).collect();
        let cursor = Cursor::of(&format!("takedowns {words:?}"));
        let from = after.as_ref().map(|text| cursor.decode("after", text)).transpose()?;
        let before = from.map_or(i64::MAX, |(id, _)| id);
        let mut found = operation.db.reader().all(takedowns_before(words, before, size + 1)).await?;
        let has_next_page = i64::try_from(found.len()).is_ok_and(|count| count > size);
        found.truncate(usize::try_from(size).unwrap_or(0));
        let cursor_of = |row: &db::Takedown| cursor.encode((row.id, 0));
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: from.is_some(),
            start_cursor: found.first().map(cursor_of),
            end_cursor: found.last().map(cursor_of),
        };
        let edge = |row: &db::Takedown| TakedownEdge { cursor: cursor_of(row), node: Takedown(row.clone()) };
        let edges = found.iter().map(edge).collect();
        Ok(Self { edges, nodes: found.into_iter().map(Takedown).collect(), page_info })
    }
}

/// A kind of place where readers meet articles. 展示面
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum Surface {
    /// Look-ups by id, slug, number and address, and the pages at those addresses. 文章页
    Article,
    /// Lists of the site, of channels, tags, topics, sources and authors, with their counts. 列表
    List,
    /// Click rankings. 点击排行
    Ranking,
    /// Related items of other articles. 同类资讯
    Related,
    /// Slots. 推荐位
    Placement,
    /// Old addresses. 旧网址
    Address,
}

/// What is known of a kind of place. 展示面核查
#[derive(SimpleObject)]
pub struct SurfaceReport {
    /// Which kind.
    surface: Surface,
    /// In how many such places the article stood when it was withdrawn; none if that was not written down. 撤稿前位置数
    had: Option<i64>,
    /// In how many readers see it now. 现存位置数
    shown: i64,
    /// Whether it is gone from all of them. 已确认
    is_confirmed: bool,
}

/// A key that has fetched an article. 抓取记录
#[derive(SimpleObject)]
pub struct Fetch {
    /// The name of the key. 密钥用途
    key: String,
    /// First. 首次
    first_at: DateTime,
    /// Last, to the hour. 末次
    last_at: DateTime,
}

/// What can be said of an article that was withdrawn. 撤稿报告
#[derive(SimpleObject)]
pub struct WithdrawalReport {
    /// When, and what readers are told.
    withdrawal: Withdrawal,
    /// Why, for those who work here. 撤稿原因
    reason: String,
    /// Who did it. 撤稿人
    withdrawn_by: String,
    /// Where it stood, and whether it is gone there. 展示面
    surfaces: Vec<SurfaceReport>,
    /// Whether it is gone everywhere. 已全部确认
    is_confirmed: bool,
    /// Which keys have fetched it while it was there. 抓取记录
    fetched_by: Vec<Fetch>,
    /// When all this was looked at. 核查时间
    checked_at: DateTime,
}

impl WithdrawalReport {
    /// As it is found now.
    pub async fn new(operation: &Operation, report: editorial::Report) -> Result<Self> {
        let editorial::Report { withdrawal, had, shown, is_found, fetched, checked_at } = report;
        let row = |surface, count: fn(&Places) -> i64| SurfaceReport {
            surface,
            had: had.as_ref().map(count),
            shown: count(&shown),
            is_confirmed: count(&shown) == 0,
        };
        let article =
            SurfaceReport { surface: Surface::Article, had: had.map(|_| 1), shown: i64::from(is_found), is_confirmed: !is_found };
        let surfaces = vec![
            article,
            row(Surface::List, |p| p.lists),
            row(Surface::Ranking, |p| p.rankings),
            row(Surface::Related, |p| p.related),
            row(Surface::Placement, |p| p.placements),
            row(Surface::Address, |p| p.addresses),
        ];
        let fetch = |(key, first, last): (String, i64, i64)| Fetch {
            key,
            first_at: operation.time(first),
            last_at: operation.time(last),
        };
        Ok(Self {
            reason: withdrawal.reason.clone(),
            withdrawn_by: manuscript::actor(operation, &withdrawal.actor).await?,
            is_confirmed: surfaces.iter().all(|surface| surface.is_confirmed),
            surfaces,
            fetched_by: fetched.into_iter().map(fetch).collect(),
            checked_at: operation.time(checked_at),
            withdrawal: Withdrawal(Arc::new(withdrawal)),
        })
    }
}
