//! The portal's settings.

use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use super::noun::put;
use super::session::DonePayload;
use crate::db;
use crate::editorial::{Office, SiteDraft};
use crate::error::Result;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;

/// The part of the mutations that is about the portal's settings.
#[derive(Default)]
pub struct Settings;

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

#[Object]
impl Settings {
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
}
