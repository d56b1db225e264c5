//! An article's text in its three forms.

use async_graphql::{Object, SimpleObject, Union};

use crate::db;
use crate::error::{Error, Result};
use crate::graphql::scalar::{Html, Url};
use crate::text;

/// What stands between the pages of a body that is shown as one.
const PAGE_BREAK: &str = "<hr>";

/// An article's text. 正文
pub struct Body {
    pages: db::Body,
    page: Option<usize>,
}

impl Body {
    /// The whole of `pages`, or page number `page`, from 1.
    pub fn new(pages: db::Body, page: Option<i32>) -> Result<Self> {
        let page = page.map(|number| {
            let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1)).filter(|i| *i < pages.len().max(1));
            index.ok_or_else(|| Error::invalid("page", format!("must be between 1 and {}", pages.len().max(1))))
        });
        Ok(Self { page: page.transpose()?, pages })
    }

    fn shown(&self) -> String {
        match self.page {
            Some(index) => self.pages.get(index).map(|p| p.html.clone()).unwrap_or_default(),
            None => self.pages.iter().map(|p| p.html.as_str()).collect::<Vec<_>>().join(PAGE_BREAK),
        }
    }
}

/// An article's text. 正文
#[Object]
impl Body {
    /// As HTML, safe to insert.
    async fn html(&self) -> Html {
        Html(self.shown())
    }

    /// As plain text, a line for each paragraph.
    async fn text(&self) -> String {
        text::plain_text(&self.shown())
    }

    /// As blocks, for apps that lay out themselves.
    async fn blocks(&self) -> Vec<Block> {
        text::blocks(&self.shown()).into_iter().map(Block::from).collect()
    }

    /// How many pages it has; 0 without a text. 页数
    async fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// Every page. 分页
    async fn pages(&self) -> Vec<BodyPage> {
        self.pages.iter().cloned().map(BodyPage).collect()
    }
}

/// A page of a text. 正文的一页
pub struct BodyPage(db::BodyPage);

/// A page of a text. 正文的一页
#[Object]
impl BodyPage {
    /// From 1.
    async fn number(&self) -> i64 {
        self.0.number
    }

    /// Title of the page.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// As HTML, safe to insert.
    async fn html(&self) -> Html {
        Html(self.0.html.clone())
    }

    /// As plain text.
    async fn text(&self) -> String {
        text::plain_text(&self.0.html)
    }
}

/// A piece of a text.
#[derive(Union)]
pub enum Block {
    /// See there.
    Paragraph(ParagraphBlock),
    /// See there.
    Heading(HeadingBlock),
    /// See there.
    List(ListBlock),
    /// See there.
    Quote(QuoteBlock),
    /// See there.
    Image(ImageBlock),
    /// See there.
    Table(TableBlock),
    /// See there.
    Code(CodeBlock),
    /// See there.
    Rule(RuleBlock),
}

/// A paragraph. 段落
#[derive(SimpleObject)]
pub struct ParagraphBlock {
    /// Inner HTML, safe to insert.
    html: Html,
    /// Plain text.
    text: String,
}

/// A heading. 小标题
#[derive(SimpleObject)]
pub struct HeadingBlock {
    /// 1 to 6.
    level: i32,
    /// Plain text.
    text: String,
}

/// A list. 列表
#[derive(SimpleObject)]
pub struct ListBlock {
    /// Numbered.
    ordered: bool,
    /// Plain text of each item.
    items: Vec<String>,
}

/// A quotation. 引文
#[derive(SimpleObject)]
pub struct QuoteBlock {
    /// Inner HTML, safe to insert.
    html: Html,
    /// Plain text.
    text: String,
}

/// A picture. 图片
#[derive(SimpleObject)]
pub struct ImageBlock {
    /// As written in the text: absolute, or a path of the portal.
    url: Url,
    /// Text for those who cannot see it.
    alt: Option<String>,
    /// What stands under it.
    caption: Option<String>,
    /// Pixels, where the text says.
    width: Option<i32>,
    /// Pixels, where the text says.
    height: Option<i32>,
}

/// A table. 表格
#[derive(SimpleObject)]
pub struct TableBlock {
    /// Plain text of each cell, row by row.
    rows: Vec<Vec<String>>,
    /// Whether the first row is a heading.
    has_header: bool,
}

/// Code or other preformatted text. 代码
#[derive(SimpleObject)]
pub struct CodeBlock {
    /// With its line breaks.
    text: String,
}

/// A line across, or the end of a page. 分隔线
#[derive(SimpleObject)]
pub struct RuleBlock {
    /// Always true; an object needs a field.
    is_rule: bool,
}

impl From<text::Block> for Block {
    fn from(block: text::Block) -> Self {
        match block {
            text::Block::Paragraph { html, text } => Self::Paragraph(ParagraphBlock { html: Html(html), text }),
            text::Block::Heading { level, text } => Self::Heading(HeadingBlock { level, text }),
            text::Block::List { ordered, items } => Self::List(ListBlock { ordered, items }),
            text::Block::Quote { html, text } => Self::Quote(QuoteBlock { html: Html(html), text }),
            text::Block::Image { url, alt, caption, width, height } => {
                Self::Image(ImageBlock { url: Url(url), alt, caption, width, height })
            }
            text::Block::Table { rows, has_header } => Self::Table(TableBlock { rows, has_header }),
            text::Block::Code { text } => Self::Code(CodeBlock { text }),
            text::Block::Rule => Self::Rule(RuleBlock { is_rule: true }),
        }
    }
}
