//! A contract as it is asked: read from its row once, and never half.

use super::fields::Fields;
use super::terms::Rule;
use crate::db::{self, Scope};
use crate::error::{Error, Result};

/// Which address of an article a partner names as the one that search engines shall prefer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canonical {
    /// The portal's.
    Portal,
    /// The original's where an editor gave it, else the portal's.
    Original,
}

impl Canonical {
    /// As the database writes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Portal => "portal",
            Self::Original => "original",
        }
    }

    /// The one of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Portal, Self::Original].into_iter().find(|rule| rule.word() == word)
    }
}

/// How much a partner may ask for; none: as much as it likes. Minutes and days are those of UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// Requests in a minute.
    pub requests_per_minute: Option<i64>,
    /// Requests in a day.
    pub requests_per_day: Option<i64>,
    /// Cost in a minute: about the number of fields of a GraphQL answer, the number of articles of a feed.
    pub cost_per_minute: Option<i64>,
    /// Cost in a day.
    pub cost_per_day: Option<i64>,
}

/// A contract.
#[derive(Clone, Debug, PartialEq)]
pub struct Contract {
    /// Its row.
    pub row: db::Contract,
    /// Articles in one of these lists; empty: all.
    pub lists: Vec<Scope>,
    /// How much of them.
    pub fields: Fields,
    /// Which address is canonical.
    pub canonical: Canonical,
    /// How much may be asked for.
    pub quota: Quota,
    /// Origins whose pages may show embeds (RFC 6454 §6.2).
    pub origins: Vec<String>,
}

impl Contract {
    /// The contract of a row. One that cannot be read is an error, and nobody's contract.
    pub fn read(row: db::Contract) -> Result<Self> {
        let broken = |what: &str| Error::internal(format!("contract {} has no readable {what}", row.id));
        let codes: Vec<i64> = serde_json::from_str(&row.lists).map_err(|_| broken("lists"))?;
        let lists: Option<Vec<Scope>> = codes.into_iter().map(Scope::from_code).collect();
        Ok(Self {
            lists: lists.ok_or_else(|| broken("lists"))?,
            fields: Fields::from_word(&row.fields).ok_or_else(|| broken("fields"))?,
            canonical: Canonical::from_word(&row.canonical).ok_or_else(|| broken("canonical rule"))?,
            quota: Quota {
                requests_per_minute: row.requests_per_minute,
                requests_per_day: row.requests_per_day,
                cost_per_minute: row.cost_per_minute,
                cost_per_day: row.cost_per_day,
            },
            origins: serde_json::from_str(&row.origins).map_err(|_| broken("origins"))?,
            row,
        })
    }

    /// Whether it holds at `now` (milliseconds since 1970).
    pub fn is_active(&self, now: i64) -> bool {
        self.check(now).is_ok()
    }

    /// Fails unless it holds at `now` (milliseconds since 1970).
    pub fn check(&self, now: i64) -> Result<()> {
        if self.row.ends_at.is_some_and(|at| at <= now) {
            return Err(Rule::End.refuse("the contract has ended; ask the portal for a new one"));
        }
        if self.row.starts_at.is_some_and(|at| at > now) {
            return Err(Rule::Start.refuse("the contract has not begun yet"));
        }
        Ok(())
    }
}
