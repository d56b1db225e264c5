//! Clusters: articles that are one text, more or less. Each was compared with the text of the head, so nothing drifts from copy to copy; who was
//! published first is the original. All of a cluster have the key of the head's text in their rows, so that rankings, lists and search
//! know them as one.
//! Invariant: a cluster has two articles or more, its head among them, and every row of it was compared with the head's text as it is.

use std::collections::{BTreeSet, HashMap};

use crate::db::manuscript::{self, Wait};
use crate::db::write::{self, Transaction};
use crate::db::{Database, Manuscript, Repost, rows};
use crate::error::Result;
use crate::journal::{self, Entry};

/// An article takes the place of a cluster's head if it is so many tenths as long: the fullest text finds the most.
const FULLER: usize = 13;

/// A text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The article.
    pub article: i64,
    /// The key of its text.
    pub text_key: i64,
    /// How long it is.
    pub length: usize,
}

/// An article, and which texts it has.
#[derive(Clone, Debug, PartialEq)]
pub struct Copies {
    /// Its own text.
    pub own: Text,
    /// When readers see it first (milliseconds since 1970).
    pub published_at: i64,
    /// Heads of clusters, and articles in none, that have the same text, more or less: each with how much of one stands in the other, 0 to 1.
    pub matches: Vec<(Text, f64)>,
}

/// Puts articles into the clusters where they belong now, and out of those where they do not; clusters whose head is among `gone`, and readers
/// do not see it, come to an end. What has been changed since its text was read is left as it is: its turn comes. `turn` is the name of the
/// work: two programs do it one after the other; `now` is in milliseconds since 1970. Returns articles that are to be compared anew.
pub async fn cluster(db: &Database, copies: &[Copies], gone: &BTreeSet<i64>, (turn, now): (&str, i64)) -> Result<BTreeSet<i64>> {
    if copies.is_empty() && gone.is_empty() {
        return Ok(BTreeSet::new());
    }
    let on = write::begin(db).await?;
    write::take_turn(&on, turn).await?;
    let named = copies.iter().flat_map(|c| c.matches.iter().map(|(text, _)| text.article).chain([c.own.article]));
    let named: BTreeSet<i64> = named.chain(gone.iter().copied()).collect();
    let named: Vec<i64> = named.into_iter().collect();
    // In the order of their numbers, as everybody does.
    let locked = manuscript::lock(&on, &named, Wait::Patiently).await?;
    let papers = locked.into_iter().map(|pair| (pair.0.id, pair)).collect();
    let known = write::rows_in::<Repost>(&on, "article_id", &named).await?;
    let known = known.into_iter().map(|row| (row.article_id, row)).collect();
    let mut clusters = Clusters { on: &on, papers, rows: known, again: BTreeSet::new(), changed: BTreeSet::new() };
    for head in gone {
        if clusters.papers.get(head).is_none_or(|(row, _)| row.status != "published") {
            clusters.end(*head).await?;
        }
    }
    for copies in copies {
        clusters.place(copies).await?;
    }
    let entry = |article: &i64| Entry {
        at: now,
        actor: "system".into(),
        action: "article.clustered".into(),
        entity: "article".into(),
        entity_id: *article,
        revision: 0,
        payload: None,
    };
    let entries: Vec<Entry> = clusters.changed.iter().map(entry).collect();
    // Last: who waits for the journal must hold nothing that others need for it.
    journal::append(&on, &entries).await?;
    let again = std::mem::take(&mut clusters.again);
    write::commit(db, on).await?;
    Ok(again)
}

struct Clusters<'a> {
    on: &'a Transaction,
    papers: HashMap<i64, (rows::Article, Manuscript)>,
    rows: HashMap<i64, Repost>,
    /// Articles that are to be compared anew.
    again: BTreeSet<i64>,
    /// Articles that have come into a cluster or out of one.
    changed: BTreeSet<i64>,
}

impl Clusters<'_> {
    /// Whether `text` is what its article says still.
    fn is_present(&self, text: &Text) -> bool {
        self.papers.get(&text.article).is_some_and(|(row, _)| {
            let clustered = self.rows.get(&text.article).filter(|own| own.cluster == row.text_key);
            row.status == "published"
                && (row.text_key == text.text_key || clustered.is_some_and(|own| own.text_key == text.text_key))
        })
    }

    async fn place(&mut self, copies: &Copies) -> Result<()> {
        let own = copies.own;
        if !self.is_present(&own) {
            return Ok(());
        }
        if let Some(row) = self.rows.get(&own.article).cloned() {
            if row.text_key == own.text_key {
                if row.published_at != copies.published_at {
                    self.put(Repost { published_at: copies.published_at, ..row }).await?;
                }
                return Ok(());
            }
            // It says something else now.
            if row.head_id == own.article { self.end(own.article).await? } else { self.leave(&row).await? }
        }
        let is_match = |(text, _): &&(Text, f64)| {
            let is_head = self.rows.get(&text.article).is_none_or(|row| row.head_id == text.article);
            is_head && text.article != own.article && self.is_present(text)
        };
        let matches: Vec<(Text, f64)> = copies.matches.iter().filter(is_match).copied().collect();
        // The cluster that is most alike, or else, of articles in none, the one that was published first.
        let clusters = matches.iter().copied().filter(|(text, _)| self.rows.contains_key(&text.article));
        let cluster = clusters.max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.article.cmp(&a.0.article)));
        let published = |article: i64| self.papers.get(&article).map_or(i64::MAX, |(row, _)| row.published_at);
        let first = matches.iter().copied().min_by_key(|(text, _)| (published(text.article), text.article));
        let best = cluster.or(first);
        let is_cluster = best.is_some_and(|(head, _)| self.rows.contains_key(&head.article));
        let is_member = |(text, _): &(Text, f64)| self.rows.get(&text.article).is_some_and(|row| row.head_id != text.article);
        if !is_cluster && copies.matches.iter().any(is_member) {
            // What it was compared with has come into a cluster just now: it is to be compared with the head.
            self.again.insert(own.article);
            return Ok(());
        }
        let Some((head, likeness)) = best else { return Ok(()) };
        let is_fuller = own.length * 10 > head.length * FULLER;
        let is_first = !is_cluster && (copies.published_at, own.article) < (published(head.article), head.article);
        if !is_fuller && (!is_first || head.length * 10 > own.length * FULLER) {
            self.join(head, head, 1.0).await?;
            self.join(own, head, likeness).await?;
            // What has its text too may have the head's.
            let others = matches.iter().map(|(text, _)| text.article);
            self.again.extend(others.filter(|other| !self.rows.contains_key(other)));
            return Ok(());
        }
        self.join(own, own, 1.0).await?;
        for (other, likeness) in matches {
            if other.article == head.article && is_cluster {
                self.end(head.article).await?;
            }
            self.join(other, own, likeness).await?;
        }
        Ok(())
    }

    async fn put(&mut self, row: Repost) -> Result<()> {
        write::replace(self.on, &["article_id"], std::slice::from_ref(&row)).await?;
        self.changed.insert(row.article_id);
        self.rows.insert(row.article_id, row);
        Ok(())
    }

    /// Puts the article of `text`, which is in no cluster unless it is `head`, into that of `head`.
    async fn join(&mut self, text: Text, head: Text, likeness: f64) -> Result<()> {
        if self.rows.contains_key(&text.article) {
            return Ok(());
        }
        let Some((row, _)) = self.papers.get_mut(&text.article) else { return Ok(()) };
        row.text_key = head.text_key;
        let published_at = row.published_at;
        write::set_text_keys(self.on, &[(text.article, head.text_key)]).await?;
        let (article_id, head_id, cluster) = (text.article, head.article, head.text_key);
        self.put(Repost { article_id, head_id, cluster, published_at, likeness, text_key: text.text_key }).await
    }

    /// Takes an article that is no head out of its cluster; a head that would be alone then is in none.
    async fn leave(&mut self, row: &Repost) -> Result<()> {
        self.free(vec![row.clone()]).await?;
        let left = write::rows_in::<Repost>(self.on, "head_id", &[row.head_id]).await?;
        if left.len() == 1 { self.free(left).await } else { Ok(()) }
    }

    /// Ends the cluster of `head`. Each article of it is looked at anew, since the journal says that it has come out.
    async fn end(&mut self, head: i64) -> Result<()> {
        let all = write::rows_in::<Repost>(self.on, "head_id", &[head]).await?;
        self.free(all).await
    }

    async fn free(&mut self, all: Vec<Repost>) -> Result<()> {
        let articles: Vec<i64> = all.iter().map(|row| row.article_id).collect();
        write::delete(self.on, "repost", "article_id", &articles).await?;
        write::give_back_text_keys(self.on, &all).await?;
        for row in all {
            if let Some((article, _)) = self.papers.get_mut(&row.article_id)
                && article.text_key == row.cluster
            {
                article.text_key = row.text_key;
            }
            self.rows.remove(&row.article_id);
            self.changed.insert(row.article_id);
        }
        Ok(())
    }
}
