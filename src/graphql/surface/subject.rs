//! What somebody asks to see, by a path such as `channel/hydrogen/ranking`: the lists of the API by their names.

use crate::db::Scope;
use crate::error::{Error, Result};
use crate::graphql::context::Operation;
use crate::graphql::relation::tag;
use crate::loader::TagBy;

/// A list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The newest of it.
    Newest(Scope),
    /// What is read most of it.
    Ranking(Scope),
    /// What stands in a slot, of a channel or of the site.
    Slot(Option<i64>, String),
    /// What is found.
    Found,
}

/// A list with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Which.
    pub what: What,
    /// Plain text; none for the site.
    pub name: Option<String>,
}

impl Subject {
    /// The list that articles come into and leave.
    pub fn scope(&self) -> Scope {
        match self.what {
            What::Newest(scope) | What::Ranking(scope) => scope,
            What::Slot(Some(channel), _) => Scope::Channel(channel),
            What::Slot(None, _) | What::Found => Scope::Site,
        }
    }

    /// Fails if nothing of it can be within the contract of whoever asks, where that is sure.
    pub fn check(&self, operation: &Operation) -> Result<()> {
        let catalog = operation.catalog();
        operation.terms.check_list(self.scope(), |channel| catalog.ancestors(channel).iter().map(|c| c.id).collect())
    }

    /// The list whose change may change what is shown: what has nothing of its own shows what stands above it.
    pub fn depends(&self) -> Scope {
        match self.what {
            What::Newest(scope) => scope,
            What::Ranking(_) | What::Slot(..) | What::Found => Scope::Site,
        }
    }
}

/// The list at `path`, whose segments are decoded; none if there is none.
pub async fn subject(operation: &Operation, path: &[&str]) -> Result<Option<Subject>> {
    let (base, rest) = match path {
        ["site", rest @ ..] => (Some((Scope::Site, None)), rest),
        ["ranking" | "placement" | "search", ..] => (Some((Scope::Site, None)), path),
        [kind, slug, rest @ ..] => (named(operation, kind, slug).await?, rest),
        _ => (None, path),
    };
    let Some((scope, name)) = base else { return Ok(None) };
    let what = match (rest, scope) {
        ([], _) => What::Newest(scope),
        (["ranking"], _) => What::Ranking(scope),
        (["placement", slot], Scope::Site) => What::Slot(None, (*slot).to_owned()),
        (["placement", slot], Scope::Channel(channel)) => What::Slot(Some(channel), (*slot).to_owned()),
        (["search"], Scope::Site) => What::Found,
        _ => return Ok(None),
    };
    if let What::Slot(_, slot) = &what
        && operation.catalog().slots().all(|(_, name, _)| name != slot)
    {
        return Err(Error::NotFound { what: format!("the slot {slot:?}") });
    }
    Ok(Some(Subject { what, name }))
}

/// The list of the `kind` called `slug`, with its name.
async fn named(operation: &Operation, kind: &str, slug: &str) -> Result<Option<(Scope, Option<String>)>> {
    let catalog = operation.catalog();
    Ok(match kind {
        "channel" => catalog.channels.find_slug(slug).map(|c| (Scope::Channel(c.id), Some(c.name.clone()))),
        "topic" => catalog.topics.find_slug(slug).map(|t| (Scope::Topic(t.id), Some(t.title.clone()))),
        "source" => catalog.sources.find_slug(slug).map(|s| (Scope::Source(s.id), Some(s.name.clone()))),
        "tag" => {
            let tag = tag::find(operation, TagBy::Slug(slug.to_owned())).await?;
            tag.map(|t| (Scope::Tag(t.id), Some(t.name.clone())))
        }
        _ => None,
    })
}
