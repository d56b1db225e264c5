//! Completions, and what is searched for.

use async_graphql::{Enum, SimpleObject};

use super::Article;
use crate::db::Asked;
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::relation::suggest;
use crate::search::Origin;

/// What a completion is. 建议类型
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum SuggestionKind {
    /// A word that stands in titles. 词
    Word,
    /// The name of a tag. 标签
    Tag,
    /// The name of a source. 来源
    Source,
    /// What many have searched for. 热门搜索
    Query,
    /// The title of an article. 标题
    Title,
}

/// A completion of what somebody begins to type. 搜索建议
#[derive(SimpleObject)]
pub struct Suggestion {
    /// What to search for, or the title.
    text: String,
    /// What it is. 类型
    kind: SuggestionKind,
    /// How many articles have it; none for a title. 命中数
    count: Option<u64>,
    /// The article, if it is a title. 文章
    article: Option<Article>,
}

impl Suggestion {
    /// The completions of `prefix`.
    pub async fn load(operation: &Operation, prefix: &str, first: i32) -> Result<Vec<Self>> {
        let found = suggest::suggest(operation, prefix, first).await?;
        Ok(found.into_iter().map(Self::new).collect())
    }

    fn new(found: suggest::Suggestion) -> Self {
        match found {
            suggest::Suggestion::Word(entry, count) => Self {
                kind: match entry.origin {
                    Origin::Word => SuggestionKind::Word,
                    Origin::Tag => SuggestionKind::Tag,
                    Origin::Source => SuggestionKind::Source,
                    Origin::Query => SuggestionKind::Query,
                },
                text: entry.text,
                count: Some(count),
                article: None,
            },
            suggest::Suggestion::Title(article) => {
                Self { text: article.title.clone(), kind: SuggestionKind::Title, count: None, article: Some(Article(article)) }
            }
        }
    }
}

/// A query, and how many searched for it. 搜索词
#[derive(SimpleObject)]
pub struct SearchedQuery {
    /// As it is compared: small letters, simplified.
    query: String,
    /// How many visitors searched for it, each once a day. 搜索人次
    searches: i64,
    /// How many articles were found. 命中数
    found: i64,
}

impl From<Asked> for SearchedQuery {
    fn from(Asked { query, searches, found }: Asked) -> Self {
        Self { query, searches, found }
    }
}

/// What is searched for. 搜索报告
#[derive(SimpleObject)]
pub struct SearchReport {
    /// Queries that find something, the most searched for first. 热门搜索
    top: Vec<SearchedQuery>,
    /// Queries that find nothing, the most searched for first. 无结果的搜索
    without_hits: Vec<SearchedQuery>,
}

impl SearchReport {
    /// Of both lists.
    pub fn new(top: Vec<Asked>, without_hits: Vec<Asked>) -> Self {
        let list = |asked: Vec<Asked>| asked.into_iter().map(SearchedQuery::from).collect();
        Self { top: list(top), without_hits: list(without_hits) }
    }
}
