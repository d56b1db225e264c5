//! Authors.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::put;
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{AuthorDraft, Office};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::Author;

/// The part of the mutations that is about authors.
#[derive(Default)]
pub struct Authors;

/// An author, to be made. 新建作者
#[derive(InputObject)]
pub struct CreateAuthorInput {
    /// Name in their address. 网址名
    slug: String,
    /// Plain text. 姓名
    name: String,
    /// Who they are. 简介
    bio: Option<String>,
}

/// An author, to be changed. What is left out stays as it is; `null` takes it away. 修改作者
#[derive(InputObject)]
pub struct UpdateAuthorInput {
    /// Which.
    id: ID,
    /// Name in their address. 网址名
    slug: Option<String>,
    /// Plain text. 姓名
    name: Option<String>,
    /// Who they are. 简介
    bio: MaybeUndefined<String>,
}

/// An author, as it is now.
#[derive(SimpleObject)]
pub struct AuthorPayload {
    /// As it is now; none if nothing was done.
    author: Option<Author>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl AuthorPayload {
    fn new(result: Result<db::Author>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { author: row.map(Arc::new).map(Author), user_errors })
    }
}

#[Object]
impl Authors {
    /// Makes an author. 新建作者
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_author(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateAuthorInput,
    ) -> Result<AuthorPayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateAuthorInput { slug, name, bio } = input;
            let draft = AuthorDraft { slug, name, bio, ..AuthorDraft::default() };
            office.create_noun::<db::Author>(draft, |draft| &mut draft.external_id).await
        };
        AuthorPayload::new(Box::pin(create).await)
    }

    /// Changes an author. 修改作者
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_author(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateAuthorInput,
    ) -> Result<AuthorPayload> {
        let update = async {
            let UpdateAuthorInput { id, slug, name, bio } = input;
            let change = async |_: &Office, draft: &mut AuthorDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.name, name);
                bio.update_to(&mut draft.bio);
                Ok(())
            };
            let id = number("id", &id, Kind::Author)?;
            Operation::change(context).update_noun::<db::Author>(id, change).await
        };
        AuthorPayload::new(Box::pin(update).await)
    }
}
