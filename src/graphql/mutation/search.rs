//! The portal's own words for search.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;

/// The part of the mutations that is about search.
#[derive(Default)]
pub struct Dictionary;

/// Words of the portal's own. 自定义词
#[derive(InputObject)]
pub struct SearchWordsInput {
    /// 1 to 1000 words of 2 to 20 characters: names of companies, parks, products.
    words: Vec<String>,
}

/// The portal's own words.
#[derive(SimpleObject)]
pub struct SearchWordsPayload {
    /// All of them, in order; none if nothing was done.
    search_words: Option<Vec<String>>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// That the index is built anew.
#[derive(SimpleObject)]
pub struct RebuildSearchIndexPayload {
    /// Whether programs were told.
    is_begun: bool,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

#[Object]
impl Dictionary {
    /// Adds words with which texts are cut for search; those that are there stay. Texts are cut anew without a pause. 添加自定义词
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn add_search_words(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The words.")] input: SearchWordsInput,
    ) -> Result<SearchWordsPayload> {
        let (search_words, user_errors) = {
            let office = Operation::change(context);
            outcome(office.once(async || office.add_search_words(input.words).await).await)?
        };
        Ok(SearchWordsPayload { search_words, user_errors })
    }

    /// Takes words out of the list. 删除自定义词
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn remove_search_words(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The words.")] input: SearchWordsInput,
    ) -> Result<SearchWordsPayload> {
        let (search_words, user_errors) = {
            let office = Operation::change(context);
            outcome(office.once(async || office.remove_search_words(input.words).await).await)?
        };
        Ok(SearchWordsPayload { search_words, user_errors })
    }

    /// Has every program build its search index anew, beside the one that answers meanwhile. 重建搜索索引
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn rebuild_search_index(&self, context: &Context<'_>) -> Result<RebuildSearchIndexPayload> {
        let (begun, user_errors) = {
            let office = Operation::change(context);
            outcome(office.once(async || office.rebuild_search_index().await).await)?
        };
        Ok(RebuildSearchIndexPayload { is_begun: begun.is_some(), user_errors })
    }
}
