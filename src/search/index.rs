//! The index of one program: derived from the database, thrown away without loss. It lies in a directory of its own, where a
//! second program finds the place taken and takes the next; each state that is kept says up to which entry of the
//! journal it goes, so a program that was killed goes on from there.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use serde::{Deserialize, Serialize};
use tantivy::directory::{Directory, MmapDirectory, RamDirectory};
use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, TantivyDocument};
use tokio::sync::{Semaphore, watch};

use super::alike::{self, Alike, TellingList};
use super::collect::{Found, Wanted};
use super::cutter::Cutter;
use super::document::{Document, FORMAT, Fields};
use super::query::{Filter, Query};
use super::statistics::Statistics;
use super::vocabulary::{Entry, Vocabulary};
use crate::error::{Error, Result};

/// What went wrong in the library.
fn broken(error: impl std::fmt::Display) -> Error {
    Error::Unavailable(format!("the search index cannot be used: {error}"))
}

fn failed(what: &str, path: &Path) -> impl Fn(std::io::Error) -> Error {
    let text = format!("the search index: cannot {what} {}", path.display());
    move |error| Error::Unavailable(format!("{text}: {error}"))
}

/// Memory for documents that are not written yet, for each thread that writes.
const HEAP_BYTES: usize = 32 << 20;

/// How many programs may share a directory.
const PLACES: usize = 64;

/// How far an index has come: an entry of the journal, known again by its time where another database has the same number.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// Number of the last entry of the journal that is in it.
    pub seq: i64,
    /// When that was written (milliseconds since 1970).
    pub at: i64,
}

/// What is kept with each state of an index.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct State {
    mark: Mark,
    format: u32,
    /// Of the words that texts were cut with.
    dictionary: u64,
    /// Whether all documents are in it.
    is_whole: bool,
}

/// One index, open to readers.
struct Live {
    reader: IndexReader,
    cutter: Cutter,
}

/// The index, as readers see it.
pub struct Index {
    fields: Fields,
    live: ArcSwap<Live>,
    is_whole: AtomicBool,
    vocabulary: ArcSwap<Vocabulary>,
    turns: Arc<Semaphore>,
    seq: watch::Sender<i64>,
    entries_known: AtomicI64,
    place: Place,
}

/// Where indexes lie: numbered directories in one that belongs to this program as long as it runs.
enum Place {
    Memory,
    Directory { path: PathBuf, lock: Mutex<File> },
}

impl Place {
    /// The first place in `directory` that no other program has.
    fn take(directory: &Path) -> Result<Self> {
        for number in 0..PLACES {
            let path = directory.join(number.to_string());
            fs::create_dir_all(&path).map_err(failed("make", &path))?;
            let name = path.join("lock");
            let lock = File::options().create(true).append(true).open(&name).map_err(failed("open", &name))?;
            match lock.try_lock() {
                Ok(()) => return Ok(Self::Directory { path, lock: Mutex::new(lock) }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(failed("lock", &name)(error)),
            }
        }
        Err(Error::Unavailable(format!("the search index: {PLACES} programs have a place in {} already", directory.display())))
    }

    /// The indexes that are there, by number.
    fn numbers(&self) -> Vec<u64> {
        let Self::Directory { path, .. } = self else { return Vec::new() };
        let entries = fs::read_dir(path).into_iter().flatten().flatten();
        let mut numbers: Vec<u64> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        numbers.sort_unstable();
        numbers
    }

    fn open(&self, number: u64) -> Result<Box<dyn Directory>> {
        let Self::Directory { path, lock } = self else { return Ok(Box::new(RamDirectory::create())) };
        let name = path.join("lock");
        if !name.exists() {
            // Somebody has removed everything: the place is taken again, or it is another program's now.
            fs::create_dir_all(path).map_err(failed("make", path))?;
            let file = File::options().create(true).append(true).open(&name).map_err(failed("open", &name))?;
            file.try_lock().map_err(|error| failed("lock", &name)(error.into()))?;
            *lock.lock().unwrap_or_else(PoisonError::into_inner) = file;
        }
        let path = path.join(number.to_string());
        fs::create_dir_all(&path).map_err(failed("make", &path))?;
        let directory = MmapDirectory::open(&path).map_err(broken)?;
        Ok(Box::new(directory))
    }

    /// Removes index `number`; what cannot be removed now is the next start's to remove.
    fn remove(&self, number: u64) {
        if let Self::Directory { path, .. } = self {
            drop(fs::remove_dir_all(path.join(number.to_string())));
        }
    }

    /// Whether index `number` lies where it was written.
    fn has(&self, number: u64) -> bool {
        match self {
            Self::Memory => true,
            Self::Directory { path, .. } => path.join(number.to_string()).join("meta.json").exists(),
        }
    }
}

/// Changes an index. There is one for each, and it is not for two at once.
pub struct Writer {
    index: Arc<Index>,
    inner: IndexWriter,
    reader: IndexReader,
    cutter: Cutter,
    number: u64,
    mark: Mark,
    is_whole: bool,
}

impl Index {
    /// The index in `directory`, or in memory: with the writer of what is there and can be used. No writer: it must be built
    /// ([`Index::build`]).
    pub fn open(directory: Option<&Path>, cutter: &Cutter) -> Result<(Arc<Self>, Option<Writer>)> {
        let place = directory.map_or(Ok(Place::Memory), Place::take)?;
        let (schema, fields) = Fields::schema();
        let nothing = tantivy::Index::create(RamDirectory::create(), schema, IndexSettings::default()).map_err(broken)?;
        Fields::register(&nothing, cutter);
        let live = Live { reader: reader(&nothing)?, cutter: cutter.clone() };
        let index = Arc::new(Self {
            fields,
            live: ArcSwap::from_pointee(live),
            is_whole: AtomicBool::new(false),
            vocabulary: ArcSwap::default(),
            turns: Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from))),
            seq: watch::Sender::new(0),
            entries_known: AtomicI64::new(0),
            place,
        });
        let mut found = None;
        for number in index.place.numbers().into_iter().rev() {
            // What is broken, of another format, or was being built, is built anew.
            if found.is_none()
                && let Ok(writer) = index.resume(number, cutter)
            {
                found = Some(writer);
            } else {
                index.place.remove(number);
            }
        }
        Ok((index, found))
    }

    fn resume(self: &Arc<Self>, number: u64, cutter: &Cutter) -> Result<Writer> {
        let opened = tantivy::Index::open(self.place.open(number)?).map_err(broken)?;
        // What was cut off is noticed anyway; what was changed would be noticed by those who search.
        let damaged = opened.validate_checksum().map_err(broken)?;
        if !damaged.is_empty() {
            return Err(Error::Unavailable(format!("{} files are damaged", damaged.len())));
        }
        let payload = opened.load_metas().map_err(broken)?.payload.unwrap_or_default();
        let state: State = serde_json::from_str(&payload).map_err(Error::internal)?;
        let (schema, _) = Fields::schema();
        if state.format != FORMAT || state.dictionary != cutter.version() || !state.is_whole || opened.schema() != schema {
            return Err(Error::Unavailable("of another format".into()));
        }
        let writer = Writer { mark: state.mark, is_whole: true, ..self.writer(&opened, number, cutter, 1)? };
        writer.show();
        Ok(writer)
    }

    /// An empty index beside the one that readers see; it takes that one's place by [`Writer::take_over`]. With `threads` that
    /// write.
    pub fn build(self: &Arc<Self>, cutter: &Cutter, threads: usize) -> Result<Writer> {
        let number = self.place.numbers().last().map_or(1, |last| last + 1);
        let (schema, _) = Fields::schema();
        let created = tantivy::Index::create(self.place.open(number)?, schema, IndexSettings::default()).map_err(broken)?;
        self.writer(&created, number, cutter, threads)
    }

    fn writer(self: &Arc<Self>, index: &tantivy::Index, number: u64, cutter: &Cutter, threads: usize) -> Result<Writer> {
        Fields::register(index, cutter);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(HEAP_BYTES)
            .num_merge_threads(1)
            .build();
        let inner = index.writer_with_options(options).map_err(broken)?;
        let mut policy = LogMergePolicy::default();
        // Small commits follow one another: what each reader opens stays few.
        policy.set_min_num_segments(6);
        inner.set_merge_policy(Box::new(policy));
        let reader = reader(index)?;
        Ok(Writer {
            index: Arc::clone(self),
            inner,
            reader,
            cutter: cutter.clone(),
            number,
            mark: Mark::default(),
            is_whole: false,
        })
    }

    /// Whether all documents are in it: false while it is built for the first time.
    pub fn is_whole(&self) -> bool {
        self.is_whole.load(Ordering::Acquire)
    }

    /// Number of the last entry of the journal that is in it.
    pub fn seq(&self) -> i64 {
        *self.seq.borrow()
    }

    /// Says that the journal has an entry of number `seq`.
    pub fn know(&self, seq: i64) {
        self.entries_known.fetch_max(seq, Ordering::AcqRel);
    }

    /// Says that nothing up to entry `seq` has to do with it.
    pub fn pass(&self, seq: i64) {
        self.seq.send_replace(seq);
    }

    /// Whether everything is in it that the journal is known to have.
    pub fn is_current(&self) -> bool {
        self.is_whole() && self.seq() >= self.entries_known.load(Ordering::Acquire)
    }

    /// How many entries of the journal are not in it yet.
    pub fn behind(&self) -> i64 {
        (self.entries_known.load(Ordering::Acquire) - self.seq()).max(0)
    }

    /// Waits until entry `seq` is in it.
    pub async fn reached(&self, seq: i64) {
        drop(self.seq.subscribe().wait_for(|reached| *reached >= seq).await);
    }

    /// How many documents it has.
    pub fn documents(&self) -> u64 {
        self.live.load().reader.searcher().num_docs()
    }

    /// The words that texts are cut with.
    pub fn cutter(&self) -> Cutter {
        self.live.load().cutter.clone()
    }

    /// Does `work`, which takes the processor, on a thread of its own when its turn comes: as many run at once as there are processors, whoever
    /// goes on waiting for them.
    pub async fn run<T: Send + 'static>(self: Arc<Self>, work: impl FnOnce(&Self) -> Result<T> + Send + 'static) -> Result<T> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(Error::internal)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&self);
            drop(turn);
            done
        });
        done.await.map_err(Error::internal)?
    }

    /// Words that complete a few letters, as they were gathered last.
    pub fn vocabulary(&self) -> Arc<Vocabulary> {
        self.vocabulary.load_full()
    }

    /// From now on `entries` complete a few letters.
    pub fn suggest_from(&self, entries: Vec<Entry>) {
        self.vocabulary.store(Arc::new(Vocabulary::new(entries)));
    }

    /// The words of two characters and more that stand in most titles, at most `most`, with the number of titles. Titles of what has been taken out
    /// may be among them until the index tidies up.
    pub fn title_words(&self, most: usize) -> Result<Vec<(String, u64)>> {
        let searcher = self.live.load().reader.searcher();
        let mut words: HashMap<String, u64> = HashMap::new();
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.words(true)).map_err(broken)?;
            let mut terms = inverted.terms().stream().map_err(broken)?;
            while let Some((term, info)) = terms.next() {
                let word = std::str::from_utf8(term).unwrap_or("");
                if word.chars().nth(1).is_some() && word.chars().any(char::is_alphabetic) {
                    *words.entry(word.to_owned()).or_default() += u64::from(info.doc_freq);
                }
            }
        }
        let mut words: Vec<(String, u64)> = words.into_iter().collect();
        words.sort_unstable_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
        words.truncate(most);
        Ok(words)
    }

    /// The documents that share most with `document`, which need not be in it, or stand in `lists`: those that readers see at `now`, in no order, of
    /// one text one, and not the document itself. Takes the processor for milliseconds.
    pub fn alike(&self, document: &Document, lists: &[TellingList], now: i64) -> Result<Vec<Alike>> {
        let live = self.live.load_full();
        alike::alike((document, lists), (&self.fields, &live.cutter), &live.reader.searcher(), now).map_err(broken)
    }

    /// The articles whose texts may share much with the one that has the signature `bands`, those with most of it first, at most `most`.
    pub fn copies(&self, bands: &[u64], most: usize) -> Result<Vec<i64>> {
        let searcher = self.live.load_full().reader.searcher();
        alike::copies(bands, most, &self.fields, &searcher).map_err(broken)
    }

    /// Looks for `query` among what `filter` lets through. Takes the processor for as long as it takes: not for a thread that others wait
    /// for.
    pub fn search(&self, query: &Query, filter: &Filter, wanted: &Wanted) -> Result<Found> {
        let live = self.live.load_full();
        let searcher = live.reader.searcher();
        let statistics = Statistics { cutter: &live.cutter, fields: &self.fields };
        let run = |is_relaxed: bool| {
            let clause = query.clause(&self.fields, &live.cutter, filter, is_relaxed);
            searcher.search_with_statistics_provider(&*clause, wanted, &statistics).map_err(broken)
        };
        let found = run(false)?;
        if found.total > 0 || query.needs(&live.cutter).len() < 3 {
            return Ok(found);
        }
        Ok(Found { is_relaxed: true, ..run(true)? })
    }
}

fn reader(index: &tantivy::Index) -> Result<IndexReader> {
    index.reader_builder().reload_policy(ReloadPolicy::Manual).doc_store_cache_num_blocks(0).try_into().map_err(broken)
}

impl Writer {
    /// Puts `documents` in the place of whatever is there of `articles`.
    pub fn replace(&self, articles: &[i64], documents: &[Document]) -> Result<()> {
        for id in articles {
            self.inner.delete_term(self.index.fields.name(*id));
        }
        documents.iter().try_for_each(|document| self.add(document))
    }

    /// Adds `document`, whose article has none yet.
    pub fn add(&self, document: &Document) -> Result<()> {
        let filled: TantivyDocument = self.index.fields.fill(document);
        self.inner.add_document(filled).map_err(broken)?;
        Ok(())
    }

    /// Keeps what has been put, up to `mark`, and shows it.
    pub fn commit(&mut self, mark: Mark) -> Result<()> {
        self.keep(mark, true)?;
        self.show();
        Ok(())
    }

    /// Keeps what has been put, as a part: shown if readers have nothing better.
    pub fn commit_part(&mut self) -> Result<()> {
        self.keep(Mark::default(), false)?;
        if !self.index.is_whole() {
            self.show();
        }
        Ok(())
    }

    /// As [`Writer::commit`] for an index that was built, without showing it: [`Writer::take_over`] does.
    pub fn finish(mut self, mark: Mark) -> Result<Self> {
        self.keep(mark, true)?;
        // In one piece its dictionaries are there once: half of the size, and one look for each word.
        let pieces = self.inner.index().searchable_segment_ids().map_err(broken)?;
        if pieces.len() > 1 {
            self.inner.merge(&pieces).wait().map_err(broken)?;
            self.inner.garbage_collect_files().wait().map_err(broken)?;
            self.reader.reload().map_err(broken)?;
        }
        // Threads that wrote everything are more than the changes of a day need.
        let Self { index, inner, cutter, number, .. } = self;
        let opened = inner.index().clone();
        inner.wait_merging_threads().map_err(broken)?;
        Ok(Self { mark, is_whole: true, ..index.writer(&opened, number, &cutter, 1)? })
    }

    fn keep(&mut self, mark: Mark, is_whole: bool) -> Result<()> {
        let state = State { mark, format: FORMAT, dictionary: self.cutter.version(), is_whole };
        let mut prepared = self.inner.prepare_commit().map_err(broken)?;
        prepared.set_payload(&serde_json::to_string(&state).map_err(Error::internal)?);
        prepared.commit().map_err(broken)?;
        self.reader.reload().map_err(broken)?;
        (self.mark, self.is_whole) = (mark, is_whole);
        Ok(())
    }

    /// Lets readers see this index, and removes all others: those who write them must have let go.
    pub fn take_over(&self) {
        self.show();
        for number in self.index.place.numbers().into_iter().filter(|number| *number != self.number) {
            self.index.place.remove(number);
        }
    }

    /// Lets readers see this index, as it was kept last.
    fn show(&self) {
        let live = Live { reader: self.reader.clone(), cutter: self.cutter.clone() };
        self.index.live.store(Arc::new(live));
        self.index.is_whole.store(self.is_whole, Ordering::Release);
        self.index.know(self.mark.seq);
        self.index.seq.send_replace(self.mark.seq);
    }

    /// Whether the index lies where it was written: somebody may have removed it.
    pub fn is_there(&self) -> bool {
        self.index.place.has(self.number)
    }

    /// How far it has come, as it is kept.
    pub fn mark(&self) -> Mark {
        self.mark
    }
}
