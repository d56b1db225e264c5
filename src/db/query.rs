//! A hot read: fixed SQL in both dialects, parameters, and how a row becomes a value.
//!
//! Keys travel as one parameter whatever their number (arrays in PostgreSQL, one JSON text in SQLite), so that each
//! read is one prepared statement for ever. Not for writes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::postgres::PostgresReader;
use super::sqlite::SqliteReader;
use crate::error::{Error, Result};

/// Which database answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Backend {
    /// Embedded.
    Sqlite,
    /// A server.
    Postgres,
}

/// One statement in both dialects. Written once with `$n` parameters; keys come last.
#[derive(Debug)]
pub struct Sql {
    sqlite: String,
    postgres: String,
    /// For a single key, without the machinery of a table of keys: a third less work for the server.
    postgres_single: String,
}

/// Stands around what [`keys`] leaves for [`Sql::new`] to write out.
const MARK: char = '\u{1}';

impl Sql {
    /// `write` is called once per dialect and returns that dialect's text.
    pub fn new(write: impl Fn(Backend) -> String) -> Arc<Self> {
        let postgres = write(Backend::Postgres);
        Arc::new(Self {
            // SQLite numbers `?n`; `$n` would be a name to it.
            sqlite: write(Backend::Sqlite).replace('$', "?"),
            postgres_single: write_keys(&postgres, single_key),
            postgres: write_keys(&postgres, many_keys),
        })
    }

    /// The text for `backend` and `params`.
    pub fn text(&self, backend: Backend, params: &[Param]) -> &str {
        let is_single = || matches!(params.last(), Some(Param::Keys(columns)) if columns.first().is_some_and(|c| c.len() == 1));
        match backend {
            Backend::Sqlite => &self.sqlite,
            Backend::Postgres if is_single() => &self.postgres_single,
            Backend::Postgres => &self.postgres,
        }
    }
}

/// The texts of one statement: one per shape that has been asked for, for ever.
pub struct Texts<K>(LazyLock<Mutex<HashMap<K, Arc<Sql>>>>);

impl<K: Copy + Eq + Hash> Texts<K> {
    /// None yet.
    pub const fn new() -> Self {
        Self(LazyLock::new(Mutex::default))
    }

    /// The text for `shape`, which `write` writes if it is the first of its kind.
    pub fn of(&self, shape: K, write: impl Fn(Backend) -> String) -> Arc<Sql> {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(texts.entry(shape).or_insert_with(|| Sql::new(write)))
    }
}

/// The keys of a statement as a table `k(ord, columns…)`; `first` is the number of their first parameter.
pub fn keys(backend: Backend, first: usize, columns: &[&str]) -> String {
    match backend {
        Backend::Postgres => format!("{MARK}{first} {}{MARK}", columns.join(" ")),
        Backend::Sqlite => {
            let picks: Vec<String> = columns.iter().enumerate().map(|(i, c)| format!("value ->> {i} AS {c}")).collect();
            format!("(SELECT key + 1 AS ord, {} FROM json_each(${first})) AS k", picks.join(", "))
        }
    }
}

/// Writes out what [`keys`] left, if anything: `form` gets the number of the first parameter and the columns.
fn write_keys(text: &str, form: fn(usize, &[&str]) -> String) -> String {
    let write = |(number, piece): (usize, &str)| {
        if number % 2 == 0 {
            return piece.to_owned();
        }
        let mut words = piece.split(' ');
        let first = words.next().and_then(|n| n.parse().ok()).unwrap_or(1);
        form(first, &words.collect::<Vec<_>>())
    };
    text.split(MARK).enumerate().map(write).collect()
}

fn many_keys(first: usize, columns: &[&str]) -> String {
    let arrays: Vec<String> = (0..columns.len()).map(|i| format!("${}::bigint[]", first + i)).collect();
    format!("unnest({}) WITH ORDINALITY AS k({}, ord)", arrays.join(", "), columns.join(", "))
}

fn single_key(first: usize, columns: &[&str]) -> String {
    let picks: Vec<String> = columns.iter().enumerate().map(|(i, c)| format!("(${}::bigint[])[1] AS {c}", first + i)).collect();
    format!("(SELECT {}, 1::bigint AS ord) AS k", picks.join(", "))
}

/// The condition that `column` is one of the texts or numbers in parameter `number`.
pub fn any(backend: Backend, column: &str, number: usize) -> String {
    match backend {
        Backend::Postgres => format!("{column} = ANY(${number})"),
        Backend::Sqlite => format!("{column} IN (SELECT value FROM json_each(${number}))"),
    }
}

/// A parameter.
#[derive(Clone, Debug)]
pub enum Param {
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// A set for [`any`].
    Ints(Vec<i64>),
    /// A set for [`any`].
    Texts(Vec<String>),
    /// Rows for [`keys`]: each inner vector is one column.
    Keys(Vec<Vec<i64>>),
}

impl Param {
    /// A set of texts. No stored text has a U+0000, which PostgreSQL does not take even to look for.
    pub(super) fn texts(mut texts: Vec<String>) -> Self {
        texts.retain(|text| !text.contains('\0'));
        Self::Texts(texts)
    }
}

/// One row of an answer.
pub enum Row<'a> {
    /// From the embedded database.
    Sqlite(&'a rusqlite::Row<'a>),
    /// From the server.
    Postgres(&'a tokio_postgres::Row),
}

macro_rules! getter {
    ($(#[$doc:meta])* $name:ident, $kind:ty) => {
        $(#[$doc])*
        pub fn $name(&self, column: usize) -> Result<$kind> {
            match self {
                Self::Sqlite(row) => row.get(column).map_err(Error::internal),
                Self::Postgres(row) => row.try_get(column).map_err(Error::internal),
            }
        }
    };
}

impl Row<'_> {
    /// How many columns it has.
    pub fn width(&self) -> usize {
        match self {
            Self::Sqlite(row) => row.as_ref().column_count(),
            Self::Postgres(row) => row.len(),
        }
    }

    getter!(
        /// A number that is there.
        int, i64
    );
    getter!(
        /// A number or NULL.
        opt_int, Option<i64>
    );
    getter!(
        /// A text that is there.
        text, String
    );
    getter!(
        /// A text or NULL.
        opt_text, Option<String>
    );
    getter!(
        /// A fraction or NULL.
        opt_real, Option<f64>
    );
    getter!(
        /// True or false.
        flag, bool
    );
    getter!(
        /// Bytes that are there.
        bytes, Vec<u8>
    );
}

/// A read of rows of type `T`.
pub struct Query<T> {
    pub(super) sql: Arc<Sql>,
    pub(super) params: Vec<Param>,
    pub(super) decode: fn(&Row<'_>) -> Result<T>,
}

impl<T> Query<T> {
    /// A read with its parameters in order.
    pub(super) fn new(sql: Arc<Sql>, params: Vec<Param>, decode: fn(&Row<'_>) -> Result<T>) -> Self {
        Self { sql, params, decode }
    }

    /// The statement's text and parameters, for those who look at plans.
    pub fn explainable(&self, backend: Backend) -> (String, Vec<Param>) {
        (self.sql.text(backend, &self.params).to_owned(), self.params.clone())
    }
}

/// One statement of a wave: takes rows as they come and hands its outcome over at the end.
pub trait Work: Send {
    /// The statement.
    fn sql(&self) -> &Sql;
    /// Its parameters.
    fn params(&self) -> &[Param];
    /// Takes one row.
    fn take(&mut self, row: &Row<'_>) -> Result<()>;
    /// Called exactly once, after the last row or with what went wrong.
    fn done(self: Box<Self>, outcome: Result<()>);
}

/// A [`Query`] whose rows go to `deliver`.
pub struct Job<T, F> {
    query: Query<T>,
    rows: Vec<T>,
    deliver: F,
}

impl<T, F: FnOnce(Result<Vec<T>>)> Job<T, F> {
    /// Runs `query` and calls `deliver` with all rows.
    pub fn new(query: Query<T>, deliver: F) -> Self {
        Self { query, rows: Vec::new(), deliver }
    }
}

impl<T: Send, F: FnOnce(Result<Vec<T>>) + Send> Work for Job<T, F> {
    fn sql(&self) -> &Sql {
        &self.query.sql
    }

    fn params(&self) -> &[Param] {
        &self.query.params
    }

    fn take(&mut self, row: &Row<'_>) -> Result<()> {
        self.rows.push((self.query.decode)(row)?);
        Ok(())
    }

    fn done(self: Box<Self>, outcome: Result<()>) {
        let Self { rows, deliver, .. } = *self;
        deliver(outcome.map(|()| rows));
    }
}

/// Runs waves of hot reads.
#[derive(Clone)]
pub enum Reader {
    /// Threads of this process.
    Sqlite(SqliteReader),
    /// Connections to a server.
    Postgres(PostgresReader),
}

impl Reader {
    /// Runs all statements of a wave together: one hop to a reader thread, or one pipeline on one connection.
    /// Every piece of work hears its own outcome through [`Work::done`].
    pub async fn run(&self, wave: Vec<Box<dyn Work>>) {
        match self {
            Self::Sqlite(reader) => reader.run(wave).await,
            Self::Postgres(reader) => reader.run(wave).await,
        }
    }

    /// Runs one query on its own.
    pub async fn all<T: Send + 'static>(&self, query: Query<T>) -> Result<Vec<T>> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.run(vec![Box::new(Job::new(query, |rows| drop(sender.send(rows))))]).await;
        receiver.await.map_err(|_| Error::Unavailable("the database reader has stopped".into()))?
    }

    /// Which database this reads.
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// Connections or threads in all, and how many are busy, for metrics.
    pub fn pool(&self) -> (usize, usize) {
        match self {
            Self::Sqlite(reader) => reader.pool(),
            Self::Postgres(reader) => reader.pool(),
        }
    }
}
