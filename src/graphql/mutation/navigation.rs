//! The navigation.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::{DeleteInput, name_of, put, put_name};
use super::outcome::{UserError, outcome};
use super::session::DonePayload;
use crate::db;
use crate::editorial::{NavigationDraft, Office};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::{Kind, encode};

/// The part of the mutations that is about the navigation.
#[derive(Default)]
pub struct NavigationItems;

/// An entry of the navigation, which leads to one of channel, topic, page and address, to be made. 新建导航
#[derive(InputObject)]
pub struct CreateNavigationItemInput {
    /// What it says. 文字
    label: String,
    /// The entry above it. 上级
    parent: Option<ID>,
    /// Order among its neighbours, from the lowest. 排序
    position: Option<i64>,
    /// Leads to this channel. 频道
    channel: Option<ID>,
    /// Leads to this topic. 专题
    topic: Option<ID>,
    /// Leads to this page. 页面
    page: Option<ID>,
    /// Leads to this address. 网址
    url: Option<String>,
}

/// An entry of the navigation, which leads to one of channel, topic, page and address, to be changed. What is left out stays as it is; `null` takes it away. 修改导航
#[derive(InputObject)]
pub struct UpdateNavigationItemInput {
    /// Which.
    id: ID,
    /// What it says. 文字
    label: Option<String>,
    /// The entry above it. 上级
    parent: MaybeUndefined<ID>,
    /// Order among its neighbours, from the lowest. 排序
    position: Option<i64>,
    /// Leads to this channel. 频道
    channel: MaybeUndefined<ID>,
    /// Leads to this topic. 专题
    topic: MaybeUndefined<ID>,
    /// Leads to this page. 页面
    page: MaybeUndefined<ID>,
    /// Leads to this address. 网址
    url: MaybeUndefined<String>,
}

/// An entry of the navigation that was made or changed. It shows in `site { navigation }`.
#[derive(SimpleObject)]
pub struct NavigationItemPayload {
    /// Its id; none if nothing was done.
    id: Option<ID>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl NavigationItemPayload {
    fn new(result: Result<db::Navigation>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { id: row.map(|row| ID(encode(Kind::NavigationItem, row.id))), user_errors })
    }
}

#[Object]
impl NavigationItems {
    /// Makes an entry of the navigation. 新建导航
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_navigation_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateNavigationItemInput,
    ) -> Result<NavigationItemPayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateNavigationItemInput { label, parent, position, channel, topic, page, url } = input;
            let draft = NavigationDraft {
                label,
                parent: name_of(&office, "parent", parent, Kind::NavigationItem, "navigation").await?,
                position: position.unwrap_or_default(),
                channel: name_of(&office, "channel", channel, Kind::Channel, "channel").await?,
                topic: name_of(&office, "topic", topic, Kind::Topic, "topic").await?,
                page: name_of(&office, "page", page, Kind::Page, "page").await?,
                url,
                ..NavigationDraft::default()
            };
            office.create_noun::<db::Navigation>(draft, |draft| &mut draft.external_id).await
        };
        NavigationItemPayload::new(Box::pin(create).await)
    }

    /// Changes an entry of the navigation. 修改导航
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_navigation_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateNavigationItemInput,
    ) -> Result<NavigationItemPayload> {
        let update = async {
            let UpdateNavigationItemInput { id, label, parent, position, channel, topic, page, url } = input;
            let change = async |office: &Office, draft: &mut NavigationDraft| {
                put(&mut draft.label, label);
                put_name(office, &mut draft.parent, "parent", parent, Kind::NavigationItem, "navigation").await?;
                put(&mut draft.position, position);
                put_name(office, &mut draft.channel, "channel", channel, Kind::Channel, "channel").await?;
                put_name(office, &mut draft.topic, "topic", topic, Kind::Topic, "topic").await?;
                put_name(office, &mut draft.page, "page", page, Kind::Page, "page").await?;
                url.update_to(&mut draft.url);
                Ok(())
            };
            let id = number("id", &id, Kind::NavigationItem)?;
            Operation::change(context).update_noun::<db::Navigation>(id, change).await
        };
        NavigationItemPayload::new(Box::pin(update).await)
    }

    /// Takes away an entry of the navigation, if nothing else leads there. 删除导航
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn delete_navigation_item(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which.")] input: DeleteInput,
    ) -> Result<DonePayload> {
        let delete = async {
            let id = number("id", &input.id, Kind::NavigationItem)?;
            Operation::change(context).delete_noun::<db::Navigation>(id).await
        };
        DonePayload::new(Box::pin(delete).await)
    }
}
