//! Sources.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::put;
use super::outcome::{UserError, outcome};
use crate::db;
use crate::editorial::{Office, SourceDraft};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::types::{ArticleFields, Source};
use crate::partner;

/// The part of the mutations that is about sources.
#[derive(Default)]
pub struct Sources;

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
    /// What may be passed on of its articles; without it what the licence says. 转发许可
    syndication: Option<ArticleFields>,
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
    /// What may be passed on of its articles; `null`: what the licence says. 转发许可
    syndication: MaybeUndefined<ArticleFields>,
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

fn word(fields: ArticleFields) -> String {
    partner::Fields::from(fields).word().into()
}

#[Object]
impl Sources {
    /// Makes a source of reposts. 新建来源
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_source(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall be.")] input: CreateSourceInput,
    ) -> Result<SourcePayload> {
        let create = async {
            let office = Operation::change(context);
            let CreateSourceInput { slug, name, url, licence, attribution, disclaimer, contact, syndication } = input;
            let syndication = syndication.map(word);
            let draft =
                SourceDraft { slug, name, url, licence, attribution, disclaimer, contact, syndication, ..SourceDraft::default() };
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
            let UpdateSourceInput { id, slug, name, url, licence, attribution, disclaimer, contact, syndication } = input;
            let change = async |_: &Office, draft: &mut SourceDraft| {
                put(&mut draft.slug, slug);
                put(&mut draft.name, name);
                url.update_to(&mut draft.url);
                licence.update_to(&mut draft.licence);
                attribution.update_to(&mut draft.attribution);
                disclaimer.update_to(&mut draft.disclaimer);
                contact.update_to(&mut draft.contact);
                syndication.map_value(word).update_to(&mut draft.syndication);
                Ok(())
            };
            let id = number("id", &id, Kind::Source)?;
            Operation::change(context).update_noun::<db::Source>(id, change).await
        };
        SourcePayload::new(Box::pin(update).await)
    }
}
