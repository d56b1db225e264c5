//! Finds reposts and related items with the search index: of what has just come or changed, and of every article once. Neighbours of what is new learn
//! of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::document::{Sources, documents};
use crate::clock::Clock;
use crate::db::{self, Database, manuscript};
use crate::editorial::{self, Copies, Found, Progress};
use crate::error::Result;
use crate::journal::{JournalEntry, Tail, cursor};
use crate::related;
use crate::search::{Document, Index};
use crate::text::Shingles;

/// The name of this reader of the journal, and of its work on all articles.
const NAME: &str = "related";

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// How many entries or articles are worked on in one transaction: other writers wait that long.
const CHUNK: usize = 100;

/// How long to leave the database to what is due.
const STANDING_BACK: Duration = Duration::from_millis(50);

/// How many entries without anything to do may be read again after a restart.
const UNWRITTEN: i64 = 10_000;

/// The article of `entry`, if its related items are to be found.
fn concerns(entry: &JournalEntry) -> Option<i64> {
    let is_meant = match entry.action.as_str() {
        // What was related to it may be the same text, now that it has come into a cluster.
        "article.published" | "article.restored" | "article.changed" | "article.clustered" => true,
        // An import has put pins in their place.
        "article.related" => entry.actor != "system",
        _ => false,
    };
    is_meant.then_some(entry.entity_id)
}

/// Whether everything is to be found anew.
fn begins_anew(entry: &JournalEntry) -> bool {
    entry.entity == "search"
}

/// Works, for ever.
pub async fn watch(db: Database, clock: Clock, index: Arc<Index>) {
    let worker = Worker { db, clock, index, again: Notify::new() };
    loop {
        if let Err(error) = tokio::try_join!(worker.follow(), worker.work_off()) {
            tracing::warn!(error = %error, "Related items could not be found: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

struct Worker {
    db: Database,
    clock: Clock,
    index: Arc<Index>,
    /// Everything is to be found anew.
    again: Notify,
}

impl Worker {
    /// Follows the journal, for ever.
    async fn follow(&self) -> Result<()> {
        loop {
            let mut done = cursor(&self.db, NAME).await?;
            let mut tail = Tail::after(&self.db, done);
            // Another program was faster: go on where it is.
            while self.take(&mut tail, &mut done).await? {}
        }
    }

    /// Works on the next entries; false if another program has.
    async fn take(&self, tail: &mut Tail, done: &mut i64) -> Result<bool> {
        let entries = tail.next().await;
        let has_work = entries.iter().any(|entry| concerns(entry).is_some() || begins_anew(entry));
        if !has_work && tail.seen() - *done < UNWRITTEN {
            return Ok(true);
        }
        for part in entries.chunks(CHUNK) {
            let to = part.last().map_or(*done, |entry| entry.seq);
            let articles: BTreeSet<i64> = part.iter().filter_map(concerns).collect();
            self.index.reached(to).await;
            let found = self.find(articles).await?;
            let neighbours = self.neighbours(&found, to).await?;
            let again = part.iter().any(begins_anew);
            self.stand_back().await?;
            let progress = Progress::Journal { name: NAME, from: *done, to, again };
            if !editorial::relate(&self.db, &found, &neighbours, progress).await? {
                return Ok(false);
            }
            *done = to;
            if again {
                self.again.notify_one();
            }
        }
        Ok(true)
    }

    /// Works off all articles, the last first, for ever.
    async fn work_off(&self) -> Result<()> {
        loop {
            let below = editorial::backlog(&self.db, NAME).await?;
            if below == 0 {
                self.again.notified().await;
                continue;
            }
            let most = i64::try_from(CHUNK).unwrap_or(i64::MAX);
            let articles = self.db.reader().all(db::articles_before(below, most)).await?;
            let to = articles.last().copied().unwrap_or(0);
            let newest = self.db.reader().all(db::newest_journal_entry()).await?.first().copied().unwrap_or(0);
            self.index.reached(newest).await;
            let found = self.find(articles.into_iter().collect()).await?;
            self.stand_back().await?;
            // If another program has done it, this one goes on where that is.
            let progress = Progress::Backlog { name: NAME, from: below, to };
            editorial::relate(&self.db, &found, &BTreeSet::new(), progress).await?;
        }
    }

    /// What is related to those of `articles` that are published.
    async fn find(&self, articles: BTreeSet<i64>) -> Result<Vec<Found>> {
        if articles.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now().timestamp_millis();
        let sources = documents(&self.db, articles.into_iter().collect()).await?;
        let read = move |_: &Index| Ok((sources.read(), sources));
        let (mut documents, sources) = Arc::clone(&self.index).run(read).await?;
        let clusters = self.cluster(&sources, &documents).await?;
        for document in &mut documents {
            document.cluster = clusters.get(&document.id).copied().unwrap_or(document.cluster);
        }
        let find = move |index: &Index| {
            let found = documents.iter().map(|document| {
                let relations = related::find(index, document, now)?;
                Ok(Found { article: document.id, cluster: document.cluster, relations })
            });
            found.collect()
        };
        Arc::clone(&self.index).run(find).await
    }

    /// Puts the articles of `sources`, whose documents are `own`, into the clusters where they belong. Returns their clusters.
    async fn cluster(&self, sources: &Sources, own: &[Document]) -> Result<HashMap<i64, i64>> {
        let texts: Vec<(i64, String)> = own.iter().map(|document| (document.id, document.body.clone())).collect();
        let suspect = move |index: &Index| {
            let long = texts.iter().filter_map(|(article, text)| Some((*article, Shingles::of(text)?)));
            let suspect = |(article, shingles): (i64, Shingles)| {
                let suspects = related::suspects(index, &shingles, article)?;
                Ok((article, (shingles, suspects)))
            };
            long.map(suspect).collect::<Result<HashMap<i64, (Shingles, Vec<i64>)>>>()
        };
        let found = Arc::clone(&self.index).run(suspect).await?;
        let ids: Vec<i64> = own.iter().map(|document| document.id).collect();
        let clustered = self.db.reader().all(db::clustered(ids.clone())).await?;
        let others: BTreeSet<i64> = found.values().flat_map(|(_, suspects)| suspects.iter().copied()).collect();
        if clustered.is_empty() && others.is_empty() {
            return Ok(HashMap::new());
        }
        let others = documents(&self.db, others.into_iter().collect()).await?;
        let compare = move |_: &Index| {
            let others: HashMap<i64, Shingles> =
                others.read().into_iter().filter_map(|other| Some((other.id, Shingles::of(&other.body)?))).collect();
            let matches = |(article, (own, suspects)): (i64, (Shingles, Vec<i64>))| {
                let same = |other: i64| Some((other, related::same(&own, others.get(&other)?)?));
                (article, suspects.into_iter().filter_map(same).collect())
            };
            Ok(found.into_iter().map(matches).collect::<HashMap<i64, Vec<(i64, f64)>>>())
        };
        let mut matches = Arc::clone(&self.index).run(compare).await?;
        let is_clustered = |article: i64| clustered.iter().any(|row| row.article_id == article);
        let copies = |article: i64| {
            let matches = matches.remove(&article).unwrap_or_default();
            let is_meant = !matches.is_empty() || is_clustered(article);
            is_meant.then(|| Copies { article, text_key: sources.text_key(article), matches })
        };
        let copies: Vec<Copies> = ids.into_iter().filter_map(copies).collect();
        editorial::cluster(&self.db, &copies, NAME).await
    }

    /// The articles that `found` are related to, but for those whose turn comes anyway: of which the journal says more behind entry `to`.
    async fn neighbours(&self, found: &[Found], to: i64) -> Result<BTreeSet<i64>> {
        let mut all: BTreeSet<i64> = found.iter().flat_map(|found| found.relations.iter().map(|r| r.article)).collect();
        for found in found {
            all.remove(&found.article);
        }
        for article in self.db.reader().all(db::journal_pending(to, all.iter().copied().collect())).await? {
            all.remove(&article);
        }
        Ok(all)
    }

    /// What is due goes first: ten thousand may be, and nobody waits for related items.
    async fn stand_back(&self) -> Result<()> {
        loop {
            let now = self.clock.now().timestamp_millis();
            let due = self.db.reader().all(manuscript::next_due()).await?;
            if !due.into_iter().flatten().any(|at| at <= now) {
                return Ok(());
            }
            tokio::time::sleep(STANDING_BACK).await;
        }
    }
}
