//! The one place that decides: who asks on which surface, what of which articles they may have.

use std::sync::Arc;

use super::contract::Contract;
use super::fields::{Fields, rights};
use crate::db::{Grant, Scope, Source, Visibility};
use crate::error::{Error, Result};

/// Why something is refused. Part of the public interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The contract has not begun.
    Start,
    /// It has ended.
    End,
    /// It is about other articles.
    Scope,
    /// It grants less of an article.
    Fields,
    /// The source of the article grants less of it.
    Source,
    /// It is used up for now.
    Quota,
    /// The portal gives this to partners alone.
    Public,
}

impl Rule {
    /// As errors name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Start => "START",
            Self::End => "END",
            Self::Scope => "SCOPE",
            Self::Fields => "FIELDS",
            Self::Source => "SOURCE",
            Self::Quota => "QUOTA",
            Self::Public => "PUBLIC",
        }
    }

    /// A refusal by this rule.
    pub fn refuse(self, message: impl Into<String>) -> Error {
        Error::Refused { rule: self.word(), message: message.into() }
    }
}

/// Where somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Surface {
    /// GraphQL.
    Api,
    /// Feeds.
    Feed,
    /// Widgets in others' pages.
    Embed,
    /// The portal's own pages.
    Own,
}

/// What somebody may have on a surface.
#[derive(Clone, Debug)]
pub struct Terms {
    contract: Option<Arc<Contract>>,
    /// How much of an article at most.
    fields: Fields,
    grant: Grant,
    /// Whether the rights of sources count: what is asked for leaves the portal.
    passes_on: bool,
    /// The lists of sources of whose articles headlines alone, and summaries at most, may be passed on; empty if that does not count.
    headlines: Vec<i64>,
    summaries: Vec<i64>,
}

impl Terms {
    /// Everything: for those who work for the portal, and its own pages.
    pub fn own() -> Self {
        Self::new(None, Fields::Full, Grant::default(), None)
    }

    /// No article at all.
    pub fn nothing() -> Self {
        /// No list has this number.
        const NONE: i64 = -1;
        let grant = Grant { lists: vec![NONE], ..Grant::default() };
        Self::new(None, Fields::None, grant, Some(&[]))
    }

    /// What anybody may have who shows no key: `fields` of what `sources` let pass on, if it leaves the portal.
    pub(super) fn public(surface: Surface, fields: Fields, sources: &[Arc<Source>]) -> Result<Self> {
        if fields == Fields::None {
            return Err(Rule::Public.refuse("the portal gives this to partners alone: send the key of a contract"));
        }
        let passes_on = surface != Surface::Api;
        let fields = if surface == Surface::Embed { fields.min(Fields::Summary) } else { fields };
        let except = if passes_on { limited(sources, Fields::None) } else { Vec::new() };
        let grant = Grant { except, ..Grant::default() };
        Ok(Self::new(None, fields, grant, passes_on.then_some(sources)))
    }

    /// What `contract` grants on `surface`, of what `sources` let pass on; the contract holds.
    pub(super) fn partner(contract: &Arc<Contract>, surface: Surface, sources: &[Arc<Source>]) -> Self {
        let fields = if surface == Surface::Embed { contract.fields.min(Fields::Summary) } else { contract.fields };
        let grant = Grant {
            lists: contract.lists.iter().map(|list| list.code()).collect(),
            except: limited(sources, Fields::None),
            delay_millis: contract.row.delay_secs.saturating_mul(1_000),
        };
        Self::new(Some(Arc::clone(contract)), fields, grant, Some(sources))
    }

    /// `sources` are those whose rights count, if they do.
    fn new(contract: Option<Arc<Contract>>, fields: Fields, grant: Grant, sources: Option<&[Arc<Source>]>) -> Self {
        let of = |most: Fields| sources.map(|sources| limited(sources, most)).unwrap_or_default();
        let (headlines, summaries) = (of(Fields::Headline), of(Fields::Summary));
        Self { contract, fields, grant, passes_on: sources.is_some(), headlines, summaries }
    }

    /// The lists of sources that let `most` of their articles be passed on, and no more, where that counts.
    pub fn limited(&self, most: Fields) -> &[i64] {
        match most {
            Fields::None => &self.grant.except,
            Fields::Headline => &self.headlines,
            Fields::Summary => &self.summaries,
            Fields::Full => &[],
        }
    }

    /// The contract, if it is a partner who asks.
    pub fn contract(&self) -> Option<&Arc<Contract>> {
        self.contract.as_ref()
    }

    /// Whether they may have everything that readers see.
    pub fn is_everything(&self) -> bool {
        self.contract.is_none() && self.fields == Fields::Full && self.grant.is_everything() && !self.passes_on
    }

    /// Which articles they see at `now` (milliseconds since 1970).
    pub fn visibility(&self, now: i64) -> Visibility {
        Visibility::granted(self.grant.clone(), now)
    }

    /// Which articles they may have.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// How much of articles they may have where sources grant all.
    pub fn fields(&self) -> Fields {
        self.fields
    }

    /// How much they may have of an article of `source`.
    pub fn fields_of(&self, source: Option<&Source>) -> Fields {
        if self.passes_on { self.fields.min(rights(source)) } else { self.fields }
    }

    /// Fails unless they may have `wanted` of an article of `source`.
    pub fn require(&self, wanted: Fields, source: Option<&Source>) -> Result<()> {
        if wanted <= self.fields_of(source) {
            return Ok(());
        }
        let most = |fields: Fields| match fields {
            Fields::None => "nothing",
            Fields::Headline => "the headline",
            Fields::Summary => "headline and summary",
            Fields::Full => "everything",
        };
        if self.fields < wanted {
            let message = match &self.contract {
                Some(_) => format!("the contract grants {} of an article; this needs `{}`", most(self.fields), wanted.word()),
                None => format!(
                    "without a key one may have {} of an article; this needs `{}`: ask for less, or send the key of a contract",
                    most(self.fields),
                    wanted.word()
                ),
            };
            return Err(Rule::Fields.refuse(message));
        }
        let name = source.map_or("its source", |source| source.name.as_str());
        let granted = most(rights(source));
        Err(Rule::Source
            .refuse(format!("{name} allows {granted} of its articles to be passed on; this needs `{}`", wanted.word())))
    }

    /// Fails if nothing of list `asked` can be within the contract, where that is sure: `above` gives a channel with everything above it.
    pub fn check_list(&self, asked: Scope, above: impl Fn(i64) -> Vec<i64>) -> Result<()> {
        let Some(contract) = self.contract.as_ref().filter(|contract| !contract.lists.is_empty()) else { return Ok(()) };
        let may_share = |granted: &Scope| match (*granted, asked) {
            (Scope::Channel(granted), Scope::Channel(asked) | Scope::ChannelOnly(asked)) => {
                above(asked).contains(&granted) || above(granted).contains(&asked)
            }
            (Scope::Source(granted), Scope::Source(asked)) => granted == asked,
            // An article of one list may stand in another of another kind.
            _ => true,
        };
        if contract.lists.iter().any(may_share) {
            return Ok(());
        }
        Err(Rule::Scope.refuse("the contract is about other articles than those of this list; `myContract` names its lists"))
    }

    /// Fails where it cannot be said of which articles something speaks: it is for those alone who may have all.
    pub fn require_everything(&self) -> Result<()> {
        let is_limited = !self.headlines.is_empty() || !self.summaries.is_empty();
        if self.grant.is_everything() && self.fields == Fields::Full && !is_limited {
            return Ok(());
        }
        if self.contract.is_none() {
            return Err(Rule::Public.refuse("this speaks of whole texts, which the portal gives to partners alone"));
        }
        Err(Rule::Scope.refuse("this speaks of all articles, and the contract grants some of them, or a part of them"))
    }
}

/// The lists of sources that let `most` of their articles be passed on, and no more.
fn limited(sources: &[Arc<Source>], most: Fields) -> Vec<i64> {
    let is_so = |source: &&Arc<Source>| rights(Some(source)) == most;
    sources.iter().filter(is_so).map(|source| Scope::Source(source.id).code()).collect()
}
