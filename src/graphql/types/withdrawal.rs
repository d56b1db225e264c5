//! What is left to say of an article that was taken away.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use crate::db;
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::scalar::DateTime;

/// What is left to say of an article that was taken away for good. 撤稿说明
pub struct Withdrawal(pub Arc<db::Withdrawal>);

/// What is left to say of an article that was taken away for good. 撤稿说明
#[Object]
impl Withdrawal {
    /// The id of the article that was.
    async fn article_id(&self) -> ID {
        ID(encode(Kind::Article, self.0.article_id))
    }

    /// When it was taken away. 撤稿时间
    async fn withdrawn_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.at)
    }

    /// What readers are told; none: only that it was withdrawn. 撤稿公告
    async fn notice(&self) -> Option<&str> {
        self.0.notice.as_deref()
    }
}
