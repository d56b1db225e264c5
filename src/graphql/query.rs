//! The roots: where every query begins.

use async_graphql::{Context, ID, Object, OneofObject};

use super::connection::{ArticleConnection, ArticleFilter, ArticleOrder, number};
use super::context::Operation;
use super::guard::Policy;
use super::id::{Kind, decode};
use super::node::{self, Node};
use super::relation::list::Page;
use super::relation::{article, manuscript, tag};
use super::types::{
    Account, ApiKey, Article, AuditConnection, AuditFilter, Channel, ChannelKind, Contract, Manuscript, ManuscriptConnection,
    ManuscriptCount, ManuscriptFilter, Me, Placement, PlacementSlot, Ranking, RankingArguments, RankingBy, RankingScope,
    RankingWindow, SearchArguments, SearchConnection, SearchOrder, SearchReport, SensitiveWord, Site, Source, Suggestion, Tag,
    TakedownConnection, TakedownState, Topic, ViewStats, Withdrawal, WithdrawalReport,
};
use super::unique::Block;
use crate::error::{Error, Result};
use crate::loader::{AddressName, ArticleBy as Key, Catalog, TagBy as TagKey, WithdrawalOf};
use crate::ranking;
use crate::text::normalise_address;

/// How many things one look-up by ids may ask for.
const MOST_IDS: usize = 100;

/// Which article: exactly one of these. 文章的查找方式
#[derive(OneofObject)]
pub enum ArticleBy {
    /// By id.
    Id(ID),
    /// By the name in its address.
    Slug(String),
    /// By its address on this portal, or an old one, however it is written. 旧网址也可以
    Url(String),
    /// By its number in the system it came from. 原系统编号
    LegacyId(String),
    /// By a token from `createPreview`: as it would be, whatever its state; not once it is withdrawn. 预览令牌
    Preview(String),
}

/// Which channel: exactly one of these.
#[derive(OneofObject)]
pub enum ChannelBy {
    /// By id.
    Id(ID),
    /// By the name in its address.
    Slug(String),
}

/// Which tag: exactly one of these.
#[derive(OneofObject)]
pub enum TagBy {
    /// By id.
    Id(ID),
    /// By the name in its address.
    Slug(String),
    /// By name.
    Name(String),
}

/// Which topic: exactly one of these.
#[derive(OneofObject)]
pub enum TopicBy {
    /// By id.
    Id(ID),
    /// By the name in its address.
    Slug(String),
}

/// Which source: exactly one of these.
#[derive(OneofObject)]
pub enum SourceBy {
    /// By id.
    Id(ID),
    /// By the name in its address.
    Slug(String),
}

/// Everything that can be read.
pub struct Query;

/// Everything that can be read.
#[Object]
impl Query {
    /// The portal: settings, navigation, footer pages. 站点
    async fn site(&self, context: &Context<'_>) -> Site {
        Site(Operation::of(context).catalog().clone())
    }

    /// One article; none if it does not exist, or is not published and who asks may not see that. 文章
    async fn article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Exactly one way to name it.")] by: ArticleBy,
    ) -> Option<Result<Article>> {
        let operation = Operation::of(context);
        if let ArticleBy::Preview(token) = by {
            if let Err(error) = operation.terms.require_everything() {
                return Some(Err(error));
            }
            return Box::pin(manuscript::shown_by(operation, &token)).await.map(|found| found.map(Article)).transpose();
        }
        let key = match key_of(operation, by) {
            Ok(key) => key?,
            Err(error) => return Some(Err(error)),
        };
        article::find(operation, key, article::parts(context)).await.map(|found| found.map(Article)).transpose()
    }

    /// Why an article that was here is not any more; none if it was not withdrawn. Ask beside `article`. 撤稿说明
    async fn withdrawal(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Exactly one way to name the article.")] by: ArticleBy,
    ) -> Option<Result<Withdrawal>> {
        let operation = Operation::of(context);
        let key = match key_of(operation, by) {
            Ok(key) => key?,
            Err(error) => return Some(Err(error)),
        };
        operation.loaders.load(WithdrawalOf(key)).await.map(|found| found.map(Withdrawal)).transpose()
    }

    /// Articles of the whole portal, or those that a filter lets through. 文章列表
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
        Some(ArticleConnection::load(context, None, filter, order_by, page).await)
    }

    /// Articles that have what somebody types: a word or a part of one, in whichever script, width and case. Words are looked for everywhere;
    /// what stands in quotation marks as it stands; what has a minus before it must not be there; all else is text. 搜索
    #[expect(clippy::too_many_arguments, reason = "the arguments of a connection")]
    async fn search(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What to look for, at most 1000 characters.")] query: String,
        #[graphql(desc = "Among which articles.")] filter: Option<Box<ArticleFilter>>,
        #[graphql(default_with = "SearchOrder::Relevance", desc = "In which order.")] order_by: SearchOrder,
        #[graphql(default = false, desc = "Of articles with the same text (reposts) the best alone.")] collapse: bool,
        #[graphql(desc = "How many from the beginning or after `after`, 1 to 100; 20 if not given.")] first: Option<i32>,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Option<Result<SearchConnection>> {
        let arguments = SearchArguments { query, filter, order_by, collapse, first, after };
        Some(SearchConnection::load(context, arguments).await)
    }

    /// What a few letters may become: Chinese in either script, pinyin (`yantai`) or initials (`yt`); tags, sources, words of titles, what many have
    /// searched for, then titles. 搜索建议
    async fn suggest(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What was typed so far, at most 40 characters.")] prefix: String,
        #[graphql(default = 10, desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<Suggestion>> {
        Box::pin(Suggestion::load(Operation::of(context), &prefix, first)).await
    }

    /// One channel. 频道
    async fn channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Exactly one way to name it.")] by: ChannelBy,
    ) -> Option<Result<Channel>> {
        let channels = &Operation::of(context).catalog().channels;
        let found = match by {
            ChannelBy::Id(id) => number("by.id", &id, Kind::Channel).map(|id| channels.find(id)),
            ChannelBy::Slug(slug) => Ok(channels.find_slug(&slug)),
        };
        found.map(|c| c.cloned().map(Channel)).transpose()
    }

    /// Channels: those asked for, in the order asked, or the roots of the tree. 频道列表
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn channels(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "These channels, at most 100; unknown ones are left out.")] ids: Option<Vec<ID>>,
        #[graphql(desc = "Those right below this channel.")] parent: Option<ID>,
        #[graphql(desc = "Only channels or only parks; with neither `ids` nor `parent`, of the whole tree.")] kind: Option<
            ChannelKind,
        >,
    ) -> Result<Vec<Channel>> {
        let catalog = Operation::of(context).catalog();
        let found = match (ids, parent) {
            (Some(_), Some(_)) => return Err(Error::invalid("parent", "cannot be combined with `ids`")),
            (Some(ids), None) => {
                few("ids", ids.len())?;
                let ids: Result<Vec<i64>> = ids.iter().map(|id| number("ids", id, Kind::Channel)).collect();
                catalog.channels.list(&ids?)
            }
            (None, Some(parent)) => catalog.children(Some(number("parent", &parent, Kind::Channel)?)).to_vec(),
            (None, None) if kind.is_some() => catalog.channels.all().to_vec(),
            (None, None) => catalog.children(None).to_vec(),
        };
        Ok(found.into_iter().filter(|c| kind.is_none_or(|kind| Channel::what(c) == kind)).map(Channel).collect())
    }

    /// One tag. 标签
    async fn tag(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Exactly one way to name it.")] by: TagBy,
    ) -> Option<Result<Tag>> {
        let key = match by {
            TagBy::Id(id) => match number("by.id", &id, Kind::Tag) {
                Ok(id) => TagKey::Id(id),
                Err(error) => return Some(Err(error)),
            },
            TagBy::Slug(slug) => TagKey::Slug(slug),
            TagBy::Name(name) => TagKey::Name(name),
        };
        tag::find(Operation::of(context), key).await.map(|found| found.map(Tag)).transpose()
    }

    /// One topic. 专题
    async fn topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Exactly one way to name it.")] by: TopicBy,
    ) -> Option<Result<Topic>> {
        let topics = &Operation::of(context).catalog().topics;
        let found = match by {
            TopicBy::Id(id) => number("by.id", &id, Kind::Topic).map(|id| topics.find(id)),
            TopicBy::Slug(slug) => Ok(topics.find_slug(&slug)),
        };
        found.map(|t| t.cloned().map(Topic)).transpose()
    }

    /// One source. 来源
    async fn source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Exactly one way to name it.")] by: SourceBy,
    ) -> Option<Result<Source>> {
        let sources = &Operation::of(context).catalog().sources;
        let found = match by {
            SourceBy::Id(id) => number("by.id", &id, Kind::Source).map(|id| sources.find(id)),
            SourceBy::Slug(slug) => Ok(sources.find_slug(&slug)),
        };
        found.map(|s| s.cloned().map(Source)).transpose()
    }

    /// Click ranking of the site, or of a channel, topic, tag or source. 点击排行
    #[expect(clippy::too_many_arguments, reason = "each is one of the API")]
    async fn ranking(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of what; without it the whole site.")] scope: Option<RankingScope>,
        #[graphql(desc = "Of this channel with those below it: short for `scope`.")] channel: Option<ID>,
        #[graphql(default_with = "RankingWindow::Week", desc = "Over which time; a longer one stands in where it is empty.")]
        window: RankingWindow,
        #[graphql(default_with = "RankingBy::Views", desc = "In which order.")] by: RankingBy,
        #[graphql(default = 10, desc = "How many places, 1 to 100.")] first: i32,
        #[graphql(default = false, desc = "Of articles with the same text (reposts) the best alone.")] collapse: bool,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<Ranking>> {
        let arguments = RankingArguments { window, by, first, collapse, unique };
        Some(Ranking::load(context, RankingScope::find(scope, channel.as_ref()), arguments).await)
    }

    /// What is read more and more just now: short for `ranking(by: TRENDING)`. 热门
    async fn trending(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Of what; without it the whole site.")] scope: Option<RankingScope>,
        #[graphql(default_with = "RankingWindow::Day", desc = "Over which time views are given.")] window: RankingWindow,
        #[graphql(default = 10, desc = "How many places, 1 to 100.")] first: i32,
        #[graphql(default = false, desc = "Of articles with the same text (reposts) the best alone.")] collapse: bool,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<Ranking>> {
        let arguments = RankingArguments { window, by: RankingBy::Trending, first, collapse, unique };
        Some(Ranking::load(context, RankingScope::find(scope, None), arguments).await)
    }

    /// What editors put into a slot of the site or of a channel. 推荐位
    async fn placement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Name of the slot, such as `picture-stories`.")] slot: String,
        #[graphql(desc = "Of this channel; without it the site's.")] channel: Option<ID>,
        #[graphql(default = 10, desc = "How many items, 1 to 100.")] first: i32,
        #[graphql(default = false, desc = "Only articles with a cover.")] has_cover: bool,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Option<Result<Placement>> {
        match channel.map(|id| number("channel", &id, Kind::Channel)).transpose() {
            Ok(channel) => Some(Placement::load(context, slot, channel, first, has_cover, unique).await),
            Err(error) => Some(Err(error)),
        }
    }

    /// Anything by its id; none if it does not exist. 按 ID 查找
    async fn node(&self, context: &Context<'_>, #[graphql(desc = "From the field `id`.")] id: ID) -> Option<Result<Node>> {
        let (kind, number) = decode(&id)?;
        node::find(Operation::of(context), kind, number, article::parts(context)).await.transpose()
    }

    /// Anything by id, in the order asked; none where there is nothing. 按 ID 批量查找
    async fn nodes(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "At most 100.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        few("ids", ids.len())?;
        let operation = Operation::of(context);
        let parts = article::parts(context);
        let one = async |id: &ID| match decode(id) {
            Some((kind, number)) => node::find(operation, kind, number, parts).await.transpose(),
            None => None,
        };
        Ok(futures_util::future::join_all(ids.iter().map(one)).await)
    }

    /// The contract of the partner who asks; none for everybody else. 我的协议
    async fn my_contract(&self, context: &Context<'_>) -> Option<Contract> {
        Operation::of(context).terms.contract().cloned().map(Contract)
    }

    /// A partner's contract. 合作协议
    #[graphql(guard = "Policy(\"Query\")")]
    async fn contract(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "From the field `id`.")] id: ID,
    ) -> Option<Result<Contract>> {
        let found = number("id", &id, Kind::Contract).map(|id| Operation::of(context).book().find(id));
        found.map(|contract| contract.map(Contract)).transpose()
    }

    /// Every contract of a partner, by age. 合作协议列表
    #[graphql(guard = "Policy(\"Query\")")]
    async fn contracts(&self, context: &Context<'_>) -> Vec<Contract> {
        Operation::of(context).book().all().into_iter().map(Contract).collect()
    }

    /// Who asks; none without a session or a key. 当前身份
    async fn me(&self, context: &Context<'_>) -> Option<Me> {
        Me::of(&Operation::of(context).caller.actor)
    }

    /// Those who work here, by age of their accounts. 员工账号
    #[graphql(guard = "Policy(\"Query\")")]
    async fn accounts(&self, context: &Context<'_>) -> Result<Vec<Account>> {
        // Boxed, as the others for staff: every field of the root would be as large as these.
        let accounts = Box::pin(async { Operation::of(context).office().accounts().await }).await?;
        Ok(accounts.into_iter().map(Account).collect())
    }

    /// Keys of programs, by age. 接口密钥
    #[graphql(guard = "Policy(\"Query\")")]
    async fn api_keys(&self, context: &Context<'_>) -> Result<Vec<ApiKey>> {
        let keys = Box::pin(async { Operation::of(context).office().keys().await }).await?;
        Ok(keys.into_iter().map(ApiKey).collect())
    }

    /// An article as those see it who work on it. 稿件
    #[graphql(guard = "Policy(\"Query\")")]
    async fn manuscript(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the article.")] id: ID,
    ) -> Option<Result<Manuscript>> {
        let find = async {
            let article = number("id", &id, Kind::Article)?;
            manuscript::find(Operation::of(context), article).await
        };
        Box::pin(find).await.map(|found| found.map(Manuscript)).transpose()
    }

    /// Articles that are worked on, the last changed first. 稿件列表
    #[graphql(guard = "Policy(\"Query\")")]
    async fn manuscripts(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which.")] filter: Option<Box<ManuscriptFilter>>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<ManuscriptConnection> {
        let filter = filter.map(|filter| *filter).unwrap_or_default();
        Box::pin(ManuscriptConnection::load(Operation::of(context), filter, first, after)).await
    }

    /// How many articles are in each state but the published and the archived. 各状态稿件数
    #[graphql(guard = "Policy(\"Query\")")]
    async fn manuscript_counts(&self, context: &Context<'_>) -> Result<Vec<ManuscriptCount>> {
        Box::pin(ManuscriptCount::load(Operation::of(context))).await
    }

    /// Every slot as editors have filled it, in the order of their names. 推荐位设置
    #[graphql(guard = "Policy(\"Query\")")]
    async fn placement_slots(&self, context: &Context<'_>) -> Vec<PlacementSlot> {
        PlacementSlot::all(Operation::of(context))
    }

    /// Complaints, newest first. 侵权投诉列表
    #[graphql(guard = "Policy(\"Query\")")]
    async fn takedowns(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "In one of these states; without it in any.")] states: Option<Vec<TakedownState>>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<TakedownConnection> {
        Box::pin(TakedownConnection::load(Operation::of(context), states.unwrap_or_default(), first, after)).await
    }

    /// Where a withdrawn article stood, who has fetched it, and whether it is gone; none if it was not withdrawn. 撤稿报告
    #[graphql(guard = "Policy(\"Query\")")]
    async fn withdrawal_report(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The id of the article.")] id: ID,
    ) -> Option<Result<WithdrawalReport>> {
        let report = async {
            let operation = Operation::of(context);
            let found = operation.office().withdrawal_report(number("id", &id, Kind::Article)?).await?;
            match found {
                Some(report) => WithdrawalReport::new(operation, report).await.map(Some),
                None => Ok(None),
            }
        };
        Box::pin(report).await.transpose()
    }

    /// Words to look out for when an article is handed in. 敏感词表
    #[graphql(guard = "Policy(\"Query\")")]
    async fn sensitive_words(&self, context: &Context<'_>) -> Result<Vec<SensitiveWord>> {
        let words = Box::pin(async { Operation::of(context).office().words().await }).await?;
        Ok(words.into_iter().map(SensitiveWord::new).collect())
    }

    /// What was searched for in the last days by at least three visitors on one day; nobody is told who. 搜索报告
    #[graphql(guard = "Policy(\"Query\")")]
    async fn search_report(
        &self,
        context: &Context<'_>,
        #[graphql(default = 30, desc = "How many days, 1 to 90.")] days: i32,
        #[graphql(default = 50, desc = "How many queries in each list, 1 to 100.")] first: i32,
    ) -> Result<SearchReport> {
        if !(1..=90).contains(&days) {
            return Err(Error::invalid("days", "must be between 1 and 90"));
        }
        let most = super::relation::list::size("first", first)?;
        let (top, without) = Box::pin(async { Operation::of(context).office().search_report(days.into(), most).await }).await?;
        Ok(SearchReport::new(top, without))
    }

    /// The portal's own words, with which texts are cut for search, in order. 自定义词典
    #[graphql(guard = "Policy(\"Query\")")]
    async fn search_words(&self, context: &Context<'_>) -> Result<Vec<String>> {
        Box::pin(async { Operation::of(context).office().search_words().await }).await
    }

    /// How much was read in the last hours, and what does not count. 阅读统计
    #[graphql(guard = "Policy(\"Query\")")]
    async fn view_stats(
        &self,
        context: &Context<'_>,
        #[graphql(default = 24, desc = "How many hours, 1 to 744, up to the present one.")] hours: i32,
    ) -> Result<ViewStats> {
        let operation = Operation::of(context);
        if !(1..=744).contains(&hours) {
            return Err(Error::invalid("hours", "must be between 1 and 744"));
        }
        let stats = Box::pin(ranking::stats(&operation.db, hours.into(), operation.now())).await?;
        Ok(ViewStats::new(operation, &stats))
    }

    /// Every change of anything, newest first: who, what, when. 审计日志
    #[graphql(guard = "Policy(\"Query\")")]
    async fn audit_log(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which entries.")] filter: Option<AuditFilter>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor to go on from.")] after: Option<String>,
    ) -> Result<AuditConnection> {
        Box::pin(AuditConnection::load(Operation::of(context), filter.unwrap_or_default(), first, after)).await
    }
}

fn few(field: &str, count: usize) -> Result<()> {
    if count <= MOST_IDS {
        return Ok(());
    }
    Err(Error::invalid(field, format!("has more than {MOST_IDS} entries")))
}

/// What to load for a look-up; nothing where it cannot lead anywhere.
pub(super) fn key_of(operation: &Operation, by: ArticleBy) -> Result<Option<Key>> {
    Ok(match by {
        ArticleBy::Id(id) => Some(Key::Id(number("by.id", &id, Kind::Article)?)),
        ArticleBy::Slug(slug) => Some(Key::Slug(slug)),
        ArticleBy::LegacyId(number) => Some(Key::LegacyId(number)),
        ArticleBy::Preview(_) => return Err(Error::invalid("by.preview", "leads to an article alone")),
        ArticleBy::Url(url) => {
            let address = normalise_address(&url).ok_or_else(|| Error::invalid("by.url", "is no http(s) address"))?;
            Some(own_address(operation.catalog(), &address).unwrap_or(Key::Address(address)))
        }
    })
}

/// The article behind an address of the portal's own pattern.
pub fn own_address(catalog: &Catalog, address: &str) -> Option<Key> {
    match catalog.addresses.read(address)? {
        (AddressName::Id, value) => decode(value).filter(|(kind, _)| *kind == Kind::Article).map(|(_, id)| Key::Id(id)),
        (AddressName::Slug, value) => Some(Key::Slug(value.to_owned())),
    }
}
