//! The small nouns as one immutable snapshot in memory: trees, breadcrumbs and names cost no statement. Swapped whole
//! when the journal says that one of them has changed.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use arc_swap::ArcSwap;
use chrono_tz::Tz;
use tokio::sync::Mutex;

use super::address::AddressPattern;
use crate::db::{self, Author, CatalogRows, Channel, Database, Navigation, Page, PlacementItem, Scope, Site, Source, Tag, Topic};
use crate::error::Result;

/// The catalog that is in use. Clones share it.
#[derive(Clone, Debug)]
pub struct Catalogs {
    current: Arc<ArcSwap<Catalog>>,
    /// Held while it is read: who reads later has seen more.
    turn: Arc<Mutex<()>>,
}

impl Catalogs {
    /// Reads the first one.
    pub async fn open(db: &Database) -> Result<Self> {
        let first = Catalog::new(db::load_catalog(db).await?);
        Ok(Self { current: Arc::new(ArcSwap::from_pointee(first)), turn: Arc::default() })
    }

    /// The one in use.
    pub fn current(&self) -> Arc<Catalog> {
        self.current.load_full()
    }

    /// Reads everything again, and swaps it whole.
    pub async fn refresh(&self, db: &Database) -> Result<()> {
        let _turn = self.turn.lock().await;
        self.current.store(Arc::new(Catalog::new(db::load_catalog(db).await?)));
        Ok(())
    }
}

/// An entry of the navigation with those below it.
#[derive(Debug)]
pub struct NavigationEntry {
    /// The entry.
    pub row: Navigation,
    /// Below it, in order.
    pub items: Vec<Arc<NavigationEntry>>,
}

/// A slot with its items, in order.
#[derive(Debug)]
pub struct Slot {
    /// The items, those out of their time window too.
    pub items: Vec<PlacementItem>,
}

impl Slot {
    /// The items whose time window holds `now` (milliseconds since 1970).
    pub fn items_at(&self, now: i64) -> impl Iterator<Item = &PlacementItem> {
        let is_due = move |item: &&PlacementItem| item.starts_at.is_none_or(|t| t <= now) && item.ends_at.is_none_or(|t| t > now);
        self.items.iter().filter(is_due)
    }
}

/// Nouns of one kind by id and slug, and in order.
#[derive(Debug)]
pub struct Shelf<T> {
    all: Vec<Arc<T>>,
    ids: HashMap<i64, Arc<T>>,
    slugs: HashMap<String, Arc<T>>,
}

impl<T> Shelf<T> {
    fn new(rows: Vec<T>, name: impl Fn(&T) -> (i64, &str)) -> Self {
        let all: Vec<Arc<T>> = rows.into_iter().map(Arc::new).collect();
        let ids = all.iter().map(|row| (name(row).0, Arc::clone(row))).collect();
        let slugs = all.iter().map(|row| (name(row).1.to_owned(), Arc::clone(row))).collect();
        Self { all, ids, slugs }
    }

    /// All of them, in the order readers see.
    pub fn all(&self) -> &[Arc<T>] {
        &self.all
    }

    /// By id.
    pub fn find(&self, id: i64) -> Option<&Arc<T>> {
        self.ids.get(&id)
    }

    /// By the name in its address.
    pub fn find_slug(&self, slug: &str) -> Option<&Arc<T>> {
        self.slugs.get(slug)
    }

    /// Those of `ids` that exist, in that order.
    pub fn list(&self, ids: &[i64]) -> Vec<Arc<T>> {
        ids.iter().filter_map(|id| self.find(*id)).cloned().collect()
    }
}

/// The snapshot.
#[derive(Debug)]
pub struct Catalog {
    /// Another one for each snapshot of this program.
    pub number: u64,
    /// The portal's settings.
    pub site: Site,
    /// The portal's time zone.
    pub zone: Tz,
    /// How its articles' addresses look.
    pub addresses: AddressPattern,
    /// First level of the navigation.
    pub navigation: Vec<Arc<NavigationEntry>>,
    /// Footer pages.
    pub pages: Shelf<Page>,
    /// The channel tree.
    pub channels: Shelf<Channel>,
    /// Topics.
    pub topics: Shelf<Topic>,
    /// Sources.
    pub sources: Shelf<Source>,
    /// Authors.
    pub authors: Shelf<Author>,
    /// Tags, where they are few.
    pub tags: Option<Shelf<Tag>>,
    tag_names: HashMap<String, Arc<Tag>>,
    children: HashMap<Option<i64>, Vec<Arc<Channel>>>,
    slots: HashMap<(Option<i64>, String), Slot>,
}

/// The number of the next snapshot.
static NUMBER: AtomicU64 = AtomicU64::new(1);

impl Catalog {
    /// A snapshot of `rows`. A portal that has no settings yet gets plain ones.
    pub fn new(rows: CatalogRows) -> Self {
        let site = rows.site.unwrap_or_else(unnamed);
        let channels = Shelf::new(rows.channels, |c: &Channel| (c.id, &c.slug));
        let mut children: HashMap<Option<i64>, Vec<Arc<Channel>>> = HashMap::new();
        for channel in channels.all() {
            children.entry(channel.parent_id).or_default().push(Arc::clone(channel));
        }
        let mut items: HashMap<i64, Vec<PlacementItem>> = HashMap::new();
        for item in rows.placement_items {
            items.entry(item.placement_id).or_default().push(item);
        }
        let mut slots: HashMap<(Option<i64>, String), Slot> = HashMap::new();
        for placement in rows.placements {
            let items = items.remove(&placement.id).unwrap_or_default();
            slots.entry((placement.channel_id, placement.slot)).or_insert_with(|| Slot { items: Vec::new() }).items.extend(items);
        }
        let tags = rows.tags.map(|tags| Shelf::new(tags, |t: &Tag| (t.id, &t.slug)));
        let named = tags.iter().flat_map(Shelf::all);
        Self {
            number: NUMBER.fetch_add(1, Ordering::Relaxed),
            zone: site.time_zone.parse().unwrap_or(Tz::UTC),
            addresses: AddressPattern::new(&site.url, &site.article_path),
            site,
            navigation: tree(&rows.navigation, None),
            pages: Shelf::new(rows.pages, |p: &Page| (p.id, &p.slug)),
            channels,
            topics: Shelf::new(rows.topics, |t: &Topic| (t.id, &t.slug)),
            sources: Shelf::new(rows.sources, |s: &Source| (s.id, &s.slug)),
            authors: Shelf::new(rows.authors, |a: &Author| (a.id, &a.slug)),
            tag_names: named.map(|t| (t.name.clone(), Arc::clone(t))).collect(),
            tags,
            children,
            slots,
        }
    }

    /// The channels right below `parent`, or the roots.
    pub fn children(&self, parent: Option<i64>) -> &[Arc<Channel>] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    /// `channel` and everything above it, itself first.
    pub fn ancestors(&self, channel: i64) -> Vec<Arc<Channel>> {
        let mut path: Vec<Arc<Channel>> = Vec::new();
        let mut at = self.channels.find(channel);
        // No more steps than channels, so that a circle in the data cannot hold anyone up.
        while let Some(found) = at.filter(|_| path.len() <= self.channels.all.len()) {
            path.push(Arc::clone(found));
            at = found.parent_id.and_then(|id| self.channels.find(id));
        }
        path
    }

    /// A tag by name, where tags are in the catalog.
    pub fn tag_named(&self, name: &str) -> Option<&Arc<Tag>> {
        self.tag_names.get(name)
    }

    /// A slot of a channel or of the site.
    pub fn slot(&self, channel: Option<i64>, name: &str) -> Option<&Slot> {
        self.slots.get(&(channel, name.to_owned()))
    }

    /// Every slot: its channel, its name and what stands in it.
    pub fn slots(&self) -> impl Iterator<Item = (Option<i64>, &str, &Slot)> {
        self.slots.iter().map(|((channel, name), slot)| (*channel, name.as_str(), slot))
    }

    /// Where a block of `channel` looks for content: the channel, its parents, the site.
    pub fn fallbacks(&self, channel: Option<i64>) -> Vec<(Option<Arc<Channel>>, Scope)> {
        let path = channel.map(|id| self.ancestors(id)).unwrap_or_default();
        let channels = path.into_iter().map(|c| (Some(Arc::clone(&c)), Scope::Channel(c.id)));
        channels.chain([(None, Scope::Site)]).collect()
    }

    /// An absolute address from one that may be a path of the portal.
    pub fn absolute(&self, address: &str) -> String {
        if address.starts_with('/') { format!("{}{address}", self.site.url) } else { address.to_owned() }
    }

    /// What must be said under an article of `source`: its disclaimer, else the portal's.
    pub fn disclaimer<'a>(&'a self, source: Option<&'a Source>) -> Option<&'a str> {
        source.and_then(|source| source.disclaimer.as_deref()).or(self.site.disclaimer.as_deref())
    }

    /// Where an article stands, by the portal's pattern.
    pub fn article_url(&self, id: &str, slug: &str) -> String {
        format!("{}{}", self.site.url, self.site.article_path.replace("{id}", id).replace("{slug}", slug))
    }
}

fn unnamed() -> Site {
    Site {
        id: 1,
        external_id: "site".into(),
        name: "Tidings".into(),
        slogan: None,
        language: "zh-Hans".into(),
        time_zone: "Asia/Shanghai".into(),
        url: "http://localhost".into(),
        article_path: "/a/{id}".into(),
        icp_number: None,
        police_number: None,
        disclaimer: None,
        takedown_contact: None,
        import_hash: 0,
    }
}

/// The navigation below `parent`. An entry whose parent is gone is not shown; a circle never hangs from the root.
fn tree(rows: &[Navigation], parent: Option<i64>) -> Vec<Arc<NavigationEntry>> {
    let below = rows.iter().filter(|row| row.parent_id == parent);
    below.map(|row| Arc::new(NavigationEntry { row: row.clone(), items: tree(rows, Some(row.id)) })).collect()
}
