//! Footer pages.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::noun::{DeleteInput, put};
use super::outcome::{UserError, outcome};
use super::session::DonePayload;
use crate::db;
use crate::editorial::{Office, PageDraft};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::Page;

/// The part of the mutations that is about footer pages.
#[derive(Default)]
pub struct Pages;

/// A footer page, to be made. 新建页脚页面
#[derive(InputObject)]
pub struct CreatePageInput {
    /// Name in its address. 网址名
    slug: String,
    /// Plain text. 标题
    title: String,
    /// HTML, which is cleaned. 正文
    body: String,
    /// Order, from the lowest. 排序
    position: Option<i64>,
}

/// A footer page, to be changed. What is left out stays as it is; `null` takes it away. 修改页脚页面
#[derive(InputObject)]
pub struct UpdatePageInput {
    /// Which.
    id: ID,
    /// Name in its address. 网址名
    slug: Option<String>,
    /// Plain text. 标题
    title: Option<String>,
    /// HTML, which is cleaned. 正文
    body: Option<String>,
    /// Order, from the lowest. 排序
    position: Option<i64>,
}

/// A footer page, as it is now.
#[derive(SimpleObject)]
pub struct PagePayload {
    /// As it is now; none if nothing was done.
    page: Option<Page>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl PagePayload {
    fn new(result: Result<db::Page>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { page: row.map(Arc::new).map(Page), user_errors })
    }
}

#[Object]
impl Pages {
    /// Makes a footer page. 新建页脚页面
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_page(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreatePageInput,
    ) -> Result<PagePayload> {
        let create = async {
            let office = Operation::change(context);
            let CreatePageInput { slug, title, body, position } = input;
            let draft = PageDraft { slug, title, body, position: position.unwrap_or_default(), ..PageDraft::default() };
            office.create_noun::<db::Page>(draft, |draft| &mut draft.external_id).await
        };
        PagePayload::new(Box::pin(create).await)
    }

    /// Changes a footer page. 修改页脚页面
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_page(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdatePageInput,
    ) -> Result<PagePayload> {
        let update = async {
            let UpdatePageInput { id, slug, title, body, position } = input;
            let change = async |_: &Office, draft: &mut PageDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.title, title);
                put(&mut draft.body, body);
                put(&mut draft.position, position);
                Ok(())
            };
            let id = number("id", &id, Kind::Page)?;
            Operation::change(context).update_noun::<db::Page>(id, change).await
        };
        PagePayload::new(Box::pin(update).await)
    }

    /// Takes away a footer page, if nothing else leads there. 删除页脚页面
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn delete_page(&self, context: &Context<'_>, #[graphql(desc = "Which.")] input: DeleteInput) -> Result<DonePayload> {
        let delete = async {
            let id = number("id", &input.id, Kind::Page)?;
            Operation::change(context).delete_noun::<db::Page>(id).await
        };
        DonePayload::new(Box::pin(delete).await)
    }
}
