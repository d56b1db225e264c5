//! Hot reads from the embedded database: a few threads, each with a connection of its own and its prepared statements.
//! A wave is one hop to one thread. A read whose caller is gone, or that runs too long, is stopped in the middle.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};
use rusqlite::config::DbConfig;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, OpenFlags, ToSql};
use tokio::sync::oneshot;

use super::query::{Backend, Param, Row, Work};
use crate::error::{Error, Result};

/// Virtual machine steps between two looks at the clock: some tens of microseconds.
const STEPS_BETWEEN_CHECKS: i32 = 10_000;

/// The page cache of one connection: small, because the system's file cache stands behind it.
const CACHE_KIB: i64 = 8_192;

/// Threads for each processor: reading is work, not waiting, and more threads would only halve each other's caches.
const THREADS_PER_PROCESSOR: usize = 2;

struct Wave {
    work: Vec<Box<dyn Work>>,
    /// Set when the caller has gone.
    gone: Arc<AtomicBool>,
    done: oneshot::Sender<()>,
}

/// A pool of reader threads.
#[derive(Clone)]
pub struct SqliteReader {
    waves: Sender<Wave>,
    busy: Arc<AtomicUsize>,
    threads: usize,
}

/// Marks a wave as abandoned when its caller is dropped before the answer.
struct Abandon(Arc<AtomicBool>);

impl Drop for Abandon {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl SqliteReader {
    /// Opens at most `threads` read-only connections to the file at `path`; a statement may run for `limit`.
    pub fn open(path: &Path, threads: usize, limit: Duration) -> Result<Self> {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.clamp(1, processors * THREADS_PER_PROCESSOR);
        let (waves, queue) = unbounded();
        let busy = Arc::new(AtomicUsize::new(0));
        for number in 0..threads {
            let connection = connect(path)?;
            let (queue, busy) = (queue.clone(), Arc::clone(&busy));
            std::thread::Builder::new()
                .name(format!("sqlite-reader-{number}"))
                .spawn(move || serve(&connection, &queue, &busy, limit))
                .map_err(Error::internal)?;
        }
        Ok(Self { waves, busy, threads })
    }

    pub(super) async fn run(&self, work: Vec<Box<dyn Work>>) {
        let (done, answer) = oneshot::channel();
        let gone = Arc::new(AtomicBool::new(false));
        let _abandon = Abandon(Arc::clone(&gone));
        // A closed queue drops the wave, and with it the sender that the next line waits for.
        drop(self.waves.send(Wave { work, gone, done }));
        drop(answer.await);
    }

    pub(super) fn pool(&self) -> (usize, usize) {
        (self.threads, self.busy.load(Ordering::Relaxed))
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(Error::internal)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(Error::internal)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(Error::internal)?;
    connection.pragma_update(None, "query_only", true).map_err(Error::internal)?;
    // Without this a statement is planned anew whenever a parameter changes (SQLITE_ENABLE_STAT4 is compiled in), which
    // measured at more than half of a read.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(Error::internal)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(connection)
}

fn serve(connection: &Connection, queue: &Receiver<Wave>, busy: &AtomicUsize, limit: Duration) {
    while let Ok(wave) = queue.recv() {
        busy.fetch_add(1, Ordering::Relaxed);
        let (gone, until) = (Arc::clone(&wave.gone), Instant::now() + limit);
        drop(
            connection
                .progress_handler(STEPS_BETWEEN_CHECKS, Some(move || gone.load(Ordering::Relaxed) || Instant::now() > until)),
        );
        for mut work in wave.work {
            let outcome = if wave.gone.load(Ordering::Relaxed) {
                Err(Error::Timeout("nobody waits for the answer".into()))
            } else {
                execute(connection, work.as_mut())
            };
            work.done(outcome);
        }
        busy.fetch_sub(1, Ordering::Relaxed);
        // A caller that has gone needs no answer.
        let _ = wave.done.send(());
    }
}

fn execute(connection: &Connection, work: &mut dyn Work) -> Result<()> {
    let mut statement = connection.prepare_cached(work.sql().text(Backend::Sqlite, work.params())).map_err(failure)?;
    for (index, param) in work.params().iter().enumerate() {
        statement.raw_bind_parameter(index + 1, param).map_err(failure)?;
    }
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(failure)? {
        work.take(&Row::Sqlite(row))?;
    }
    Ok(())
}

fn failure(error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::OperationInterrupted) => Error::Timeout("the database needed too long".into()),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
            Error::Unavailable("the database is busy".into())
        }
        _ => Error::internal(error),
    }
}

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let json = |value: serde_json::Result<String>| {
            value.map(ToSqlOutput::from).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
        };
        match self {
            Self::Int(value) => Ok(ToSqlOutput::from(*value)),
            Self::Text(value) => Ok(ToSqlOutput::from(value.as_str())),
            Self::Ints(values) => json(serde_json::to_string(values)),
            Self::Texts(values) => json(serde_json::to_string(values)),
            Self::Keys(columns) => json(serde_json::to_string(&transpose(columns))),
        }
    }
}

/// Rows from columns of equal length.
fn transpose(columns: &[Vec<i64>]) -> Vec<Vec<i64>> {
    (0..columns.first().map_or(0, Vec::len)).map(|row| columns.iter().map(|column| column[row]).collect()).collect()
}
