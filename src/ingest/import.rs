//! Imports NDJSON: lines are read and cleaned on a thread of their own while earlier ones are written, in batches of
//! one kind, each a transaction. Running it again changes nothing and repeats nothing, so after a crash one runs it again.

use std::collections::HashSet;
use std::io::BufRead;

use tokio::sync::mpsc;

use super::line::{MAX_LINE_BYTES, Problem, parse};
use crate::clock::Clock;
use crate::db::{Database, load_catalog, write};
use crate::editorial::{DEFAULT_LANGUAGE, Desk, Draft, Incoming, Outcome};
use crate::error::{Error, Result};

/// Records of a transaction at most: the commit's cost is spread thin, and a crash costs a fraction of a second.
const BATCH: usize = 1_000;

/// Bytes of lines in a transaction at most, for records with long bodies.
const BATCH_BYTES: usize = 8 << 20;

/// Batches that may wait for the writer.
const QUEUED: usize = 4;

/// What an import has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records that are new.
    pub created: u64,
    /// Records that have changed.
    pub updated: u64,
    /// Records that were there already.
    pub unchanged: u64,
    /// Lines that could not be used.
    pub refused: u64,
}

impl Summary {
    /// Lines in all.
    pub fn lines(&self) -> u64 {
        self.created + self.updated + self.unchanged + self.refused
    }
}

/// Told after every batch.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// So far.
    pub summary: Summary,
    /// Bytes read so far.
    pub bytes: u64,
}

/// An import on its way in.
pub struct Import {
    db: Database,
    clock: Clock,
    actor: String,
}

/// A line on its way: what it is, or why it is nothing.
struct Row {
    line: u64,
    incoming: std::result::Result<Incoming, Problem>,
}

struct Batch {
    rows: Vec<Row>,
    bytes: u64,
}

impl Import {
    /// An import into `db`.
    pub fn new(db: Database, clock: Clock) -> Self {
        Self { db, clock, actor: "import".into() }
    }

    /// Reads lines to the end. `report` hears of each line that could not be used, `progress` of each batch.
    pub async fn run(
        self,
        input: impl BufRead + Send + 'static,
        mut report: impl FnMut(&Problem) -> Result<()>,
        mut progress: impl FnMut(Progress),
    ) -> Result<Summary> {
        let site = load_catalog(&self.db).await?.site;
        let language = site.map_or_else(|| DEFAULT_LANGUAGE.to_owned(), |s| s.language);
        let (sender, mut batches) = mpsc::channel(QUEUED);
        let reader = tokio::task::spawn_blocking(move || read(input, language, &sender));
        let mut desk = Desk::open(&self.db, &self.actor).await?;
        let mut summary = Summary::default();
        while let Some(batch) = batches.recv().await {
            let Batch { rows, bytes } = batch;
            self.write(&mut desk, rows, &mut summary, &mut report).await?;
            progress(Progress { summary, bytes });
        }
        reader.await.map_err(Error::internal)??;
        for (pinned, article) in desk.finish(self.now()).await? {
            let reason = format!("there is no article {pinned:?}; the pin is left out until the line is imported again");
            report(&Problem { line: 0, external_id: Some(article), field: Some("related".into()), reason })?;
        }
        if summary.created + summary.updated > 0 {
            write::analyse(&self.db).await?;
        }
        Ok(summary)
    }

    fn now(&self) -> i64 {
        self.clock.now().timestamp_millis()
    }

    async fn write(
        &self,
        desk: &mut Desk,
        rows: Vec<Row>,
        summary: &mut Summary,
        report: &mut impl FnMut(&Problem) -> Result<()>,
    ) -> Result<()> {
        let mut lines = Vec::with_capacity(rows.len());
        let mut drafts = Vec::with_capacity(rows.len());
        for row in rows {
            match row.incoming {
                Ok(incoming) => {
                    lines.push(row.line);
                    drafts.push(incoming);
                }
                Err(problem) => {
                    summary.refused += 1;
                    report(&problem)?;
                }
            }
        }
        let outcomes = desk.save(&drafts, self.now()).await?;
        for ((line, draft), outcome) in lines.into_iter().zip(&drafts).zip(outcomes) {
            match outcome {
                Outcome::Created => summary.created += 1,
                Outcome::Updated => summary.updated += 1,
                Outcome::Unchanged => summary.unchanged += 1,
                Outcome::Refused(error) => {
                    summary.refused += 1;
                    report(&Problem::new(line, Some(draft.draft.external_id()), &error))?;
                }
            }
        }
        Ok(())
    }
}

/// Cuts the input into batches of one kind with different names.
fn read(mut input: impl BufRead, mut language: String, batches: &mpsc::Sender<Batch>) -> Result<()> {
    let (mut rows, mut names, mut size, mut kind) = (Vec::new(), HashSet::new(), 0, "");
    let (mut line, mut bytes) = (0_u64, 0_u64);
    let mut text = Vec::new();
    loop {
        text.clear();
        let count = read_line(&mut input, &mut text)?;
        if count == 0 {
            break;
        }
        line += 1;
        bytes += count;
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let incoming = parse(line, &text).and_then(|draft| {
            let name = draft.external_id().to_owned();
            Incoming::new(draft, &language).map_err(|error| Problem::new(line, Some(&name), &error))
        });
        let own_kind = incoming.as_ref().map_or(kind, |i| i.draft.kind());
        let is_new_name = incoming.as_ref().map_or(true, |i| !names.contains(i.draft.external_id()));
        // A tree refers to itself: a child must find its parent written.
        let is_tree = matches!(own_kind, "channel" | "navigation");
        let is_full = rows.len() >= BATCH || size >= BATCH_BYTES;
        if !rows.is_empty() && (is_full || own_kind != kind || !is_new_name || is_tree) {
            let batch = Batch { rows: std::mem::take(&mut rows), bytes };
            if batches.blocking_send(batch).is_err() {
                // The writer has given up, and says why.
                return Ok(());
            }
            names.clear();
            size = 0;
        }
        if let Ok(Incoming { draft: Draft::Site(site), .. }) = &incoming {
            language = site.language.clone().unwrap_or(language);
        }
        if let Ok(incoming) = &incoming {
            names.insert(incoming.draft.external_id().to_owned());
        }
        kind = own_kind;
        size += text.len();
        rows.push(Row { line, incoming });
    }
    drop(batches.blocking_send(Batch { rows, bytes }));
    Ok(())
}

/// Reads one line without its end into `text`, at most a byte more than the longest allowed; returns the bytes read.
fn read_line(input: &mut impl BufRead, text: &mut Vec<u8>) -> Result<u64> {
    let mut count = 0;
    loop {
        let available = input.fill_buf().map_err(|e| Error::Unavailable(format!("the input cannot be read: {e}")))?;
        if available.is_empty() {
            return Ok(count);
        }
        let end = available.iter().position(|b| *b == b'\n');
        let used = end.map_or(available.len(), |i| i + 1);
        let room = (MAX_LINE_BYTES + 1).saturating_sub(text.len());
        text.extend_from_slice(&available[..end.unwrap_or(used).min(room)]);
        input.consume(used);
        count += used as u64;
        if end.is_some() {
            return Ok(count);
        }
    }
}
