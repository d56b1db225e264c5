//! Accounts of those who work here: made, changed, closed and opened again by who may, each with its journal entry.
//! Invariant: there is always somebody left who can manage accounts.

use serde_json::json;

use super::identity::provider_of;
use super::office::Office;
use super::session::hash;
use crate::auth::{Need, Password, Permission, Role};
use crate::db::{Account, staff, write};
use crate::error::{Error, Result};
use crate::journal;

/// Most characters of a login or a name.
pub(super) const LONGEST: usize = 64;

/// An account to be made.
#[derive(Clone, Debug)]
pub struct AccountDraft {
    /// What they sign in with: letters, digits, `.`, `_`, `-`, `@`; lower case is made of upper case.
    pub login: String,
    /// What others see.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// What shall change; nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct AccountChange {
    /// What others see.
    pub name: Option<String>,
    /// What they are. Their sessions go on with it at once.
    pub role: Option<Role>,
}

/// The login as it is kept.
pub(super) fn login(field: &str, text: &str) -> Result<String> {
    let login = text.trim().to_lowercase();
    let is_plain = login.chars().all(|c| c.is_alphanumeric() || ".-_@".contains(c));
    if login.is_empty() || !is_plain || login.chars().count() > LONGEST {
        let message = format!("must be 1 to {LONGEST} letters, digits, dots, hyphens, underscores or @");
        return Err(Error::invalid(field, message));
    }
    Ok(login)
}

/// What cannot be seen: zero-width characters, fillers, and those that turn the direction of writing (Unicode's category Cf and
/// `Default_Ignorable_Code_Point`).
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// A name for people, without anything that cannot be seen.
pub(super) fn name(field: &str, text: &str) -> Result<String> {
    let name = text.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(is_hidden) {
        return Err(Error::invalid(field, format!("must be 1 to {LONGEST} characters, all of which can be seen")));
    }
    Ok(name.to_owned())
}

impl Office {
    fn check(&self) -> Result<()> {
        self.actor.check(Need::May(Permission::ManageAccounts))
    }

    /// Makes an account with a random password that works once. Returns both.
    pub async fn create_account(&self, draft: AccountDraft) -> Result<(Account, Password)> {
        self.once_shown(async || self.make(draft).await).await
    }

    async fn make(&self, draft: AccountDraft) -> Result<(Account, Password)> {
        self.check()?;
        let password = Password::random()?;
        let (login, name) = (login("login", &draft.login)?, name("name", &draft.name)?);
        let hash = hash(password.clone()).await?;
        let on = self.begin().await?;
        // Before the look whether the login is free: the journal's writers go one by one.
        let id = write::reserve_ids(&on, "account", 1).await?;
        let payload = json!({ "login": login, "name": name, "role": draft.role.word() });
        journal::append(&on, &[self.entry("created", "account", id, &payload)]).await?;
        if !self.db.reader().all(staff::accounts_by_login(vec![login.clone()])).await?.is_empty() {
            return Err(Error::invalid("login", "is taken; choose another"));
        }
        let account = Account {
            id,
            login,
            name,
            role: draft.role.word().into(),
            password: hash,
            password_is_one_time: true,
            created_at: self.now(),
            disabled_at: None,
        };
        write::insert(&on, std::slice::from_ref(&account)).await?;
        self.commit(on, ()).await?;
        Ok((account, password))
    }

    /// Makes the first account, `operator`, where there is none: otherwise nobody could make one. Returns its password.
    pub async fn create_first(&self) -> Result<Option<(Account, Password)>> {
        if !self.accounts().await?.is_empty() {
            return Ok(None);
        }
        let draft = AccountDraft { login: "operator".into(), name: "Operator".into(), role: Role::Operator };
        match self.create_account(draft).await {
            Ok(made) => Ok(Some(made)),
            // Another process was a moment earlier.
            Err(Error::Invalid { .. } | Error::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Changes an account's name or role.
    pub async fn update_account(&self, id: i64, change: AccountChange) -> Result<Account> {
        self.check()?;
        let new_name = change.name.map(|text| name("name", &text)).transpose()?;
        let payload = json!({ "name": new_name, "role": change.role.map(Role::word) });
        self.change(id, "changed", &payload, |account| {
            check_kept_here(account)?;
            if let Some(name) = new_name {
                account.name = name;
            }
            if let Some(role) = change.role {
                account.role = role.word().into();
            }
            Ok(())
        })
        .await
    }

    /// Gives an account a random password that works once, and ends its sessions. Returns both.
    pub async fn reset_password(&self, id: i64) -> Result<(Account, Password)> {
        self.check()?;
        let password = Password::random()?;
        let hash = hash(password.clone()).await?;
        let replace = |account: &mut Account| {
            check_kept_here(account)?;
            account.password = hash;
            account.password_is_one_time = true;
            Ok(())
        };
        self.once_shown(async || Ok((self.change(id, "passwordReset", &json!({}), replace).await?, password))).await
    }

    /// Closes an account: its sessions end at once. What it wrote stays.
    pub async fn disable_account(&self, id: i64) -> Result<Account> {
        self.check()?;
        let now = self.now();
        let close = |account: &mut Account| {
            account.disabled_at = account.disabled_at.or(Some(now));
            Ok(())
        };
        self.change(id, "disabled", &json!({}), close).await
    }

    /// Opens an account again.
    pub async fn enable_account(&self, id: i64) -> Result<Account> {
        self.check()?;
        let open = |account: &mut Account| {
            account.disabled_at = None;
            Ok(())
        };
        self.change(id, "enabled", &json!({}), open).await
    }

    /// Changes account `id` with its journal entry. A new password or a closed door ends its sessions.
    async fn change(
        &self,
        id: i64,
        action: &str,
        payload: &serde_json::Value,
        change: impl FnOnce(&mut Account) -> Result<()>,
    ) -> Result<Account> {
        // What came of it holds a hash, and is read anew rather than kept with the key.
        if self.done_before().await?.is_some() {
            let found = self.db.reader().all(staff::accounts_by_id(vec![id])).await?.into_iter().next();
            return found.ok_or_else(|| Error::invalid("id", "is no account"));
        }
        let on = self.begin().await?;
        // First: writers of the journal go one by one, so what is read here is what is changed.
        journal::append(&on, &[self.entry(action, "account", id, payload)]).await?;
        let mut accounts = self.db.reader().all(staff::accounts()).await?;
        let Some(place) = accounts.iter().position(|a| a.id == id) else {
            return Err(Error::invalid("id", "is no account"));
        };
        let before = accounts[place].clone();
        change(&mut accounts[place])?;
        if can_manage(&before) && !accounts.iter().any(can_manage) {
            return Err(Error::invalid("id", "is the last account that can manage accounts; make another one first"));
        }
        let account = accounts.swap_remove(place);
        write::upsert(&on, std::slice::from_ref(&account)).await?;
        if account.password != before.password || account.disabled_at.is_some() {
            staff::end_sessions(&on, id, None).await?;
        }
        self.commit(on, ()).await?;
        Ok(account)
    }

    /// Every account, by id.
    pub async fn accounts(&self) -> Result<Vec<Account>> {
        self.check()?;
        self.db.reader().all(staff::accounts()).await
    }
}

/// Fails for an account that an identity provider keeps: what is changed here would be undone by the next token.
fn check_kept_here(account: &Account) -> Result<()> {
    match provider_of(account) {
        Some(issuer) => Err(Error::invalid("id", format!("is kept by the identity provider {issuer}: change it there"))),
        None => Ok(()),
    }
}

/// Whether its holder can manage accounts, whatever becomes of an identity provider.
fn can_manage(account: &Account) -> bool {
    account.disabled_at.is_none()
        && provider_of(account).is_none()
        && Role::from_word(&account.role).is_some_and(|role| Permission::ManageAccounts.is_granted_to(role))
}
