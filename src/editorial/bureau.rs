//! The small nouns, changed one at a time by those who work here: a change is what the record says with some of it replaced, and
//! is saved as an import saves a line. So it is cleaned, checked and journaled the same way.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::draft::{
    AuthorDraft, ChannelDraft, Draft, MediaDraft, NavigationDraft, PageDraft, PlacementDraft, PlacementItemDraft, SiteDraft,
    SourceDraft, TagDraft, TopicDraft,
};
use super::office::Office;
use super::receipt::Receipt;
use super::record::{self, Names};
use super::save::{Desk, Incoming, Outcome};
use crate::auth::{Need, Permission};
use crate::clock::instant;
use crate::db;
use crate::db::write::{self, Loaded};
use crate::error::{Error, Result};
use crate::journal;

/// The names in imports of the records that others refer to, by kind and id.
pub(super) type NamesByKind = HashMap<&'static str, Names>;

/// A small noun that can be changed.
pub trait Noun: Loaded + DeserializeOwned {
    /// Its kind, which is also its table's name.
    const KIND: &'static str;
    /// Who may change it.
    const PERMISSION: Permission;
    /// What a writer hands in.
    type Draft: Send;
    /// What it refers to, as (kind, id).
    fn references(&self) -> Vec<(&'static str, i64)>;
    /// What a writer would hand in to get this record.
    fn line(self, names: &NamesByKind) -> Draft;
    /// A draft of this kind out of one of any.
    fn open(draft: Draft) -> Option<Box<Self::Draft>>;
    /// A draft of any kind out of one of this.
    fn close(draft: Box<Self::Draft>) -> Draft;
}

macro_rules! noun {
    ($row:ident, $draft:ident, $variant:ident, $kind:literal, $permission:ident, $references:expr, $line:expr) => {
        impl Noun for db::$row {
            const KIND: &'static str = $kind;
            const PERMISSION: Permission = Permission::$permission;
            type Draft = $draft;

            fn references(&self) -> Vec<(&'static str, i64)> {
                let references: fn(&Self) -> Vec<(&'static str, Option<i64>)> = $references;
                references(self).into_iter().filter_map(|(kind, id)| Some((kind, id?))).collect()
            }

            fn line(self, names: &NamesByKind) -> Draft {
                let none = Names::new();
                let line: fn(Self, &dyn Fn(&str) -> Names) -> Draft = $line;
                line(self, &|kind| names.get(kind).unwrap_or(&none).clone())
            }

            fn open(draft: Draft) -> Option<Box<$draft>> {
                if let Draft::$variant(draft) = draft { Some(draft) } else { None }
            }

            fn close(draft: Box<$draft>) -> Draft {
                Draft::$variant(draft)
            }
        }
    };
}

noun!(Site, SiteDraft, Site, "site", ManageSite, |_| Vec::new(), |row, _| record::site(row));
noun!(Source, SourceDraft, Source, "source", ManageNouns, |_| Vec::new(), |row, _| record::source(row));
noun!(Author, AuthorDraft, Author, "author", ManageNouns, |_| Vec::new(), |row, _| record::author(row));
noun!(Media, MediaDraft, Media, "media", ManageNouns, |_| Vec::new(), |row, _| record::picture(row));
noun!(Tag, TagDraft, Tag, "tag", ManageNouns, |_| Vec::new(), |row, _| record::tag(row));
noun!(Topic, TopicDraft, Topic, "topic", ManageNouns, |row| vec![("media", row.cover_id)], |row, names| {
    record::topic(row, &names("media"))
});
noun!(Page, PageDraft, Page, "page", ManageSite, |_| Vec::new(), |row, _| record::page(row));
noun!(Channel, ChannelDraft, Channel, "channel", ManageSite, |row| vec![("channel", row.parent_id)], |row, names| {
    record::channel(row, &names("channel"))
});
noun!(
    Navigation,
    NavigationDraft,
    Navigation,
    "navigation",
    ManageSite,
    |row| {
        let leads = [("channel", row.channel_id), ("topic", row.topic_id), ("page", row.page_id)];
        [("navigation", row.parent_id)].into_iter().chain(leads).collect()
    },
    |row, names| record::navigation(row, &names("navigation"), &names("channel"), &names("topic"), &names("page"))
);

/// An article in a slot, as editors put it there.
#[derive(Clone, Debug)]
pub struct Placed {
    /// The article.
    pub article: i64,
    /// What stands there instead of its title.
    pub label: Option<String>,
    /// From when on (milliseconds since 1970).
    pub starts_at: Option<i64>,
    /// Until when (milliseconds since 1970).
    pub ends_at: Option<i64>,
}

/// Held while a record is read, changed and saved: of two who change different parts of it, neither takes back what the other did.
/// Among programs, [`write::turn`] is held besides.
static TURN: Mutex<()> = Mutex::const_new(());

impl Office {
    /// A name for a record that is made here: nobody else's, in imports neither. The same for a write that is sent again.
    pub(super) fn fresh_name(&self) -> Result<String> {
        let mut bytes = [0_u8; 12];
        match &self.receipt {
            Some(Receipt { actor, key, path, .. }) => {
                bytes.copy_from_slice(&Sha256::digest(format!("{actor}\n{key}\n{path}").as_bytes())[..12]);
            }
            None => getrandom::fill(&mut bytes).map_err(Error::internal)?,
        }
        Ok(format!("desk:{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The name in imports of record `id` of `kind`; an error in `field` if there is none.
    pub async fn external_id(&self, field: &str, kind: &'static str, id: i64) -> Result<String> {
        let mut names = self.names_of(kind, &[id]).await?;
        names.remove(&id).ok_or_else(|| Error::invalid(field, format!("is no {kind} of this portal")))
    }

    async fn names_of(&self, kind: &'static str, ids: &[i64]) -> Result<Names> {
        let on = write::begin(&self.db).await?;
        Ok(write::owners(&on, kind, ids).await?.into_iter().collect())
    }

    /// Makes a small noun. `draft` needs no external id.
    pub async fn create_noun<N: Noun>(&self, mut draft: N::Draft, named: fn(&mut N::Draft) -> &mut String) -> Result<N> {
        self.actor.check(Need::May(N::PERMISSION))?;
        if named(&mut draft).is_empty() {
            *named(&mut draft) = self.fresh_name()?;
        }
        self.once(async || self.keep(N::close(Box::new(draft))).await).await
    }

    /// Changes a small noun: `change` changes what it says.
    pub async fn update_noun<N: Noun>(&self, id: i64, change: impl AsyncFnOnce(&Self, &mut N::Draft) -> Result<()>) -> Result<N> {
        self.once(async || self.rewrite_noun(id, change).await).await
    }

    async fn rewrite_noun<N: Noun>(&self, id: i64, change: impl AsyncFnOnce(&Self, &mut N::Draft) -> Result<()>) -> Result<N> {
        self.actor.check(Need::May(N::PERMISSION))?;
        let _turn = TURN.lock().await;
        let _turn_among_programs = write::turn(&self.db).await?;
        let found = write::rows_of::<N>(&self.db, "id", &[id], "id").await?.pop();
        let row = found.ok_or_else(|| Error::invalid("id", format!("is no {} of this portal", N::KIND)))?;
        let mut names = NamesByKind::new();
        for (kind, id) in row.references() {
            names.entry(kind).or_default().extend(self.names_of(kind, &[id]).await?);
        }
        let mut draft = N::open(row.line(&names)).ok_or_else(|| Error::internal("a line of another kind"))?;
        change(self, &mut draft).await?;
        self.keep(N::close(draft)).await
    }

    /// Saves a draft as an import saves a line, and reads it back.
    async fn keep<N: Noun>(&self, draft: Draft) -> Result<N> {
        let incoming = Incoming::new(draft, "")?;
        let mut desk = Desk::open(&self.db, &self.actor.word()).await?;
        let mut outcomes = desk.save(std::slice::from_ref(&incoming), self.now()).await?;
        if self.receipt.is_some() && matches!(outcomes[..], [Outcome::Refused(_)]) {
            // The same may have been sent twice at once: then the record is there now, and equal.
            outcomes = desk.save(std::slice::from_ref(&incoming), self.now()).await?;
        }
        if let Some(Outcome::Refused(error)) = outcomes.into_iter().next() {
            return Err(error);
        }
        desk.finish(self.now()).await?;
        let on = write::begin(&self.db).await?;
        let name = [incoming.draft.external_id().to_owned()];
        let row = write::rows_named::<N>(&on, "external_id", &name).await?.pop();
        let row = row.ok_or_else(|| Error::internal("a record that was saved is not there"))?;
        // A transaction later: a line that is sent again before that finds itself, equal.
        self.commit(on, row).await
    }

    /// Takes away a footer page or an entry of the navigation, to which nothing else may lead.
    pub async fn delete_noun<N: Noun>(&self, id: i64) -> Result<()> {
        self.once(async || self.remove_noun::<N>(id).await).await
    }

    async fn remove_noun<N: Noun>(&self, id: i64) -> Result<()> {
        self.actor.check(Need::May(N::PERMISSION))?;
        let on = self.begin().await?;
        if write::rows_in::<N>(&on, "id", &[id]).await?.is_empty() {
            return Err(Error::invalid("id", format!("is no {} of this portal", N::KIND)));
        }
        write::delete(&on, N::KIND, "id", &[id]).await.map_err(|error| match error {
            Error::Conflict(_) => Error::Conflict("something else still leads there; change that first".into()),
            other => other,
        })?;
        journal::append(&on, &[self.entry("deleted", N::KIND, id, &json!({}))]).await?;
        self.commit(on, ()).await
    }

    /// Puts `items` into `slot` of the site or of a channel, in the place of what stands there.
    pub async fn set_placement(&self, slot: String, channel: Option<i64>, items: Vec<Placed>) -> Result<()> {
        self.once(async || self.fill_slot(slot, channel, items).await).await
    }

    async fn fill_slot(&self, slot: String, channel: Option<i64>, items: Vec<Placed>) -> Result<()> {
        self.actor.check(Need::May(Permission::ManagePlacements))?;
        let articles: Vec<i64> = items.iter().map(|item| item.article).collect();
        let names = self.names_of("article", &articles).await?;
        let item = |(i, item): (usize, Placed)| {
            let article = names.get(&item.article).cloned();
            Ok(PlacementItemDraft {
                article: article.ok_or_else(|| Error::invalid(format!("items[{i}].article"), "is no article of this portal"))?,
                label: item.label,
                starts_at: item.starts_at.map(instant),
                ends_at: item.ends_at.map(instant),
            })
        };
        let items = items.into_iter().enumerate().map(item).collect::<Result<Vec<_>>>()?;
        if let Some(i) = items.iter().position(|item| item.starts_at.zip(item.ends_at).is_some_and(|(start, end)| end <= start)) {
            return Err(Error::invalid(format!("items[{i}].endsAt"), "must come after startsAt"));
        }
        let channel_name = match channel {
            Some(id) => Some(self.external_id("channel", "channel", id).await?),
            None => None,
        };
        let _turn = TURN.lock().await;
        let _turn_among_programs = write::turn(&self.db).await?;
        let kept = db::load_catalog(&self.db).await?.placements;
        let mut same: Vec<String> =
            kept.into_iter().filter(|p| p.slot == slot.trim() && p.channel_id == channel).map(|p| p.external_id).collect();
        // The name follows from the slot, so that two programs make one of it and not two.
        let own = format!("desk:slot:{}:{}", channel.unwrap_or(0), slot.trim());
        let first = if same.is_empty() { own } else { same.remove(0) };
        // An import may have filled the slot in several lines: the first has it all from now on.
        let line = |external_id, items| PlacementDraft {
            external_id,
            slot: slot.clone(),
            channel: channel_name.clone(),
            items,
            ..PlacementDraft::default()
        };
        let lines = std::iter::once(line(first, items)).chain(same.into_iter().map(|name| line(name, Vec::new())));
        let incoming = lines.map(|line| Incoming::new(Draft::Placement(line.into()), "")).collect::<Result<Vec<_>>>()?;
        let mut desk = Desk::open(&self.db, &self.actor.word()).await?;
        for outcome in desk.save(&incoming, self.now()).await? {
            if let Outcome::Refused(error) = outcome {
                return Err(error);
            }
        }
        let on = self.begin().await?;
        self.commit(on, ()).await
    }
}
