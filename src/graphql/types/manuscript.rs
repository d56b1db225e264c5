//! Articles as those see them who work on them.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};

use super::{Article, Attachment, Author, Channel, GalleryImage, Media, Source, Topic};
use crate::db::manuscript::{ManuscriptFilter as Filter, manuscript_counts, manuscripts_before};
use crate::db::{self, Parts};
use crate::editorial::{self, Content, State, Step};
use crate::error::{Error, Result, WordFound};
use crate::graphql::connection::{PageInfo, number};
use crate::graphql::context::Operation;
use crate::graphql::cursor::Cursor;
use crate::graphql::guard::Policy;
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::list::size;
use crate::graphql::relation::{article, manuscript};
use crate::graphql::scalar::{DateTime, Html};
use crate::loader::ArticleBy;

/// Where an article is on its way. 状态
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "editorial::State")]
pub enum ArticleState {
    /// Being written. 草稿
    Draft,
    /// Handed in. 待审
    InReview,
    /// Sent back, with a note. 退稿
    Rejected,
    /// Fit to be published. 已审
    Approved,
    /// Will be published at its time. 定时发布
    Scheduled,
    /// As readers see it. 已发布
    Published,
    /// Taken away for good. 已撤稿
    Withdrawn,
    /// Put away: taken off without a notice, or never published. 归档
    Archived,
}

/// A step on the way of an article, named after the mutation that takes it. 操作
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "editorial::Step")]
pub enum ArticleStep {
    /// `updateArticle`: write on. 编辑
    Update,
    /// `submitArticle`: hand in. 送审
    Submit,
    /// `recallArticle`: take back what was handed in. 撤回送审
    Recall,
    /// `approveArticle`: find fit to be published. 审核通过
    Approve,
    /// `rejectArticle`: send back, with a note. 退稿
    Reject,
    /// `scheduleArticle`: give it a time. 定时发布
    Schedule,
    /// `unscheduleArticle`: take its time away. 取消定时
    Unschedule,
    /// `publishArticle`: show it to readers. 发布
    Publish,
    /// `discardArticleDraft`: drop the next draft of what readers see. 放弃修改
    Discard,
    /// `limitArticle`: say when readers will see it no more. 定时下线
    Limit,
    /// `unpublishArticle`: take it off without a notice. 下线
    Unpublish,
    /// `withdrawArticle`: take it away for good, with a notice. 撤稿
    Withdraw,
    /// `restoreArticle`: bring it back. 恢复
    Restore,
    /// `archiveArticle`: put away what readers do not see. 归档
    Archive,
    /// `reopenArticle`: take out again what was put away. 重新打开
    Reopen,
}

/// An article as those see it who work on it: its newest revision, and where that is on its way. 稿件
pub struct Manuscript(pub Arc<db::Manuscript>);

/// An article as those see it who work on it: its newest revision, and where that is on its way. 稿件
#[Object]
impl Manuscript {
    /// The id of the article.
    async fn id(&self) -> ID {
        ID(encode(Kind::Article, self.0.article_id))
    }

    /// Where it is on its way. 状态
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn state(&self) -> Result<ArticleState> {
        state(&self.0).map(Into::into)
    }

    /// Whether readers see the article: this version of it, or the one before. 是否在线
    async fn is_live(&self) -> bool {
        self.0.is_live
    }

    /// Grows with every change. Whoever changes the article says which version they have seen. 版本号
    async fn version(&self) -> i64 {
        self.0.version
    }

    /// Title of the newest revision. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// The steps that can be taken now by who asks. 可执行的操作
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn steps(&self, context: &Context<'_>) -> Result<Vec<ArticleStep>> {
        let actor = &Operation::of(context).caller.actor;
        let possible = Step::all_from(state(&self.0)?, self.0.is_live);
        Ok(possible.filter(|step| editorial::may_take(actor, *step, &self.0)).map(Into::into).collect())
    }

    /// Main channel of the newest revision. 主频道
    async fn channel(&self, context: &Context<'_>) -> Option<Channel> {
        Operation::of(context).catalog().channels.find(self.0.channel_id).cloned().map(Channel)
    }

    /// The article as readers see it, or as those do who may see drafts. 文章
    async fn article(&self, context: &Context<'_>) -> Option<Result<Article>> {
        let by = ArticleBy::Id(self.0.article_id);
        let found = Box::pin(article::find(Operation::of(context), by, article::parts(context))).await;
        found.map(|found| found.map(Article)).transpose()
    }

    /// What the newest revision says. 内容
    #[graphql(guard = "Policy(\"Manuscript\")")]
    async fn content(&self, context: &Context<'_>) -> Result<ArticleContent> {
        Ok(ArticleContent(Arc::new(Box::pin(manuscript::head(Operation::of(context), &self.0)).await?)))
    }

    /// The article as it would be with the newest revision, through the fields that readers have. 预览
    #[graphql(guard = "Policy(\"Manuscript\")")]
    async fn preview(&self, context: &Context<'_>) -> Result<Article> {
        let operation = Operation::of(context);
        let head = Box::pin(manuscript::head(operation, &self.0)).await?;
        Ok(Article(Box::pin(manuscript::preview(operation, &self.0, &head)).await?))
    }

    /// Number of the newest revision; 0 where nobody has worked on the article here. 当前修订号
    async fn head(&self) -> i64 {
        self.0.head
    }

    /// Number of the revision that readers see; 0 if they see none, or none was kept. 线上修订号
    async fn live(&self) -> i64 {
        if self.0.is_live { self.0.live } else { 0 }
    }

    /// Who began it. 创建人
    async fn created_by(&self, context: &Context<'_>) -> Result<String> {
        manuscript::actor(Operation::of(context), &self.0.created_by).await
    }

    /// Who changed it last. 最后修改人
    async fn changed_by(&self, context: &Context<'_>) -> Result<String> {
        manuscript::actor(Operation::of(context), &self.0.changed_by).await
    }

    /// When. 最后修改时间
    async fn changed_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.changed_at)
    }

    /// When it will be published. 定时发布时间
    async fn publish_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.publish_at.map(|at| Operation::of(context).time(at))
    }

    /// When readers will see it no more. 定时下线时间
    async fn unpublish_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.unpublish_at.map(|at| Operation::of(context).time(at))
    }

    /// Why it was sent back. 退稿意见
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// The words that hold it up, of which who clears it has to know. 敏感词
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn held_by(&self) -> Result<Vec<WordMatch>> {
        let Some(held) = &self.0.held else { return Ok(Vec::new()) };
        let found: Vec<WordFound> = serde_json::from_str(held).map_err(Error::internal)?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    /// Articles that readers see already and that have the text of the newest revision, more or less: reposts, or what this one reposts. 疑似重复
    #[graphql(guard = "Policy(\"Manuscript\")")]
    async fn duplicates(&self, context: &Context<'_>) -> Result<Vec<ManuscriptDuplicate>> {
        let found = Box::pin(manuscript::duplicates(Operation::of(context), &self.0)).await?;
        Ok(found.into_iter().map(ManuscriptDuplicate::from).collect())
    }

    /// Its revisions, newest first. 修订历史
    #[graphql(guard = "Policy(\"Manuscript\")")]
    async fn revisions(
        &self,
        context: &Context<'_>,
        #[graphql(default = 20, desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Only those older than this number.")] before: Option<i64>,
    ) -> Result<Vec<Revision>> {
        let size = size("first", first)?;
        let before = before.unwrap_or(i64::MAX);
        let found = Box::pin(manuscript::revisions(Operation::of(context), self.0.article_id, before, size)).await?;
        Ok(found.iter().rev().map(|row| Revision { row: Arc::clone(row), paper: Arc::clone(&self.0) }).collect())
    }

    /// What is different between two revisions, field by field. 修订对比
    #[graphql(guard = "Policy(\"Manuscript\")")]
    async fn diff(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Number of the one.")] from: i64,
        #[graphql(desc = "Number of the other.")] to: i64,
    ) -> Result<Vec<FieldChange>> {
        let operation = Operation::of(context);
        let (one, other) = (self.content_of(operation, "from", from), self.content_of(operation, "to", to));
        let (one, other) = Box::pin(futures_util::future::try_join(one, other)).await?;
        let change = |(field, before, after): (String, Option<String>, Option<String>)| FieldChange { field, before, after };
        Ok(editorial::diff(&one, &other, |kind, id| name_of(operation, kind, id)).into_iter().map(change).collect())
    }
}

/// An article that has the text of a manuscript, more or less. 疑似重复
#[derive(SimpleObject)]
pub struct ManuscriptDuplicate {
    /// The article.
    article: Article,
    /// How much of one stands in the other, 0.6 to 1: what was cut off or added does not count. 相似度
    likeness: f64,
    /// Sentences that the manuscript alone has, at most 20. 仅本稿有的句子
    only_here: Vec<String>,
    /// Sentences that the article alone has, at most 20. 仅该文有的句子
    only_there: Vec<String>,
}

impl From<manuscript::Duplicate> for ManuscriptDuplicate {
    fn from(found: manuscript::Duplicate) -> Self {
        let manuscript::Duplicate { article, likeness, only_here, only_there } = found;
        Self { article: Article(article), likeness, only_here, only_there }
    }
}

impl Manuscript {
    async fn content_of(&self, operation: &Operation, field: &str, number: i64) -> Result<Content> {
        let found = manuscript::revision(operation, self.0.article_id, number).await?;
        editorial::content(&*found.ok_or_else(|| Error::invalid(field, "is no revision of this article"))?)
    }
}

fn state(paper: &db::Manuscript) -> Result<State> {
    State::from_word(&paper.state).ok_or_else(|| Error::internal(format!("{:?} is no state", paper.state)))
}

/// What a record is called by people.
fn name_of(operation: &Operation, kind: &str, id: i64) -> String {
    let catalog = operation.catalog();
    let name = match kind {
        "channel" => catalog.channels.find(id).map(|c| c.name.clone()),
        "topic" => catalog.topics.find(id).map(|t| t.title.clone()),
        "author" => catalog.authors.find(id).map(|a| a.name.clone()),
        "source" => catalog.sources.find(id).map(|s| s.name.clone()),
        "media" => return encode(Kind::Media, id),
        _ => return encode(Kind::Article, id),
    };
    name.unwrap_or_else(|| id.to_string())
}

/// What an article says, as it is written. 稿件内容
pub struct ArticleContent(Arc<Content>);

/// What an article says, as it is written. 稿件内容
#[Object]
impl ArticleContent {
    /// Headline. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Second line of the headline. 副标题
    async fn subtitle(&self) -> Option<&str> {
        self.0.subtitle.as_deref()
    }

    /// The editor's own; none: the beginning of the text stands in. 核心提示
    async fn summary(&self) -> Option<&str> {
        self.0.summary.as_deref()
    }

    /// Name in its address; none: its number. 网址名
    async fn slug(&self) -> Option<&str> {
        self.0.slug.as_deref()
    }

    /// BCP 47 tag. 语言
    async fn language(&self) -> &str {
        &self.0.language
    }

    /// The pages of the text. 正文
    async fn pages(&self) -> Vec<ContentPage> {
        self.0.pages.iter().map(|page| ContentPage { title: page.title.clone(), html: Html(page.html.clone()) }).collect()
    }

    /// Main channel. 主频道
    async fn channel(&self, context: &Context<'_>) -> Option<Channel> {
        Operation::of(context).catalog().channels.find(self.0.channel).cloned().map(Channel)
    }

    /// The other channels. 其他频道
    async fn channels(&self, context: &Context<'_>) -> Vec<Channel> {
        Operation::of(context).catalog().channels.list(&self.0.channels).into_iter().map(Channel).collect()
    }

    /// Names of tags. 标签
    async fn tags(&self) -> &[String] {
        &self.0.tags
    }

    /// Topics. 专题
    async fn topics(&self, context: &Context<'_>) -> Vec<Topic> {
        Operation::of(context).catalog().topics.list(&self.0.topics).into_iter().map(Topic).collect()
    }

    /// Who wrote it. 作者
    async fn authors(&self, context: &Context<'_>) -> Vec<Author> {
        Operation::of(context).catalog().authors.list(&self.0.authors).into_iter().map(Author).collect()
    }

    /// Source of a repost. 来源
    async fn source(&self, context: &Context<'_>) -> Option<Source> {
        self.0.source.and_then(|id| Operation::of(context).catalog().sources.find(id)).cloned().map(Source)
    }

    /// Where the repost was taken from. 原文链接
    async fn source_url(&self) -> Option<&str> {
        self.0.source_url.as_deref()
    }

    /// The address that search engines shall prefer, if not ours.
    async fn canonical_url(&self) -> Option<&str> {
        self.0.canonical_url.as_deref()
    }

    /// Cover picture. 封面图
    async fn cover(&self, context: &Context<'_>) -> Option<Result<Media>> {
        let found = Box::pin(article::media(Operation::of(context), self.0.cover)).await;
        found.map(|media| media.map(Media)).transpose()
    }

    /// Pictures of the gallery. 图集
    async fn gallery(&self, context: &Context<'_>) -> Result<Vec<GalleryImage>> {
        let operation = Operation::of(context);
        let media = self.0.gallery.iter().map(|picture| article::media(operation, Some(picture.media)));
        let media = Box::pin(futures_util::future::try_join_all(media)).await?;
        let images = (0..).zip(&self.0.gallery).zip(media);
        let image = |((position, p), media): ((i64, &editorial::Picture), Option<Arc<db::Media>>)| {
            let row = db::GalleryImage { position, media_id: p.media, caption: p.caption.clone() };
            Some(GalleryImage::new(row, media?))
        };
        Ok(images.filter_map(image).collect())
    }

    /// Files. 附件
    async fn attachments(&self, context: &Context<'_>) -> Vec<Attachment> {
        let operation = Operation::of(context);
        let row = |f: &editorial::AttachmentDraft| db::Attachment {
            position: 0,
            name: f.name.clone(),
            url: f.url.clone(),
            mime_type: f.mime_type.clone(),
            size_bytes: f.size_bytes,
        };
        self.0.attachments.iter().map(|file| Attachment::new(operation, &row(file))).collect()
    }

    /// Related items that are pinned. 置顶的同类资讯
    async fn related(&self, context: &Context<'_>) -> Result<Vec<Article>> {
        articles(Operation::of(context), &self.0.related).await
    }

    /// What is not shown among the related items. 屏蔽的同类资讯
    async fn unrelated(&self, context: &Context<'_>) -> Result<Vec<Article>> {
        articles(Operation::of(context), &self.0.unrelated).await
    }

    /// Not to be published before. 禁发时间
    async fn embargo_until(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.embargo_until.map(|at| Operation::of(context).time(at))
    }
}

/// A page of a text as it is written. 正文的一页
#[derive(SimpleObject)]
pub struct ContentPage {
    /// Title of the page.
    title: Option<String>,
    /// Cleaned HTML.
    html: Html,
}

/// What an article said at a time. 修订版本
pub struct Revision {
    row: Arc<db::Revision>,
    paper: Arc<db::Manuscript>,
}

/// What an article said at a time. 修订版本
#[Object]
impl Revision {
    /// From 1. 修订号
    async fn number(&self) -> i64 {
        self.row.number
    }

    /// When it was written. 时间
    async fn at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.row.at)
    }

    /// Who wrote it. 修改人
    async fn by(&self, context: &Context<'_>) -> Result<String> {
        manuscript::actor(Operation::of(context), &self.row.actor).await
    }

    /// How it came about. 来历
    async fn origin(&self) -> RevisionOrigin {
        match self.row.origin.as_str() {
            "import" => RevisionOrigin::Import,
            "restore" => RevisionOrigin::Restore,
            "replace" => RevisionOrigin::Replace,
            _ => RevisionOrigin::Edit,
        }
    }

    /// What it says. 内容
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn content(&self) -> Result<ArticleContent> {
        Ok(ArticleContent(Arc::new(editorial::content(&self.row)?)))
    }

    /// The article as it would be with it, through the fields that readers have. 预览
    async fn preview(&self, context: &Context<'_>) -> Result<Article> {
        let said = editorial::content(&self.row)?;
        Ok(Article(Box::pin(manuscript::preview(Operation::of(context), &self.paper, &said)).await?))
    }
}

/// How a revision came about. 修订来历
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum RevisionOrigin {
    /// It was imported.
    Import,
    /// Somebody wrote it.
    Edit,
    /// An older one was taken up again.
    Restore,
    /// Words of the list were replaced.
    Replace,
}

/// What is different in a field. 字段变化
#[derive(SimpleObject)]
pub struct FieldChange {
    /// The field, such as `title` or `pages[0].html`.
    field: String,
    /// What it said; none if it said nothing.
    before: Option<String>,
    /// What it says; none if it says nothing.
    after: Option<String>,
}

/// What readers were told of a change of a published article. 更正说明
#[derive(SimpleObject)]
pub struct Correction {
    /// When the change was published. 时间
    at: DateTime,
    /// What they were told. 说明
    note: String,
}

impl Correction {
    /// As it was published.
    pub fn new(operation: &Operation, row: &db::Correction) -> Self {
        Self { at: operation.time(row.at), note: row.note.clone() }
    }
}

/// A word to look out for, and where it stands. 敏感词命中
#[derive(Clone, Debug, SimpleObject)]
pub struct WordMatch {
    /// The field, with dots.
    field: String,
    /// The character that it begins with, from 0; in HTML those are counted that readers see.
    start: usize,
    /// How many characters it has.
    length: usize,
    /// As the list has it.
    word: String,
    /// What the list says of it.
    note: Option<String>,
}

impl From<WordFound> for WordMatch {
    fn from(found: WordFound) -> Self {
        let WordFound { field, start, length, word, note } = found;
        Self { field, start, length, word, note }
    }
}

/// Which manuscripts. All conditions hold together. 筛选条件
#[derive(Debug, Default, InputObject)]
pub struct ManuscriptFilter {
    /// In one of these states. 状态
    states: Option<Vec<ArticleState>>,
    /// Begun by who asks. 我的稿件
    mine: Option<bool>,
    /// In this channel or below it. 频道
    channel: Option<ID>,
    /// With this in their title. 标题包含
    title: Option<String>,
    /// Held up by sensitive words. 含敏感词
    held: Option<bool>,
}

/// How many manuscripts are in a state. 各状态稿件数
#[derive(SimpleObject)]
pub struct ManuscriptCount {
    /// The state.
    state: ArticleState,
    /// How many.
    count: i64,
}

impl ManuscriptCount {
    /// Of every state but the published and the archived, which are many.
    pub async fn load(operation: &Operation) -> Result<Vec<Self>> {
        let found = operation.db.reader().all(manuscript_counts()).await?;
        let count = |state: State| found.iter().find(|(word, _)| word == state.word()).map_or(0, |(_, count)| *count);
        let states = State::ALL.into_iter().filter(|state| !matches!(state, State::Published | State::Archived));
        Ok(states.map(|state| Self { state: state.into(), count: count(state) }).collect())
    }
}

/// A page of manuscripts. 稿件列表的一页
#[derive(SimpleObject)]
pub struct ManuscriptConnection {
    /// The manuscripts with their cursors.
    edges: Vec<ManuscriptEdge>,
    /// The manuscripts.
    nodes: Vec<Manuscript>,
    /// Where the page lies in the list. 分页信息
    page_info: PageInfo,
}

/// A manuscript in a page.
#[derive(SimpleObject)]
pub struct ManuscriptEdge {
    /// Its place, for `after`. 游标
    cursor: String,
    /// The manuscript.
    node: Manuscript,
}

impl ManuscriptFilter {
    fn read(self, operation: &Operation) -> Result<Filter> {
        let channel = self.channel.map(|id| number("filter.channel", &id, Kind::Channel)).transpose()?;
        let below = |root: i64| {
            let channels = operation.catalog().channels.all().iter();
            let ids = channels.filter(move |c| operation.catalog().ancestors(c.id).iter().any(|above| above.id == root));
            std::iter::once(root).chain(ids.map(|c| c.id).filter(move |id| *id != root)).collect()
        };
        Ok(Filter {
            states: self.states.into_iter().flatten().map(|state| State::from(state).word().into()).collect(),
            created_by: self.mine.unwrap_or(false).then(|| operation.caller.actor.word()),
            channels: channel.map(below).unwrap_or_default(),
            title: self.title.filter(|title| !title.trim().is_empty()),
            is_held: self.held.unwrap_or(false),
        })
    }
}

impl ManuscriptConnection {
    /// The page after `after`, the last changed first.
    pub async fn load(operation: &Operation, filter: ManuscriptFilter, first: i32, after: Option<String>) -> Result<Self> {
        let (size, filter) = (size("first", first)?, filter.read(operation)?);
        let cursor = Cursor::of(&format!("manuscripts {filter:?}"));
        let from = after.as_ref().map(|text| cursor.decode("after", text)).transpose()?;
        let query = manuscripts_before(filter, from.unwrap_or((i64::MAX, i64::MAX)), size + 1);
        // Nothing is cached here, and what hangs on a manuscript goes through loaders.
        let mut found = operation.db.reader().all(query).await?;
        let has_next_page = i64::try_from(found.len()).is_ok_and(|count| count > size);
        found.truncate(usize::try_from(size).unwrap_or(0));
        let cursor_of = |paper: &db::Manuscript| cursor.encode((paper.changed_at, paper.article_id));
        let page_info = PageInfo {
            has_next_page,
            has_previous_page: from.is_some(),
            start_cursor: found.first().map(cursor_of),
            end_cursor: found.last().map(cursor_of),
        };
        let found: Vec<Arc<db::Manuscript>> = found.into_iter().map(Arc::new).collect();
        let edge = |paper: &Arc<db::Manuscript>| ManuscriptEdge { cursor: cursor_of(paper), node: Manuscript(Arc::clone(paper)) };
        let edges = found.iter().map(edge).collect();
        Ok(Self { edges, nodes: found.into_iter().map(Manuscript).collect(), page_info })
    }
}

/// The articles `ids`, those that there are.
async fn articles(operation: &Operation, ids: &[i64]) -> Result<Vec<Article>> {
    let find = |id: &i64| article::find(operation, ArticleBy::Id(*id), Parts::default());
    let found = Box::pin(futures_util::future::try_join_all(ids.iter().map(find))).await?;
    Ok(found.into_iter().flatten().map(Article).collect())
}
