//! What a search finds.

use std::ops::Range;
use std::sync::Arc;

use async_graphql::{ComplexObject, Context, Enum, Object, SimpleObject};
use futures_util::future::BoxFuture;

use super::{Article, Channel, Source, Tag};
use crate::db::{self, Scope};
use crate::error::{Error, Result};
use crate::graphql::connection::{ArticleFilter, ArticleOrder, PageInfo};
use crate::graphql::context::{Operation, asks};
use crate::graphql::relation::search::{self, Results, Search};
use crate::graphql::relation::{list, suggest, tag};
use crate::graphql::scalar::Html;
use crate::loader::{TagBy, With};
use crate::partner::Fields;
use crate::search::{Order, highlights};
use crate::text::escape;

/// What hits are ordered by. 排序
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum SearchOrder {
    /// The most telling first: title over summary and tags over text; a newer article counts up to a quarter more. 相关度
    Relevance,
    /// Newest first. 最新
    Newest,
}

/// How much of what was asked for hits have. 匹配程度
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum SearchMatch {
    /// All words.
    All,
    /// No article has all words: these have most. 部分匹配
    Most,
}

/// The arguments of a search.
pub struct SearchArguments {
    pub query: String,
    pub filter: Option<Box<ArticleFilter>>,
    pub order_by: SearchOrder,
    pub collapse: bool,
    pub first: Option<i32>,
    pub after: Option<String>,
}

/// A page of hits. 搜索结果的一页
pub struct SearchConnection {
    results: Arc<Results>,
    query: String,
}

impl SearchConnection {
    /// The page that a field's arguments ask for. Boxed, as other loads of connections are.
    pub fn load<'a>(context: &'a Context<'_>, arguments: SearchArguments) -> BoxFuture<'a, Result<Self>> {
        Box::pin(async move {
            let SearchArguments { query, filter, order_by, collapse, first, after } = arguments;
            let list = ArticleFilter::list(filter.as_deref(), None, ArticleOrder::Newest)?;
            let order = match order_by {
                SearchOrder::Relevance => Order::Relevance,
                SearchOrder::Newest => Order::Newest,
            };
            let covers = asks(context, &["nodes", "cover"]) || asks(context, &["edges", "node", "cover"]);
            let collapse = collapse || list.collapse;
            let search = Search { query: query.clone(), list, order, collapse, first, after };
            let results =
                search::search(Operation::of(context), search, asks(context, &["facets"]), With::covers(covers)).await?;
            Ok(Self { results: Arc::new(results), query })
        })
    }
}

/// A page of hits. 搜索结果的一页
#[Object]
impl SearchConnection {
    /// The hits with their cursors and passages.
    async fn edges(&self) -> Vec<SearchEdge> {
        let edge = |(hit, article): &(crate::search::Hit, Arc<db::Article>)| SearchEdge {
            cursor: self.results.cursor_of(hit),
            node: Article(Arc::clone(article)),
            results: Arc::clone(&self.results),
        };
        self.results.hits.iter().map(edge).collect()
    }

    /// The articles.
    async fn nodes(&self) -> Vec<Article> {
        self.results.hits.iter().map(|(_, article)| Article(Arc::clone(article))).collect()
    }

    /// Where the page lies in the list. 分页信息
    async fn page_info(&self) -> PageInfo {
        let cursor = |hit: Option<&(crate::search::Hit, Arc<db::Article>)>| hit.map(|(hit, _)| self.results.cursor_of(hit));
        PageInfo {
            has_next_page: self.results.has_next,
            has_previous_page: self.results.has_previous,
            start_cursor: cursor(self.results.hits.first()),
            // Of the last that was found, seen or not: from there the next page goes on.
            end_cursor: self.results.found.hits.last().map(|hit| self.results.cursor_of(hit)),
        }
    }

    /// How many articles were found in all. 总数
    async fn total_count(&self) -> u64 {
        self.results.total
    }

    /// Whether `totalCount` is exact; an estimate while the index is built, or has not heard yet of what changed a moment ago.
    async fn is_exact(&self) -> bool {
        self.results.is_exact
    }

    /// How much of what was asked for the hits have. 匹配程度
    async fn matched(&self) -> SearchMatch {
        if self.results.found.is_relaxed { SearchMatch::Most } else { SearchMatch::All }
    }

    /// What may have been meant, if no article has all words: by sound, by pinyin, by a letter; each finds something. 您是不是要找
    async fn did_you_mean(&self, context: &Context<'_>) -> Result<Vec<String>> {
        // Words of all articles: not for who may have some of them alone.
        let is_for_all = Operation::of(context).terms.require_everything().is_ok();
        if (self.results.found.total > 0 && !self.results.found.is_relaxed) || !is_for_all {
            return Ok(Vec::new());
        }
        suggest::corrections(Operation::of(context), self.query.clone()).await
    }

    /// Where all hits stand, with their numbers. 分面
    async fn facets(&self) -> SearchFacets {
        SearchFacets { results: Arc::clone(&self.results) }
    }
}

/// A hit. 搜索结果
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct SearchEdge {
    /// The hit's place in the list, for `after`. 游标
    cursor: String,
    /// The article.
    node: Article,
    #[graphql(skip)]
    results: Arc<Results>,
}

/// The longest passage that may be asked for, in characters.
const LONGEST_PASSAGE: i32 = 1_000;

#[ComplexObject]
impl SearchEdge {
    /// The parts of the article's title that were asked for. 标题高亮
    async fn title_highlights(&self) -> Vec<TextRange> {
        let title = &self.node.0.title;
        ranges(title, &highlights(title, &self.results.needs))
    }

    /// The passage of the text that shows best what was asked for; none if only title, summary or tags have it. 摘录
    async fn snippet(
        &self,
        context: &Context<'_>,
        #[graphql(default = 120, desc = "How many characters, 20 to 1000.")] length: i32,
    ) -> Option<Result<Snippet>> {
        if !(20..=LONGEST_PASSAGE).contains(&length) {
            return Some(Err(Error::invalid("length", format!("must be between 20 and {LONGEST_PASSAGE}"))));
        }
        if let Err(error) = Operation::of(context).require(Fields::Full, &self.node.0) {
            return Some(Err(error));
        }
        let length = usize::try_from(length).unwrap_or(0);
        let found = search::snippet(Operation::of(context), &self.node.0, &self.results, length).await.transpose()?;
        Some(found.map(|(text, marks)| Snippet { html: Html(html(&text, &marks)), highlights: ranges(&text, &marks), text }))
    }
}

/// A passage of a text. 摘录
#[derive(SimpleObject)]
pub struct Snippet {
    /// Plain text.
    text: String,
    /// Its parts that were asked for, in order. 高亮
    highlights: Vec<TextRange>,
    /// The same as HTML: text with nothing but `<mark>` around those parts.
    html: Html,
}

/// A part of a text, in UTF-16 code units, as strings of JavaScript, Kotlin and Swift's `NSString` count. 文本区间
#[derive(SimpleObject)]
pub struct TextRange {
    /// Where it begins, from 0.
    start: usize,
    /// Behind its end.
    end: usize,
}

fn ranges(text: &str, marks: &[Range<usize>]) -> Vec<TextRange> {
    let units = |bytes: usize| text[..bytes].encode_utf16().count();
    marks.iter().map(|mark| TextRange { start: units(mark.start), end: units(mark.end) }).collect()
}

fn html(text: &str, marks: &[Range<usize>]) -> String {
    let mut html = String::with_capacity(text.len() + marks.len() * 13);
    let mut at = 0;
    for mark in marks {
        html += &escape(&text[at..mark.start]);
        html += "<mark>";
        html += &escape(&text[mark.clone()]);
        html += "</mark>";
        at = mark.end;
    }
    html + &escape(&text[at..])
}

/// Where hits stand: each with how many of all hits. 分面
pub struct SearchFacets {
    results: Arc<Results>,
}

impl SearchFacets {
    /// The lists of one kind that hits stand in, the fullest first: (id, hits).
    fn lists(&self, kind: fn(i64) -> Scope, first: i32) -> Result<Vec<(i64, u64)>> {
        let most = usize::try_from(list::size("first", first)?).unwrap_or(0);
        let kind = kind(0).code();
        let lists = self.results.found.facets.lists.iter().filter(|(code, _)| *code % 8 == kind);
        let mut lists: Vec<(i64, u64)> = lists.map(|(code, count)| (code / 8, *count)).collect();
        lists.sort_unstable_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        lists.truncate(most);
        Ok(lists)
    }
}

/// Where hits stand: each with how many of all hits. 分面
#[Object]
impl SearchFacets {
    /// Channels, each with what is below it, the fullest first. 频道
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn channels(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<ChannelCount>> {
        let channels = &Operation::of(context).catalog().channels;
        let count = |(id, count)| Some(ChannelCount { channel: Channel(Arc::clone(channels.find(id)?)), count });
        Ok(self.lists(Scope::Channel, first)?.into_iter().filter_map(count).collect())
    }

    /// Sources, the fullest first. 来源
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn sources(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<SourceCount>> {
        let sources = &Operation::of(context).catalog().sources;
        let count = |(id, count)| Some(SourceCount { source: Source(Arc::clone(sources.find(id)?)), count });
        Ok(self.lists(Scope::Source, first)?.into_iter().filter_map(count).collect())
    }

    /// Tags, the fullest first. 标签
    async fn tags(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<TagCount>> {
        let lists = self.lists(Scope::Tag, first)?;
        let operation = Operation::of(context);
        let find = lists.iter().map(|(id, _)| tag::find(operation, TagBy::Id(*id)));
        let tags = futures_util::future::try_join_all(find).await?;
        let count = |(tag, (_, count)): (Option<Arc<db::Tag>>, (i64, u64))| Some(TagCount { tag: Tag(tag?), count });
        Ok(tags.into_iter().zip(lists).filter_map(count).collect())
    }

    /// Years of publication in the portal's time zone, the latest first. 年份
    async fn years(&self) -> Vec<YearCount> {
        let first = i64::from(self.results.first_year) - 1;
        let years = self.results.found.facets.years.iter();
        let year = |(at, count): (&usize, &u64)| {
            Some(YearCount { year: i32::try_from(first + i64::try_from(*at).ok()?).ok()?, count: *count })
        };
        let mut years: Vec<YearCount> = years.filter_map(year).collect();
        years.sort_unstable_by_key(|year| std::cmp::Reverse(year.year));
        years
    }
}

/// A channel with its number of hits. 频道命中数
#[derive(SimpleObject)]
pub struct ChannelCount {
    /// The channel.
    channel: Channel,
    /// Hits in it and below it.
    count: u64,
}

/// A source with its number of hits. 来源命中数
#[derive(SimpleObject)]
pub struct SourceCount {
    /// The source.
    source: Source,
    /// Hits.
    count: u64,
}

/// A tag with its number of hits. 标签命中数
#[derive(SimpleObject)]
pub struct TagCount {
    /// The tag.
    tag: Tag,
    /// Hits.
    count: u64,
}

/// A year with its number of hits. 年份命中数
#[derive(SimpleObject)]
pub struct YearCount {
    /// The year.
    year: i32,
    /// Hits.
    count: u64,
}
