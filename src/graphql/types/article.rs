//! An article.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};

use super::{
    ArticleState, Attachment, Author, Body, Channel, Correction, GalleryImage, HistoryUnit, Media, RankingBy, RankingScope,
    RankingWindow, Source, Tag, Topic, ViewsAt,
};
use crate::db::{self, Reason};
use crate::editorial::State;
use crate::error::{Error, Result};
use crate::graphql::context::{Operation, asks};
use crate::graphql::id::{Kind, encode};
use crate::graphql::relation::{article, list, manuscript, ranking, related, tag};
use crate::graphql::scalar::{DateTime, Url};
use crate::graphql::unique::Block;
use crate::loader::{OriginalOf, RepostsOf};
use crate::partner::Fields;

/// Chinese characters or words that a reader takes in per minute: between the 300 to 500 characters usually given for
/// Chinese and the 240 words measured for English (Brysbaert 2019, "How many words do we read per minute?").
const WORDS_PER_MINUTE: i64 = 300;

/// An article. 文章
pub struct Article(pub Arc<db::Article>);

impl Article {
    async fn details(&self, context: &Context<'_>) -> Result<Arc<db::Details>> {
        article::details(Operation::of(context), &self.0).await
    }

    /// Fails unless who asks may have so much of it.
    fn require(&self, context: &Context<'_>, fields: Fields) -> Result<()> {
        Operation::of(context).require(fields, &self.0)
    }
}

/// An article. 文章
#[Object]
impl Article {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Article, self.0.id))
    }

    /// Name in the article's address.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Number in the system the article came from. 原系统编号
    async fn legacy_id(&self, context: &Context<'_>) -> Option<Result<String>> {
        self.details(context).await.map(|d| d.legacy_id.clone()).transpose()
    }

    /// Headline, plain text. 标题
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// Second line of the headline. 副标题
    async fn subtitle(&self, context: &Context<'_>) -> Option<Result<String>> {
        if let Err(error) = self.require(context, Fields::Summary) {
            return Some(Err(error));
        }
        self.details(context).await.map(|d| d.subtitle.clone()).transpose()
    }

    /// The gist: the editor's own, else the beginning of the text up to the end of a sentence. 核心提示
    async fn summary(&self, context: &Context<'_>) -> Option<Result<&str>> {
        Some(self.require(context, Fields::Summary).map(|()| self.0.summary.as_str()))
    }

    /// Whether the summary is the beginning of the text; a page that shows the text need not show it too.
    async fn summary_is_excerpt(&self) -> bool {
        self.0.summary_is_excerpt
    }

    /// BCP 47 tag, such as `zh-Hans`. 语言
    async fn language(&self, context: &Context<'_>) -> Result<String> {
        Ok(self.details(context).await?.language.clone())
    }

    /// When it was published. 发布时间
    async fn published_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.published_at)
    }

    /// Last change of any kind. 修改时间
    async fn modified_at(&self, context: &Context<'_>) -> Result<DateTime> {
        Ok(Operation::of(context).time(self.details(context).await?.modified_at))
    }

    /// Last change that readers should notice. 重要更新时间
    async fn significantly_updated_at(&self, context: &Context<'_>) -> Option<Result<DateTime>> {
        let operation = Operation::of(context);
        self.details(context).await.map(|d| d.significant_at.map(|at| operation.time(at))).transpose()
    }

    /// Where the portal shows it. 网址
    async fn url(&self, context: &Context<'_>) -> Url {
        Url(article::address(Operation::of(context).catalog(), &self.0))
    }

    /// The address that search engines shall prefer: the original's where an editor gave it, else `url`; for partners as their contract says.
    async fn canonical_url(&self, context: &Context<'_>) -> Result<Url> {
        let operation = Operation::of(context);
        let url = article::address(operation.catalog(), &self.0);
        Ok(Url(article::canonical(operation, self.details(context).await?.as_ref(), &url)))
    }

    /// Where a repost was taken from. 原文链接
    async fn source_url(&self, context: &Context<'_>) -> Option<Result<Url>> {
        let operation = Operation::of(context);
        self.details(context).await.map(|d| d.source_url.as_ref().map(|address| operation.url(address))).transpose()
    }

    /// Main channel. 主频道
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn channel(&self, context: &Context<'_>) -> Result<Channel> {
        Channel::find(Operation::of(context), self.0.channel_id)
    }

    /// Every channel it stands in, the main one first. 所属频道
    async fn channels(&self, context: &Context<'_>) -> Result<Vec<Channel>> {
        let details = self.details(context).await?;
        Ok(Operation::of(context).catalog().channels.list(&details.channel_ids).into_iter().map(Channel).collect())
    }

    /// The way from the root to the main channel. 面包屑
    async fn breadcrumbs(&self, context: &Context<'_>) -> Vec<Channel> {
        Operation::of(context).catalog().ancestors(self.0.channel_id).into_iter().rev().map(Channel).collect()
    }

    /// Tags in the editor's order. 标签
    async fn tags(&self, context: &Context<'_>) -> Result<Vec<Tag>> {
        Ok(tag::list(Operation::of(context), &self.0.tag_ids).await?.into_iter().map(Tag).collect())
    }

    /// Topics it belongs to. 专题
    async fn topics(&self, context: &Context<'_>) -> Result<Vec<Topic>> {
        let details = self.details(context).await?;
        Ok(Operation::of(context).catalog().topics.list(&details.topic_ids).into_iter().map(Topic).collect())
    }

    /// Where it comes from. 来源
    async fn source(&self, context: &Context<'_>) -> Option<Source> {
        self.0.source_id.and_then(|id| Operation::of(context).catalog().sources.find(id)).cloned().map(Source)
    }

    /// Who wrote it. 作者
    async fn authors(&self, context: &Context<'_>) -> Vec<Author> {
        Operation::of(context).catalog().authors.list(&self.0.author_ids).into_iter().map(Author).collect()
    }

    /// What must be said under it: the source's disclaimer, else the portal's. 免责声明
    async fn disclaimer(&self, context: &Context<'_>) -> Option<String> {
        let catalog = Operation::of(context).catalog();
        let source = self.0.source_id.and_then(|id| catalog.sources.find(id));
        catalog.disclaimer(source.map(Arc::as_ref)).map(str::to_owned)
    }

    /// Cover picture. 封面图
    async fn cover(&self, context: &Context<'_>) -> Option<Result<Media>> {
        if let Err(error) = self.require(context, Fields::Summary) {
            return Some(Err(error));
        }
        article::cover(Operation::of(context), &self.0).await.map(|media| media.map(Media)).transpose()
    }

    /// Pictures of the gallery, in order. 图集
    async fn gallery(&self, context: &Context<'_>) -> Option<Result<Vec<GalleryImage>>> {
        if let Err(error) = self.require(context, Fields::Full) {
            return Some(Err(error));
        }
        let images = Box::pin(article::gallery(Operation::of(context), &self.0)).await;
        Some(images.map(|images| images.into_iter().map(|(image, media)| GalleryImage::new(image, media)).collect()))
    }

    /// Files to download. 附件
    async fn attachments(&self, context: &Context<'_>) -> Option<Result<Vec<Attachment>>> {
        if let Err(error) = self.require(context, Fields::Full) {
            return Some(Err(error));
        }
        let operation = Operation::of(context);
        let files = article::attachments(operation, &self.0).await;
        Some(files.map(|files| files.iter().map(|file| Attachment::new(operation, file)).collect()))
    }

    /// The text, as HTML, as plain text and as blocks. 正文
    async fn body(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "One page, from 1; without it all pages together.")] page: Option<i32>,
    ) -> Option<Result<Body>> {
        if let Err(error) = self.require(context, Fields::Full) {
            return Some(Err(error));
        }
        Some(article::body(Operation::of(context), &self.0).await.and_then(|pages| Body::new(pages, page)))
    }

    /// Where it is on its way; those who read the portal see what is published alone. 状态
    async fn state(&self, context: &Context<'_>) -> Result<ArticleState> {
        let details = self.details(context).await?;
        let state = State::from_word(&details.status);
        let state = state.ok_or_else(|| Error::internal(format!("{:?} is no state", details.status)))?;
        // In its lists already, and before its time.
        let is_early = state == State::Published && self.0.published_at > Operation::of(context).clock.now().timestamp_millis();
        Ok(if is_early { State::Scheduled } else { state }.into())
    }

    /// What readers were told of changes since it was published, oldest first. 更正说明
    async fn corrections(&self, context: &Context<'_>) -> Option<Result<Vec<Correction>>> {
        if let Err(error) = self.require(context, Fields::Summary) {
            return Some(Err(error));
        }
        let operation = Operation::of(context);
        let found = Box::pin(manuscript::corrections(operation, self.0.id)).await;
        Some(found.map(|found| found.iter().map(|row| Correction::new(operation, row)).collect()))
    }

    /// Chinese characters plus words of other scripts. 字数
    async fn word_count(&self, context: &Context<'_>) -> Result<i64> {
        Ok(self.details(context).await?.word_count)
    }

    /// Minutes that reading takes, at least one for an article that has a text. 阅读时长
    async fn reading_time_minutes(&self, context: &Context<'_>) -> Result<i64> {
        Ok((self.details(context).await?.word_count + WORDS_PER_MINUTE - 1) / WORDS_PER_MINUTE)
    }

    /// How often it was read. 点击数
    async fn view_count(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "RankingWindow::All", desc = "Over which time.")] window: RankingWindow,
    ) -> i64 {
        ranking::views(Operation::of(context), &self.0, window.into())
    }

    /// How its views came about, oldest first. 阅读走势
    async fn view_history(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "HistoryUnit::Hour", desc = "In which steps.")] unit: HistoryUnit,
        #[graphql(default = 24, desc = "How many steps up to the present one, 1 to 744 hours or 400 days.")] last: i32,
    ) -> Option<Result<Vec<ViewsAt>>> {
        Some(ViewsAt::load(Operation::of(context), self.0.id, unit, last).await)
    }

    /// Place among the first hundred of a ranking; none if it has none. 排名
    async fn rank(
        &self,
        context: &Context<'_>,
        #[graphql(default_with = "RankingWindow::Week", desc = "Over which time.")] window: RankingWindow,
        #[graphql(default_with = "RankingBy::Views", desc = "In which order.")] by: RankingBy,
        #[graphql(desc = "Within what; without it the whole site.")] scope: Option<RankingScope>,
        #[graphql(desc = "Within this channel and those below it: short for `scope`.")] channel: Option<ID>,
    ) -> Option<Result<i64>> {
        let scope = match RankingScope::find(scope, channel.as_ref()) {
            Ok(scope) => scope,
            Err(error) => return Some(Err(error)),
        };
        ranking::rank(Operation::of(context), &self.0, scope, by.order(window)).await.transpose()
    }

    /// Articles about the same. 同类资讯
    async fn related(
        &self,
        context: &Context<'_>,
        #[graphql(default = 8, desc = "How many, 1 to 100.")] first: i32,
        #[graphql(desc = "Name of a group of blocks that do not repeat each other's articles; earlier blocks go first.")] unique: Option<String>,
    ) -> Result<Vec<RelatedArticle>> {
        let first = list::size("first", first)?;
        let covers = asks(context, &["article", "cover"]);
        let block = Block::at(context, unique);
        let items = Box::pin(related::related(Operation::of(context), &self.0, first, covers, block.as_ref())).await?;
        let operation = Operation::of(context);
        let may_have = |article: &Article| operation.require(Fields::Full, &article.0).is_ok();
        let is_own = may_have(self);
        let items = items.into_iter().map(RelatedArticle::from).map(|item| {
            // They may stand in the texts alone.
            let terms = if is_own && may_have(&item.article) { item.terms } else { Vec::new() };
            RelatedArticle { terms, ..item }
        });
        Ok(items.collect())
    }

    /// The article whose text this one has, more or less, and that was published before it; none if it is no repost. 转载自
    async fn duplicate_of(&self, context: &Context<'_>) -> Option<Result<Article>> {
        Operation::of(context).loaders.load(OriginalOf(self.0.id)).await.map(|found| found.map(Article)).transpose()
    }

    /// Articles that have this one's text, more or less, and were published after it. 转载
    async fn reposts(
        &self,
        context: &Context<'_>,
        #[graphql(default = 10, desc = "How many, 1 to 100.")] first: i32,
    ) -> Result<Vec<Repost>> {
        let first = list::size("first", first)?;
        let found = Operation::of(context).loaders.load(RepostsOf { article: self.0.id, first }).await?;
        let repost =
            |found: &db::RepostedArticle| Repost { article: Article(Arc::clone(&found.article)), likeness: found.likeness };
        Ok(found.iter().map(repost).collect())
    }

    /// The next older article of its main channel. 上一篇
    async fn previous(&self, context: &Context<'_>) -> Option<Result<Article>> {
        Box::pin(article::neighbours(Operation::of(context), &self.0)).await.map(|(older, _)| older.map(Article)).transpose()
    }

    /// The next newer article of its main channel. 下一篇
    async fn next(&self, context: &Context<'_>) -> Option<Result<Article>> {
        Box::pin(article::neighbours(Operation::of(context), &self.0)).await.map(|(_, newer)| newer.map(Article)).transpose()
    }
}

/// An article with the text of another. 转载
#[derive(SimpleObject)]
pub struct Repost {
    /// The article.
    article: Article,
    /// How much of one stands in the other, 0.6 to 1: what was cut off or added does not count. 相似度
    likeness: f64,
}

/// A related article. 同类资讯
#[derive(SimpleObject)]
pub struct RelatedArticle {
    /// The article.
    article: Article,
    /// Why it is related.
    reason: RelatedReason,
    /// Words that both have, the most telling first, at most five, as this article writes them; none without the right to both texts. 共同的词
    terms: Vec<String>,
}

impl From<db::RelatedArticle> for RelatedArticle {
    fn from(item: db::RelatedArticle) -> Self {
        Self { article: Article(item.article), reason: item.reason.into(), terms: item.terms }
    }
}

/// Why an article is related.
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum RelatedReason {
    /// An editor pinned it. 编辑推荐
    Editor,
    /// Telling words stand in both: `terms`. 内容相近
    SharedTerms,
    /// It has tags in common. 标签相同
    SharedTags,
    /// It belongs to the same topic. 同专题
    SameTopic,
    /// It is among the newest of the same channel. 同频道
    SameChannel,
}

impl From<Reason> for RelatedReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Editor => Self::Editor,
            Reason::SharedTerms => Self::SharedTerms,
            Reason::SharedTags => Self::SharedTags,
            Reason::SameTopic => Self::SameTopic,
            // What is blocked is not shown.
            Reason::SameChannel | Reason::Blocked => Self::SameChannel,
        }
    }
}
