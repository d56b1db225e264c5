//! The small nouns: channels, tags, topics, sources, authors, pictures, footer pages, navigation, settings; and what stands in
//! slots. Each is changed as an import changes it.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use super::session::DonePayload;
use crate::db;
use crate::editorial::{
    AuthorDraft, ChannelDraft, MediaDraft, NavigationDraft, Office, PageDraft, Placed, SiteDraft, SourceDraft, TagDraft,
    TopicDraft,
};
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::{Kind, encode};
use crate::graphql::scalar::DateTime;
use crate::graphql::types::{Author, Channel, ChannelKind, Media, Page, Source, Tag, Topic};

/// The part of the mutations that is about small nouns.
#[derive(Default)]
pub struct Nouns;

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

/// A source of reposts, to be made. 新建来源
#[derive(InputObject)]
pub struct CreateSourceInput {
    /// Name in its address. 网址名
    slug: String,
    /// Plain text. 名称
    name: String,
    /// Where it is. 网址
    url: Option<String>,
    /// On what terms its articles stand here. 授权
    licence: Option<String>,
    /// How it is to be named. 署名方式
    attribution: Option<String>,
    /// What must be said under its articles. 免责声明
    disclaimer: Option<String>,
    /// Who can be reached there. 联系方式
    contact: Option<String>,
}

/// A source of reposts, to be changed. What is left out stays as it is; `null` takes it away. 修改来源
#[derive(InputObject)]
pub struct UpdateSourceInput {
    /// Which.
    id: ID,
    /// Name in its address. 网址名
    slug: Option<String>,
    /// Plain text. 名称
    name: Option<String>,
    /// Where it is. 网址
    url: MaybeUndefined<String>,
    /// On what terms its articles stand here. 授权
    licence: MaybeUndefined<String>,
    /// How it is to be named. 署名方式
    attribution: MaybeUndefined<String>,
    /// What must be said under its articles. 免责声明
    disclaimer: MaybeUndefined<String>,
    /// Who can be reached there. 联系方式
    contact: MaybeUndefined<String>,
}

/// A source of reposts, as it is now.
#[derive(SimpleObject)]
pub struct SourcePayload {
    /// As it is now; none if nothing was done.
    source: Option<Source>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl SourcePayload {
    fn new(result: Result<db::Source>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { source: row.map(Arc::new).map(Source), user_errors })
    }
}

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

/// A picture, whose file is somewhere already, to be made. 新建图片
#[derive(InputObject)]
pub struct CreateMediaInput {
    /// Where the file is. 网址
    url: String,
    /// Pixels. 宽
    width: i64,
    /// Pixels. 高
    height: i64,
    /// Text for those who cannot see it. 替代文字
    alt: Option<String>,
    /// Who must be named. 图片署名
    credit: Option<String>,
    /// The point that stays in sight, 0 left to 1 right. 焦点
    focal_x: Option<f64>,
    /// The point that stays in sight, 0 top to 1 bottom.
    focal_y: Option<f64>,
    /// `#rrggbb`. 主色
    dominant_color: Option<String>,
    /// Media type.
    mime_type: Option<String>,
}

/// A picture, whose file is somewhere already, to be changed. What is left out stays as it is; `null` takes it away. 修改图片
#[derive(InputObject)]
pub struct UpdateMediaInput {
    /// Which.
    id: ID,
    /// Where the file is. 网址
    url: Option<String>,
    /// Pixels. 宽
    width: Option<i64>,
    /// Pixels. 高
    height: Option<i64>,
    /// Text for those who cannot see it. 替代文字
    alt: MaybeUndefined<String>,
    /// Who must be named. 图片署名
    credit: MaybeUndefined<String>,
    /// The point that stays in sight, 0 left to 1 right. 焦点
    focal_x: MaybeUndefined<f64>,
    /// The point that stays in sight, 0 top to 1 bottom.
    focal_y: MaybeUndefined<f64>,
    /// `#rrggbb`. 主色
    dominant_color: MaybeUndefined<String>,
    /// Media type.
    mime_type: MaybeUndefined<String>,
}

/// A picture, whose file is somewhere already, as it is now.
#[derive(SimpleObject)]
pub struct MediaPayload {
    /// As it is now; none if nothing was done.
    media: Option<Media>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl MediaPayload {
    fn new(result: Result<db::Media>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        Ok(Self { media: row.map(Arc::new).map(Media), user_errors })
    }
}

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

/// The portal's settings, to be changed. What is left out stays as it is; `null` takes it away. 修改站点设置
#[derive(InputObject)]
pub struct UpdateSiteInput {
    /// Its name. 名称
    name: Option<String>,
    /// Slogan. 口号
    slogan: MaybeUndefined<String>,
    /// BCP 47 tag. 语言
    language: Option<String>,
    /// IANA name. 时区
    time_zone: Option<String>,
    /// Where it is. 网址
    url: Option<String>,
    /// How addresses of articles look, with {id} or {slug}. 文章网址格式
    article_path: Option<String>,
    /// ICP filing. 备案号
    icp_number: MaybeUndefined<String>,
    /// Filing with the police. 公安备案号
    police_number: MaybeUndefined<String>,
    /// What is said under articles. 免责声明
    disclaimer: MaybeUndefined<String>,
    /// Where complaints go. 侵权投诉联系方式
    takedown_contact: MaybeUndefined<String>,
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

/// Something that shall be taken away.
#[derive(InputObject)]
pub struct DeleteInput {
    /// Which.
    id: ID,
}

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

fn put<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

fn kind_word(kind: ChannelKind) -> String {
    if kind == ChannelKind::Park { "park".into() } else { "channel".into() }
}

/// The name in imports of the record that `id` names, if any.
async fn name_of(office: &Office, field: &str, id: Option<ID>, kind: Kind, table: &'static str) -> Result<Option<String>> {
    match id {
        Some(id) => office.external_id(field, table, number(field, &id, kind)?).await.map(Some),
        None => Ok(None),
    }
}

/// Puts the name in imports of the record that `id` names into `target`, if it is given.
async fn put_name(
    office: &Office,
    target: &mut Option<String>,
    field: &str,
    id: MaybeUndefined<ID>,
    kind: Kind,
    table: &'static str,
) -> Result<()> {
    if !id.is_undefined() {
        *target = name_of(office, field, id.take(), kind, table).await?;
    }
    Ok(())
}

#[Object]
impl Nouns {
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

    /// Makes a source of reposts. 新建来源
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateSourceInput,
    ) -> Result<SourcePayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateSourceInput { slug, name, url, licence, attribution, disclaimer, contact } = input;
            let draft = SourceDraft { slug, name, url, licence, attribution, disclaimer, contact, ..SourceDraft::default() };
            office.create_noun::<db::Source>(draft, |draft| &mut draft.external_id).await
        };
        SourcePayload::new(Box::pin(create).await)
    }

    /// Changes a source of reposts. 修改来源
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateSourceInput,
    ) -> Result<SourcePayload> {
        let update = async {
            let UpdateSourceInput { id, slug, name, url, licence, attribution, disclaimer, contact } = input;
            let change = async |_: &Office, draft: &mut SourceDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.name, name);
                url.update_to(&mut draft.url);
                licence.update_to(&mut draft.licence);
                attribution.update_to(&mut draft.attribution);
                disclaimer.update_to(&mut draft.disclaimer);
                contact.update_to(&mut draft.contact);
                Ok(())
            };
            let id = number("id", &id, Kind::Source)?;
            Operation::change(context).update_noun::<db::Source>(id, change).await
        };
        SourcePayload::new(Box::pin(update).await)
    }

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

    /// Makes a picture. 新建图片
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_media(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateMediaInput,
    ) -> Result<MediaPayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateMediaInput { url, width, height, alt, credit, focal_x, focal_y, dominant_color, mime_type } = input;
            let draft = MediaDraft {
                url,
                width,
                height,
                alt,
                credit,
                focal_x,
                focal_y,
                dominant_color,
                mime_type,
                ..MediaDraft::default()
            };
            office.create_noun::<db::Media>(draft, |draft| &mut draft.external_id).await
        };
        MediaPayload::new(Box::pin(create).await)
    }

    /// Changes a picture. 修改图片
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_media(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateMediaInput,
    ) -> Result<MediaPayload> {
        let update = async {
            let UpdateMediaInput { id, url, width, height, alt, credit, focal_x, focal_y, dominant_color, mime_type } = input;
            let change = async |_: &Office, draft: &mut MediaDraft| {
                put(&mut draft.url, url);
                put(&mut draft.width, width);
                put(&mut draft.height, height);
                alt.update_to(&mut draft.alt);
                credit.update_to(&mut draft.credit);
                focal_x.update_to(&mut draft.focal_x);
                focal_y.update_to(&mut draft.focal_y);
                dominant_color.update_to(&mut draft.dominant_color);
                mime_type.update_to(&mut draft.mime_type);
                Ok(())
            };
            let id = number("id", &id, Kind::Media)?;
            Operation::change(context).update_noun::<db::Media>(id, change).await
        };
        MediaPayload::new(Box::pin(update).await)
    }

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

    /// Changes the portal's settings. 修改站点设置
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_site(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateSiteInput,
    ) -> Result<DonePayload> {
        let update = async {
            let UpdateSiteInput {
                name,
                slogan,
                language,
                time_zone,
                url,
                article_path,
                icp_number,
                police_number,
                disclaimer,
                takedown_contact,
            } = input;
            let change = async |_: &Office, draft: &mut SiteDraft| {
                put(&mut draft.name, name);
                slogan.update_to(&mut draft.slogan);
                put(&mut draft.language, language.map(Some));
                put(&mut draft.time_zone, time_zone.map(Some));
                put(&mut draft.url, url);
                put(&mut draft.article_path, article_path.map(Some));
                icp_number.update_to(&mut draft.icp_number);
                police_number.update_to(&mut draft.police_number);
                disclaimer.update_to(&mut draft.disclaimer);
                takedown_contact.update_to(&mut draft.takedown_contact);
                Ok(())
            };
            let operation = Operation::of(context);
            let id = operation.catalog().site.id;
            Operation::change(context).update_noun::<db::Site>(id, change).await.map(drop)
        };
        DonePayload::new(Box::pin(update).await)
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
