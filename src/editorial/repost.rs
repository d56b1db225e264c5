//! Clusters: articles that are one text, more or less. The original is the one that was published first; all of a cluster have one
//! `text_key`, so that rankings, lists and search know them as one.
//! Invariant: a cluster has two articles or more, its original among them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::db::manuscript::{self, Wait};
use crate::db::write::{self, Transaction};
use crate::db::{Database, Manuscript, Repost, rows};
use crate::error::Result;
use crate::journal::{self, Entry};

/// What an article shares with others.
#[derive(Clone, Debug, PartialEq)]
pub struct Copies {
    /// The article.
    pub article: i64,
    /// The key of its own text.
    pub text_key: i64,
    /// Articles with the same text, more or less, each with how much of one stands in the other, 0 to 1.
    pub matches: Vec<(i64, f64)>,
}

/// Puts articles into the clusters where they belong now, and out of those where they do not. `turn` is the name of the work: two
/// programs do it one after the other. Returns the cluster of each.
pub async fn cluster(db: &Database, copies: &[Copies], turn: &str) -> Result<HashMap<i64, i64>> {
    if copies.is_empty() {
        return Ok(HashMap::new());
    }
    let on = write::begin(db).await?;
    write::take_turn(&on, turn).await?;
    let named: BTreeSet<i64> =
        copies.iter().flat_map(|c| c.matches.iter().map(|(article, _)| *article).chain([c.article])).collect();
    let named: Vec<i64> = named.into_iter().collect();
    let known = write::rows_in::<Repost>(&on, "article_id", &named).await?;
    let all: BTreeSet<i64> = named.iter().copied().chain(known.iter().map(|row| row.original_id)).collect();
    let all: Vec<i64> = all.into_iter().collect();
    // In the order of their numbers, as everybody does.
    let locked = manuscript::lock(&on, &all, Wait::Patiently).await?;
    let papers: HashMap<i64, (rows::Article, Manuscript)> = locked.into_iter().map(|pair| (pair.0.id, pair)).collect();
    let mut clusters = Clusters { on: &on, papers, changed: BTreeMap::new() };
    for copies in copies {
        clusters.place(copies).await?;
    }
    let Clusters { papers, changed, .. } = clusters;
    let entry = |(article, by): (&i64, &(i64, i64))| Entry {
        at: papers.get(article).map_or(by.0, |(_, paper)| paper.changed_at),
        actor: "system".into(),
        action: "article.clustered".into(),
        entity: "article".into(),
        entity_id: *article,
        revision: papers.get(article).map_or(by.1, |(_, paper)| paper.live),
        payload: None,
    };
    // Last: who waits for the journal must hold nothing that others need for it.
    journal::append(&on, &changed.iter().map(entry).collect::<Vec<Entry>>()).await?;
    write::commit(db, on).await?;
    Ok(copies.iter().filter_map(|copies| Some((copies.article, papers.get(&copies.article)?.0.text_key))).collect())
}

struct Clusters<'a> {
    on: &'a Transaction,
    papers: HashMap<i64, (rows::Article, Manuscript)>,
    /// Articles that have come into another cluster or out of one, with the time and the revision of whoever brought that about.
    changed: BTreeMap<i64, (i64, i64)>,
}

impl Clusters<'_> {
    async fn place(&mut self, copies: &Copies) -> Result<()> {
        let Some((_, paper)) = self.papers.get(&copies.article) else { return Ok(()) };
        let by = (paper.changed_at, paper.live);
        let matches: Vec<(i64, f64)> =
            copies.matches.iter().copied().filter(|(article, _)| self.papers.contains_key(article)).collect();
        let ids: Vec<i64> = matches.iter().map(|(article, _)| *article).chain([copies.article]).collect();
        let rows: HashMap<i64, Repost> =
            write::rows_in::<Repost>(self.on, "article_id", &ids).await?.into_iter().map(|row| (row.article_id, row)).collect();
        let own = rows.get(&copies.article);
        let stays = own.is_some_and(|own| {
            matches.iter().any(|(article, _)| rows.get(article).is_some_and(|row| row.original_id == own.original_id))
        });
        if let Some(own) = own.filter(|_| !stays) {
            self.leave(own, copies.text_key, by).await?;
        }
        if matches.is_empty() {
            return Ok(());
        }
        // What is one now: each cluster by its original, and those that were in none.
        let mut heads: BTreeSet<i64> =
            matches.iter().map(|(article, _)| rows.get(article).map_or(*article, |row| row.original_id)).collect();
        heads.extend((!stays).then_some(copies.article));
        let first = |article: &i64| (self.papers.get(article).map_or(i64::MAX, |(row, _)| row.published_at), *article);
        let Some(original) = heads.iter().copied().min_by_key(first) else { return Ok(()) };
        // A cluster that is there keeps its key, so that its articles stay as they are.
        let is_meant = |row: &&Repost| row.article_id != copies.article || stays;
        let cluster_of = |head: i64| rows.values().filter(is_meant).find(|row| row.original_id == head).map(|row| row.cluster);
        let key = cluster_of(original).or_else(|| heads.iter().find_map(|head| cluster_of(*head)));
        let key = key.unwrap_or_else(|| self.own_key(original, copies));
        let best = matches.iter().map(|(_, likeness)| *likeness).fold(0.0, f64::max);
        let likeness = |article: i64| matches.iter().find(|(other, _)| *other == article).map_or(best, |(_, likeness)| *likeness);
        for head in heads {
            if cluster_of(head).is_none() {
                let (article_id, text_key) = (head, self.own_key(head, copies));
                let row = Repost { article_id, original_id: original, cluster: key, likeness: likeness(head), text_key };
                write::replace(self.on, &["article_id"], &[row]).await?;
                self.set_key(head, key, by).await?;
            } else if head != original {
                self.move_cluster(head, original, key, by).await?;
            }
        }
        if stays {
            write::set_own_text(self.on, copies.article, likeness(copies.article), copies.text_key).await?;
            if self.text_key(copies.article) != key {
                self.set_key(copies.article, key, by).await?;
            }
        }
        Ok(())
    }

    async fn move_cluster(&mut self, from: i64, to: i64, key: i64, by: (i64, i64)) -> Result<()> {
        for article in write::move_cluster(self.on, from, to, key).await? {
            self.note(article, key);
            self.changed.insert(article, by);
        }
        Ok(())
    }

    fn text_key(&self, article: i64) -> i64 {
        self.papers.get(&article).map_or(0, |(row, _)| row.text_key)
    }

    /// The key of the text of an article that is in no cluster.
    fn own_key(&self, article: i64, copies: &Copies) -> i64 {
        if article == copies.article { copies.text_key } else { self.text_key(article) }
    }

    fn note(&mut self, article: i64, key: i64) {
        if let Some((row, _)) = self.papers.get_mut(&article) {
            row.text_key = key;
        }
    }

    async fn set_key(&mut self, article: i64, key: i64, by: (i64, i64)) -> Result<()> {
        write::set_text_keys(self.on, &[(article, key)]).await?;
        self.note(article, key);
        self.changed.insert(article, by);
        Ok(())
    }

    /// Takes an article out of its cluster; one that would be alone then is in none.
    async fn leave(&mut self, own: &Repost, text_key: i64, by: (i64, i64)) -> Result<()> {
        write::delete(self.on, "repost", "article_id", &[own.article_id]).await?;
        self.set_key(own.article_id, text_key, by).await?;
        let left = write::first_of_cluster(self.on, own.original_id).await?;
        match left[..] {
            [alone] => {
                let rows = write::rows_in::<Repost>(self.on, "article_id", &[alone]).await?;
                write::delete(self.on, "repost", "article_id", &[alone]).await?;
                for row in rows {
                    self.set_key(alone, row.text_key, by).await?;
                }
            }
            [first, ..] if own.original_id == own.article_id => {
                self.move_cluster(own.original_id, first, own.cluster, by).await?;
            }
            _ => {}
        }
        Ok(())
    }
}
