//! Keys of programs.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};

use super::outcome::{UserError, outcome};
use crate::editorial::{KeyDraft, NewKey};
use crate::error::Result;
use crate::graphql::connection::number;
use crate::graphql::context::Operation;
use crate::graphql::guard::Policy;
use crate::graphql::id::Kind;
use crate::graphql::scalar::DateTime;
use crate::graphql::types::{ApiKey, Permission};

/// The part of the mutations that is about keys.
#[derive(Default)]
pub struct Keys;

/// A key to be made. 新密钥
#[derive(InputObject)]
pub struct CreateApiKeyInput {
    /// What it is for. 用途
    name: String,
    /// What it may do: nothing that its maker may not. 权限范围
    scopes: Vec<Permission>,
    /// Until when it works; without it until it is revoked. 失效时间
    expires_at: Option<DateTime>,
}

/// A key that shall not work any more.
#[derive(InputObject)]
pub struct RevokeApiKeyInput {
    /// Which.
    id: ID,
}

/// A key that has been made.
#[derive(SimpleObject)]
pub struct CreateApiKeyPayload {
    /// What is kept of it; none if it was not made.
    api_key: Option<ApiKey>,
    /// The key itself. Shown now and never again. 密钥
    secret: Option<String>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

/// A key that has been revoked.
#[derive(SimpleObject)]
pub struct RevokeApiKeyPayload {
    /// As it is now; none if it was not revoked.
    api_key: Option<ApiKey>,
    /// What its user can mend.
    user_errors: Vec<UserError>,
}

#[Object]
impl Keys {
    /// Makes a key for a program. 新建密钥
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn create_api_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The key to make.")] input: CreateApiKeyInput,
    ) -> Result<CreateApiKeyPayload> {
        let draft = KeyDraft {
            name: input.name,
            scopes: input.scopes.into_iter().map(Into::into).collect(),
            expires_at: input.expires_at.map(|at| at.0.timestamp_millis()),
        };
        let (made, user_errors) = outcome(Operation::change(context).create_key(draft).await)?;
        let (api_key, secret) = made.map(|NewKey { key, secret }| (ApiKey(key), secret.reveal())).unzip();
        Ok(CreateApiKeyPayload { api_key, secret, user_errors })
    }

    /// Revokes a key: from then on it opens nothing. 吊销密钥
    #[graphql(guard = "Policy(\"Mutation\")")]
    async fn revoke_api_key(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The key.")] input: RevokeApiKeyInput,
    ) -> Result<RevokeApiKeyPayload> {
        let revoked = async { Operation::change(context).revoke_key(number("id", &input.id, Kind::ApiKey)?).await };
        let (key, user_errors) = outcome(revoked.await)?;
        Ok(RevokeApiKeyPayload { api_key: key.map(ApiKey), user_errors })
    }
}
