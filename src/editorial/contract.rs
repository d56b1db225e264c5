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
use crate::partner::{Canonical, Fields, Quota};
use crate::text::origin;

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
        if let Some(unknown) = self.attribution.as_deref().and_then(unknown_placeholder) {
            let message = format!("has {unknown}, which stands for nothing; write {{title}}, {{url}}, {{site}} or {{source}}");
            return Err(Error::invalid("attribution", message));
        }
        if self.fields == Fields::None {
            return Err(Error::invalid(
                "fields",
                "must be `HEADLINE`, `SUMMARY` or `FULL`; a contract that shall grant nothing is ended",
            ));
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
            let message =
                "is no origin; write it as https://www.partner.example, a name in other letters as it stands in the DNS (xn--…)";
            origin(text).ok_or_else(|| Error::invalid(format!("embedOrigins[{i}]"), message))
        };
        self.origins = self.origins.iter().enumerate().map(read).collect::<Result<_>>()?;
        self.origins.sort();
        self.origins.dedup();
        self.lists.sort_unstable();
        self.lists.dedup();
        if self.origins.len() > MOST {
            return Err(Error::invalid("embedOrigins", format!("are {}, and {MOST} are the most", self.origins.len())));
        }
        if self.lists.len() > MOST {
            let field = self.lists.get(MOST).map_or("channels", |list| field_of(*list).0);
            let message = format!("are too many: {MOST} channels, tags, topics and sources are the most in one contract");
            return Err(Error::invalid(field, message));
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
            kinds.entry(field_of(*list)).or_default().push(list.id());
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

/// The field that names lists of the kind of `list`, and what they are.
fn field_of(list: Scope) -> (&'static str, &'static str) {
    match list {
        Scope::Tag(_) => ("tags", "tag"),
        Scope::Topic(_) => ("topics", "topic"),
        Scope::Source(_) => ("sources", "source"),
        Scope::Channel(_) | Scope::ChannelOnly(_) | Scope::Site | Scope::Author(_) => ("channels", "channel"),
    }
}

/// The first `{name}` of `line` that stands for nothing.
fn unknown_placeholder(line: &str) -> Option<&str> {
    let mut rest = line;
    while let Some(start) = rest.find('{') {
        let end = rest[start..].find('}')? + start;
        let name = &rest[start..=end];
        if !["{title}", "{url}", "{site}", "{source}"].contains(&name) {
            return Some(name);
        }
        rest = &rest[end + 1..];
    }
    None
}

/// What differs between two contracts, for the journal: what was and what is; of what names people, only that it differs.
fn difference(before: &Contract, after: &Contract) -> serde_json::Value {
    let mut out = serde_json::Map::new();
    for (field, was, is) in [
        ("name", json!(before.name), json!(after.name)),
        ("lists", json!(before.lists), json!(after.lists)),
        ("fields", json!(before.fields), json!(after.fields)),
        ("delaySecs", json!(before.delay_secs), json!(after.delay_secs)),
        ("attribution", json!(before.attribution), json!(after.attribution)),
        ("canonical", json!(before.canonical), json!(after.canonical)),
        ("requestsPerMinute", json!(before.requests_per_minute), json!(after.requests_per_minute)),
        ("requestsPerDay", json!(before.requests_per_day), json!(after.requests_per_day)),
        ("costPerMinute", json!(before.cost_per_minute), json!(after.cost_per_minute)),
        ("costPerDay", json!(before.cost_per_day), json!(after.cost_per_day)),
        ("embedOrigins", json!(before.origins), json!(after.origins)),
        ("startsAt", json!(before.starts_at), json!(after.starts_at)),
        ("endsAt", json!(before.ends_at), json!(after.ends_at)),
    ] {
        if was != is {
            out.insert(field.into(), json!([was, is]));
        }
    }
    for (field, differs) in [("contact", before.contact != after.contact), ("note", before.note != after.note)] {
        if differs {
            out.insert(field.into(), json!([]));
        }
    }
    out.into()
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
        if draft.ends_at.is_some_and(|at| at <= self.now()) {
            return Err(Error::invalid("endsAt", "must be to come"));
        }
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
        let now = self.now();
        let rewrite = |row: &Contract| {
            let mut draft = ContractDraft::of(row)?;
            change(&mut draft)?;
            draft.normalise()?;
            Ok(draft.row(id, row.embed_key.clone(), row.created_at, now))
        };
        self.once(async || self.rewrite_contract(id, "changed", rewrite).await).await
    }

    /// Ends contract `id`, at once.
    pub async fn end_contract(&self, id: i64) -> Result<Contract> {
        self.check_contracts()?;
        let now = self.now();
        // Whatever else it says, and whether that could be written today or not.
        let end = |row: &Contract| {
            let ends_at = Some(row.ends_at.map_or(now, |at| at.min(now)));
            Ok(Contract { ends_at, changed_at: now, ..row.clone() })
        };
        self.once(async || self.rewrite_contract(id, "ended", end).await).await
    }

    async fn rewrite_contract(
        &self,
        id: i64,
        action: &str,
        change: impl FnOnce(&Contract) -> Result<Contract>,
    ) -> Result<Contract> {
        let read = async |on: &Transaction| {
            let row = write::rows_in::<Contract>(on, "id", &[id]).await?.pop();
            row.ok_or_else(|| Error::invalid("id", "is no contract of this portal"))
        };
        let on = self.begin().await?;
        let before = read(&on).await?;
        let row = change(&before)?;
        if row.lists != before.lists {
            ContractDraft::of(&row)?.check(&on).await?;
        }
        journal::append(&on, &[self.entry(action, "contract", id, &difference(&before, &row))]).await?;
        // Writers of the journal go one by one from here on: what is as it was read stays so.
        if read(&on).await? != before {
            return Err(Error::Conflict("somebody else has just changed the contract; look at it, and try again".into()));
        }
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
