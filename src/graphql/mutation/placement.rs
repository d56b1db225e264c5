//! What stands in slots.

use async_graphql::{Context, ID, InputObject, Object};

use super::session::DonePayload;
use crate::editorial::Placed;
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::scalar::DateTime;

/// The part of the mutations that is about slots.
#[derive(Default)]
pub struct Slots;

/// What shall stand in a slot, in the place of what does. 推荐位
#[derive(InputObject)]
pub struct SetPlacementInput {
    /// Name of the slot, such as `picture-stories`.
    slot: String,
    /// Of this channel; without it the site's. 频道
    channel: Option<ID>,
    /// The articles in order. 推荐文章
    items: Vec<PlacementItemInput>,
}

/// An article in a slot.
#[derive(InputObject)]
pub struct PlacementItemInput {
    /// The article. 文章
    article: ID,
    /// What stands there instead of its title. 推荐语
    label: Option<String>,
    /// From when on. 开始时间
    starts_at: Option<DateTime>,
    /// Until when. 结束时间
    ends_at: Option<DateTime>,
}

#[Object]
impl Slots {
    /// Puts articles into a slot, in the place of what stands there. 设置推荐位
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn set_placement(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The slot, and what shall stand in it.")] input: SetPlacementInput,
    ) -> Result<DonePayload> {
        let set = async {
            let SetPlacementInput { slot, channel, items } = input;
            let channel = channel.map(|id| number("channel", &id, Kind::Channel)).transpose()?;
            let item = |(i, item): (usize, PlacementItemInput)| {
                Ok(Placed {
                    article: number(&format!("items[{i}].article"), &item.article, Kind::Article)?,
                    label: item.label,
                    starts_at: item.starts_at.map(|at| at.0.timestamp_millis()),
                    ends_at: item.ends_at.map(|at| at.0.timestamp_millis()),
                })
            };
            let items = items.into_iter().enumerate().map(item).collect::<Result<Vec<_>, Error>>()?;
            Operation::change(context).set_placement(slot, channel, items).await
        };
        DonePayload::new(Box::pin(set).await)
    }
}
