//! Complaints: anyone may claim that something be taken down; editors decide. What became of an article that was taken down
//! can be proved: where it stood, which programs have fetched it, and that none of these places shows it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use super::check::{line, optional, text};
use super::office::Office;
use super::session::take_attempts;
use crate::auth::{Need, Permission};
use crate::db::staff::Slowing;
use crate::db::takedown::{self, Places};
use crate::db::write::{self, Transaction};
use crate::db::{self, Database, Takedown, Trail, rows};
use crate::error::{Error, Result};
use crate::journal;

/// An address of a machine may claim five times; then one second, two, four … up to an hour between two.
const CLAIMS: Slowing = Slowing { free: 5, doublings: 12 };

/// Between two notes that a key has fetched an article.
const NOTE_MILLIS: i64 = 60 * 60 * 1_000;

/// What somebody claims.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The address it is about.
    pub address: String,
    /// The article that stands there, if it is known.
    pub article: Option<i64>,
    /// Who claims.
    pub name: String,
    /// How they can be reached.
    pub contact: String,
    /// What is wrong.
    pub claim: String,
}

/// What can be said of an article that was taken away.
#[derive(Clone, Debug)]
pub struct Report {
    /// Why and when.
    pub withdrawal: db::Withdrawal,
    /// Where it stood then; none if that was not written down, as for those that an import brought so.
    pub had: Option<Places>,
    /// Where readers see it now.
    pub shown: Places,
    /// Whether one of its names leads readers to it now.
    pub is_found: bool,
    /// Which keys have fetched it: name, first, last.
    pub fetched: Vec<(String, i64, i64)>,
    /// When all this was looked at (milliseconds since 1970).
    pub checked_at: i64,
}

impl Office {
    /// Opens a case for editors, from a machine at `address`. Claims that come too often are slowed down.
    pub async fn request_takedown(&self, mut claim: Claim, address: &str) -> Result<Takedown> {
        line("url", &mut claim.address, 2_000)?;
        line("name", &mut claim.name, 200)?;
        line("contact", &mut claim.contact, 500)?;
        claim.claim = text("claim", &claim.claim, 5_000)?;
        take_attempts(&self.db, &[(format!("takedown:{address}"), CLAIMS)], self.now()).await?;
        let on = self.begin().await?;
        let row = Takedown {
            id: write::reserve_ids(&on, "takedown", 1).await?,
            article_id: claim.article,
            address: claim.address,
            name: claim.name,
            contact: claim.contact,
            claim: claim.claim,
            state: "open".into(),
            note: None,
            created_at: self.now(),
            closed_at: None,
            closed_by: None,
        };
        write::insert(&on, std::slice::from_ref(&row)).await?;
        // Without the name: the journal is kept longer than the case.
        let payload = json!({ "article": row.article_id });
        journal::append(&on, &[self.entry("requested", "takedown", row.id, &payload)]).await?;
        self.commit(on, row).await
    }

    /// Decides a case that is open.
    pub async fn close_takedown(&self, id: i64, is_upheld: bool, note: &str) -> Result<Takedown> {
        self.actor.check(Need::May(Permission::ManageTakedowns))?;
        let mut note = Some(note.to_owned());
        optional("note", &mut note, 2_000)?;
        let on = self.begin().await?;
        let row = self.close(&on, ("id", id), None, is_upheld, note).await?;
        self.commit(on, row).await
    }

    /// Decides case `id`, which is about `article` if that is said, in a transaction.
    pub(super) async fn close(
        &self,
        on: &Transaction,
        (field, id): (&str, i64),
        article: Option<i64>,
        is_upheld: bool,
        note: Option<String>,
    ) -> Result<Takedown> {
        let action = if is_upheld { "upheld" } else { "refused" };
        // First: writers of the journal go one by one, so what is read here is what is changed.
        journal::append(on, &[self.entry(action, "takedown", id, &json!({ "note": note }))]).await?;
        let found: Vec<Takedown> = write::rows_in(on, "id", &[id]).await?;
        let mut row = found.into_iter().next().ok_or_else(|| Error::invalid(field, "is no case of this portal"))?;
        if article.is_some() && row.article_id.is_some() && row.article_id != article {
            return Err(Error::invalid(field, "is about another article"));
        }
        if row.state != "open" {
            return Err(Error::Conflict(format!("the case is closed: it was {}", row.state)));
        }
        (row.state, row.note) = (action.into(), note);
        (row.closed_at, row.closed_by) = (Some(self.now()), Some(self.actor.word()));
        write::upsert(on, std::slice::from_ref(&row)).await?;
        Ok(row)
    }

    /// What can be said of an article that was taken away; none if it was not.
    pub async fn withdrawal_report(&self, article: i64) -> Result<Option<Report>> {
        self.actor.check(Need::May(Permission::Withdraw))?;
        let now = self.now();
        let reader = self.db.reader();
        let Some((_, withdrawal)) =
            reader.all(db::withdrawal::withdrawals_by_id(vec![article], &db::Visibility::public(now))).await?.into_iter().next()
        else {
            return Ok(None);
        };
        let trail = Trail { thing: Some(("article".into(), article)), actor: None };
        let entries = reader.all(db::journal_before(i64::MAX, 100, trail)).await?;
        let entry = entries.iter().find(|entry| entry.action == "article.withdrawn").and_then(|entry| entry.payload.as_deref());
        let payload: Option<serde_json::Value> = entry.and_then(|text| serde_json::from_str(text).ok());
        let had = payload.and_then(|payload| serde_json::from_value(payload["places"].clone()).ok());
        let mut shown = reader.all(takedown::shown(article, now)).await?.into_iter().next().unwrap_or_default();
        shown.rankings *= self.rankings_of(article);
        Ok(Some(Report {
            withdrawal,
            had,
            shown,
            is_found: self.is_found(article, now).await?,
            fetched: reader.all(takedown::fetched(article)).await?,
            checked_at: now,
        }))
    }

    /// Whether readers find `article` by one of its names.
    async fn is_found(&self, article: i64, now: i64) -> Result<bool> {
        let (parts, seen) = (db::Parts::default(), &db::Visibility::public(now));
        let rows = write::rows_of::<rows::Article>(&self.db, "id", &[article], "id").await?;
        let old = write::rows_of::<rows::Redirect>(&self.db, "article_id", &[article], "id").await?;
        let slugs = rows.iter().map(|row| row.slug.clone()).collect();
        let numbers = rows.iter().filter_map(|row| row.legacy_id.clone()).collect();
        let addresses = old.into_iter().map(|row| row.address).collect();
        let reader = self.db.reader();
        let ways = [
            db::articles_by_id(vec![article], parts, seen),
            db::articles_by_slug(slugs, parts, seen),
            db::articles_by_legacy_id(numbers, parts, seen),
            db::articles_by_address(addresses, parts, seen),
        ];
        for way in ways {
            if reader.all(way).await?.iter().any(|found| found.article.id == article) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Which keys have fetched which articles, until it is written down.
#[derive(Debug, Default)]
pub struct Fetches(Mutex<Noted>);

#[derive(Debug, Default)]
struct Noted {
    /// When (article, key) was noted last.
    known: HashMap<(i64, i64), i64>,
    waiting: Vec<db::Fetched>,
}

impl Fetches {
    /// Key `key` has fetched `articles` at `now` (milliseconds since 1970).
    pub fn note(&self, key: i64, articles: impl IntoIterator<Item = i64>, now: i64) {
        /// More are forgotten, and written down once more than needed.
        const MOST: usize = 100_000;
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.known.len() > MOST {
            noted.known.clear();
        }
        for article in articles {
            let last = noted.known.get(&(article, key)).copied();
            if last.is_none_or(|at| now - at >= NOTE_MILLIS) {
                noted.known.insert((article, key), now);
                noted.waiting.push(db::Fetched { article_id: article, key_id: key, first_at: now, last_at: now });
            }
        }
    }

    /// Writes down what waits.
    pub async fn flush(&self, db: &Database) -> Result<()> {
        let mut waiting = std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        waiting.sort_by_key(|row| (row.article_id, row.key_id));
        waiting.dedup_by_key(|row| (row.article_id, row.key_id));
        let done = async {
            let on = write::begin(db).await?;
            takedown::note_fetched(&on, &waiting).await?;
            write::commit(db, on).await
        };
        let done = done.await;
        if done.is_err() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting.append(&mut waiting);
        }
        done
    }
}
