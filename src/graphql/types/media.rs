//! Pictures and files.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use crate::db;
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::scalar::Url;

/// A picture, with what a page needs to make room for it before it has loaded. 图片
pub struct Media(pub Arc<db::Media>);

/// A picture, with what a page needs to make room for it before it has loaded. 图片
#[Object]
impl Media {
    /// Opaque, stable id.
    pub async fn id(&self) -> ID {
        ID(encode(Kind::Media, self.0.id))
    }

    /// Where the file is. 网址
    async fn url(&self, context: &Context<'_>) -> Url {
        Operation::of(context).url(&self.0.url)
    }

    /// Pixels. 宽
    async fn width(&self) -> i64 {
        self.0.width
    }

    /// Pixels. 高
    async fn height(&self) -> i64 {
        self.0.height
    }

    /// Text for those who cannot see it. 替代文字
    async fn alt(&self) -> Option<&str> {
        self.0.alt.as_deref()
    }

    /// Who must be named. 图片署名
    async fn credit(&self) -> Option<&str> {
        self.0.credit.as_deref()
    }

    /// The point that must stay in sight when the picture is cropped. 焦点
    async fn focal_point(&self) -> Option<FocalPoint> {
        Some(FocalPoint { x: self.0.focal_x?, y: self.0.focal_y? })
    }

    /// `#rrggbb`, to paint while it loads. 主色
    async fn dominant_color(&self) -> Option<&str> {
        self.0.dominant_color.as_deref()
    }

    /// Media type.
    async fn mime_type(&self) -> Option<&str> {
        self.0.mime_type.as_deref()
    }
}

/// A point of a picture. 焦点
#[derive(SimpleObject)]
pub struct FocalPoint {
    /// 0 left, 1 right.
    x: f64,
    /// 0 top, 1 bottom.
    y: f64,
}

/// A picture of a gallery. 图集图片
#[derive(SimpleObject)]
pub struct GalleryImage {
    /// The picture.
    media: Media,
    /// Plain text. 图说
    caption: Option<String>,
}

impl GalleryImage {
    /// A picture with its caption.
    pub fn new(image: db::GalleryImage, media: Arc<db::Media>) -> Self {
        Self { media: Media(media), caption: image.caption }
    }
}

/// A file to download. 附件
#[derive(SimpleObject)]
pub struct Attachment {
    /// Plain text. 文件名
    name: String,
    /// Where the file is.
    url: Url,
    /// Media type.
    mime_type: Option<String>,
    /// Length in bytes. 大小
    size_bytes: Option<i64>,
}

impl Attachment {
    /// A file of an article.
    pub fn new(operation: &Operation, file: &db::Attachment) -> Self {
        Self {
            name: file.name.clone(),
            url: operation.url(&file.url),
            mime_type: file.mime_type.clone(),
            size_bytes: file.size_bytes,
        }
    }
}
