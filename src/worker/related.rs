//! Finds reposts and related items with the search index: of what has just come or changed, and of every article once. Neighbours of what is new learn
//! of it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Notify};

use super::document::documents;
use crate::clock::Clock;
use crate::db::{self, Database, Repost, manuscript};
use crate::editorial::{self, Copies, Found, Progress, Text};
use crate::error::Result;
use crate::journal::{JournalEntry, Tail, cursor};
use crate::related::{self, Relation};
use crate::search::{Document, Index};
use crate::text::Shingles;

/// The name of this reader of the journal, and of its work on all articles.
const NAME: &str = "related";

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// How many entries or articles are worked on in one transaction: other writers wait that long.
const CHUNK: usize = 100;

/// Articles that come together become clusters in one round, and find their heads in the next.
const ROUNDS: usize = 5;

/// How often to look whether another program has left work on all articles behind.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// How long to leave the database to what is due.
const STANDING_BACK: Duration = Duration::from_millis(50);

/// How many entries without anything to do may be read again after a restart.
const UNWRITTEN: i64 = 10_000;

/// Steps of an article after which it is looked at: what was related to one that has come into a cluster may be the same text now.
const STEPS: [&str; 4] = ["article.published", "article.restored", "article.changed", "article.clustered"];

/// The article of `entry`, if it is to be looked at.
fn concerns(entry: &JournalEntry) -> Option<i64> {
    // An import has put pins in their place: those that are found are gone.
    let has_pins = entry.action == "article.related" && entry.actor != "system";
    (has_pins || STEPS.contains(&entry.action.as_str())).then_some(entry.entity_id)
}

/// Whether everything is to be found anew.
fn begins_anew(entry: &JournalEntry) -> bool {
    entry.entity == "search"
}

/// Works, for ever.
pub async fn watch(db: Database, clock: Clock, index: Arc<Index>) {
    let worker = Worker { db, clock, index, again: Notify::new(), turn: Mutex::new(()) };
    loop {
        if let Err(error) = tokio::try_join!(worker.follow(), worker.work_off()) {
            tracing::warn!(error = %error, "Reposts and related items could not be found: {error}");
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
    /// What was read by one is written before another reads: nothing old takes the place of something new.
    turn: Mutex<()>,
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
        self.index.reached(tail.seen()).await;
        // Which are one text is known of all before any is related to others.
        for part in entries.chunks(CHUNK) {
            self.stand_back().await?;
            let _turn = self.turn.lock().await;
            self.cluster(part.iter().filter_map(concerns).collect()).await?;
        }
        for part in entries.chunks(CHUNK) {
            let to = part.last().map_or(*done, |entry| entry.seq);
            let again = part.iter().any(begins_anew);
            self.stand_back().await?;
            let _turn = self.turn.lock().await;
            let found = self.find(part.iter().filter_map(concerns).collect()).await?;
            let neighbours = self.neighbours(&found, to).await?;
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

    /// Works off all articles, the last first, for ever: which are one text, and then what is related.
    async fn work_off(&self) -> Result<()> {
        loop {
            let below = editorial::backlog(&self.db, NAME).await?;
            if below == 0 {
                // Another program may have been told to begin anew, and have gone.
                drop(tokio::time::timeout(LOOK_AGAIN, self.again.notified()).await);
                continue;
            }
            if below == i64::MAX {
                self.cluster_all().await?;
            }
            let articles = self.before(below).await?;
            let to = articles.first().copied().unwrap_or(0);
            self.stand_back().await?;
            let _turn = self.turn.lock().await;
            let found = self.find(articles).await?;
            // If another program has done it, this one goes on where that is.
            let progress = Progress::Backlog { name: NAME, from: below, to };
            editorial::relate(&self.db, &found, &BTreeSet::new(), progress).await?;
        }
    }

    async fn cluster_all(&self) -> Result<()> {
        let mut below = i64::MAX;
        loop {
            let articles = self.before(below).await?;
            let Some(first) = articles.first().copied() else { return Ok(()) };
            self.stand_back().await?;
            let _turn = self.turn.lock().await;
            self.cluster(articles).await?;
            below = first;
        }
    }

    /// The last articles before number `below`, once the index has them.
    async fn before(&self, below: i64) -> Result<BTreeSet<i64>> {
        let most = i64::try_from(CHUNK).unwrap_or(i64::MAX);
        let articles = self.db.reader().all(db::articles_before(below, most)).await?;
        let newest = self.db.reader().all(db::newest_journal_entry()).await?.first().copied().unwrap_or(0);
        self.index.reached(newest).await;
        Ok(articles.into_iter().collect())
    }

    /// What is related to those of `articles` that are published.
    async fn find(&self, articles: BTreeSet<i64>) -> Result<Vec<Found>> {
        if articles.is_empty() {
            return Ok(Vec::new());
        }
        let now = self.clock.now().timestamp_millis();
        let sources = documents(&self.db, articles.into_iter().collect()).await?;
        let find = move |index: &Index| {
            let find = |document: &Document| Ok((document.id, related::find(index, document, now)?));
            sources.read().iter().map(find).collect::<Result<Vec<(i64, Vec<Relation>)>>>()
        };
        let found = Arc::clone(&self.index).run(find).await?;
        // The index may have them in other clusters yet.
        let all: BTreeSet<i64> =
            found.iter().flat_map(|(article, some)| some.iter().map(|r| r.article).chain([*article])).collect();
        let clusters = self.db.reader().all(db::clusters(all.into_iter().collect())).await?;
        let clusters: HashMap<i64, i64> = clusters.into_iter().collect();
        let cluster_of = |article: i64| clusters.get(&article).copied().unwrap_or(0);
        let choose = |(article, relations): (i64, Vec<Relation>)| {
            let cluster = cluster_of(article);
            Found { article, cluster, relations: related::choose(cluster, relations, cluster_of) }
        };
        Ok(found.into_iter().map(choose).collect())
    }

    /// Puts those of `articles` that are published into the clusters where they belong.
    async fn cluster(&self, mut articles: BTreeSet<i64>) -> Result<()> {
        for _ in 0..ROUNDS {
            if !articles.is_empty() {
                articles = self.compare(articles).await?;
            }
        }
        Ok(())
    }

    /// Compares `articles` with what may have their texts. Returns those that are to be compared anew.
    async fn compare(&self, articles: BTreeSet<i64>) -> Result<BTreeSet<i64>> {
        let sources = documents(&self.db, articles.iter().copied().collect()).await?;
        let known = self.clusters_of(articles).await?;
        let compare = move |index: &Index| {
            let mut own = Vec::new();
            for document in sources.read() {
                let text_key = sources.text_key(document.id);
                // Nobody has to look at a text that is in its place.
                let is_placed = known.get(&document.id).is_some_and(|row| row.text_key == text_key);
                let shingles = if is_placed { None } else { Shingles::of(&document.body) };
                let suspects = shingles.as_ref().map_or(Ok(Vec::new()), |own| related::suspects(index, own, document.id))?;
                own.push(Suspect { article: document.id, text_key, published_at: document.published_at, shingles, suspects });
            }
            Ok(own)
        };
        let own = Arc::clone(&self.index).run(compare).await?;
        // Heads stand for their clusters.
        let suspects: BTreeSet<i64> = own.iter().flat_map(|own| own.suspects.iter().copied()).collect();
        let rows = self.clusters_of(suspects).await?;
        let head_of = move |article: i64| rows.get(&article).map_or(article, |row| row.head_id);
        let heads: BTreeSet<i64> = own.iter().flat_map(|own| own.suspects.iter().map(|other| head_of(*other))).collect();
        let sources = documents(&self.db, heads.iter().copied().collect()).await?;
        let compare = move |_: &Index| {
            let texts = sources.read().into_iter().filter_map(|other| Some((other.id, Shingles::of(&other.body)?)));
            let texts: HashMap<i64, (Text, Shingles)> = texts
                .map(|(article, text)| {
                    let length = text.count();
                    (article, (Text { article, text_key: sources.text_key(article), length }, text))
                })
                .collect();
            let gone: BTreeSet<i64> = heads.into_iter().filter(|head| !texts.contains_key(head)).collect();
            let copies: Vec<Copies> = own.into_iter().map(|own| own.compare(&texts, &head_of)).collect();
            Ok((copies, gone))
        };
        let (copies, gone) = Arc::clone(&self.index).run(compare).await?;
        let now = self.clock.now().timestamp_millis();
        editorial::cluster(&self.db, &copies, &gone, (NAME, now)).await
    }

    /// The rows of those of `articles` that are in clusters.
    async fn clusters_of(&self, articles: BTreeSet<i64>) -> Result<HashMap<i64, Repost>> {
        let rows = self.db.reader().all(db::clustered(articles.into_iter().collect())).await?;
        Ok(rows.into_iter().map(|row| (row.article_id, row)).collect())
    }

    /// The articles that `found` are related to, but for those whose turn comes anyway: of which the journal says more behind entry `to`.
    async fn neighbours(&self, found: &[Found], to: i64) -> Result<BTreeSet<i64>> {
        let mut all: BTreeSet<i64> = found.iter().flat_map(|found| found.relations.iter().map(|r| r.article)).collect();
        for found in found {
            all.remove(&found.article);
        }
        let steps = STEPS.map(str::to_owned).to_vec();
        for article in self.db.reader().all(db::journal_pending(to, all.iter().copied().collect(), steps)).await? {
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

/// An article, and which others may have its text.
struct Suspect {
    article: i64,
    text_key: i64,
    published_at: i64,
    /// None if it is in its place, or says too little.
    shingles: Option<Shingles>,
    suspects: Vec<i64>,
}

impl Suspect {
    /// Compares it with the `texts` of its suspects' heads.
    fn compare(self, texts: &HashMap<i64, (Text, Shingles)>, head_of: &impl Fn(i64) -> i64) -> Copies {
        let Self { article, text_key, published_at, shingles, suspects } = self;
        let length = shingles.as_ref().map_or(0, Shingles::count);
        let heads: BTreeSet<i64> = suspects.into_iter().map(head_of).filter(|head| *head != article).collect();
        let compare = |head: i64| {
            let (text, other) = texts.get(&head)?;
            Some((*text, related::same(shingles.as_ref()?, other)?))
        };
        Copies { own: Text { article, text_key, length }, published_at, matches: heads.into_iter().filter_map(compare).collect() }
    }
}
