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
        if self.row.starts_at.is_some_and(|at| at > now) {
            return Err(Rule::Start.refuse("the contract has not begun yet"));
        }
        if self.row.ends_at.is_some_and(|at| at <= now) {
            return Err(Rule::End.refuse("the contract has ended; ask the portal for a new one"));
        }
        Ok(())
    }
}

/// An origin as browsers write it, `https://www.example.com:8443`; none if `text` is none. A path behind it is cut off.
pub fn origin(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host);
    let (name, number) = host.rsplit_once(':').unwrap_or((host, "0"));
    let is_name = !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(is_letter)
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    (is_name && number.parse::<u16>().is_ok()).then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_do() {
        for (text, expected) in [
            ("https://Partner.example", Some("https://partner.example")),
            (" https://partner.example:443/blog?x#y ", Some("https://partner.example")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://localhost:80", Some("http://localhost")),
            ("partner.example", None),
            ("ftp://partner.example", None),
            ("https://", None),
            ("https://a b", None),
            ("https://a;script-src *", None),
            ("https://*.example", None),
            ("https://user@partner.example", None),
            ("https://partner.example:99999", None),
            ("https://-a.example", None),
        ] {
            assert_eq!(origin(text).as_deref(), expected, "{text}");
        }
    }
}
