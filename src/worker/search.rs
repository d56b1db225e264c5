//! Feeds the search index: from the journal as it grows, or from everything where there is no index that can be used.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use crate::db::{self, Database, JournalEntry, Scope};
use crate::error::{Error, Result};
use crate::journal::{RELISTED, Tail};
use crate::search::{Cutter, Index, Mark, Writer};
use crate::text::fold;
use crate::worker::document::documents;

/// How long to wait after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// Articles that are read at once.
const CHUNK: usize = 500;

/// While everything is indexed for the first time, what is there is shown after so many articles.
const PART: usize = 20_000;

/// So many entries without anything to index may be read again after a restart.
const UNWRITTEN: i64 = 5_000;

/// Entries that came while everything was indexed are indexed before readers see it, but for the last few.
const LAST_FEW: usize = 100;

/// Feeds `index` for ever; `writer` if there is one that can go on from where it was.
pub async fn watch(db: Database, index: Arc<Index>, writer: Option<Writer>) {
    // The first who searches need not wait for the dictionary.
    let cutter = index.cutter();
    drop(run(move || Ok(cutter.frequency(""))).await);
    let mut feed = Feed { db, index, writer, rebuilt: None, is_asked: false };
    loop {
        if let Err(error) = feed.follow().await {
            tracing::warn!(error = %error, "The search index could not be fed: {error}");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The portal's own words, folded.
pub async fn dictionary(db: &Database) -> Result<Cutter> {
    let words = db.reader().all(db::search_words()).await?;
    let words: Vec<String> = words.iter().map(|word| fold(&word.word).text()).collect();
    Ok(Cutter::new(&words))
}

/// Does `work` on a thread that nobody waits for.
async fn run<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

struct Feed {
    db: Database,
    index: Arc<Index>,
    writer: Option<Writer>,
    /// An index that is being built beside the one that is there.
    rebuilt: Option<tokio::task::JoinHandle<Result<Writer>>>,
    /// Whether one is to be built, again if it is being built: what it was begun with may have changed.
    is_asked: bool,
}

impl Feed {
    /// Follows the journal; returns when the index must be begun anew, or with what went wrong.
    async fn follow(&mut self) -> Result<()> {
        if !self.can_go_on().await? {
            self.writer = None;
        }
        if self.writer.is_none() {
            let cutter = dictionary(&self.db).await?;
            self.writer = Some(build(self.db.clone(), Arc::clone(&self.index), cutter).await?);
            self.is_asked = false;
        }
        let Some(writer) = &self.writer else { return Ok(()) };
        let mut written = writer.mark().seq;
        if self.rebuilt.is_none() {
            writer.take_over();
        }
        self.rebuild().await?;
        let mut tail = Tail::after(&self.db, written);
        loop {
            let entries = tokio::select! {
                built = finished(&mut self.rebuilt) => {
                    // Without it the one that is there goes on, and another is tried.
                    self.is_asked |= built.is_err();
                    self.writer = Some(built?);
                    return Ok(());
                }
                entries = tail.next() => entries,
            };
            let Some(last) = entries.last() else { continue };
            self.index.know(last.seq);
            let articles = concerned(&self.db, &entries).await?;
            if articles.is_empty() && last.seq - written < UNWRITTEN {
                self.index.pass(last.seq);
            } else {
                self.put(articles, mark_of(last)).await?;
                written = last.seq;
            }
            self.is_asked |= entries.iter().any(|entry| entry.entity == "search" || entry.entity == "search_word");
            self.rebuild().await?;
        }
    }

    /// Whether what is there is of this database, and the journal still has what came since.
    async fn can_go_on(&self) -> Result<bool> {
        let Some(writer) = &self.writer else { return Ok(false) };
        let mark = writer.mark();
        if mark.seq == 0 {
            let oldest = self.db.reader().all(db::oldest_journal_entry()).await?;
            return Ok(writer.is_there() && oldest.first().is_none_or(|seq| *seq == 1));
        }
        let entry = self.db.reader().all(db::journal_after(mark.seq - 1, 1)).await?;
        Ok(writer.is_there() && entry.first().is_some_and(|entry| mark_of(entry) == mark))
    }

    /// Begins to build another index if that was asked for; readers and writers go on with this one. One that is being built is finished first.
    async fn rebuild(&mut self) -> Result<()> {
        if !self.is_asked || self.rebuilt.is_some() {
            return Ok(());
        }
        let cutter = dictionary(&self.db).await?;
        self.is_asked = false;
        self.rebuilt = Some(tokio::spawn(build(self.db.clone(), Arc::clone(&self.index), cutter)));
        Ok(())
    }

    /// Indexes `articles` anew, and keeps that everything up to `mark` is in.
    async fn put(&mut self, articles: BTreeSet<i64>, mark: Mark) -> Result<()> {
        let ids: Vec<i64> = articles.into_iter().collect();
        for chunk in ids.chunks(CHUNK) {
            let documents = documents(&self.db, chunk.to_vec()).await?;
            let gone = chunk.to_vec();
            self.write(move |writer| writer.replace(&gone, &documents.read())).await?;
        }
        self.write(move |writer| writer.commit(mark)).await
    }

    /// Writes on another thread. A writer that fails is not asked again.
    async fn write(&mut self, work: impl FnOnce(&mut Writer) -> Result<()> + Send + 'static) -> Result<()> {
        let Some(mut writer) = self.writer.take() else { return Err(Error::internal("there is no writer")) };
        let writer = run(move || {
            work(&mut writer)?;
            Ok(writer)
        });
        self.writer = Some(writer.await?);
        Ok(())
    }
}

/// Waits for the index that is being built, if one is.
async fn finished(rebuilt: &mut Option<tokio::task::JoinHandle<Result<Writer>>>) -> Result<Writer> {
    let Some(running) = rebuilt else { return std::future::pending().await };
    let built = running.await.map_err(Error::internal);
    *rebuilt = None;
    built?
}

/// Indexes everything, and what came meanwhile.
async fn build(db: Database, index: Arc<Index>, cutter: Cutter) -> Result<Writer> {
    let started = std::time::Instant::now();
    let newest = db.reader().all(db::newest_journal_entry()).await?.first().copied().unwrap_or(0);
    let mut mark = db.reader().all(db::journal_after(newest - 1, 1)).await?.first().map_or(Mark::default(), mark_of);
    index.know(mark.seq);
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    let mut writer = {
        let (index, cutter) = (Arc::clone(&index), cutter.clone());
        run(move || index.build(&cutter, threads)).await?
    };
    let (mut after, mut count, mut shown) = (0, 0, 0);
    loop {
        let ids = db.reader().all(db::articles_behind(after, i64::try_from(CHUNK).unwrap_or(i64::MAX))).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        let documents = documents(&db, ids).await?;
        count += documents.count();
        let is_part = count - shown >= PART;
        shown = if is_part { count } else { shown };
        writer = run(move || {
            documents.read().iter().try_for_each(|document| writer.add(document))?;
            if is_part {
                writer.commit_part()?;
            }
            Ok(writer)
        })
        .await?;
    }
    loop {
        let entries = db.reader().all(db::journal_after(mark.seq, 1_000)).await?;
        let Some(last) = entries.last() else { break };
        let articles: Vec<i64> = concerned(&db, &entries).await?.into_iter().collect();
        for chunk in articles.chunks(CHUNK) {
            let documents = documents(&db, chunk.to_vec()).await?;
            let gone = chunk.to_vec();
            writer = run(move || {
                writer.replace(&gone, &documents.read())?;
                Ok(writer)
            })
            .await?;
        }
        mark = mark_of(last);
        if entries.len() < LAST_FEW {
            break;
        }
    }
    let writer = run(move || writer.finish(mark)).await?;
    let secs = started.elapsed().as_secs_f64();
    tracing::info!(search.documents = count, search.secs = secs, "Built the search index: {count} articles in {secs:.1} s");
    Ok(writer)
}

/// The articles whose documents `entries` may have changed.
async fn concerned(db: &Database, entries: &[JournalEntry]) -> Result<BTreeSet<i64>> {
    let mut articles: BTreeSet<i64> = entries
        .iter()
        .filter(|entry| entry.entity == "article" && !is_behind_the_scenes(&entry.action))
        .map(|entry| entry.entity_id)
        .collect();
    let mut lists: Vec<i64> = entries.iter().filter_map(list_changed).collect();
    lists.sort_unstable();
    lists.dedup();
    for list in lists {
        let mut after = 0;
        loop {
            let found = db.reader().all(db::articles_in(list, after, 10_000)).await?;
            let Some(last) = found.last() else { break };
            after = *last;
            articles.extend(found);
        }
    }
    Ok(articles)
}

/// Whether readers see nothing of an article's step: most entries are of such.
fn is_behind_the_scenes(action: &str) -> bool {
    const STEPS: [&str; 6] = ["drafted", "submitted", "recalled", "approved", "rejected", "related"];
    action.strip_prefix("article.").is_some_and(|step| STEPS.contains(&step))
}

/// The list all of whose articles must be indexed anew after `entry`.
fn list_changed(entry: &JournalEntry) -> Option<i64> {
    match entry.action.as_str() {
        RELISTED => Some(Scope::Channel(entry.entity_id).code()),
        // Its name stands in their documents.
        "tag.changed" => Some(Scope::Tag(entry.entity_id).code()),
        _ => None,
    }
}

fn mark_of(entry: &JournalEntry) -> Mark {
    Mark { seq: entry.seq, at: entry.at }
}
