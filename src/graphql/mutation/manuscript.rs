//! Working on articles: each step of their way is one mutation.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::put;
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{AttachmentDraft, BodyPageDraft, Content, Office, Picture, Release, Seen};
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::scalar::DateTime;
use crate::graphql::types::Manuscript;
use crate::text::paragraphs;

/// The part of the mutations that is about articles.
#[derive(Default)]
pub struct Manuscripts;

/// What an article shall say. What is left out stays as it is; `null` takes it away. 稿件内容
#[derive(InputObject)]
pub struct ArticleContentInput {
    /// Headline, plain text. 标题
    title: Option<String>,
    /// Second line of the headline. 副标题
    subtitle: MaybeUndefined<String>,
    /// The editor's own; without one the beginning of the text stands in. 核心提示
    summary: MaybeUndefined<String>,
    /// Name in its address; stays once it has been published. 网址名
    slug: MaybeUndefined<String>,
    /// BCP 47 tag; the portal's if not given. 语言
    language: Option<String>,
    /// The text as HTML, which is cleaned; one page. 正文
    body: Option<String>,
    /// The text as plain text, a paragraph for each line; instead of `body`.
    body_text: Option<String>,
    /// The text in pages, instead of `body`. 分页正文
    pages: Option<Vec<ContentPageInput>>,
    /// Main channel. 主频道
    channel: Option<ID>,
    /// The other channels. 其他频道
    channels: Option<Vec<ID>>,
    /// Names of tags; new ones come into being when the article is published. 标签
    tags: Option<Vec<String>>,
    /// Topics. 专题
    topics: Option<Vec<ID>>,
    /// Who wrote it. 作者
    authors: Option<Vec<ID>>,
    /// Source of a repost. 来源
    source: MaybeUndefined<ID>,
    /// Where the repost was taken from. 原文链接
    source_url: MaybeUndefined<String>,
    /// The address that search engines shall prefer, if not ours.
    canonical_url: MaybeUndefined<String>,
    /// Cover picture. 封面图
    cover: MaybeUndefined<ID>,
    /// Pictures of the gallery. 图集
    gallery: Option<Vec<GalleryImageInput>>,
    /// Files. 附件
    attachments: Option<Vec<AttachmentInput>>,
    /// Related items that stand first. 置顶的同类资讯
    related: Option<Vec<ID>>,
    /// What is not shown among the related items. 屏蔽的同类资讯
    unrelated: Option<Vec<ID>>,
    /// Not to be published before. 禁发时间
    embargo_until: MaybeUndefined<DateTime>,
}

/// A page of a text. 正文的一页
#[derive(InputObject)]
pub struct ContentPageInput {
    /// Title of the page.
    title: Option<String>,
    /// HTML, which is cleaned.
    html: String,
}

/// A picture of a gallery. 图集图片
#[derive(InputObject)]
pub struct GalleryImageInput {
    /// The picture.
    media: ID,
    /// Plain text. 图说
    caption: Option<String>,
}

/// A file. 附件
#[derive(InputObject)]
pub struct AttachmentInput {
    /// Plain text. 文件名
    name: String,
    /// Where the file is.
    url: String,
    /// Media type.
    mime_type: Option<String>,
    /// Length in bytes.
    size_bytes: Option<i64>,
}

/// An article to begin. 新稿件
#[derive(InputObject)]
pub struct CreateArticleInput {
    /// What it shall say: a title and a channel at least.
    content: ArticleContentInput,
}

/// What an article shall say from now on. 编辑稿件
#[derive(InputObject)]
pub struct UpdateArticleInput {
    /// Which.
    id: ID,
    /// The version that was seen: somebody else's work is not written over.
    version: i64,
    /// What changes.
    content: ArticleContentInput,
}

/// A step of an article.
#[derive(InputObject)]
pub struct ArticleStepInput {
    /// Which.
    id: ID,
    /// The version that was seen; without it whatever it is.
    version: Option<i64>,
}

/// An article that is sent back. 退稿
#[derive(InputObject)]
pub struct RejectArticleInput {
    /// Which.
    id: ID,
    /// The version that was seen; without it whatever it is.
    version: Option<i64>,
    /// What is to be mended. 退稿意见
    note: String,
}

/// An article that goes out at a time. 定时发布
#[derive(InputObject)]
pub struct ScheduleArticleInput {
    /// Which.
    id: ID,
    /// The version that was seen; without it whatever it is.
    version: Option<i64>,
    /// When it goes out. 发布时间
    publish_at: DateTime,
    /// When readers see it no more. 下线时间
    unpublish_at: Option<DateTime>,
    /// What readers are told of a change of what they see. 更正说明
    correction: Option<String>,
    /// Whether it is a change that readers should notice. 重要更新
    #[graphql(default = false)]
    significant: bool,
}

/// An article that goes out now. 发布
#[derive(InputObject)]
pub struct PublishArticleInput {
    /// Which.
    id: ID,
    /// The version that was seen; without it whatever it is.
    version: Option<i64>,
    /// When readers see it no more. 下线时间
    unpublish_at: Option<DateTime>,
    /// What readers are told of a change of what they see. 更正说明
    correction: Option<String>,
    /// Whether it is a change that readers should notice. 重要更新
    #[graphql(default = false)]
    significant: bool,
}

/// An article that readers see for a time. 定时下线
#[derive(InputObject)]
pub struct LimitArticleInput {
    /// Which.
    id: ID,
    /// The version that was seen; without it whatever it is.
    version: Option<i64>,
    /// When readers see it no more; none: it stays. 下线时间
    unpublish_at: Option<DateTime>,
}

/// A revision that shall be shown to somebody without an account. 预览
#[derive(InputObject)]
pub struct CreatePreviewInput {
    /// The article.
    id: ID,
    /// The number of the revision; without it the newest. 修订号
    revision: Option<i64>,
    /// How long, 1 to 168 hours. 有效小时数
    #[graphql(default = 24)]
    hours: i64,
}

/// A token that shows a revision.
#[derive(SimpleObject)]
pub struct CreatePreviewPayload {
    /// For `article(by: {preview: …})`; none if there is none. 预览令牌
    token: Option<String>,
    /// Until when it works. 失效时间
    expires_at: Option<DateTime>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// A revision that shall be the newest again. 恢复修订
#[derive(InputObject)]
pub struct RestoreRevisionInput {
    /// The article.
    id: ID,
    /// The version that was seen.
    version: i64,
    /// The number of the revision. 修订号
    number: i64,
}

/// An article that somebody works on.
#[derive(SimpleObject)]
pub struct ArticlePayload {
    /// As it is now; none if nothing was done.
    manuscript: Option<Manuscript>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl ArticlePayload {
    fn new(result: Result<db::Manuscript>) -> Result<Self> {
        let (paper, user_errors) = outcome(result)?;
        Ok(Self { manuscript: paper.map(Arc::new).map(Manuscript), user_errors })
    }
}

fn seen(id: &ID, version: Option<i64>) -> Result<Seen> {
    Ok(Seen { article: number("id", id, Kind::Article)?, version })
}

fn millis(at: DateTime) -> i64 {
    at.0.timestamp_millis()
}

/// Takes a step that needs nothing but the article.
async fn step(
    context: &Context<'_>,
    input: ArticleStepInput,
    take: impl AsyncFnOnce(&Office, Seen) -> Result<db::Manuscript>,
) -> Result<ArticlePayload> {
    let taken = async {
        let (office, seen) = (Operation::change(context), seen(&input.id, input.version)?);
        office.once(async || take(&office, seen).await).await
    };
    ArticlePayload::new(Box::pin(taken).await)
}

#[Object]
impl Manuscripts {
    /// Begins an article: a draft that nobody but those who may see drafts can see. 新建稿件
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall say.")] input: CreateArticleInput,
    ) -> Result<ArticlePayload> {
        let operation = Operation::of(context);
        let create = async {
            for (field, is_missing) in [("title", input.content.title.is_none()), ("channel", input.content.channel.is_none())] {
                if is_missing {
                    return Err(Error::invalid(format!("content.{field}"), "is needed to begin an article"));
                }
            }
            let mut draft = Content { language: operation.catalog().site.language.clone(), ..Content::default() };
            input.content.apply(&mut draft).map_err(within)?;
            let office = Operation::change(context);
            office.once(async || office.create_article(draft).await).await.map_err(within)
        };
        ArticlePayload::new(Box::pin(create).await)
    }

    /// Writes on. What readers see stays as it is until the new version is published. 编辑稿件
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and what changes.")] input: UpdateArticleInput,
    ) -> Result<ArticlePayload> {
        let update = async {
            let seen = seen(&input.id, Some(input.version))?;
            let change = |draft: &mut Content| input.content.apply(draft);
            let office = Operation::change(context);
            office.once(async || office.update_article(seen, change).await).await.map_err(within)
        };
        ArticlePayload::new(Box::pin(update).await)
    }

    /// Hands an article in. Words of the list are replaced, hold it up, or stand in the way of it. 送审
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn submit_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.submit_article(seen).await).await
    }

    /// Takes back what was handed in. 撤回送审
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn recall_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.recall_article(seen).await).await
    }

    /// Finds an article fit to be published. 审核通过
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn approve_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.approve_article(seen).await).await
    }

    /// Takes the time of a scheduled article away. 取消定时
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn unschedule_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.unschedule_article(seen).await).await
    }

    /// Drops the next draft of what readers see; its revisions stay. 放弃修改
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn discard_article_draft(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.discard_draft(seen).await).await
    }

    /// Takes an article off without a notice, and puts it away. 下线
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn unpublish_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.unpublish_article(seen).await).await
    }

    /// Puts away what readers do not see. 归档
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn archive_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.archive_article(seen).await).await
    }

    /// Takes out again what was put away. 重新打开
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn reopen_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article.")] input: ArticleStepInput,
    ) -> Result<ArticlePayload> {
        step(context, input, async |office, seen| office.reopen_article(seen).await).await
    }

    /// Sends an article back. 退稿
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn reject_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and what is to be mended.")] input: RejectArticleInput,
    ) -> Result<ArticlePayload> {
        let RejectArticleInput { id, version, note } = input;
        step(context, ArticleStepInput { id, version }, async |office, seen| office.reject_article(seen, &note).await).await
    }

    /// Gives an approved article its time: exact to the second. 定时发布
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn schedule_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and when it goes out.")] input: ScheduleArticleInput,
    ) -> Result<ArticlePayload> {
        let ScheduleArticleInput { id, version, publish_at, unpublish_at, correction, significant } = input;
        let release = Release { correction, is_significant: significant, unpublish_at: unpublish_at.map(millis) };
        let take = async |office: &Office, seen| office.schedule_article(seen, millis(publish_at), release).await;
        step(context, ArticleStepInput { id, version }, take).await
    }

    /// Shows an approved article to readers, from the moment of the answer on. 发布
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn publish_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and what readers are told.")] input: PublishArticleInput,
    ) -> Result<ArticlePayload> {
        let PublishArticleInput { id, version, unpublish_at, correction, significant } = input;
        let release = Release { correction, is_significant: significant, unpublish_at: unpublish_at.map(millis) };
        step(context, ArticleStepInput { id, version }, async |office, seen| office.publish_article(seen, release).await).await
    }

    /// Says when readers will see an article no more. 定时下线
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn limit_article(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and when.")] input: LimitArticleInput,
    ) -> Result<ArticlePayload> {
        let LimitArticleInput { id, version, unpublish_at } = input;
        let at = unpublish_at.map(millis);
        step(context, ArticleStepInput { id, version }, async |office, seen| office.limit_article(seen, at).await).await
    }

    /// Makes a token by which somebody without an account can see a revision, as `article(by: {preview: …})`. 生成预览
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_preview(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and for how long.")] input: CreatePreviewInput,
    ) -> Result<CreatePreviewPayload> {
        let signed = async {
            let (office, id) = (Operation::change(context), number("id", &input.id, Kind::Article)?);
            office.create_preview(id, input.revision, input.hours).await
        };
        let (made, user_errors) = outcome(Box::pin(signed).await)?;
        let (token, expires_at) = made.unzip();
        let expires_at = expires_at.map(|at| Operation::of(context).time(at));
        Ok(CreatePreviewPayload { token, expires_at, user_errors })
    }

    /// Makes an older revision the newest again; what is between stays among the revisions. 恢复修订
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn restore_revision(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The article, and which revision.")] input: RestoreRevisionInput,
    ) -> Result<ArticlePayload> {
        let RestoreRevisionInput { id, version, number } = input;
        let version = Some(version);
        step(context, ArticleStepInput { id, version }, async |office, seen| office.restore_revision(seen, number).await).await
    }
}

/// The error of a content, named by its place in the input.
fn within(error: Error) -> Error {
    match error {
        Error::Invalid { field, message } if field != "idempotencyKey" => {
            Error::Invalid { field: format!("content.{field}"), message }
        }
        other => other,
    }
}

fn ids(field: &str, ids: &[ID], kind: Kind) -> Result<Vec<i64>> {
    ids.iter().enumerate().map(|(i, id)| number(&format!("{field}[{i}]"), id, kind)).collect()
}

impl ArticleContentInput {
    /// Changes `content` as asked; errors name the place in it.
    fn apply(self, content: &mut Content) -> Result<()> {
        put(&mut content.title, self.title);
        self.subtitle.update_to(&mut content.subtitle);
        self.summary.update_to(&mut content.summary);
        self.slug.update_to(&mut content.slug);
        put(&mut content.language, self.language);
        let one = |field: &str, id: &ID, kind| number(field, id, kind);
        put(&mut content.channel, self.channel.map(|id| one("channel", &id, Kind::Channel)).transpose()?);
        put(&mut content.channels, self.channels.map(|list| ids("channels", &list, Kind::Channel)).transpose()?);
        put(&mut content.tags, self.tags);
        put(&mut content.topics, self.topics.map(|list| ids("topics", &list, Kind::Topic)).transpose()?);
        put(&mut content.authors, self.authors.map(|list| ids("authors", &list, Kind::Author)).transpose()?);
        put(&mut content.related, self.related.map(|list| ids("related", &list, Kind::Article)).transpose()?);
        put(&mut content.unrelated, self.unrelated.map(|list| ids("unrelated", &list, Kind::Article)).transpose()?);
        self.source.map_value(|id| one("source", &id, Kind::Source)).transpose()?.update_to(&mut content.source);
        self.cover.map_value(|id| one("cover", &id, Kind::Media)).transpose()?.update_to(&mut content.cover);
        self.source_url.update_to(&mut content.source_url);
        self.canonical_url.update_to(&mut content.canonical_url);
        self.embargo_until.map_value(millis).update_to(&mut content.embargo_until);
        if let Some(images) = self.gallery {
            let picture = |(i, image): (usize, GalleryImageInput)| {
                let media = number(&format!("gallery[{i}].media"), &image.media, Kind::Media)?;
                Ok(Picture { media, caption: image.caption })
            };
            content.gallery = images.into_iter().enumerate().map(picture).collect::<Result<_>>()?;
        }
        if let Some(files) = self.attachments {
            let file =
                |AttachmentInput { name, url, mime_type, size_bytes }| AttachmentDraft { name, url, mime_type, size_bytes };
            content.attachments = files.into_iter().map(file).collect();
        }
        let page = |html: String| vec![BodyPageDraft { title: None, html }];
        let pages = self.pages.map(|pages| pages.into_iter().map(|p| BodyPageDraft { title: p.title, html: p.html }).collect());
        let forms = [self.body.map(page), self.body_text.map(|text| page(paragraphs(&text))), pages];
        let mut given = forms.into_iter().flatten();
        put(&mut content.pages, given.next());
        match given.next() {
            Some(_) => Err(Error::invalid("body", "comes as one of `body`, `bodyText` and `pages`, not several")),
            None => Ok(()),
        }
    }
}
