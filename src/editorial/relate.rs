//! Related items in their rows: below 0 what editors have blocked, then what they have pinned, then what was found, best first.
//! Invariant: nothing twice, and nothing that is blocked.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::content::Content;
use super::manuscript::content;
use crate::db::manuscript::{self, Wait};
use crate::db::write::{self, Transaction};
use crate::db::{Database, Manuscript, Reason, rows};
use crate::error::Result;
use crate::journal::{self, Entry};
use crate::related::{KEPT, Relation};

/// What editors say of an article's related items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// In order.
    pub pins: Vec<i64>,
    /// What is not to be shown.
    pub blocks: Vec<i64>,
}

impl Choice {
    /// What `rows`, in any order, say.
    pub fn of(rows: &[rows::Related]) -> Self {
        let mut rows: Vec<&rows::Related> = rows.iter().collect();
        rows.sort_unstable_by_key(|row| row.position);
        let with = |reason: Reason| rows.iter().filter(|row| row.reason == reason.word()).map(|row| row.related_id).collect();
        let (pins, mut blocks): (Vec<i64>, Vec<i64>) = (with(Reason::Editor), with(Reason::Blocked));
        // They count downwards.
        blocks.reverse();
        Self { pins, blocks }
    }

    /// The rows of `article`, to which `found` is related. What is pinned and blocked is pinned.
    pub(super) fn rows(&self, article: i64, found: &[Relation]) -> Vec<rows::Related> {
        let row = |(position, related_id): (i64, i64), reason: Reason, score: f64, terms: &[String]| rows::Related {
            article_id: article,
            position,
            related_id,
            reason: reason.word().to_owned(),
            score,
            terms: serde_json::to_string(terms).unwrap_or_default(),
        };
        let mut seen = HashSet::from([article]);
        let pins: Vec<i64> = self.pins.iter().copied().filter(|id| seen.insert(*id)).collect();
        let blocks: Vec<i64> = self.blocks.iter().copied().filter(|id| seen.insert(*id)).collect();
        let found: Vec<&Relation> = found.iter().filter(|relation| seen.insert(relation.article)).take(KEPT).collect();
        let first = i64::try_from(pins.len()).unwrap_or(i64::MAX);
        let blocked = (1..).zip(blocks).map(|(number, id)| row((-number, id), Reason::Blocked, 0.0, &[]));
        let pinned = (0..).zip(pins).map(|place| row(place, Reason::Editor, 0.0, &[]));
        let found = (first..).zip(found).map(|(at, r)| row((at, r.article), r.reason, r.score, &r.terms));
        blocked.chain(pinned).chain(found).collect()
    }
}

impl From<Content> for Choice {
    fn from(content: Content) -> Self {
        Self { pins: content.related, blocks: content.unrelated }
    }
}

/// What was found for an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The article.
    pub article: i64,
    /// Equal for articles with one text; 0 for no other.
    pub cluster: i64,
    /// Best first.
    pub relations: Vec<Relation>,
}

/// Whose work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// That of the journal's reader `name`, on the entries behind `from` up to `to`.
    Journal {
        /// Of the reader.
        name: &'a str,
        /// An entry.
        from: i64,
        /// A later entry.
        to: i64,
        /// Everything is to be found anew after it.
        again: bool,
    },
    /// The work `name` on all articles, from below number `from` down to `to`.
    Backlog {
        /// Of the work.
        name: &'a str,
        /// Number of an article.
        from: i64,
        /// A smaller number.
        to: i64,
    },
}

impl Progress<'_> {
    /// Writes it down; false if somebody else has done it.
    async fn note(self, on: &Transaction) -> Result<bool> {
        match self {
            Self::Journal { name, from, to, again } => {
                if again {
                    write::work_again(on, name).await?;
                }
                journal::advance(on, name, from, to).await
            }
            Self::Backlog { name, from, to } => write::work_off(on, name, from, to).await,
        }
    }
}

/// How far work `name` on all articles has come: those with numbers below this are to be done.
pub async fn backlog(db: &Database, name: &str) -> Result<i64> {
    let on = write::begin(db).await?;
    let below = write::backlog(&on, name).await?;
    write::commit(db, on).await?;
    Ok(below)
}

/// Writes down what was found, and lets `neighbours` know those that have found them. False if somebody else has done it.
pub async fn relate(db: &Database, found: &[Found], neighbours: &BTreeSet<i64>, progress: Progress<'_>) -> Result<bool> {
    let on = write::begin(db).await?;
    if !progress.note(&on).await? {
        return Ok(false);
    }
    let found: HashMap<i64, &Found> = found.iter().map(|found| (found.article, found)).collect();
    let mut all: Vec<i64> = found.keys().copied().chain(neighbours.iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    // In the order of their numbers, as everybody does.
    let locked = manuscript::lock(&on, &all, Wait::Patiently).await?;
    let mut old: HashMap<i64, Vec<rows::Related>> = HashMap::new();
    for row in write::rows_in::<rows::Related>(&on, "article_id", &all).await? {
        old.entry(row.article_id).or_default().push(row);
    }
    let choices = choices(&on, &locked, &old).await?;
    let clusters = clusters(&on, &old, neighbours).await?;
    let (mut gone, mut related, mut entries) = (Vec::new(), Vec::new(), Vec::new());
    for (row, paper) in &locked {
        let before = old.remove(&row.id).unwrap_or_default();
        let choice = &choices[&row.id];
        let after = match found.get(&row.id) {
            Some(found) => choice.rows(row.id, &found.relations),
            None => choice.rows(row.id, &meet(row, &before, &found, &clusters)),
        };
        if !is_same(&before, &after) {
            gone.push(row.id);
            related.extend(after);
            entries.push(entry(row.id, paper));
        }
    }
    write::delete(&on, "related", "article_id", &gone).await?;
    write::insert(&on, &related).await?;
    // Last: who waits for the journal must hold nothing that others need for it.
    journal::append(&on, &entries).await?;
    write::commit(db, on).await?;
    Ok(true)
}

fn entry(article: i64, paper: &Manuscript) -> Entry {
    Entry {
        at: paper.changed_at,
        actor: "system".into(),
        action: "article.related".into(),
        entity: "article".into(),
        entity_id: article,
        revision: paper.live,
        payload: None,
    }
}

/// What editors say of each of the articles: what readers see of them says it, or else their rows do.
async fn choices(
    on: &Transaction,
    locked: &[(rows::Article, Manuscript)],
    old: &HashMap<i64, Vec<rows::Related>>,
) -> Result<HashMap<i64, Choice>> {
    let live: Vec<(i64, i64)> = locked.iter().filter(|(_, p)| p.live > 0).map(|(_, p)| (p.article_id, p.live)).collect();
    let live = write::revisions_in(on, &live).await?;
    let mut choices = HashMap::with_capacity(locked.len());
    for (row, _) in locked {
        let revision = live.iter().find(|r| r.article_id == row.id).map(content).transpose()?;
        let kept = || Choice::of(old.get(&row.id).map_or(&[][..], Vec::as_slice));
        choices.insert(row.id, revision.map_or_else(kept, Choice::from));
    }
    Ok(choices)
}

/// The clusters of the articles that are related to `neighbours` already.
async fn clusters(
    on: &Transaction,
    old: &HashMap<i64, Vec<rows::Related>>,
    neighbours: &BTreeSet<i64>,
) -> Result<HashMap<i64, i64>> {
    let items: BTreeSet<i64> = neighbours.iter().filter_map(|id| old.get(id)).flatten().map(|row| row.related_id).collect();
    let items: Vec<i64> = items.into_iter().collect();
    Ok(write::text_keys(on, &items).await?.into_iter().filter(|(_, cluster)| *cluster != 0).collect())
}

/// What is related to neighbour `row` now that `found` has come: what was, and those that have found it, as much as they have. Of one text one.
fn meet(
    row: &rows::Article,
    before: &[rows::Related],
    found: &HashMap<i64, &Found>,
    clusters: &HashMap<i64, i64>,
) -> Vec<Relation> {
    let cluster = |id: i64| clusters.get(&id).copied().unwrap_or(0);
    let relation = |old: &rows::Related| Relation {
        article: old.related_id,
        cluster: cluster(old.related_id),
        reason: Reason::read(&old.reason).unwrap_or(Reason::SharedTags),
        score: old.score,
        terms: serde_json::from_str(&old.terms).unwrap_or_default(),
    };
    let is_found = |old: &&rows::Related| ![Reason::Editor.word(), Reason::Blocked.word()].contains(&old.reason.as_str());
    let mut relations: Vec<Relation> = before.iter().filter(is_found).map(relation).collect();
    let mut texts: HashSet<i64> = before.iter().map(|old| cluster(old.related_id)).chain([row.text_key]).collect();
    texts.remove(&0);
    for (article, found) in found {
        let Some(back) = found.relations.iter().find(|relation| relation.article == row.id) else { continue };
        if let Some(known) = relations.iter_mut().find(|relation| relation.article == *article) {
            *known = Relation { article: *article, cluster: found.cluster, ..back.clone() };
        } else if found.cluster == 0 || texts.insert(found.cluster) {
            relations.push(Relation { article: *article, cluster: found.cluster, ..back.clone() });
        }
    }
    relations.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| b.article.cmp(&a.article)));
    relations
}

/// Whether the same items stand in the same order for the same reasons.
fn is_same(before: &[rows::Related], after: &[rows::Related]) -> bool {
    let key = |row: &rows::Related| (row.position, row.related_id, row.reason.clone(), row.terms.clone());
    let keys = |rows: &[rows::Related]| {
        let mut keys: Vec<_> = rows.iter().map(key).collect();
        keys.sort_unstable();
        keys
    };
    keys(before) == keys(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(article: i64, cluster: i64, score: f64) -> Relation {
        Relation { article, cluster, reason: Reason::SharedTerms, score, terms: vec!["氢能".into()] }
    }

    fn ids(rows: &[rows::Related]) -> Vec<(i64, i64)> {
        rows.iter().map(|row| (row.position, row.related_id)).collect()
    }

    #[test]
    fn pins_come_first_and_nothing_comes_twice() {
        let choice = Choice { pins: vec![5, 1, 5, 6], blocks: vec![7, 6, 8] };
        let found: Vec<Relation> = [6, 7, 5, 9, 1, 10].map(|id| relation(id, 0, 0.5)).to_vec();
        let rows = choice.rows(1, &found);
        assert_eq!(ids(&rows), [(-1, 7), (-2, 8), (0, 5), (1, 6), (2, 9), (3, 10)]);
        let read = Choice::of(&rows);
        assert_eq!(read, Choice { pins: vec![5, 6], blocks: vec![7, 8] }, "what is pinned is not blocked");
        assert_eq!(Choice::default().rows(1, &(2..60).map(|id| relation(id, 0, 0.5)).collect::<Vec<_>>()).len(), KEPT);
    }

    #[test]
    fn neighbours_take_up_what_is_more_related_than_what_they_have() {
        let row = crate::editorial::live::blank(1, "one".into(), 0);
        let before = Choice { pins: vec![50], blocks: vec![60] }.rows(1, &[relation(2, 0, 0.5), relation(3, 7, 0.2)]);
        let come =
            |article, cluster, score| Found { article, cluster, relations: vec![relation(99, 0, 0.9), relation(1, 0, score)] };
        let all = [come(10, 0, 0.3), come(11, 7, 0.4), come(12, 8, 0.1), come(13, 8, 0.1), come(3, 7, 0.6)];
        let clusters = HashMap::from([(3, 7)]);
        let meets = |some: &[Found]| -> Vec<i64> {
            let found = some.iter().map(|found| (found.article, found)).collect();
            meet(&row, &before, &found, &clusters).iter().map(|relation| relation.article).collect()
        };
        assert_eq!(meets(&all[..1]), [2, 10, 3]);
        assert_eq!(meets(&all[1..2]), [2, 3], "its text is there already");
        assert_eq!(meets(&all[2..4]).len(), 3, "of two with one text one");
        assert_eq!(meets(&all[4..]), [3, 2], "what is there is judged anew");
    }
}
