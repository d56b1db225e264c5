//! Pictures.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::put;
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{MediaDraft, Office};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::Media;

/// The part of the mutations that is about pictures.
#[derive(Default)]
pub struct Pictures;

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

#[Object]
impl Pictures {
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
}
