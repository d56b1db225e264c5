//! What partners may have.

use std::sync::Arc;

use async_graphql::{Context, Enum, Guard, ID, Object, SimpleObject};

use super::{ApiKey, Channel, Source, Tag, Topic};
use crate::db::{ContractUsage, Scope};
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::tag;
use crate::graphql::scalar::DateTime;
use crate::loader::UsageOf;
use crate::partner;

/// Most days of usage that are shown at once: a year.
const MOST_DAYS: i32 = 366;

/// How much of an article. 可用内容
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "partner::Fields")]
pub enum ArticleFields {
    /// Nothing. 不提供
    None,
    /// Headline, address, times, names of channels, tags, source and authors. 标题
    Headline,
    /// And second headline, summary, cover. 摘要
    Summary,
    /// And text, pictures, files. 全文
    Full,
}

/// Which address of an article a partner names as canonical. 规范网址
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "partner::Canonical")]
pub enum CanonicalRule {
    /// The portal's. 本站
    Portal,
    /// The original's where an editor gave it, else the portal's. 原文
    Original,
}

/// What a partner may have. 合作协议
pub struct Contract(pub Arc<partner::Contract>);

impl Contract {
    fn ids(&self, kind: fn(i64) -> Scope) -> Vec<i64> {
        self.0.lists.iter().filter(|list| list.is_like(kind(0))).map(|list| list.id()).collect()
    }
}

/// What a partner may have. 合作协议
#[Object]
impl Contract {
    /// Opaque, stable id.
    async fn id(&self) -> ID {
        ID(encode(Kind::Contract, self.0.row.id))
    }

    /// Whose it is. 合作方
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Who can be reached there. 联系方式
    async fn contact(&self) -> Option<&str> {
        self.0.row.contact.as_deref()
    }

    /// For those who work here. 备注
    async fn note(&self, context: &Context<'_>) -> Option<async_graphql::Result<&str>> {
        // As a guard it would take the whole contract with it.
        match Policy("Contract").check(context).await {
            Ok(()) => self.0.row.note.as_deref().map(Ok),
            Err(error) => Some(Err(error)),
        }
    }

    /// Articles of these channels and those below them. An article is within the contract if one of its channels, tags, topics or its
    /// source is named; if none is named, all are. 频道
    async fn channels(&self, context: &Context<'_>) -> Vec<Channel> {
        Operation::of(context).catalog().channels.list(&self.ids(Scope::Channel)).into_iter().map(Channel).collect()
    }

    /// Articles with these tags. 标签
    async fn tags(&self, context: &Context<'_>) -> Result<Vec<Tag>> {
        Ok(tag::list(Operation::of(context), &self.ids(Scope::Tag)).await?.into_iter().map(Tag).collect())
    }

    /// Articles of these topics. 专题
    async fn topics(&self, context: &Context<'_>) -> Vec<Topic> {
        Operation::of(context).catalog().topics.list(&self.ids(Scope::Topic)).into_iter().map(Topic).collect()
    }

    /// Articles from these sources. 来源
    async fn sources(&self, context: &Context<'_>) -> Vec<Source> {
        Operation::of(context).catalog().sources.list(&self.ids(Scope::Source)).into_iter().map(Source).collect()
    }

    /// How much of them, if their sources grant as much. 可用内容
    async fn fields(&self) -> ArticleFields {
        self.0.fields.into()
    }

    /// How long after publication. 延迟
    async fn delay_secs(&self) -> i64 {
        self.0.row.delay_secs
    }

    /// What must be shown with each article; `{title}`, `{url}`, `{site}` and `{source}` stand for the article's. 署名要求
    async fn attribution(&self) -> Option<&str> {
        self.0.row.attribution.as_deref()
    }

    /// Which address is canonical. 规范网址
    async fn canonical(&self) -> CanonicalRule {
        self.0.canonical.into()
    }

    /// How much may be asked for. 配额
    async fn quota(&self) -> ContractQuota {
        self.0.quota.into()
    }

    /// Origins whose pages may show embeds. 可嵌入的网站
    async fn embed_origins(&self) -> &[String] {
        &self.0.origins
    }

    /// Names the contract in embeds; no secret. 嵌入标识
    async fn embed_key(&self) -> &str {
        &self.0.row.embed_key
    }

    /// From when on it holds; none: since it was made. 生效时间
    async fn starts_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.row.starts_at.map(|at| Operation::of(context).time(at))
    }

    /// Until when it holds; none: until it is ended. 终止时间
    async fn ends_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.row.ends_at.map(|at| Operation::of(context).time(at))
    }

    /// Whether it holds now. 是否有效
    async fn is_active(&self, context: &Context<'_>) -> bool {
        // As it is by now: a mutation may just have ended it.
        self.0.is_active(Operation::of(context).clock.now().timestamp_millis())
    }

    /// When it was made. 创建时间
    async fn created_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.row.created_at)
    }

    /// When it was changed last. 修改时间
    async fn changed_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.row.changed_at)
    }

    /// The partner's keys, without their secrets. 密钥
    async fn keys(&self, context: &Context<'_>) -> Vec<ApiKey> {
        Operation::of(context).book().keys_of(self.0.row.id).into_iter().map(ApiKey).collect()
    }

    /// What was used of it, by day in UTC, the last first; days without a request are left out. A second late. 用量
    async fn usage(
        &self,
        context: &Context<'_>,
        #[graphql(default = 30, desc = "How many days up to today, 1 to 366.")] days: i32,
    ) -> Option<Result<Vec<ContractUsageDay>>> {
        if !(1..=MOST_DAYS).contains(&days) {
            return Some(Err(Error::invalid("days", format!("must be between 1 and {MOST_DAYS}"))));
        }
        let operation = Operation::of(context);
        let first = operation.now().div_euclid(86_400_000) - i64::from(days) + 1;
        let found = operation.loaders.load(UsageOf { contract: self.0.row.id, first }).await;
        Some(found.map(|found| found.iter().rev().map(|usage| ContractUsageDay::new(operation, usage)).collect()))
    }
}

/// How much a partner may ask for; none: as much as it likes. Minutes and days are those of UTC. 配额
#[derive(SimpleObject)]
pub struct ContractQuota {
    /// Requests in a minute. 每分钟请求数
    requests_per_minute: Option<i64>,
    /// Requests in a day. 每日请求数
    requests_per_day: Option<i64>,
    /// Cost in a minute: about the number of fields of an answer (`extensions.cost`), the number of articles of a feed. 每分钟成本
    cost_per_minute: Option<i64>,
    /// Cost in a day. 每日成本
    cost_per_day: Option<i64>,
}

impl From<partner::Quota> for ContractQuota {
    fn from(quota: partner::Quota) -> Self {
        Self {
            requests_per_minute: quota.requests_per_minute,
            requests_per_day: quota.requests_per_day,
            cost_per_minute: quota.cost_per_minute,
            cost_per_day: quota.cost_per_day,
        }
    }
}

/// What was used of a contract in a day. 单日用量
#[derive(SimpleObject)]
pub struct ContractUsageDay {
    /// The day in UTC, such as `2026-03-01`. 日期
    date: String,
    /// Requests that were answered. 请求数
    requests: i64,
    /// Requests that were refused. 被拒请求数
    refused: i64,
    /// What they cost. 成本
    cost: i64,
    /// Embeds that were shown; they take nothing of the quota. 嵌入展示数
    embeds: i64,
    /// Articles in the answers. 文章数
    items: i64,
    /// Bytes of the answers, before packing. 字节数
    bytes: i64,
    /// The last request. 最近请求时间
    last_seen_at: DateTime,
}

impl ContractUsageDay {
    fn new(operation: &Operation, usage: &ContractUsage) -> Self {
        let date = crate::clock::instant(usage.day * 86_400_000).format("%Y-%m-%d").to_string();
        Self {
            date,
            requests: usage.requests,
            refused: usage.refused,
            cost: usage.cost,
            embeds: usage.embeds,
            items: usage.items,
            bytes: usage.bytes,
            last_seen_at: operation.time(usage.last_at),
        }
    }
}
