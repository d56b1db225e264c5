//! Hot reads from a PostgreSQL server: a few connections, each with its prepared statements; a wave is pipelined on one
//! of them, so its statements cost one round trip. A connection that has died is opened again by the next who needs it.

use std::collections::HashMap;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex as Latch, OnceLock};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;
use tokio::sync::Mutex;
use tokio_postgres::types::ToSql;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls, Statement};

use super::bell::Bell;
use super::query::{Backend, Param, Row, Work};
use super::write::CHANNEL;
use crate::error::{Error, Result};

/// Plans of the reader's sessions. Every hot statement has one good plan, whatever its parameters: along an index, from key
/// to key. A planner that cannot see the limit of a generic plan would rather sort a whole scope (measured at 60,000
/// articles: 35.6 ms against 0.72) or join by other means, and one whose statistics are a minute old would rather read a
/// small table whole: the other means are off.
pub const SETTINGS: &str = "SET jit = off; SET plan_cache_mode = force_generic_plan; SET enable_sort = off; SET enable_memoize = off; \
    SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_bitmapscan = off; SET enable_seqscan = off";

/// How long a wave that nobody waits for any more may go on before its statement is cancelled: nearly all are done by then.
const GRACE: Duration = Duration::from_millis(100);

struct Session {
    client: Client,
    statements: Latch<HashMap<String, Statement>>,
    /// Waves sent, and waves answered. A session answers them in order.
    sent: AtomicU64,
    answered: AtomicU64,
}

impl Session {
    fn statements(&self) -> std::sync::MutexGuard<'_, HashMap<String, Statement>> {
        self.statements.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

struct Slot {
    session: Mutex<Option<Arc<Session>>>,
    busy: AtomicUsize,
}

fn slots(connections: usize) -> Arc<[Slot]> {
    (0..connections).map(|_| Slot { session: Mutex::new(None), busy: AtomicUsize::new(0) }).collect()
}

/// A pool of connections.
#[derive(Clone)]
pub struct PostgresReader {
    config: Arc<Config>,
    schema: Arc<Option<String>>,
    slots: Arc<[Slot]>,
    limit: Duration,
}

impl PostgresReader {
    /// Connects to `url` with `connections` connections; a statement may run for `limit`. `schema`, if given, is where
    /// the tables are.
    pub async fn open(url: &str, schema: Option<&str>, connections: usize, limit: Duration) -> Result<Self> {
        let mut config = Config::from_str(url).map_err(|e| Error::invalid("database.url", e.to_string()))?;
        config.application_name("tidings").connect_timeout(Duration::from_secs(5)).keepalives_idle(Duration::from_secs(30));
        let reader =
            Self { config: Arc::new(config), schema: Arc::new(schema.map(str::to_owned)), slots: slots(connections), limit };
        // One at once, so that a wrong address is known at start; the others when they are needed.
        reader.session(&reader.slots[0]).await?;
        Ok(reader)
    }

    /// Another pool to the same server, whose connections are opened when they are needed.
    pub(super) fn another(&self, connections: usize) -> Self {
        Self { slots: slots(connections), ..self.clone() }
    }

    pub(super) async fn run(&self, wave: Vec<Box<dyn Work>>) {
        let load = |number: &usize| self.slots[*number].busy.load(Ordering::Relaxed);
        let number = (0..self.slots.len()).min_by_key(load).expect("a pool has a connection");
        let busy = Busy::new(Arc::clone(&self.slots), number);
        match self.session(&self.slots[number]).await {
            Ok(session) => Wave::new(session, busy, wave).finish().await,
            Err(error) => wave.into_iter().for_each(|work| work.done(Err(error.clone()))),
        }
    }

    pub(super) fn pool(&self) -> (usize, usize) {
        (self.slots.len(), self.slots.iter().filter(|s| s.busy.load(Ordering::Relaxed) > 0).count())
    }

    /// Rings `bell` for every commit that another program tells of, for ever.
    pub(super) async fn listen(&self, bell: &Bell) {
        loop {
            if let Err(error) = self.hear(bell).await {
                tracing::warn!(error = %error, "Notifications of the database were lost: {error}");
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }

    async fn hear(&self, bell: &Bell) -> Result<(), tokio_postgres::Error> {
        let (client, mut connection) = self.config.connect(NoTls).await?;
        let mut messages = futures_util::stream::poll_fn(move |context| connection.poll_message(context));
        let own = OnceLock::new();
        let heard = async {
            while let Some(message) = messages.next().await {
                // Every portal of a database hears of all; which is its own it knows before it listens.
                if let AsyncMessage::Notification(notice) = message?
                    && own.get().is_some_and(|schema| schema == notice.payload())
                {
                    bell.ring();
                }
            }
            Ok(())
        };
        let asked = async {
            client.batch_execute(&self.search_path()).await?;
            let row = client.query_one("SELECT current_schema()::text", &[]).await?;
            let schema: Option<String> = row.try_get(0)?;
            own.get_or_init(|| schema.unwrap_or_default());
            client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
            // Whatever was committed while nobody listened.
            bell.ring();
            std::future::pending().await
        };
        tokio::select! {
            outcome = heard => outcome,
            outcome = asked => outcome,
        }
    }

    async fn session(&self, slot: &Slot) -> Result<Arc<Session>> {
        let mut held = slot.session.lock().await;
        if let Some(session) = held.as_ref().filter(|s| !s.client.is_closed()) {
            return Ok(Arc::clone(session));
        }
        let session = Arc::new(self.connect().await?);
        *held = Some(Arc::clone(&session));
        Ok(session)
    }

    async fn connect(&self) -> Result<Session> {
        let (client, connection) = self.config.connect(NoTls).await.map_err(|e| away(&e))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(error = %error, "A database connection was lost: {error}");
            }
        });
        let setup = format!("SET statement_timeout = {}; {SETTINGS}; {}", self.limit.as_millis(), self.search_path());
        client.batch_execute(&setup).await.map_err(|e| away(&e))?;
        Ok(Session { client, statements: Latch::new(HashMap::new()), sent: AtomicU64::new(0), answered: AtomicU64::new(0) })
    }

    fn search_path(&self) -> String {
        self.schema.as_ref().as_ref().map_or(String::new(), |s| format!("SET search_path TO \"{s}\";"))
    }
}

/// Counts a slot as busy.
struct Busy {
    slots: Arc<[Slot]>,
    number: usize,
}

impl Busy {
    fn new(slots: Arc<[Slot]>, number: usize) -> Self {
        slots[number].busy.fetch_add(1, Ordering::Relaxed);
        Self { slots, number }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.slots[self.number].busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A wave on its way. Whoever waits may go away (a client hangs up, an operation takes too long): then what is left of it
/// goes on in a task of its own, which cancels a statement that takes long and keeps the slot busy until the end, so
/// that nobody else queues behind it.
struct Wave {
    session: Arc<Session>,
    number: u64,
    running: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    busy: Option<Busy>,
}

impl Wave {
    fn new(session: Arc<Session>, busy: Busy, works: Vec<Box<dyn Work>>) -> Self {
        let number = session.sent.fetch_add(1, Ordering::Relaxed);
        let answers: Vec<_> = works.into_iter().map(|work| answer(Arc::clone(&session), work)).collect();
        let on = Arc::clone(&session);
        let running = Box::pin(async move {
            join_all(answers).await;
            on.answered.fetch_add(1, Ordering::Relaxed);
        });
        Self { session, number, running: Some(running), busy: Some(busy) }
    }

    async fn finish(mut self) {
        if let Some(running) = self.running.as_mut() {
            running.await;
        }
        self.running = None;
    }
}

impl Drop for Wave {
    fn drop(&mut self) {
        let (Some(mut running), Some(busy)) = (self.running.take(), self.busy.take()) else { return };
        let (session, number) = (Arc::clone(&self.session), self.number);
        tokio::spawn(async move {
            let _busy = busy;
            while tokio::time::timeout(GRACE, &mut running).await.is_err() {
                // Only what belongs to this wave: another's statement may be running before it on the same session.
                if session.answered.load(Ordering::Relaxed) == number {
                    let _ = session.client.cancel_token().cancel_query(NoTls).await;
                }
            }
        });
    }
}

async fn answer(session: Arc<Session>, mut work: Box<dyn Work>) {
    let outcome = execute(&session, work.as_mut()).await;
    work.done(outcome);
}

async fn execute(session: &Session, work: &mut dyn Work) -> Result<()> {
    let statement = prepare(session, work.sql().text(Backend::Postgres, work.params())).await?;
    let mut params: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(work.params().len() + 2);
    for param in work.params() {
        match param {
            Param::Int(value) => params.push(value),
            Param::Text(value) => params.push(value),
            Param::Ints(values) => params.push(values),
            Param::Texts(values) => params.push(values),
            Param::Keys(columns) => params.extend(columns.iter().map(|c| c as &(dyn ToSql + Sync))),
        }
    }
    let rows = session.client.query_raw(&statement, params).await.map_err(|e| failure(&e))?;
    let mut rows = std::pin::pin!(rows);
    while let Some(row) = rows.next().await {
        work.take(&Row::Postgres(&row.map_err(|e| failure(&e))?))?;
    }
    Ok(())
}

async fn prepare(session: &Session, sql: &str) -> Result<Statement> {
    if let Some(statement) = session.statements().get(sql) {
        return Ok(statement.clone());
    }
    let statement = session.client.prepare(sql).await.map_err(|e| failure(&e))?;
    session.statements().insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

fn away(error: &tokio_postgres::Error) -> Error {
    tracing::warn!(error = ?error, "The database cannot be reached");
    Error::Unavailable("the database cannot be reached".into())
}

fn failure(error: &tokio_postgres::Error) -> Error {
    use tokio_postgres::error::SqlState;
    match error.code() {
        Some(&SqlState::QUERY_CANCELED) => Error::Timeout("the database needed too long".into()),
        Some(_) => Error::internal(format!("{error:?}")),
        None => away(error),
    }
}
