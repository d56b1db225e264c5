//! Keys by which programs work for the portal.

use serde_json::json;

use super::account::name;
use super::office::Office;
use crate::auth::{Actor, Need, Permission, Token, TokenKind};
use crate::db::{ApiKey, Contract, staff, write};
use crate::error::{Error, Result};
use crate::journal;

/// A key to be made.
#[derive(Clone, Debug)]
pub struct KeyDraft {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Permission>,
    /// Until when it works (milliseconds since 1970); none: until it is revoked.
    pub expires_at: Option<i64>,
}

/// A key that has just been made. The secret is known now and never again.
pub struct NewKey {
    /// What is kept.
    pub key: ApiKey,
    /// The secret.
    pub secret: Token,
}

impl Office {
    fn check_keys(&self) -> Result<()> {
        self.actor.check(Need::May(Permission::ManageKeys))
    }

    /// Makes a key. Nobody gives what they do not have.
    pub async fn create_key(&self, draft: KeyDraft) -> Result<NewKey> {
        self.once_shown(async || self.make_key(draft).await).await
    }

    async fn make_key(&self, draft: KeyDraft) -> Result<NewKey> {
        self.check_keys()?;
        if draft.scopes.is_empty() {
            return Err(Error::invalid("scopes", "a key needs at least one"));
        }
        if let Some(scope) = draft.scopes.iter().find(|scope| !self.actor.may(**scope)) {
            return Err(Error::invalid("scopes", format!("you cannot give {}, which you do not have", scope.word())));
        }
        self.insert_key(draft, None).await
    }

    /// Makes a key with the scopes of `draft`, or one of `contract`.
    pub(super) async fn insert_key(&self, draft: KeyDraft, contract: Option<i64>) -> Result<NewKey> {
        let name = name("name", &draft.name)?;
        if draft.expires_at.is_some_and(|at| at <= self.now()) {
            return Err(Error::invalid("expiresAt", "is over already"));
        }
        let secret = Token::new(TokenKind::ApiKey)?;
        let scopes: Vec<&str> = Permission::ALL.iter().filter(|p| draft.scopes.contains(p)).map(|p| p.word()).collect();
        let on = self.begin().await?;
        if let Some(id) = contract
            && write::rows_in::<Contract>(&on, "id", &[id]).await?.is_empty()
        {
            return Err(Error::invalid("contract", "is no contract of this portal"));
        }
        let key = ApiKey {
            id: write::reserve_ids(&on, "api_key", 1).await?,
            name,
            hint: secret.hint(),
            secret: secret.fingerprint(),
            scopes: json!(scopes).to_string(),
            created_by: if let Actor::Staff { account, .. } = self.actor { Some(account) } else { None },
            created_at: self.now(),
            expires_at: draft.expires_at,
            revoked_at: None,
            contract_id: contract,
        };
        let payload = json!({ "name": key.name, "scopes": scopes, "contract": contract });
        journal::append(&on, &[self.entry("created", "key", key.id, &payload)]).await?;
        write::insert(&on, std::slice::from_ref(&key)).await?;
        self.commit(on, ()).await?;
        Ok(NewKey { key, secret })
    }

    /// Revokes a key: from the commit on it opens nothing.
    pub async fn revoke_key(&self, id: i64) -> Result<ApiKey> {
        self.check_keys()?;
        self.end_key(id, false).await
    }

    /// The same for who keeps contracts, with keys of partners alone.
    pub async fn revoke_contract_key(&self, id: i64) -> Result<ApiKey> {
        self.actor.check(Need::May(Permission::ManageContracts))?;
        self.end_key(id, true).await
    }

    async fn end_key(&self, id: i64, of_partner: bool) -> Result<ApiKey> {
        let on = self.begin().await?;
        journal::append(&on, &[self.entry("revoked", "key", id, &json!({}))]).await?;
        let keys = self.db.reader().all(staff::keys()).await?;
        let found = keys.into_iter().find(|k| k.id == id && (!of_partner || k.contract_id.is_some()));
        let mut key = found.ok_or_else(|| Error::invalid("id", "is no key"))?;
        key.revoked_at = key.revoked_at.or(Some(self.now()));
        write::upsert(&on, std::slice::from_ref(&key)).await?;
        self.commit(on, key).await
    }

    /// Every key, by id.
    pub async fn keys(&self) -> Result<Vec<ApiKey>> {
        self.check_keys()?;
        self.db.reader().all(staff::keys()).await
    }
}
