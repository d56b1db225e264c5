//! Keys of programs.

use async_graphql::{Context, ID, Object};

use super::Permission;
use crate::auth;
use crate::db;
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::id::{Kind, encode};
use crate::graphql::scalar::DateTime;

/// A key by which a program works for the portal. 接口密钥
pub struct ApiKey(pub db::ApiKey);

/// A key by which a program works for the portal. 接口密钥
#[Object]
impl ApiKey {
    /// Opaque, stable id.
    async fn id(&self) -> ID {
        ID(encode(Kind::ApiKey, self.0.id))
    }

    /// What it is for. 用途
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Its first characters, to tell keys apart.
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// What it may do. 权限范围
    #[expect(clippy::unused_async, reason = "a field that can fail is a future to the library")]
    async fn scopes(&self) -> Result<Vec<Permission>> {
        let words: Vec<String> = serde_json::from_str(&self.0.scopes).map_err(Error::internal)?;
        Ok(words.iter().filter_map(|word| auth::Permission::from_word(word)).map(Permission::from).collect())
    }

    /// When it was made. 创建时间
    async fn created_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.0.created_at)
    }

    /// Until when it works; none: until it is revoked. 失效时间
    async fn expires_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.expires_at.map(|at| Operation::of(context).time(at))
    }

    /// Since when it does not work any more. 吊销时间
    async fn revoked_at(&self, context: &Context<'_>) -> Option<DateTime> {
        self.0.revoked_at.map(|at| Operation::of(context).time(at))
    }
}
