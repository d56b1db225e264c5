//! Contracts of partners.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};

use super::noun::put;
use super::outcome::{UserError, outcome};
use crate::db::{self, Scope};
use crate::editorial::{ContractDraft, NewKey};
use crate::error::{Error, Result};
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::scalar::DateTime;
use crate::graphql::types::{ApiKey, ArticleFields, CanonicalRule, Contract};
use crate::partner;

/// The part of the mutations that is about contracts.
#[derive(Default)]
pub struct Contracts;

/// How much a partner may ask for. What is left out has no limit. 配额
#[derive(Default, InputObject)]
pub struct ContractQuotaInput {
    /// Requests in a minute. 每分钟请求数
    requests_per_minute: Option<i64>,
    /// Requests in a day. 每日请求数
    requests_per_day: Option<i64>,
    /// Cost in a minute. 每分钟成本
    cost_per_minute: Option<i64>,
    /// Cost in a day. 每日成本
    cost_per_day: Option<i64>,
}

impl From<ContractQuotaInput> for partner::Quota {
    fn from(input: ContractQuotaInput) -> Self {
        Self {
            requests_per_minute: input.requests_per_minute,
            requests_per_day: input.requests_per_day,
            cost_per_minute: input.cost_per_minute,
            cost_per_day: input.cost_per_day,
        }
    }
}

/// A contract to be made. An article is within it if one of its channels, tags, topics or its source is named; if none is named, all are. 新建协议
#[derive(InputObject)]
pub struct CreateContractInput {
    /// Whose it is. 合作方
    name: String,
    /// Who can be reached there. 联系方式
    contact: Option<String>,
    /// For those who work here. 备注
    note: Option<String>,
    /// Articles of these channels and those below them. 频道
    channels: Option<Vec<ID>>,
    /// Articles with these tags. 标签
    tags: Option<Vec<ID>>,
    /// Articles of these topics. 专题
    topics: Option<Vec<ID>>,
    /// Articles from these sources. 来源
    sources: Option<Vec<ID>>,
    /// How much of them, if their sources grant as much. 可用内容
    #[graphql(default_with = "ArticleFields::Summary")]
    fields: ArticleFields,
    /// How long after publication. 延迟
    #[graphql(default)]
    delay_secs: i64,
    /// What must be shown with each article; `{title}`, `{url}`, `{site}` and `{source}` stand for the article's. 署名要求
    attribution: Option<String>,
    /// Which address is canonical. 规范网址
    #[graphql(default_with = "CanonicalRule::Portal")]
    canonical: CanonicalRule,
    /// How much may be asked for. 配额
    quota: Option<ContractQuotaInput>,
    /// Origins whose pages may show embeds, such as `https://www.partner.example`. 可嵌入的网站
    embed_origins: Option<Vec<String>>,
    /// From when on it holds. 生效时间
    starts_at: Option<DateTime>,
    /// Until when it holds. 终止时间
    ends_at: Option<DateTime>,
}

/// A contract to be changed. What is left out stays as it is; `null` takes away what a contract can be without, and is no different from
/// leaving out `name`, `fields` and `canonical`. 修改协议
#[derive(InputObject)]
pub struct UpdateContractInput {
    /// Which.
    id: ID,
    /// Whose it is. 合作方
    name: Option<String>,
    /// Who can be reached there. 联系方式
    contact: MaybeUndefined<String>,
    /// For those who work here. 备注
    note: MaybeUndefined<String>,
    /// Articles of these channels and those below them: in the place of those before. 频道
    channels: MaybeUndefined<Vec<ID>>,
    /// Articles with these tags: in the place of those before. 标签
    tags: MaybeUndefined<Vec<ID>>,
    /// Articles of these topics: in the place of those before. 专题
    topics: MaybeUndefined<Vec<ID>>,
    /// Articles from these sources: in the place of those before. 来源
    sources: MaybeUndefined<Vec<ID>>,
    /// How much of them, if their sources grant as much. 可用内容
    fields: Option<ArticleFields>,
    /// How long after publication; `null`: at once. 延迟
    delay_secs: MaybeUndefined<i64>,
    /// What must be shown with each article. 署名要求
    attribution: MaybeUndefined<String>,
    /// Which address is canonical. 规范网址
    canonical: Option<CanonicalRule>,
    /// How much may be asked for: in the place of all four that were said before; `null`: as much as they like. 配额
    quota: MaybeUndefined<ContractQuotaInput>,
    /// Origins whose pages may show embeds: in the place of those before. 可嵌入的网站
    embed_origins: MaybeUndefined<Vec<String>>,
    /// From when on it holds. 生效时间
    starts_at: MaybeUndefined<DateTime>,
    /// Until when it holds. 终止时间
    ends_at: MaybeUndefined<DateTime>,
}

/// A contract that shall end, at once. 终止协议
#[derive(InputObject)]
pub struct EndContractInput {
    /// Which.
    id: ID,
}

/// A key for a partner. 合作方密钥
#[derive(InputObject)]
pub struct CreateContractKeyInput {
    /// Of which contract.
    contract: ID,
    /// Where it is used. 用途
    name: String,
    /// Until when it works; without it as long as the contract holds and nobody revokes it. 失效时间
    expires_at: Option<DateTime>,
}

/// A partner's key that shall not work any more. 吊销密钥
#[derive(InputObject)]
pub struct RevokeContractKeyInput {
    /// Which.
    id: ID,
}

/// A contract, as it is now.
#[derive(SimpleObject)]
pub struct ContractPayload {
    /// As it is now; none if nothing was done.
    contract: Option<Contract>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// A partner's key.
#[derive(SimpleObject)]
pub struct ContractKeyPayload {
    /// What is kept of it; none if nothing was done.
    api_key: Option<ApiKey>,
    /// The key itself. Shown when it is made, and never again. 密钥
    secret: Option<String>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

impl ContractPayload {
    fn new(result: Result<db::Contract>) -> Result<Self> {
        let (row, user_errors) = outcome(result)?;
        let contract = row.map(partner::Contract::read).transpose()?;
        Ok(Self { contract: contract.map(Arc::new).map(Contract), user_errors })
    }
}

/// What shall be in a field; none if nothing is said of it. `null` says that it shall be empty.
fn said<T: Default>(field: MaybeUndefined<T>) -> Option<T> {
    match field {
        MaybeUndefined::Undefined => None,
        MaybeUndefined::Null => Some(T::default()),
        MaybeUndefined::Value(value) => Some(value),
    }
}

/// The lists that `ids` of one kind name.
fn lists(field: &str, ids: &[ID], kind: Kind, list: fn(i64) -> Scope) -> Result<Vec<Scope>> {
    ids.iter().enumerate().map(|(i, id)| number(&format!("{field}[{i}]"), id, kind).map(list)).collect()
}

/// Puts the lists that `ids` name in the place of those of their kind.
fn put_lists(target: &mut Vec<Scope>, field: &str, ids: Option<Vec<ID>>, kind: Kind, list: fn(i64) -> Scope) -> Result<()> {
    if let Some(ids) = ids {
        target.retain(|known| !known.is_like(list(0)));
        target.extend(lists(field, &ids, kind, list)?);
    }
    Ok(())
}

fn draft(input: CreateContractInput) -> Result<ContractDraft> {
    let mut lists = Vec::new();
    put_lists(&mut lists, "channels", input.channels, Kind::Channel, Scope::Channel)?;
    put_lists(&mut lists, "tags", input.tags, Kind::Tag, Scope::Tag)?;
    put_lists(&mut lists, "topics", input.topics, Kind::Topic, Scope::Topic)?;
    put_lists(&mut lists, "sources", input.sources, Kind::Source, Scope::Source)?;
    Ok(ContractDraft {
        name: input.name,
        contact: input.contact,
        note: input.note,
        lists,
        fields: input.fields.into(),
        delay_secs: input.delay_secs,
        attribution: input.attribution,
        canonical: input.canonical.into(),
        quota: input.quota.map(Into::into).unwrap_or_default(),
        origins: input.embed_origins.unwrap_or_default(),
        starts_at: input.starts_at.map(|at| at.0.timestamp_millis()),
        ends_at: input.ends_at.map(|at| at.0.timestamp_millis()),
    })
}

fn change(input: UpdateContractInput, draft: &mut ContractDraft) -> Result<()> {
    let had_lists = !draft.lists.is_empty();
    put_lists(&mut draft.lists, "channels", said(input.channels), Kind::Channel, Scope::Channel)?;
    put_lists(&mut draft.lists, "tags", said(input.tags), Kind::Tag, Scope::Tag)?;
    put_lists(&mut draft.lists, "topics", said(input.topics), Kind::Topic, Scope::Topic)?;
    put_lists(&mut draft.lists, "sources", said(input.sources), Kind::Source, Scope::Source)?;
    if had_lists && draft.lists.is_empty() {
        let message =
            "would be empty with all other lists, and the contract then about every article; make another contract for that";
        return Err(Error::invalid("channels", message));
    }
    put(&mut draft.name, input.name);
    input.contact.update_to(&mut draft.contact);
    input.note.update_to(&mut draft.note);
    put(&mut draft.fields, input.fields.map(Into::into));
    put(&mut draft.delay_secs, said(input.delay_secs));
    input.attribution.update_to(&mut draft.attribution);
    put(&mut draft.canonical, input.canonical.map(Into::into));
    put(&mut draft.quota, said(input.quota).map(Into::into));
    put(&mut draft.origins, said(input.embed_origins));
    let instant = |at: DateTime| at.0.timestamp_millis();
    input.starts_at.map_value(instant).update_to(&mut draft.starts_at);
    input.ends_at.map_value(instant).update_to(&mut draft.ends_at);
    Ok(())
}

#[Object]
impl Contracts {
    /// Makes a contract for a partner. 新建协议
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_contract(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "What it shall say.")] input: CreateContractInput,
    ) -> Result<ContractPayload> {
        let create = async { Operation::change(context).create_contract(draft(input)?).await };
        ContractPayload::new(Box::pin(create).await)
    }

    /// Changes a contract; from the answer on it holds as it says then. 修改协议
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn update_contract(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which, and what changes.")] input: UpdateContractInput,
    ) -> Result<ContractPayload> {
        let update = async {
            let id = number("id", &input.id, Kind::Contract)?;
            Operation::change(context).update_contract(id, |draft| change(input, draft)).await
        };
        ContractPayload::new(Box::pin(update).await)
    }

    /// Ends a contract: from the answer on it grants nothing. 终止协议
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn end_contract(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which.")] input: EndContractInput,
    ) -> Result<ContractPayload> {
        let end = async { Operation::change(context).end_contract(number("id", &input.id, Kind::Contract)?).await };
        ContractPayload::new(Box::pin(end).await)
    }

    /// Makes a key for a partner. It may nothing but what the contract grants. 新建合作方密钥
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_contract_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The key to make.")] input: CreateContractKeyInput,
    ) -> Result<ContractKeyPayload> {
        let create = async {
            let contract = number("contract", &input.contract, Kind::Contract)?;
            let expires_at = input.expires_at.map(|at| at.0.timestamp_millis());
            Operation::change(context).create_contract_key(contract, &input.name, expires_at).await
        };
        let (made, user_errors) = outcome(Box::pin(create).await)?;
        let (api_key, secret) = made.map(|NewKey { key, secret }| (ApiKey(key), secret.reveal())).unzip();
        Ok(ContractKeyPayload { api_key, secret, user_errors })
    }

    /// Revokes a partner's key: from then on it opens nothing. 吊销合作方密钥
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn revoke_contract_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The key.")] input: RevokeContractKeyInput,
    ) -> Result<ContractKeyPayload> {
        let revoke = async { Operation::change(context).revoke_contract_key(number("id", &input.id, Kind::ApiKey)?).await };
        let (key, user_errors) = outcome(Box::pin(revoke).await)?;
        Ok(ContractKeyPayload { api_key: key.map(ApiKey), secret: None, user_errors })
    }
}
