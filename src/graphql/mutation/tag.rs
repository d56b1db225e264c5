//! Tags.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::noun::put;
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{Office, TagDraft};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::Tag;

/// The part of the mutations that is about tags.
#[derive(Default)]
pub struct Tags;

/// A tag, to be made. 新建标签
#[derive(InputObject)]
pub struct CreateTagInput {
    /// Name in its address. 网址名
    slug: String,
    /// Plain text. 名称
    name: String,
}

/// A tag, to be changed. What is left out stays as it is; `null` takes it away. 修改标签
#[derive(InputObject)]
pub struct UpdateTagInput {
    /// Which.
    id: ID,
    /// Name in its address. 网址名
    slug: Option<String>,
    /// Plain text. 名称
    name: Option<String>,
}

/// A tag, as it is now.
#[derive(SimpleObject)]
pub struct TagPayload {
    /// As it is now; none if nothing was done.
    tag: Option<Tag>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl TagPayload {
    fn new(result: Result<db::Tag>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { tag: row.map(Arc::new).map(Tag), user_errors })
    }
}

#[Object]
impl Tags {
    /// Makes a tag. 新建标签
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_tag(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateTagInput,
    ) -> Result<TagPayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateTagInput { slug, name } = input;
            let draft = TagDraft { slug, name, ..TagDraft::default() };
            office.create_noun::<db::Tag>(draft, |draft| &mut draft.external_id).await
        };
        TagPayload::new(Box::pin(create).await)
    }

    /// Changes a tag. 修改标签
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_tag(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateTagInput,
    ) -> Result<TagPayload> {
        let update = async {
            let UpdateTagInput { id, slug, name } = input;
            let change = async |_: &Office, draft: &mut TagDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.name, name);
                Ok(())
            };
            let id = number("id", &id, Kind::Tag)?;
            Operation::change(context).update_noun::<db::Tag>(id, change).await
        };
        TagPayload::new(Box::pin(update).await)
    }
}
