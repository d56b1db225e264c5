//! Accounts, sessions, keys and attempts to sign in.

use super::query::{Param, Query, Row, Texts, any};
use super::write::{Transaction, execute};
use crate::error::Result;
use entity::account::Model as Account;
use entity::api_key::Model as ApiKey;
use entity::sensitive_word::Model as SensitiveWord;
use entity::session::Model as Session;

const ACCOUNT: &str = "a.id, a.login, a.name, a.role, a.password, a.password_is_one_time, a.created_at, a.disabled_at";

/// How many columns [`ACCOUNT`] names.
const ACCOUNT_WIDTH: usize = 8;

fn account(row: &Row<'_>) -> Result<Account> {
    Ok(Account {
        id: row.int(0)?,
        login: row.text(1)?,
        name: row.text(2)?,
        role: row.text(3)?,
        password: row.text(4)?,
        password_is_one_time: row.flag(5)?,
        created_at: row.int(6)?,
        disabled_at: row.opt_int(7)?,
    })
}

/// The accounts of these logins, in any order.
pub fn accounts_by_login(logins: Vec<String>) -> Query<Account> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT {ACCOUNT} FROM account a WHERE {}", any(b, "a.login", 1)));
    Query::new(sql, vec![Param::texts(logins)], account)
}

/// The accounts with these ids, in any order.
pub fn accounts_by_id(ids: Vec<i64>) -> Query<Account> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT {ACCOUNT} FROM account a WHERE {}", any(b, "a.id", 1)));
    Query::new(sql, vec![Param::Ints(ids)], account)
}

/// The names of the accounts with these ids, in any order.
pub fn account_names(ids: Vec<i64>) -> Query<(i64, String)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT a.id, a.name FROM account a WHERE {}", any(b, "a.id", 1)));
    Query::new(sql, vec![Param::Ints(ids)], |row| Ok((row.int(0)?, row.text(1)?)))
}

/// Every account, by id. A portal has dozens.
pub fn accounts() -> Query<Account> {
    static SQL: Texts<()> = Texts::new();
    Query::new(SQL.of((), |_| format!("SELECT {ACCOUNT} FROM account a ORDER BY a.id")), Vec::new(), account)
}

/// The secret of that name, in base64, if there is one.
pub fn secrets(name: &str) -> Query<String> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT s.value FROM secret s WHERE s.name = $1".into());
    Query::new(sql, vec![Param::Text(name.to_owned())], |row| row.text(0))
}

/// What came of the write of `actor` with `key` at `path`: fingerprint of the request, and the result.
pub fn receipts(actor: String, key: String, path: String) -> Query<(i64, String)> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| {
        "SELECT r.request, r.result FROM receipt r WHERE r.actor = $1 AND r.key = $2 AND r.path = $3 AND r.result IS NOT NULL"
            .into()
    });
    Query::new(sql, vec![Param::Text(actor), Param::Text(key), Param::Text(path)], |row| Ok((row.int(0)?, row.text(1)?)))
}

/// Every word to look out for, by age.
pub fn sensitive_words() -> Query<SensitiveWord> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |_| "SELECT w.id, w.word, w.action, w.replacement, w.note FROM sensitive_word w ORDER BY w.id".into());
    Query::new(sql, Vec::new(), |row| {
        Ok(SensitiveWord {
            id: row.int(0)?,
            word: row.text(1)?,
            action: row.text(2)?,
            replacement: row.opt_text(3)?,
            note: row.opt_text(4)?,
        })
    })
}

const SESSION: &str = "s.id, s.account_id, s.access, s.access_expires_at, s.refresh, s.family, s.expires_at, s.created_at";

/// What a token of a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionToken {
    /// Carried by requests.
    Access,
    /// Gets the next tokens.
    Refresh,
    /// What all refresh tokens of a session begin with.
    Family,
}

/// The sessions with their accounts that one of the hashes `tokens` belongs to.
pub fn sessions_by_token(token: SessionToken, tokens: Vec<String>) -> Query<(Account, Session)> {
    static SQL: Texts<SessionToken> = Texts::new();
    let sql = SQL.of(token, |b| {
        let column = match token {
            SessionToken::Access => "s.access",
            SessionToken::Refresh => "s.refresh",
            SessionToken::Family => "s.family",
        };
        format!("SELECT {ACCOUNT}, {SESSION} FROM session s JOIN account a ON a.id = s.account_id WHERE {}", any(b, column, 1))
    });
    Query::new(sql, vec![Param::texts(tokens)], |row| {
        const AT: usize = ACCOUNT_WIDTH;
        let session = Session {
            id: row.int(AT)?,
            account_id: row.int(AT + 1)?,
            access: row.text(AT + 2)?,
            access_expires_at: row.int(AT + 3)?,
            refresh: row.text(AT + 4)?,
            family: row.text(AT + 5)?,
            expires_at: row.int(AT + 6)?,
            created_at: row.int(AT + 7)?,
        };
        Ok((account(row)?, session))
    })
}

const KEY: &str =
    "y.id, y.name, y.hint, y.secret, y.scopes, y.created_by, y.created_at, y.expires_at, y.revoked_at, y.contract_id";

fn key(row: &Row<'_>) -> Result<ApiKey> {
    Ok(ApiKey {
        id: row.int(0)?,
        name: row.text(1)?,
        hint: row.text(2)?,
        secret: row.text(3)?,
        scopes: row.text(4)?,
        created_by: row.opt_int(5)?,
        created_at: row.int(6)?,
        expires_at: row.opt_int(7)?,
        revoked_at: row.opt_int(8)?,
        contract_id: row.opt_int(9)?,
    })
}

/// The keys of programs whose hashes these are.
pub fn keys_by_secret(hashes: Vec<String>) -> Query<ApiKey> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT {KEY} FROM api_key y WHERE {}", any(b, "y.secret", 1)));
    Query::new(sql, vec![Param::texts(hashes)], key)
}

/// Every key of a program, by id. A portal has dozens.
pub fn keys() -> Query<ApiKey> {
    static SQL: Texts<()> = Texts::new();
    Query::new(SQL.of((), |_| format!("SELECT {KEY} FROM api_key y ORDER BY y.id")), Vec::new(), key)
}

/// Gives an account the password that is kept as `new`. False if it is not kept as `old` any more.
pub async fn set_password(on: &Transaction, account: i64, old: &str, new: &str) -> Result<bool> {
    let sql = "UPDATE account SET password = $1, password_is_one_time = false WHERE id = $2 AND password = $3";
    Ok(execute(on, sql, vec![new.into(), account.into(), old.into()]).await? == 1)
}

/// Puts `next` in the place of the session whose refresh token is still `spent`. False if that has been used meanwhile.
pub async fn rotate_session(on: &Transaction, next: &Session, spent: &str) -> Result<bool> {
    let sql = "UPDATE session SET access = $1, access_expires_at = $2, refresh = $3, expires_at = $4 \
               WHERE id = $5 AND refresh = $6";
    let values = vec![
        next.access.clone().into(),
        next.access_expires_at.into(),
        next.refresh.clone().into(),
        next.expires_at.into(),
        next.id.into(),
        spent.into(),
    ];
    Ok(execute(on, sql, values).await? == 1)
}

/// Ends a session.
pub async fn end_session(on: &Transaction, session: i64) -> Result<()> {
    execute(on, "DELETE FROM session WHERE id = $1", vec![session.into()]).await.map(drop)
}

/// Ends the sessions of `account` but `kept`.
pub async fn end_sessions(on: &Transaction, account: i64, kept: Option<i64>) -> Result<()> {
    let values = vec![account.into(), kept.unwrap_or(0).into()];
    execute(on, "DELETE FROM session WHERE account_id = $1 AND id <> $2", values).await.map(drop)
}

/// Deletes sessions, attempts and receipts that mean nothing any more at `now` (milliseconds since 1970); attempts and receipts
/// are forgotten after a day.
pub async fn sweep(on: &Transaction, now: i64) -> Result<()> {
    const DAY: i64 = 86_400_000;
    execute(on, "DELETE FROM session WHERE expires_at <= $1", vec![now.into()]).await?;
    execute(on, "DELETE FROM receipt WHERE at <= $1", vec![(now - DAY).into()]).await?;
    execute(on, "DELETE FROM attempt WHERE next_at <= $1", vec![(now - DAY).into()]).await.map(drop)
}

/// How attempts of one kind are slowed down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slowing {
    /// So many cost nothing.
    pub free: i64,
    /// The next ones cost one second, two, four … up to `2^doublings`.
    pub doublings: i64,
}

/// Counts an attempt of `subject` at `now` (milliseconds since 1970) as a failure in advance, so that many at once count
/// one by one. False if it is too early for another: then nothing is counted.
pub async fn attempt(on: &Transaction, subject: &str, slowing: Slowing, now: i64) -> Result<bool> {
    let sql = "INSERT INTO attempt (subject, failures, next_at) VALUES ($1, 1, $2) ON CONFLICT (subject) DO UPDATE SET \
               failures = attempt.failures + 1, next_at = $2 + CASE WHEN attempt.failures < $3 THEN 0 \
               WHEN attempt.failures - $3 >= $4 THEN 1000 << CAST($4 AS integer) \
               ELSE 1000 << CAST(attempt.failures - $3 AS integer) END WHERE attempt.next_at <= $2";
    Ok(execute(on, sql, vec![subject.into(), now.into(), slowing.free.into(), slowing.doublings.into()]).await? == 1)
}

/// When the next attempts of `subjects` are looked at: the latest instant.
pub fn next_attempt(subjects: Vec<String>) -> Query<i64> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT t.next_at FROM attempt t WHERE {} ORDER BY t.next_at DESC", any(b, "t.subject", 1)));
    Query::new(sql, vec![Param::texts(subjects)], |row| row.int(0))
}

/// Forgets the attempts of a login that has worked, and forgives its address the last one.
pub async fn forgive(on: &Transaction, login: &str, address: &str, now: i64) -> Result<()> {
    execute(on, "DELETE FROM attempt WHERE subject = $1", vec![login.into()]).await?;
    let sql = "UPDATE attempt SET failures = failures - 1, next_at = $2 WHERE subject = $1 AND failures > 0";
    execute(on, sql, vec![address.into(), now.into()]).await.map(drop)
}
