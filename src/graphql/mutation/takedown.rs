//! Complaints.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::db::Parts;
use crate::editorial::Claim;
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::{Kind, encode};
use crate::graphql::query::{ArticleBy, key_of};
use crate::graphql::relation::article;
use crate::graphql::types::Takedown;
use crate::text::normalise_address;

/// The part of the mutations that is about complaints.
#[derive(Default)]
pub struct Takedowns;

/// What somebody claims. 侵权投诉
#[derive(InputObject)]
pub struct RequestTakedownInput {
    /// The address that it is about. 网址
    url: String,
    /// Who claims. 投诉人
    name: String,
    /// How they can be reached. 联系方式
    contact: String,
    /// What is wrong. 投诉内容
    claim: String,
}

/// A complaint that was taken.
#[derive(SimpleObject)]
pub struct RequestTakedownPayload {
    /// Its number, to ask about it; none if it was not taken. 受理编号
    reference: Option<ID>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// A complaint to decide. 处理投诉
#[derive(InputObject)]
pub struct CloseTakedownInput {
    /// Which.
    id: ID,
    /// Whether it is right. `withdrawArticle` with the complaint says so too. 是否成立
    upheld: bool,
    /// Why, for those who work here. 处理意见
    note: String,
}

/// A complaint that was decided.
#[derive(SimpleObject)]
pub struct TakedownPayload {
    /// As it is now; none if nothing was done.
    takedown: Option<Takedown>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

#[Object]
impl Takedowns {
    /// Claims that something be taken down. Anyone may; who does so too often has to wait. 提交侵权投诉
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn request_takedown(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What is claimed, and by whom.")] input: RequestTakedownInput,
    ) -> Result<RequestTakedownPayload> {
        let operation = Operation::of(context);
        let request = async {
            let RequestTakedownInput { url, name, contact, claim } = input;
            let bad = || Error::invalid("url", "must be an http(s) address, or a path of this portal");
            let whole = normalise_address(&url).ok_or_else(bad)?;
            // Old addresses are known with their host or as a path alone.
            let path = whole.split_once('/').map(|(_, path)| format!("/{path}"));
            let mut article = None;
            for address in std::iter::once(whole).chain(path) {
                if let Some(key) = key_of(operation, ArticleBy::Url(address))? {
                    article = article.or(article::find(operation, key, Parts::default()).await?);
                }
            }
            let claim = Claim { address: url, article: article.map(|a| a.id), name, contact, claim };
            let office = Operation::change(context);
            office.once(async || office.request_takedown(claim, &operation.caller.address).await).await
        };
        let (row, user_errors) = outcome(Box::pin(request).await)?;
        Ok(RequestTakedownPayload { reference: row.map(|row| ID(encode(Kind::Takedown, row.id))), user_errors })
    }

    /// Decides a complaint. 处理投诉
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn close_takedown(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what becomes of it.")] input: CloseTakedownInput,
    ) -> Result<TakedownPayload> {
        let close = async {
            let id = number("id", &input.id, Kind::Takedown)?;
            let office = Operation::change(context);
            office.once(async || office.close_takedown(id, input.upheld, &input.note).await).await
        };
        let (row, user_errors) = outcome(Box::pin(close).await)?;
        Ok(TakedownPayload { takedown: row.map(Takedown), user_errors })
    }
}
