//! Channels.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::{name_of, put, put_name};
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{ChannelDraft, Office};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::{Channel, ChannelKind};

/// The part of the mutations that is about channels.
#[derive(Default)]
pub struct Channels;

/// A channel or park, to be made. 新建频道、园区
#[derive(InputObject)]
pub struct CreateChannelInput {
    /// Name in its address. 网址名
    slug: String,
    /// Plain text. 名称
    name: String,
    /// The channel right above it. 上级频道
    parent: Option<ID>,
    /// Whether it is a park. 类型
    kind: Option<ChannelKind>,
    /// Order among its neighbours, from the lowest. 排序
    position: Option<i64>,
    /// What it is about. 简介
    description: Option<String>,
}

/// A channel or park, to be changed. What is left out stays as it is; `null` takes it away. 修改频道、园区
#[derive(InputObject)]
pub struct UpdateChannelInput {
    /// Which.
    id: ID,
    /// Name in its address. 网址名
    slug: Option<String>,
    /// Plain text. 名称
    name: Option<String>,
    /// The channel right above it. 上级频道
    parent: MaybeUndefined<ID>,
    /// Whether it is a park. 类型
    kind: Option<ChannelKind>,
    /// Order among its neighbours, from the lowest. 排序
    position: Option<i64>,
    /// What it is about. 简介
    description: MaybeUndefined<String>,
}

/// A channel or park, as it is now.
#[derive(SimpleObject)]
pub struct ChannelPayload {
    /// As it is now; none if nothing was done.
    channel: Option<Channel>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl ChannelPayload {
    fn new(result: Result<db::Channel>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { channel: row.map(Arc::new).map(Channel), user_errors })
    }
}

#[Object]
impl Channels {
    /// Makes a channel or park. 新建频道、园区
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateChannelInput,
    ) -> Result<ChannelPayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateChannelInput { slug, name, parent, kind, position, description } = input;
            let draft = ChannelDraft {
                slug,
                name,
                parent: name_of(&office, "parent", parent, Kind::Channel, "channel").await?,
                channel_type: kind.map(kind_word),
                position: position.unwrap_or_default(),
                description,
                ..ChannelDraft::default()
            };
            office.create_noun::<db::Channel>(draft, |draft| &mut draft.external_id).await
        };
        ChannelPayload::new(Box::pin(create).await)
    }

    /// Changes a channel or park. 修改频道、园区
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_channel(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateChannelInput,
    ) -> Result<ChannelPayload> {
        let update = async {
            let UpdateChannelInput { id, slug, name, parent, kind, position, description } = input;
            let change = async |office: &Office, draft: &mut ChannelDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.name, name);
                put_name(office, &mut draft.parent, "parent", parent, Kind::Channel, "channel").await?;
                put(&mut draft.channel_type, kind.map(kind_word).map(Some));
                put(&mut draft.position, position);
                description.update_to(&mut draft.description);
                Ok(())
            };
            let id = number("id", &id, Kind::Channel)?;
            Operation::change(context).update_noun::<db::Channel>(id, change).await
        };
        ChannelPayload::new(Box::pin(update).await)
    }
}

fn kind_word(kind: ChannelKind) -> String {
    if kind == ChannelKind::Park { "park".into() } else { "channel".into() }
}
