//! Accounts of those whom an identity provider signs in: made when they first come, kept up with what it says of them, and
//! closed here like any other. What they do is theirs in the journal and in histories.

use serde_json::json;

use super::account::{LONGEST, is_hidden, name};
use crate::auth::{Actor, Identity};
use crate::db::staff;
use crate::db::write;
use crate::db::{Account, Database};
use crate::error::{Error, Result};
use crate::journal::{self, Entry};

/// What others see of somebody whose provider says nothing that can be seen.
const NAMELESS: &str = "?";

/// The login of somebody whom a provider signs in: its issuer and their subject. Nobody can type it to sign in here, and none
/// that is chosen here looks like it.
fn login(identity: &Identity) -> String {
    format!("{} {}", identity.issuer, identity.subject)
}

/// The issuer that signs in the holder of an account; nothing for those who have a password here.
pub fn provider_of(account: &Account) -> Option<&str> {
    account.login.split_once(' ').map(|(issuer, _)| issuer)
}

/// Who `identity` is here, at `now` (milliseconds since 1970). One statement, unless the provider says something new of them.
pub async fn actor_known_as(db: &Database, identity: &Identity, now: i64) -> Result<Actor> {
    let login = login(identity);
    let found = find(db, &login).await?;
    // A door that is closed here: what the provider says of them is not even written down.
    if found.as_ref().is_some_and(|account| account.disabled_at.is_some()) {
        return Err(closed());
    }
    let shown = identity.name.as_deref().and_then(|text| name("name", text).ok());
    // A token that says nothing of a name does not take it away.
    let shown = shown.or_else(|| found.as_ref().map(|account| account.name.clone())).unwrap_or_else(|| {
        let subject: String = identity.subject.chars().filter(|c| !is_hidden(*c)).take(LONGEST).collect();
        if subject.trim().is_empty() { NAMELESS.into() } else { subject }
    });
    let account = match found {
        Some(account) if account.name == shown && account.role == identity.role.word() => account,
        found => {
            let role = identity.role.word().to_owned();
            let new = Account { login, name: shown, role, created_at: now, ..found.clone().unwrap_or_else(nobody) };
            keep(db, found, new, now).await?
        }
    };
    // Closed in the meantime.
    if account.disabled_at.is_some() {
        return Err(closed());
    }
    Ok(Actor::Staff { account: account.id, session: None, name: account.name, role: identity.role })
}

fn closed() -> Error {
    Error::Unauthenticated("your account was closed here".into())
}

/// An account that nobody has yet, and to which no password leads.
fn nobody() -> Account {
    Account {
        id: 0,
        login: String::new(),
        name: String::new(),
        role: String::new(),
        password: String::new(),
        password_is_one_time: false,
        created_at: 0,
        disabled_at: None,
    }
}

async fn find(db: &Database, login: &str) -> Result<Option<Account>> {
    Ok(db.reader().all(staff::accounts_by_login(vec![login.to_owned()])).await?.into_iter().next())
}

/// Makes the account `new`, or writes into the one that was `found` what the provider says now.
async fn keep(db: &Database, found: Option<Account>, mut new: Account, now: i64) -> Result<Account> {
    let on = write::begin(db).await?;
    if found.is_none() {
        new.id = write::reserve_ids(&on, "account", 1).await?;
    }
    let entry = Entry {
        at: now,
        actor: format!("account:{}", new.id),
        action: if found.is_some() { "account.changed" } else { "account.created" }.into(),
        entity: "account".into(),
        entity_id: new.id,
        revision: 0,
        payload: Some(json!({ "login": new.login, "name": new.name, "role": new.role }).to_string()),
    };
    // Before the look: whoever changes an account writes to the journal first, one by one.
    journal::append(&on, &[entry]).await?;
    match find(db, &new.login).await? {
        // Somebody with another of their tokens was a moment earlier, and has made it.
        Some(made) if found.is_none() => return Ok(made),
        Some(present) => new = Account { name: new.name, role: new.role, ..present },
        None => {}
    }
    write::upsert(&on, std::slice::from_ref(&new)).await?;
    write::commit(db, on).await?;
    Ok(new)
}
