//! Contracts of partners: made, changed and ended by those who answer for the portal, each with its journal entry; and their keys.

use std::collections::BTreeMap;

use serde_json::json;

use super::account::name;
use super::check::optional;
use super::key::{KeyDraft, NewKey};
use super::office::Office;
use crate::auth::{Need, Permission, embed_key};
use crate::db::write::{self, Transaction};
use crate::db::{Contract, Scope};
use crate::error::{Error, Result};
use crate::journal;
use crate::partner::{Canonical, Fields, Quota, origin};

/// Longest delay: a year. What is older is an archive, which is another contract.
const LONGEST_DELAY_SECS: i64 = 366 * 86_400;

/// Most lists and most origins of one contract: each costs a look in every statement, and stands in a header.
const MOST: usize = 100;

/// What a contract says.
#[derive(Clone, Debug)]
pub struct ContractDraft {
    /// Whose it is.
    pub name: String,
    /// Who can be reached there.
    pub contact: Option<String>,
    /// For those who work here.
    pub note: Option<String>,
    /// Articles in one of these lists; empty: all.
    pub lists: Vec<Scope>,
    /// How much of them.
    pub fields: Fields,
    /// How long after publication.
    pub delay_secs: i64,
    /// What must be shown with each article; `{title}`, `{url}`, `{site}` and `{source}` stand for the article's.
    pub attribution: Option<String>,
    /// Which address is canonical.
    pub canonical: Canonical,
    /// How much may be asked for.
    pub quota: Quota,
    /// Origins whose pages may show embeds.
    pub origins: Vec<String>,
    /// From when on it holds (milliseconds since 1970).
    pub starts_at: Option<i64>,
    /// Until when (milliseconds since 1970).
    pub ends_at: Option<i64>,
}

impl ContractDraft {
    /// What `row` says.
    fn of(row: &Contract) -> Result<Self> {
        let contract = crate::partner::Contract::read(row.clone())?;
        Ok(Self {
            name: row.name.clone(),
            contact: row.contact.clone(),
            note: row.note.clone(),
            lists: contract.lists,
            fields: contract.fields,
            delay_secs: row.delay_secs,
            attribution: row.attribution.clone(),
            canonical: contract.canonical,
            quota: contract.quota,
            origins: contract.origins,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
        })
    }

    /// Cleans it, or says what cannot be.
    fn normalise(&mut self) -> Result<()> {
        self.name = name("name", &self.name)?;
        optional("contact", &mut self.contact, 500)?;
        optional("note", &mut self.note, 2_000)?;
        optional("attribution", &mut self.attribution, 1_000)?;
        if self.fields == Fields::None {
            return Err(Error::invalid("fields", "must grant something: end the contract instead"));
        }
        if !(0..=LONGEST_DELAY_SECS).contains(&self.delay_secs) {
            return Err(Error::invalid("delaySecs", format!("must be between 0 and {LONGEST_DELAY_SECS}")));
        }
        let Quota { requests_per_minute, requests_per_day, cost_per_minute, cost_per_day } = self.quota;
        for (field, value) in [
            ("quota.requestsPerMinute", requests_per_minute),
            ("quota.requestsPerDay", requests_per_day),
            ("quota.costPerMinute", cost_per_minute),
            ("quota.costPerDay", cost_per_day),
        ] {
            if value.is_some_and(|value| value < 1) {
                return Err(Error::invalid(field, "must be more than 0; leave it out for no limit"));
            }
        }
        let read = |(i, text): (usize, &String)| {
            let message = "is no origin; write it as https://www.partner.example";
            origin(text).ok_or_else(|| Error::invalid(format!("embedOrigins[{i}]"), message))
        };
        self.origins = self.origins.iter().enumerate().map(read).collect::<Result<_>>()?;
        self.origins.sort();
        self.origins.dedup();
        self.lists.sort_unstable();
        self.lists.dedup();
        for (field, count) in [("embedOrigins", self.origins.len()), ("channels", self.lists.len())] {
            if count > MOST {
                return Err(Error::invalid(field, format!("are {count}, and {MOST} are the most in one contract")));
            }
        }
        if self.starts_at.zip(self.ends_at).is_some_and(|(start, end)| end <= start) {
            return Err(Error::invalid("endsAt", "must come after startsAt"));
        }
        Ok(())
    }

    /// Fails unless the portal has everything that it names.
    async fn check(&self, on: &Transaction) -> Result<()> {
        let mut kinds: BTreeMap<(&str, &'static str), Vec<i64>> = BTreeMap::new();
        for list in &self.lists {
            let (field, kind, id) = match *list {
                Scope::Channel(id) => ("channels", "channel", id),
                Scope::Tag(id) => ("tags", "tag", id),
                Scope::Topic(id) => ("topics", "topic", id),
                Scope::Source(id) => ("sources", "source", id),
                Scope::Site | Scope::ChannelOnly(_) | Scope::Author(_) => {
                    return Err(Error::internal(format!("a contract about {list:?}")));
                }
            };
            kinds.entry((field, kind)).or_default().push(id);
        }
        for ((field, kind), ids) in kinds {
            if write::owners(on, kind, &ids).await?.len() < ids.len() {
                return Err(Error::invalid(field, format!("names a {kind} that this portal does not have")));
            }
        }
        Ok(())
    }

    fn row(self, id: i64, embed_key: String, created_at: i64, changed_at: i64) -> Contract {
        let codes: Vec<i64> = self.lists.iter().map(|list| list.code()).collect();
        Contract {
            id,
            name: self.name,
            contact: self.contact,
            note: self.note,
            lists: json!(codes).to_string(),
            fields: self.fields.word().into(),
            delay_secs: self.delay_secs,
            attribution: self.attribution,
            canonical: self.canonical.word().into(),
            requests_per_minute: self.quota.requests_per_minute,
            requests_per_day: self.quota.requests_per_day,
            cost_per_minute: self.quota.cost_per_minute,
            cost_per_day: self.quota.cost_per_day,
            origins: json!(self.origins).to_string(),
            embed_key,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            created_at,
            changed_at,
        }
    }
}

impl Office {
    fn check_contracts(&self) -> Result<()> {
        self.actor.check(Need::May(Permission::ManageContracts))
    }

    /// Makes a contract.
    pub async fn create_contract(&self, draft: ContractDraft) -> Result<Contract> {
        self.check_contracts()?;
        self.once(async || self.make_contract(draft).await).await
    }

    async fn make_contract(&self, mut draft: ContractDraft) -> Result<Contract> {
        draft.normalise()?;
        let on = self.begin().await?;
        draft.check(&on).await?;
        let id = write::reserve_ids(&on, "contract", 1).await?;
        let row = draft.row(id, embed_key()?, self.now(), self.now());
        self.note_contract(&on, "created", &row).await?;
        write::insert(&on, std::slice::from_ref(&row)).await?;
        self.commit(on, row).await
    }

    /// Changes what contract `id` says. From the commit on it holds as it says then.
    pub async fn update_contract(&self, id: i64, change: impl FnOnce(&mut ContractDraft) -> Result<()>) -> Result<Contract> {
        self.check_contracts()?;
        self.once(async || self.rewrite_contract(id, "changed", change).await).await
    }

    /// Ends contract `id`, at once.
    pub async fn end_contract(&self, id: i64) -> Result<Contract> {
        self.check_contracts()?;
        let now = self.now();
        let end = |draft: &mut ContractDraft| {
            draft.ends_at = Some(draft.ends_at.map_or(now, |at| at.min(now)));
            draft.starts_at = draft.starts_at.filter(|at| *at < now);
            Ok(())
        };
        self.once(async || self.rewrite_contract(id, "ended", end).await).await
    }

    async fn rewrite_contract(
        &self,
        id: i64,
        action: &str,
        change: impl FnOnce(&mut ContractDraft) -> Result<()>,
    ) -> Result<Contract> {
        let on = self.begin().await?;
        // First: writers of the journal go one by one, so what is read behind it is what is changed.
        journal::append(&on, &[self.entry(action, "contract", id, &json!({}))]).await?;
        let row = write::rows_in::<Contract>(&on, "id", &[id]).await?.pop();
        let row = row.ok_or_else(|| Error::invalid("id", "is no contract of this portal"))?;
        let mut draft = ContractDraft::of(&row)?;
        change(&mut draft)?;
        draft.normalise()?;
        draft.check(&on).await?;
        let row = draft.row(id, row.embed_key, row.created_at, self.now());
        write::upsert(&on, std::slice::from_ref(&row)).await?;
        self.commit(on, row).await
    }

    async fn note_contract(&self, on: &Transaction, action: &str, row: &Contract) -> Result<()> {
        journal::append(on, &[self.entry(action, "contract", row.id, &json!({ "name": row.name }))]).await
    }

    /// Makes a key for the partner of contract `id`; it may nothing but what the contract grants.
    pub async fn create_contract_key(&self, id: i64, name: &str, expires_at: Option<i64>) -> Result<NewKey> {
        self.check_contracts()?;
        let draft = KeyDraft { name: name.to_owned(), scopes: Vec::new(), expires_at };
        self.once_shown(async || self.insert_key(draft, Some(id)).await).await
    }
}
