//! Topics.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::{name_of, put, put_name};
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{Office, TopicDraft};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::Topic;

/// The part of the mutations that is about topics.
#[derive(Default)]
pub struct Topics;

/// A topic, to be made. 新建专题
#[derive(InputObject)]
pub struct CreateTopicInput {
    /// Name in its address. 网址名
    slug: String,
    /// Plain text. 标题
    title: String,
    /// What it is about. 简介
    summary: Option<String>,
    /// Its picture. 封面图
    cover: Option<ID>,
    /// Order, from the lowest. 排序
    position: Option<i64>,
}

/// A topic, to be changed. What is left out stays as it is; `null` takes it away. 修改专题
#[derive(InputObject)]
pub struct UpdateTopicInput {
    /// Which.
    id: ID,
    /// Name in its address. 网址名
    slug: Option<String>,
    /// Plain text. 标题
    title: Option<String>,
    /// What it is about. 简介
    summary: MaybeUndefined<String>,
    /// Its picture. 封面图
    cover: MaybeUndefined<ID>,
    /// Order, from the lowest. 排序
    position: Option<i64>,
}

/// A topic, as it is now.
#[derive(SimpleObject)]
pub struct TopicPayload {
    /// As it is now; none if nothing was done.
    topic: Option<Topic>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl TopicPayload {
    fn new(result: Result<db::Topic>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { topic: row.map(Arc::new).map(Topic), user_errors })
    }
}

#[Object]
impl Topics {
    /// Makes a topic. 新建专题
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateTopicInput,
    ) -> Result<TopicPayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateTopicInput { slug, title, summary, cover, position } = input;
            let draft = TopicDraft {
                slug,
                title,
                summary,
                cover: name_of(&office, "cover", cover, Kind::Media, "media").await?,
                position: position.unwrap_or_default(),
                ..TopicDraft::default()
            };
            office.create_noun::<db::Topic>(draft, |draft| &mut draft.external_id).await
        };
        TopicPayload::new(Box::pin(create).await)
    }

    /// Changes a topic. 修改专题
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_topic(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateTopicInput,
    ) -> Result<TopicPayload> {
        let update = async {
            let UpdateTopicInput { id, slug, title, summary, cover, position } = input;
            let change = async |office: &Office, draft: &mut TopicDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.title, title);
                summary.update_to(&mut draft.summary);
                put_name(office, &mut draft.cover, "cover", cover, Kind::Media, "media").await?;
                put(&mut draft.position, position);
                Ok(())
            };
            let id = number("id", &id, Kind::Topic)?;
            Operation::change(context).update_noun::<db::Topic>(id, change).await
        };
        TopicPayload::new(Box::pin(update).await)
    }
}
