//! All contracts and the keys that belong to them, in memory: whoever asks costs no statement. Swapped whole when the journal says
//! that one of them has changed; ends are told by the clock.

use std::collections::HashMap;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::Mutex;

use super::contract::Contract;
use super::fields::Fields;
use super::meter::Meter;
use super::terms::{Surface, Terms};
use crate::auth::fingerprint;
use crate::config;
use crate::db::{ApiKey, Database, Source, contract, staff};
use crate::error::{Error, Result};

/// A partner who has shown a key.
#[derive(Clone, Debug)]
pub struct Holder {
    /// The key's number; none where the contract was named by what everybody reads.
    pub key: Option<i64>,
    /// The contract.
    pub contract: Arc<Contract>,
}

/// What is looked up.
#[derive(Debug, Default)]
struct Pages {
    contracts: HashMap<i64, Arc<Contract>>,
    /// By embed key: number of the contract.
    embeds: HashMap<String, i64>,
    /// By fingerprint.
    keys: HashMap<String, ApiKey>,
}

/// The contracts.
#[derive(Debug)]
pub struct Book {
    pages: ArcSwap<Pages>,
    /// Held while it is read: who reads later has seen more.
    turn: Mutex<()>,
    /// What is used.
    pub meter: Meter,
    public_api: Fields,
    public_feeds: Fields,
    origins: Vec<String>,
}

impl Book {
    /// Reads all contracts of `db`, and what was used of them on the day of `now` (milliseconds since 1970).
    pub async fn open(db: &Database, settings: &config::Syndication, now: i64) -> Result<Self> {
        let fields = |key: &str, word: &str| {
            Fields::from_word(word).ok_or_else(|| Error::invalid(key, "must be `none`, `headline`, `summary` or `full`"))
        };
        let book = Self {
            pages: ArcSwap::default(),
            turn: Mutex::default(),
            meter: Meter::default(),
            public_api: fields("syndication.public_api", &settings.public_api)?,
            public_feeds: fields("syndication.public_feeds", &settings.public_feeds)?,
            origins: settings.embed_origins.clone(),
        };
        book.refresh(db).await?;
        book.meter.settle(db, now).await?;
        Ok(book)
    }

    /// Reads everything again, and swaps it whole.
    pub async fn refresh(&self, db: &Database) -> Result<()> {
        let _turn = self.turn.lock().await;
        let mut pages = Pages::default();
        for row in db.reader().all(contract::contracts()).await? {
            let id = row.id;
            match Contract::read(row) {
                Ok(contract) => {
                    pages.embeds.insert(contract.row.embed_key.clone(), id);
                    pages.contracts.insert(id, Arc::new(contract));
                }
                Err(error) => tracing::error!(error = %error, contract.id = id, "A contract is left out: {error}"),
            }
        }
        let keys = db.reader().all(staff::keys()).await?;
        pages.keys = keys.into_iter().filter(|k| k.contract_id.is_some()).map(|k| (k.secret.clone(), k)).collect();
        self.pages.store(Arc::new(pages));
        Ok(())
    }

    /// The contract with this number.
    pub fn find(&self, id: i64) -> Option<Arc<Contract>> {
        self.pages.load().contracts.get(&id).cloned()
    }

    /// Every contract, by number.
    pub fn all(&self) -> Vec<Arc<Contract>> {
        let mut all: Vec<Arc<Contract>> = self.pages.load().contracts.values().cloned().collect();
        all.sort_unstable_by_key(|contract| contract.row.id);
        all
    }

    /// The keys of a contract, by number.
    pub fn keys_of(&self, contract: i64) -> Vec<ApiKey> {
        let pages = self.pages.load();
        let mut keys: Vec<ApiKey> = pages.keys.values().filter(|key| key.contract_id == Some(contract)).cloned().collect();
        keys.sort_unstable_by_key(|key| key.id);
        keys
    }

    /// The partner who shows `token` at `now` (milliseconds since 1970); none if it is no partner's. A key that does not work any more
    /// is an error, and so is a contract that does not hold.
    pub fn holder(&self, token: &str, now: i64) -> Result<Option<Holder>> {
        let pages = self.pages.load();
        let Some(key) = pages.keys.get(&fingerprint(token)) else { return Ok(None) };
        if key.revoked_at.is_some() || key.expires_at.is_some_and(|at| at <= now) {
            return Err(Error::Unauthenticated("the key is unknown, has expired or was revoked".into()));
        }
        let contract = key.contract_id.and_then(|id| pages.contracts.get(&id));
        let contract = contract.ok_or_else(|| Error::internal("a key whose contract is not there"))?;
        contract.check(now).inspect_err(|_| self.meter.refuse(contract.row.id, now))?;
        Ok(Some(Holder { key: Some(key.id), contract: Arc::clone(contract) }))
    }

    /// The contract that an embed names by `embed_key`, at `now` (milliseconds since 1970).
    pub fn embed_holder(&self, embed_key: &str, now: i64) -> Result<Holder> {
        let pages = self.pages.load();
        let contract = pages.embeds.get(embed_key).and_then(|id| pages.contracts.get(id));
        let contract =
            contract.ok_or_else(|| Error::invalid("contract", "names no contract: copy the embed key from `myContract`"))?;
        contract.check(now).inspect_err(|_| self.meter.refuse(contract.row.id, now))?;
        Ok(Holder { key: None, contract: Arc::clone(contract) })
    }

    /// What `holder`, or anybody, may have on `surface` of what `sources` let pass on.
    pub fn terms(&self, holder: Option<&Holder>, surface: Surface, sources: &[Arc<Source>]) -> Result<Terms> {
        match holder {
            _ if surface == Surface::Own => Ok(Terms::own()),
            Some(holder) => Ok(Terms::partner(&holder.contract, surface, sources)),
            None => {
                let fields = if surface == Surface::Api { self.public_api } else { self.public_feeds };
                Terms::public(surface, fields, sources)
            }
        }
    }

    /// The origins whose pages may show an embed of `holder`, or of anybody: `*` is any.
    pub fn embed_origins<'a>(&'a self, holder: Option<&'a Holder>) -> &'a [String] {
        holder.map_or(&self.origins, |holder| &holder.contract.origins)
    }
}
