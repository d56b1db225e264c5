//! Opens a database by its address: sea-orm for migrations and writes, a `Reader` of our own for hot reads.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection};

use super::bell::Bell;
use super::postgres::PostgresReader;
use super::query::{Backend, Reader};
use super::sqlite::SqliteReader;
use crate::error::{Error, Result};

/// How to open a database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Schema of a PostgreSQL database; none: the server's default.
    pub schema: Option<String>,
    /// Reader connections (PostgreSQL) or threads (SQLite).
    pub readers: usize,
    /// How long one read may take.
    pub statement_limit: Duration,
}

/// Reader connections or threads of background work: one for what takes long, one for the rest.
const BACKGROUND_READERS: usize = 2;

/// An open database.
#[derive(Clone)]
pub struct Database {
    writer: DatabaseConnection,
    reader: Reader,
    /// What background work reads with.
    background: Reader,
    bell: Bell,
    /// Statements that transactions have run: all, and those of this handle and its clones.
    written: [Arc<AtomicU64>; 2],
    /// How often this program has changed a small noun.
    noun_changes: Arc<AtomicU64>,
    /// How often this program has changed what partners may have.
    access_changes: Arc<AtomicU64>,
    /// How often this program has changed articles.
    article_changes: Arc<AtomicU64>,
}

impl Database {
    /// Connects, creates an SQLite file that is not there yet, and brings the tables up to date.
    pub async fn open(settings: &Settings) -> Result<Self> {
        let writer = writer(settings).await?;
        Migrator::up(&writer, None)
            .await
            .map_err(|e| Error::Unavailable(format!("the tables cannot be brought up to date: {e}")))?;
        let limit = settings.statement_limit;
        let (reader, background) = if let Some(path) = sqlite_path(&settings.url)? {
            let open = |threads| SqliteReader::open(&path, threads, limit).map(Reader::Sqlite);
            (open(settings.readers)?, open(BACKGROUND_READERS)?)
        } else {
            let reader = PostgresReader::open(&settings.url, settings.schema.as_deref(), settings.readers, limit).await?;
            let background = reader.another(BACKGROUND_READERS);
            (Reader::Postgres(reader), Reader::Postgres(background))
        };
        let (bell, written) = (Bell::new(), [Arc::default(), Arc::default()]);
        Ok(Self {
            writer,
            reader,
            background,
            bell,
            written,
            noun_changes: Arc::default(),
            access_changes: Arc::default(),
            article_changes: Arc::default(),
        })
    }

    /// For writes and rare reads, inside `db/` and `editorial/`.
    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// For hot reads.
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// The same database for work that nobody waits for: it reads with connections of its own, so that a read that takes long is in no
    /// request's way.
    #[must_use]
    pub fn in_background(&self) -> Self {
        Self { reader: self.background.clone(), ..self.clone() }
    }

    /// Rings when something has been committed: by this program at once, by another one while [`Self::listen`] runs.
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// How many statements transactions have run so far, the beginnings and the ends of transactions among them.
    pub fn written(&self) -> u64 {
        self.written[0].load(Ordering::Relaxed)
    }

    /// How many of those ran through this handle and its clones.
    pub fn written_here(&self) -> u64 {
        self.written[1].load(Ordering::Relaxed)
    }

    /// The same database with a count of its own.
    #[must_use]
    pub fn counting(&self) -> Self {
        let mut handle = self.clone();
        handle.written[1] = Arc::default();
        handle
    }

    pub(super) fn counters(&self) -> &[Arc<AtomicU64>; 2] {
        &self.written
    }

    /// How often this program has changed what the catalog holds.
    pub fn noun_changes(&self) -> u64 {
        self.noun_changes.load(Ordering::Relaxed)
    }

    /// How often this program has changed contracts and their keys.
    pub fn access_changes(&self) -> u64 {
        self.access_changes.load(Ordering::Relaxed)
    }

    /// How often this program has changed articles.
    pub fn article_changes(&self) -> u64 {
        self.article_changes.load(Ordering::Relaxed)
    }

    pub(super) fn count_article_change(&self) {
        self.article_changes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_access_change(&self) {
        self.access_changes.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_noun_change(&self) {
        self.noun_changes.fetch_add(1, Ordering::Relaxed);
    }

    /// Hears of other programs' commits on PostgreSQL, for ever. SQLite tells nobody; followers look now and then.
    pub async fn listen(self) {
        match &self.reader {
            Reader::Postgres(reader) => reader.listen(&self.bell).await,
            Reader::Sqlite(_) => std::future::pending().await,
        }
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        self.reader.backend()
    }

    /// Closes the writer; SQLite checkpoints its log.
    pub async fn close(self) {
        if self.backend() == Backend::Sqlite {
            // Readers may still be open: without this the log would stay beside the file, and a copy of the file lack it.
            drop(self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await);
        }
        drop(self.writer.close().await);
    }
}

/// The file behind an SQLite address, taken as it is written; nothing for other databases. `mode=rwc`, which is what
/// happens anyway, is the only parameter.
fn sqlite_path(url: &str) -> Result<Option<PathBuf>> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(None) };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if let Some(other) = parameters.split('&').find(|p| !matches!(*p, "" | "mode=rwc")) {
        let message = format!("`{other}` is not supported: after the `?` of an SQLite file may stand `mode=rwc` alone");
        return Err(Error::invalid("database.url", message));
    }
    match path {
        // Readers have connections of their own, which would each see another empty database.
        "" | ":memory:" => Err(Error::invalid("database.url", "SQLite needs a file: sqlite://PATH")),
        // SQLite takes what begins so for an address, and decodes it.
        _ if path.starts_with("file:") => Ok(Some(PathBuf::from(format!("./{path}")))),
        _ => Ok(Some(PathBuf::from(path))),
    }
}

async fn writer(settings: &Settings) -> Result<DatabaseConnection> {
    let sqlite = sqlite_path(&settings.url)?;
    if sqlite.is_none() && !settings.url.starts_with("postgres") {
        return Err(Error::invalid("database.url", "starts with neither sqlite:// nor postgres://"));
    }
    // In an address the driver would decode the path; it gets it below, as the reader does.
    let url = if sqlite.is_some() { "sqlite://" } else { settings.url.as_str() };
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).connect_timeout(Duration::from_secs(10)).acquire_timeout(Duration::from_secs(30));
    if let Some(path) = sqlite {
        // One writer, always: SQLite has one anyway, and a queue in the program beats a busy loop in the file.
        options.max_connections(1).min_connections(1);
        options.map_sqlx_sqlite_opts(move |o| {
            o.filename(&path)
                .create_if_missing(true)
                .busy_timeout(Duration::from_secs(30))
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("foreign_keys", "ON")
                .pragma("cache_size", "-8192")
                .pragma("temp_store", "MEMORY")
        });
    } else {
        options
            .acquire_timeout(Duration::from_secs(10))
            .max_connections(5)
            .min_connections(0)
            .idle_timeout(Duration::from_mins(1));
        if let Some(schema) = &settings.schema {
            options.set_schema_search_path(schema);
        }
    }
    sea_orm::Database::connect(options).await.map_err(|e| Error::Unavailable(format!("the database cannot be opened: {e}")))
}
