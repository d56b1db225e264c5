//! Saves drafts in batches of one kind: which are new, changed or unchanged, who refers to whom, which names are taken.
//! A draft that cannot be saved is refused alone; the others of its batch go in.

use std::collections::{BTreeMap, HashMap, HashSet};

use xxhash_rust::xxh3::xxh3_64;

use super::article::{self, Unfinished};
use super::draft::Draft;
use super::noun::{self, Unique};
use crate::db::write::{self, Known, Transaction};
use crate::db::{self, Database, withdrawal};
use crate::error::{Error, Result};
use crate::journal::{self, Entry};

/// A normalised draft with its fingerprint.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// What to save.
    pub draft: Draft,
    /// Fingerprint of everything but the id and, for pages, the time of the change.
    pub hash: i64,
}

impl Incoming {
    /// Normalises `draft`, fills in the site's `language` where an article names none, and takes the fingerprint.
    pub fn new(mut draft: Draft, language: &str) -> Result<Self> {
        draft.normalise()?;
        if let Draft::Article(article) = &mut draft {
            article.language.get_or_insert_with(|| language.to_owned());
        }
        let mut content = draft.clone();
        content.forget_circumstances();
        let bytes = serde_json::to_vec(&content).map_err(Error::internal)?;
        // 0 means incomplete, see `db::write::Known`.
        let hash = i64::from_le_bytes(xxh3_64(&bytes).to_le_bytes());
        Ok(Self { draft, hash: if hash == 0 { 1 } else { hash } })
    }
}

/// What became of a draft.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It has changed.
    Updated,
    /// It was there already, equal.
    Unchanged,
    /// It was not saved, because.
    Refused(Error),
}

/// The names of records that have been looked up: (kind, external id) → id.
pub type References = HashMap<(&'static str, String), i64>;

/// A desk at which a writer saves batch after batch. Keeps what it has learnt between batches.
pub struct Desk {
    db: Database,
    actor: String,
    references: References,
    /// Who stands below whom, in the trees of channels and of the navigation.
    pub(super) parents: HashMap<(&'static str, i64), Option<i64>>,
    /// Articles that get their pins, and with them their fingerprint, at the end; by id.
    pub(super) unfinished: BTreeMap<i64, Unfinished>,
    /// Channels that have moved, with the fingerprint they get once their articles' lists are right.
    pub(super) moved: HashMap<i64, i64>,
}

/// A draft that will be written: its number in the batch, its id, and whether the id is new.
pub(super) struct Planned<'a> {
    pub index: usize,
    pub id: i64,
    pub is_new: bool,
    /// An earlier write of it was not finished.
    pub was_incomplete: bool,
    pub incoming: &'a Incoming,
}

/// Lines of a batch that are saved together.
struct Part {
    /// Their numbers in the batch, in order.
    lines: Vec<usize>,
    /// Whether one may wait for what another gives up.
    may_wait: bool,
}

/// Kinds whose ids are kept between batches; a portal has few of each.
const REFERENCE_KINDS: &[&str] =
    &["site", "channel", "source", "author", "topic", "page", "navigation", "tag", "placement", "redirect"];

impl Desk {
    /// A desk for `actor`, such as `import`.
    pub async fn open(db: &Database, actor: &str) -> Result<Self> {
        Ok(Self {
            db: db.clone(),
            actor: actor.to_owned(),
            references: References::new(),
            parents: load_parents(db).await?,
            unfinished: BTreeMap::new(),
            moved: HashMap::new(),
        })
    }

    /// Saves `batch`, whose drafts are of one kind with different external ids, at `now` (milliseconds since 1970), in one
    /// transaction where nothing speaks against it. The answer has an outcome for each.
    ///
    /// A draft that wants what another of the batch gives up waits until that is done, so that the order of lines does not
    /// matter. What the database refuses, although it passed every check here, is found by halves; the rest goes in.
    pub async fn save(&mut self, batch: &[Incoming], now: i64) -> Result<Vec<Outcome>> {
        let mut outcomes: Vec<Outcome> = vec![Outcome::Unchanged; batch.len()];
        // What is still to be saved; the next part last.
        let mut parts = vec![Part { lines: (0..batch.len()).collect(), may_wait: true }];
        while let Some(part) = parts.pop().filter(|part| !part.lines.is_empty()) {
            let moved = self.moved.clone();
            match self.save_part(batch, &part, now, &mut outcomes).await {
                Ok(waiting) if waiting.is_empty() => {}
                // Where all wait, they wait for each other.
                Ok(waiting) => parts.push(Part { may_wait: waiting.len() < part.lines.len(), lines: waiting }),
                Err(error @ Error::Conflict(_)) => {
                    self.moved = moved;
                    self.forget().await?;
                    if let [index] = part.lines[..] {
                        outcomes[index] = Outcome::Refused(error);
                    } else {
                        let (first, second) = part.lines.split_at(part.lines.len() / 2);
                        parts.extend([second, first].map(|lines| Part { lines: lines.to_vec(), ..part }));
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Ok(outcomes)
    }

    /// Drops what was learnt in a transaction that came to nothing.
    async fn forget(&mut self) -> Result<()> {
        self.references.clear();
        self.parents = load_parents(&self.db).await?;
        Ok(())
    }

    /// Saves a part of `batch` in one transaction. Returns the lines that wait for others of it.
    async fn save_part(&mut self, batch: &[Incoming], part: &Part, now: i64, outcomes: &mut [Outcome]) -> Result<Vec<usize>> {
        let Some(kind) = part.lines.first().map(|index| batch[*index].draft.kind()) else { return Ok(Vec::new()) };
        let on = write::begin(&self.db).await?;
        let (mut plan, mut waiting) = self.plan(&on, kind, batch, part, outcomes).await?;
        if kind == "article" {
            keep_withdrawn(&on, &mut plan, outcomes).await?;
        }
        waiting.extend(settle_names(&on, kind, part.may_wait, &mut plan, outcomes).await?);
        waiting.sort_unstable();
        if kind == "article" {
            self.create_tags(&on, &plan, now).await?;
        }
        self.resolve(&on, &plan).await?;
        plan.retain(|p| match noun::check(&p.incoming.draft, &self.references).and_then(|()| self.check_tree(p)) {
            Ok(()) => true,
            Err(error) => {
                outcomes[p.index] = Outcome::Refused(error);
                false
            }
        });
        assign_ids(&on, kind, &mut plan).await?;
        for p in &plan {
            outcomes[p.index] = if p.is_new { Outcome::Created } else { Outcome::Updated };
        }
        let mut unfinished = Vec::new();
        if kind == "article" {
            unfinished = article::write(self, &on, &plan, now).await?;
        } else {
            noun::write(self, &on, kind, &plan, now).await?;
        }
        journal::append(&on, &self.entries(kind, &plan, now)).await?;
        write::commit(&self.db, on).await?;
        if kind == "article" {
            for p in &plan {
                self.unfinished.remove(&p.id);
            }
            self.unfinished.extend(unfinished);
            if plan.iter().any(|p| !p.is_new) {
                // Changed articles may have lost tags, or be drafts now: the rest is related to what the rows say.
            }
        }
        if kind == "tag" {
            // A tag that has another name now is not found by the old one.
            let written: HashSet<i64> = plan.iter().map(|p| p.id).collect();
            self.references.retain(|(kind, _), id| *kind != "tag" || !written.contains(id));
        }
        for p in &plan {
            // Articles and media are looked up per batch: a portal has millions.
            if REFERENCE_KINDS.contains(&kind) {
                let name = tag_name(p.incoming).unwrap_or(p.incoming.draft.external_id());
                self.references.insert((kind, name.to_owned()), p.id);
            }
        }
        self.references.retain(|(kind, _), _| REFERENCE_KINDS.contains(kind));
        Ok(waiting)
    }

    /// Ends a series of batches: sees to pins that came later, and moves articles whose channel has moved.
    /// Returns the external ids of pinned articles that never came, each with the article that names it.
    pub async fn finish(&mut self, now: i64) -> Result<Vec<(String, String)>> {
        let missing = article::finish(self, now).await?;
        article::relist(self, now).await?;
        Ok(missing)
    }

    /// Refuses a record that would stand below itself.
    fn check_tree(&self, planned: &Planned<'_>) -> Result<()> {
        let (kind, parent) = match &planned.incoming.draft {
            Draft::Channel(d) => ("channel", &d.parent),
            Draft::Navigation(d) => ("navigation", &d.parent),
            _ => return Ok(()),
        };
        let parent = parent.as_ref().and_then(|name| self.id_of(kind, name));
        if planned.id != 0 && self.ancestors(kind, parent).contains(&planned.id) {
            return Err(Error::invalid("parent", "stands below this record itself"));
        }
        Ok(())
    }

    pub(super) fn id_of(&self, kind: &'static str, name: &str) -> Option<i64> {
        self.references.get(&(kind, name.to_owned())).copied()
    }

    /// The name of a tag that is known here.
    pub(super) fn tag_name(&self, id: i64) -> Option<String> {
        self.references.iter().find(|((kind, _), known)| *kind == "tag" && **known == id).map(|((_, name), _)| name.clone())
    }

    pub(super) fn actor(&self) -> &str {
        &self.actor
    }

    pub(super) fn database(&self) -> &Database {
        &self.db
    }

    fn entries(&self, kind: &str, plan: &[Planned<'_>], now: i64) -> Vec<Entry> {
        let action = |p: &Planned<'_>| match (&p.incoming.draft, p.is_new) {
            (Draft::Article(a), true) if a.status.as_deref() == Some("published") => "article.published".to_owned(),
            (Draft::Article(a), _) if a.withdrawal.is_some() => "article.withdrawn".to_owned(),
            (_, true) => format!("{kind}.created"),
            (_, false) => format!("{kind}.changed"),
        };
        plan.iter().map(|p| self.entry(now, &action(p), kind, (p.id, p.incoming.hash))).collect()
    }

    /// What the journal says of `action` on a record (id, fingerprint of its new state).
    pub(super) fn entry(&self, now: i64, action: &str, kind: &str, (entity_id, revision): (i64, i64)) -> Entry {
        let (actor, action, entity) = (self.actor.clone(), action.to_owned(), kind.to_owned());
        Entry { at: now, actor, action, entity, entity_id, revision, payload: None }
    }

    /// Learns the ids of everything that the plan refers to.
    async fn resolve(&mut self, on: &Transaction, plan: &[Planned<'_>]) -> Result<()> {
        let mut wanted: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for p in plan {
            noun::references(&p.incoming.draft, |_, kind, name| {
                if !self.references.contains_key(&(kind, name.to_owned())) {
                    wanted.entry(kind).or_default().insert(name.to_owned());
                }
            });
        }
        for (kind, names) in wanted {
            let names: Vec<String> = names.into_iter().collect();
            // Articles name their tags; everything else is named by its external id.
            let column = if kind == "tag" { "name" } else { "external_id" };
            for known in write::find(on, kind, column, &names).await? {
                self.references.insert((kind, known.name), known.id);
            }
        }
        Ok(())
    }

    /// Tags that articles name for the first time come into being.
    async fn create_tags(&mut self, on: &Transaction, plan: &[Planned<'_>], now: i64) -> Result<()> {
        let mut names: Vec<String> = Vec::new();
        let mut seen = HashSet::new();
        for p in plan {
            if let Draft::Article(article) = &p.incoming.draft {
                let unknown = article.tags.iter().filter(|t| !self.references.contains_key(&("tag", (*t).clone())));
                names.extend(unknown.filter(|t| seen.insert((*t).clone())).cloned());
            }
        }
        for known in write::find(on, "tag", "name", &names).await? {
            self.references.insert(("tag", known.name), known.id);
        }
        names.retain(|n| !self.references.contains_key(&("tag", n.clone())));
        let created = noun::create_tags(on, &names).await?;
        let entry = |tag: &db::Tag| self.entry(now, "tag.created", "tag", (tag.id, tag.import_hash));
        let entries: Vec<Entry> = created.iter().filter(|(_, is_new)| *is_new).map(|(tag, _)| entry(tag)).collect();
        journal::append(on, &entries).await?;
        self.references.extend(created.into_iter().map(|(tag, _)| (("tag", tag.name), tag.id)));
        Ok(())
    }

    /// Sorts out what is unchanged, and refuses ids that belong to somebody else. Returns what is to be written, and the
    /// lines that wait because an earlier one is about to change their record: a tag that one line knows by its external id
    /// and another takes over by its name.
    async fn plan<'a>(
        &self,
        on: &Transaction,
        kind: &str,
        batch: &'a [Incoming],
        part: &Part,
        outcomes: &mut [Outcome],
    ) -> Result<(Vec<Planned<'a>>, Vec<usize>)> {
        let lines = || part.lines.iter().map(|index| &batch[*index]);
        let names: Vec<String> = lines().map(|i| i.draft.external_id().to_owned()).collect();
        let known = by_name(write::find(on, kind, "external_id", &names).await?);
        let asked: Vec<i64> = lines().filter_map(|i| i.draft.id()).collect();
        let owners: HashMap<i64, String> = write::owners(on, kind, &asked).await?.into_iter().collect();
        let adopted = by_name(bare_tags(on, lines()).await?);
        let (mut plan, mut waiting) = (Vec::with_capacity(part.lines.len()), Vec::new());
        let (mut taken, mut planned) = (HashSet::new(), HashSet::new());
        for (index, incoming) in part.lines.iter().copied().zip(lines()) {
            let (name, asked) = (incoming.draft.external_id(), incoming.draft.id());
            let bare = tag_name(incoming).and_then(|name| adopted.get(name)).filter(|tag| asked.is_none_or(|id| id == tag.id));
            match (known.get(name).or(bare), asked) {
                (Some(old), Some(id)) if old.id != id => {
                    let message = format!("this record has the id {} already", old.id);
                    outcomes[index] = Outcome::Refused(Error::invalid("id", message));
                }
                (Some(old), _) if old.import_hash == incoming.hash => {}
                // The same line again, before the end of its series.
                (Some(old), _) if kind == "article" && self.unfinished.get(&old.id).is_some_and(|a| a.hash == incoming.hash) => {}
                (Some(old), _) if planned.insert(old.id) => {
                    plan.push(Planned { index, id: old.id, is_new: false, was_incomplete: old.import_hash == 0, incoming });
                }
                (Some(_), _) if part.may_wait => waiting.push(index),
                (Some(old), _) => {
                    let message = format!("another line takes over {kind} {:?}", old.external_id);
                    outcomes[index] = Outcome::Refused(Error::invalid("externalId", message));
                }
                (None, Some(id)) if owners.contains_key(&id) || !taken.insert(id) => {
                    let owner = owners.get(&id).map_or("another line", String::as_str);
                    outcomes[index] = Outcome::Refused(Error::invalid("id", format!("{id} belongs to {owner:?}")));
                }
                (None, asked) => {
                    plan.push(Planned { index, id: asked.unwrap_or(0), is_new: true, was_incomplete: false, incoming });
                }
            }
        }
        Ok((plan, waiting))
    }
}

/// Refuses to bring back what was withdrawn: a line that knows nothing of it is older than that.
async fn keep_withdrawn(on: &Transaction, plan: &mut Vec<Planned<'_>>, outcomes: &mut [Outcome]) -> Result<()> {
    let ids: Vec<i64> = plan.iter().filter(|p| !p.is_new).map(|p| p.id).collect();
    let states = withdrawal::lock(on, &ids).await?;
    let withdrawn: HashSet<i64> = states.into_iter().filter(|(_, state)| state == "withdrawn").map(|(id, _)| id).collect();
    plan.retain(|p| {
        let says_so = matches!(&p.incoming.draft, Draft::Article(draft) if draft.withdrawal.is_some());
        if says_so || !withdrawn.contains(&p.id) {
            return true;
        }
        let message = "this article was withdrawn; restore it first (restoreArticle)";
        outcomes[p.index] = Outcome::Refused(Error::invalid("status", message));
        false
    });
    Ok(())
}

/// Who stands below whom, by kind and id.
async fn load_parents(db: &Database) -> Result<HashMap<(&'static str, i64), Option<i64>>> {
    let rows = db::load_catalog(db).await?;
    let channels = rows.channels.iter().map(|c| (("channel", c.id), c.parent_id));
    let navigation = rows.navigation.iter().map(|n| (("navigation", n.id), n.parent_id));
    Ok(channels.chain(navigation).collect())
}

fn tag_name(incoming: &Incoming) -> Option<&str> {
    if let Draft::Tag(tag) = &incoming.draft { Some(&tag.name) } else { None }
}

/// Tags of the batch that came into being as bare names in articles: a tag's own line takes them over.
async fn bare_tags(on: &Transaction, batch: impl Iterator<Item = &Incoming>) -> Result<Vec<Known>> {
    let names: Vec<String> = batch.filter_map(tag_name).map(str::to_owned).collect();
    Ok(write::find(on, "tag", "name", &names).await?.into_iter().filter(|t| t.import_hash == 0).collect())
}

fn by_name(known: Vec<Known>) -> HashMap<String, Known> {
    known.into_iter().map(|k| (k.name.clone(), k)).collect()
}

/// Who has a name in the database.
struct Owner {
    kind: &'static str,
    name: String,
    /// The line of the plan that writes it anew, by its number in the batch.
    line: Option<usize>,
}

/// Refuses drafts whose slug, number or address is somebody else's, in the database or earlier in the plan. Returns the
/// lines that wait, if they `may_wait`, because whoever has the name gives it up in this plan.
async fn settle_names(
    on: &Transaction,
    kind: &'static str,
    may_wait: bool,
    plan: &mut Vec<Planned<'_>>,
    outcomes: &mut [Outcome],
) -> Result<Vec<usize>> {
    let wanted: HashMap<usize, Vec<Unique>> = plan.iter().map(|p| (p.index, noun::unique(&p.incoming.draft))).collect();
    let owners = owners_of(on, kind, plan, wanted.values().flatten()).await?;
    let owner_of = |name: &Unique| owners.get(name.column).and_then(|owners| owners.get(&name.value));
    let mut claimed: HashMap<(&'static str, &str), &str> = HashMap::new();
    let mut waiting = Vec::new();
    plan.retain(|p| {
        let own = p.incoming.draft.external_id();
        let names = wanted.get(&p.index).map_or(&[][..], Vec::as_slice);
        for unique in names {
            let key = (unique.column, unique.value.as_str());
            let owner = owner_of(unique).filter(|owner| owner.line != Some(p.index));
            let earlier = claimed.get(&key).map(|name| (kind, *name));
            let Some((kind, name)) = owner.map(|o| (o.kind, o.name.as_str())).or(earlier) else { continue };
            let giver = owner.and_then(|owner| owner.line).and_then(|line| wanted.get(&line));
            let is_given_up = giver.is_some_and(|names| !names.iter().any(|n| (n.column, n.value.as_str()) == key));
            if is_given_up && may_wait {
                waiting.push(p.index);
            } else {
                let advice = if is_given_up { "it waits for a name itself, so free one first" } else { "choose another" };
                let message = format!("{:?} belongs to {kind} {name:?}; {advice}", unique.value);
                outcomes[p.index] = Outcome::Refused(Error::invalid(unique.field.as_str(), message));
            }
            return false;
        }
        claimed.extend(names.iter().map(|n| ((n.column, n.value.as_str()), own)));
        true
    });
    Ok(waiting)
}

/// Who has these names in the database, by column and name.
async fn owners_of(
    on: &Transaction,
    kind: &'static str,
    plan: &[Planned<'_>],
    wanted: impl Iterator<Item = &Unique>,
) -> Result<HashMap<&'static str, HashMap<String, Owner>>> {
    let mut names: HashMap<(&'static str, &'static str), Vec<String>> = HashMap::new();
    for unique in wanted {
        names.entry((unique.table, unique.column)).or_default().push(unique.value.clone());
    }
    let by_id: HashMap<i64, usize> = plan.iter().filter(|p| !p.is_new).map(|p| (p.id, p.index)).collect();
    let by_name: HashMap<&str, usize> = plan.iter().map(|p| (p.incoming.draft.external_id(), p.index)).collect();
    let mut owners: HashMap<&'static str, HashMap<String, Owner>> = HashMap::new();
    for ((table, column), names) in names {
        for known in write::find(on, table, column, &names).await? {
            // Articles keep their old addresses in rows of their own.
            let is_address = table == "redirect";
            let (owner, name) = if is_address { article::address_owner(&known.external_id) } else { (kind, &*known.external_id) };
            let by_name = || by_name.get(name).copied().filter(|_| owner == kind);
            let line = if table == kind { by_id.get(&known.id).copied() } else { by_name() };
            let owner = Owner { kind: owner, name: name.to_owned(), line };
            owners.entry(column).or_default().insert(known.name, owner);
        }
    }
    Ok(owners)
}

/// Gives new drafts their ids: those they ask for, else the next.
async fn assign_ids(on: &Transaction, kind: &str, plan: &mut [Planned<'_>]) -> Result<()> {
    let highest = plan.iter().filter(|p| p.is_new).map(|p| p.id).max().unwrap_or(0);
    if highest > 0 {
        write::raise_ids(on, kind, highest).await?;
    }
    let missing = plan.iter().filter(|p| p.id == 0).count();
    if missing == 0 {
        return Ok(());
    }
    let mut next = write::reserve_ids(on, kind, i64::try_from(missing).map_err(Error::internal)?).await?;
    for p in plan.iter_mut().filter(|p| p.id == 0) {
        p.id = next;
        next += 1;
    }
    Ok(())
}
