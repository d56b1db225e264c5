//! Signing in and out, and finding out who asks. A session has two tokens: one that requests carry, for minutes, and one
//! that gets the next two, once. Who shows a spent one has stolen it or was robbed: the session ends.

use serde_json::json;
use tokio::sync::Semaphore;

use super::account::login;
use crate::auth::{Actor, Password, Permission, Role, Token, TokenKind, family, fingerprint};
use crate::db::staff::{self, SessionToken, Slowing};
use crate::db::write::{self, Transaction};
use crate::db::{Account, Database, Session};
use crate::error::{Error, Result};
use crate::journal::{self, Entry};

/// How long requests can carry an access token: what a stolen one is worth.
const ACCESS_MILLIS: i64 = 15 * 60 * 1_000;

/// How long a session lives that nobody uses: a week off work.
const SESSION_MILLIS: i64 = 14 * 24 * 3_600 * 1_000;

/// A login has five attempts; then one second, two, four … up to a minute between two.
const LOGIN: Slowing = Slowing { free: 5, doublings: 6 };

/// An address has twenty, for a newsroom behind one; then up to a quarter of an hour between two.
const ADDRESS: Slowing = Slowing { free: 20, doublings: 10 };

/// Passwords that are hashed at once: each takes 19 MiB and a processor.
static HASHING: Semaphore = Semaphore::const_new(2);

/// What somebody types to sign in.
pub struct Credentials {
    /// Their login, in any case.
    pub login: String,
    /// Their password.
    pub password: Password,
    /// The password that shall follow one that works once.
    pub new_password: Option<String>,
}

/// The tokens of a session. Shown now and never again.
pub struct Tokens {
    /// For requests.
    pub access: Token,
    /// Until when that works, in milliseconds since 1970.
    pub access_expires_at: i64,
    /// For the next tokens.
    pub refresh: Token,
    /// Until when that works.
    pub refresh_expires_at: i64,
}

/// Somebody who has signed in.
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// Their session's tokens.
    pub tokens: Tokens,
}

impl Tokens {
    /// For a session that begins, or goes on after the token `spent`.
    fn new(spent: Option<&str>, now: i64) -> Result<Self> {
        let refresh = spent.map_or_else(|| Token::new(TokenKind::Refresh), Token::after)?;
        Ok(Self {
            access: Token::new(TokenKind::Access)?,
            access_expires_at: now + ACCESS_MILLIS,
            refresh,
            refresh_expires_at: now + SESSION_MILLIS,
        })
    }

    fn session(&self, id: i64, account_id: i64, created_at: i64) -> Session {
        Session {
            id,
            account_id,
            access: self.access.fingerprint(),
            access_expires_at: self.access_expires_at,
            refresh: self.refresh.fingerprint(),
            family: self.refresh.family(),
            expires_at: self.refresh_expires_at,
            created_at,
        }
    }
}

/// Runs `work`, which hashes, on a thread of its own, two at once.
async fn hashing<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = HASHING.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// What is kept of a password.
pub(super) async fn hash(password: Password) -> Result<String> {
    hashing(move || password.hash()).await?
}

fn entry(account: i64, action: &str, entity: &str, entity_id: i64, now: i64) -> Entry {
    Entry {
        at: now,
        actor: format!("account:{account}"),
        action: format!("{entity}.{action}"),
        entity: entity.into(),
        entity_id,
        revision: 0,
        payload: Some(json!({}).to_string()),
    }
}

/// Signs in from `address` at `now` (milliseconds since 1970). Attempts that fail are slowed down, by login and by address.
pub async fn sign_in(db: &Database, credentials: Credentials, address: &str, now: i64) -> Result<SignedIn> {
    let Credentials { login: typed, password, new_password } = credentials;
    let wrong = || Error::invalid("password", "login or password is wrong");
    let Ok(login) = login("login", &typed) else { return Err(wrong()) };
    let subjects = [format!("login:{login}"), format!("address:{address}")];
    take_attempt(db, &subjects, now).await?;
    let account = db.reader().all(staff::accounts_by_login(vec![login])).await?.into_iter().next();
    let kept = account.as_ref().map(|a| a.password.clone());
    let is_right = hashing(move || password.is(kept.as_deref())).await?;
    let Some(mut account) = account.filter(|a| is_right && a.disabled_at.is_none()) else {
        tracing::info!(client.address = address, "Refused a sign-in");
        return Err(wrong());
    };
    let replacement = match (account.password_is_one_time, new_password) {
        (true, None) => return Err(Error::invalid("newPassword", "this password works once: choose a new one")),
        (true, Some(text)) => Some(own_password("newPassword", text, &account).await?),
        (false, Some(_)) => {
            return Err(Error::invalid("newPassword", "is only for passwords that work once; use changePassword"));
        }
        (false, None) => None,
    };
    let tokens = Tokens::new(None, now)?;
    let on = write::begin(db).await?;
    let session = tokens.session(write::reserve_ids(&on, "session", 1).await?, account.id, now);
    let mut entries = vec![entry(account.id, "started", "session", session.id, now)];
    entries.extend(replacement.is_some().then(|| entry(account.id, "passwordChanged", "account", account.id, now)));
    // Before the look: whoever changes an account writes to the journal first, one by one.
    journal::append(&on, &entries).await?;
    let present = db.reader().all(staff::accounts_by_id(vec![account.id])).await?.into_iter().next();
    if present.is_none_or(|present| present.password != account.password || present.disabled_at.is_some()) {
        return Err(wrong());
    }
    if let Some(hash) = replacement {
        set_password(&on, &account, &hash).await?;
        account.password_is_one_time = false;
    }
    staff::forgive(&on, &subjects[0], &subjects[1], now).await?;
    write::insert(&on, std::slice::from_ref(&session)).await?;
    write::commit(db, on).await?;
    Ok(SignedIn { account, tokens })
}

/// Counts an attempt of a login from an address, or says when the next one is looked at.
async fn take_attempt(db: &Database, subjects: &[String; 2], now: i64) -> Result<()> {
    take_attempts(db, &[(subjects[0].clone(), LOGIN), (subjects[1].clone(), ADDRESS)], now).await
}

/// Counts an attempt of all `subjects`, or says when the next one is looked at.
pub(super) async fn take_attempts(db: &Database, subjects: &[(String, Slowing)], now: i64) -> Result<()> {
    let on = write::begin(db).await?;
    let mut is_early = false;
    for (subject, slowing) in subjects {
        is_early = is_early || !staff::attempt(&on, subject, *slowing, now).await?;
    }
    if !is_early {
        return write::commit(db, on).await;
    }
    drop(on);
    let names = subjects.iter().map(|(subject, _)| subject.clone()).collect();
    let next = db.reader().all(staff::next_attempt(names)).await?.first().copied().unwrap_or(now);
    let millis = (next - now).max(1);
    let retry_after_secs = u32::try_from((millis + 999) / 1_000).unwrap_or(u32::MAX);
    Err(Error::RateLimited {
        rule: None,
        message: format!("too many attempts; try again in {retry_after_secs} s"),
        retry_after_secs,
    })
}

/// The hash of a password that `account` chooses for itself.
async fn own_password(field: &str, text: String, account: &Account) -> Result<String> {
    let password = Password::chosen(field, text, &account.login)?;
    let (typed, kept) = (password.clone(), account.password.clone());
    if hashing(move || typed.is(Some(&kept))).await? {
        return Err(Error::invalid(field, "is the password that there is already"));
    }
    hash(password).await
}

/// Puts `hash` in the place of the password that `account` was read with.
async fn set_password(on: &Transaction, account: &Account, hash: &str) -> Result<()> {
    if staff::set_password(on, account.id, &account.password, hash).await? {
        return Ok(());
    }
    Err(Error::invalid("password", "has been changed meanwhile"))
}

/// Gets the next tokens of a session for its refresh token.
pub async fn refresh(db: &Database, token: &str, now: i64) -> Result<SignedIn> {
    let over = || Error::invalid("refreshToken", "the session is over; sign in again");
    let spent = fingerprint(token);
    let found = db.reader().all(staff::sessions_by_token(SessionToken::Refresh, vec![spent.clone()])).await?;
    let Some((account, old)) = found.into_iter().next() else {
        return Err(end_robbed(db, token, now).await?.unwrap_or_else(over));
    };
    if old.expires_at <= now || account.disabled_at.is_some() {
        return Err(over());
    }
    let tokens = Tokens::new(Some(token), now)?;
    let next = tokens.session(old.id, account.id, old.created_at);
    let on = write::begin(db).await?;
    if !staff::rotate_session(&on, &next, &spent).await? {
        return Err(over());
    }
    write::commit(db, on).await?;
    Ok(SignedIn { account, tokens })
}

/// Ends the session that `spent` was a refresh token of, however long ago, if there is one.
async fn end_robbed(db: &Database, spent: &str, now: i64) -> Result<Option<Error>> {
    let Some(family) = family(spent) else { return Ok(None) };
    let found = db.reader().all(staff::sessions_by_token(SessionToken::Family, vec![family])).await?;
    let Some((account, session)) = found.into_iter().next() else { return Ok(None) };
    let on = write::begin(db).await?;
    end(&on, account.id, session.id, "robbed", now).await?;
    write::commit(db, on).await?;
    tracing::warn!(account.id = account.id, session.id = session.id, "A refresh token was used twice: its session has ended");
    Ok(Some(Error::invalid(
        "refreshToken",
        "was used before: somebody may have stolen it, so the session has ended; sign in again",
    )))
}

async fn end(on: &Transaction, account: i64, session: i64, action: &str, now: i64) -> Result<()> {
    journal::append(on, &[entry(account, action, "session", session, now)]).await?;
    staff::end_session(on, session).await
}

fn kept_elsewhere() -> Error {
    Error::Forbidden("your identity provider has signed you in: sign out and change your password there".into())
}

/// Ends the session that `actor` asks through.
pub async fn sign_out(db: &Database, actor: &Actor, now: i64) -> Result<()> {
    let Actor::Staff { account, session, .. } = actor else { return Ok(()) };
    let session = session.ok_or_else(kept_elsewhere)?;
    let on = write::begin(db).await?;
    end(&on, *account, session, "ended", now).await?;
    write::commit(db, on).await
}

/// Changes the password of `actor`, who knows the present one. Their other sessions end.
pub async fn change_password(db: &Database, actor: &Actor, present: Password, new: String, now: i64) -> Result<()> {
    let Actor::Staff { account: id, session, .. } = actor else {
        return Err(Error::Unauthenticated("sign in first".into()));
    };
    let session = session.ok_or_else(kept_elsewhere)?;
    // A stolen session shall not guess either.
    let subjects = [format!("login:#{id}"), format!("address:#{id}")];
    take_attempt(db, &subjects, now).await?;
    let account = db.reader().all(staff::accounts_by_id(vec![*id])).await?.into_iter().next();
    let account = account.ok_or_else(|| Error::Unauthenticated("sign in again".into()))?;
    let kept = account.password.clone();
    if !hashing(move || present.is(Some(&kept))).await? {
        return Err(Error::invalid("password", "is not your present password"));
    }
    let hash = own_password("newPassword", new, &account).await?;
    let on = write::begin(db).await?;
    journal::append(&on, &[entry(*id, "passwordChanged", "account", *id, now)]).await?;
    staff::forgive(&on, &subjects[0], &subjects[1], now).await?;
    set_password(&on, &account, &hash).await?;
    staff::end_sessions(&on, *id, Some(session)).await?;
    write::commit(db, on).await
}

/// Who carries `token`, at `now` (milliseconds since 1970). One statement; a token that opens nothing is an error.
pub async fn actor_of(db: &Database, token: &str, now: i64) -> Result<Actor> {
    let unknown = |what: &str| Error::Unauthenticated(format!("the {what} is unknown, has expired or was revoked"));
    match TokenKind::of(token) {
        Some(TokenKind::Access) => {
            let hash = vec![fingerprint(token)];
            let found = db.reader().all(staff::sessions_by_token(SessionToken::Access, hash)).await?.into_iter().next();
            let (account, session) = found
                .filter(|(account, session)| session.access_expires_at > now && account.disabled_at.is_none())
                .ok_or_else(|| unknown("session"))?;
            let role = Role::from_word(&account.role).ok_or_else(|| Error::internal("an account with a role that is none"))?;
            Ok(Actor::Staff { account: account.id, session: Some(session.id), name: account.name, role })
        }
        Some(TokenKind::ApiKey) => {
            let found = db.reader().all(staff::keys_by_secret(vec![fingerprint(token)])).await?.into_iter().next();
            let key = found
                .filter(|key| key.revoked_at.is_none() && key.expires_at.is_none_or(|at| at > now))
                .ok_or_else(|| unknown("key"))?;
            if key.contract_id.is_some() {
                // Known here within a second of its making, and then this is not asked.
                return Err(Error::Unavailable("the key is new, and not known here yet; try again".into()));
            }
            let words: Vec<String> = serde_json::from_str(&key.scopes).map_err(Error::internal)?;
            let scopes = words.iter().filter_map(|word| Permission::from_word(word)).collect();
            Ok(Actor::Key { id: key.id, name: key.name, scopes })
        }
        Some(TokenKind::Refresh) => Err(Error::Unauthenticated("this is a refresh token: send the access token".into())),
        None => Err(unknown("token")),
    }
}

/// Forgets sessions and attempts that mean nothing any more.
pub async fn sweep(db: &Database, now: i64) -> Result<()> {
    let on = write::begin(db).await?;
    staff::sweep(&on, now).await?;
    write::commit(db, on).await
}
