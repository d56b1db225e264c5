//! Taking articles away for good, and bringing them back.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::editorial::WithdrawalRequest;
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::Withdrawal;
use crate::loader::{ArticleBy, WithdrawalOf};

/// The part of the mutations that is about withdrawals.
#[derive(Default)]
pub struct Withdrawals;

/// An article that shall be taken away. 撤稿
#[derive(InputObject)]
pub struct WithdrawArticleInput {
    /// Which.
    id: ID,
    /// Why, for those who work here. 撤稿原因
    reason: String,
    /// What readers are told beside that it was withdrawn. 撤稿公告
    notice: Option<String>,
    /// The complaint that this answers, which is upheld with it. 投诉
    takedown: Option<ID>,
}

/// An article that shall come back.
#[derive(InputObject)]
pub struct RestoreArticleInput {
    /// Which.
    id: ID,
    /// Why, for those who work here. 恢复原因
    reason: String,
}

/// An article that was taken away.
#[derive(SimpleObject)]
pub struct WithdrawArticlePayload {
    /// What is left to say of it; none if it was not taken away.
    withdrawal: Option<Withdrawal>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// An article that came back.
#[derive(SimpleObject)]
pub struct RestoreArticlePayload {
    /// The article; none if it did not come back.
    article_id: Option<ID>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

#[Object]
impl Withdrawals {
    /// Takes a published article away: from the moment of the answer on nothing shows it, and its addresses say that it was
    /// withdrawn. 撤稿
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn withdraw_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and why.")] input: WithdrawArticleInput,
    ) -> Result<WithdrawArticlePayload> {
        let WithdrawArticleInput { id, reason, notice, takedown } = input;
        let withdrawn = async {
            let article = number("id", &id, Kind::Article)?;
            let takedown = takedown.map(|id| number("takedown", &id, Kind::Takedown)).transpose()?;
            let office = Operation::change(context);
            let request = WithdrawalRequest { article, reason, notice, takedown };
            office.once(async || office.withdraw(request).await).await?;
            Operation::of(context).loaders.load(WithdrawalOf(ArticleBy::Id(article))).await
        };
        let (withdrawn, user_errors) = outcome(Box::pin(withdrawn).await)?;
        Ok(WithdrawArticlePayload { withdrawal: withdrawn.flatten().map(Withdrawal), user_errors })
    }

    /// Brings a withdrawn article back to every list that it stood in. 恢复
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn restore_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and why.")] input: RestoreArticleInput,
    ) -> Result<RestoreArticlePayload> {
        let restored = async {
            let article = number("id", &input.id, Kind::Article)?;
            let office = Operation::change(context);
            office.once(async || office.restore(article, &input.reason).await).await
        };
        let (restored, user_errors) = outcome(restored.await)?;
        Ok(RestoreArticlePayload { article_id: restored.map(|_| input.id), user_errors })
    }
}
