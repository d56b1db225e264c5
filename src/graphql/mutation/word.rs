//! The list of words to look out for.

use async_graphql::{Context, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::editorial::WordDraft;
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::types::{SensitiveWord, SensitiveWordAction};

/// The part of the mutations that is about words to look out for.
#[derive(Default)]
pub struct Words;

/// A word for the list. 敏感词
#[derive(InputObject)]
pub struct PutSensitiveWordInput {
    /// The word; one that is there already is changed.
    word: String,
    /// What it does. 处理方式
    action: SensitiveWordAction,
    /// What stands in its place, with the action `REPLACE`; none: nothing does. 替换为
    replacement: Option<String>,
    /// Why, for those who write. 说明
    note: Option<String>,
}

/// A word that shall not be looked out for any more.
#[derive(InputObject)]
pub struct RemoveSensitiveWordInput {
    /// The word.
    word: String,
}

/// A word of the list.
#[derive(SimpleObject)]
pub struct SensitiveWordPayload {
    /// The word; none if nothing was done.
    sensitive_word: Option<SensitiveWord>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

#[Object]
impl Words {
    /// Puts a word into the list, or changes it. 添加敏感词
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn put_sensitive_word(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The word, and what it does.")] input: PutSensitiveWordInput,
    ) -> Result<SensitiveWordPayload> {
        let PutSensitiveWordInput { word, action, replacement, note } = input;
        let draft = WordDraft { word, action: action.into(), replacement, note };
        let (word, user_errors) = {
            let office = Operation::change(context);
            outcome(office.once(async || office.put_word(draft).await).await)?
        };
        Ok(SensitiveWordPayload { sensitive_word: word.map(SensitiveWord::new), user_errors })
    }

    /// Takes a word off the list. 删除敏感词
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn remove_sensitive_word(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The word.")] input: RemoveSensitiveWordInput,
    ) -> Result<SensitiveWordPayload> {
        let (word, user_errors) = {
            let office = Operation::change(context);
            outcome(office.once(async || office.remove_word(&input.word).await).await)?
        };
        Ok(SensitiveWordPayload { sensitive_word: word.map(SensitiveWord::new), user_errors })
    }
}
