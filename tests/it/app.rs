//! The program under test: a real server, in this process, on a database of its own that goes with it.

use std::io::Cursor;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::DateTime;
use serde_json::{Value, json};
use tidings::app::{App, Options, database_settings};
use tidings::cache::Epochs;
use tidings::clock::Clock;
use tidings::config::Config;
use tidings::db::{Backend, Database, view, write};
use tidings::ingest::{Import, Problem, Summary};
use tidings::ranking::{Batch, Charts, State, View};
use tidings::search::Index;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

use crate::client::{Answer, percent, send};
use crate::records::{Record, ndjson};

/// The instant at which the clock of every test stands until it is moved.
pub const NOW: &str = "2026-03-01T00:00:00Z";

/// The token that operators have.
pub const TOKEN: &str = "probe-token";

/// The header that operators send.
pub const OPERATOR: (&str, &str) = ("authorization", "Bearer probe-token");

/// The media type whose status tells how a request went.
pub const GRAPHQL: &str = "application/graphql-response+json";

pub fn millis(instant: &str) -> i64 {
    DateTime::parse_from_rfc3339(instant).expect("an RFC 3339 instant").timestamp_millis()
}

fn environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.into_string().expect("UTF-8")).filter(|value| !value.is_empty())
}

/// The database that this run is about.
pub fn backend() -> Backend {
    match environment("TEST_BACKEND").as_deref() {
        None | Some("sqlite") => Backend::Sqlite,
        Some("postgres") => Backend::Postgres,
        Some(other) => panic!("TEST_BACKEND is {other:?}; it must be `sqlite` or `postgres`"),
    }
}

/// A name that no other test of any run has.
fn fresh_name() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("tidings_it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

/// A folder that goes with the test.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(fresh_name());
        std::fs::create_dir_all(&path).expect("the temporary folder can be written");
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A program that was not stopped may still be writing its index.
        for _ in 0..50 {
            if std::fs::remove_dir_all(&self.0).is_ok() || !self.0.exists() {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}

/// A database of one test: a file, or a schema.
pub struct TestDatabase {
    pub backend: Backend,
    pub config: Config,
    folder: Folder,
}

impl TestDatabase {
    /// An empty one of the kind that this run is about.
    pub async fn new() -> Self {
        Self::on(backend()).await
    }

    /// An empty one.
    pub async fn on(backend: Backend) -> Self {
        let folder = Folder::new();
        let mut config = Config::default();
        config.server.listen = "127.0.0.1:0".into();
        config.server.shutdown_timeout_secs = 10;
        config.operator.token = TOKEN.into();
        // Few connections: many tests run at once.
        config.database.pool = 2;
        config.search.directory = folder.file("search").display().to_string();
        config.database.statement_timeout_secs = 30;
        match backend {
            Backend::Sqlite => config.database.url = format!("sqlite://{}", folder.file("it.db").display()),
            Backend::Postgres => {
                config.database.url = environment("TEST_DATABASE_URL")
                    .expect("tests on PostgreSQL need TEST_DATABASE_URL, such as postgres://postgres@127.0.0.1/postgres");
                config.database.schema = fresh_name();
                let sql = format!("CREATE SCHEMA {}", config.database.schema);
                execute_postgres(&config.database.url, &sql).await.expect("TEST_DATABASE_URL names a server that answers");
            }
        }
        Self { backend, config, folder }
    }

    pub async fn open(&self) -> Database {
        Database::open(&database_settings(&self.config.database)).await.expect("the database opens")
    }

    pub fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// Waits until reposts and related items have been found for everything that there is.
    pub async fn related(&self) {
        let waiting = "SELECT count(*) FROM article WHERE id < coalesce((SELECT below FROM backlog WHERE name = 'related'), \
                       9223372036854775807)";
        let unread = "SELECT count(*) FROM journal WHERE seq > coalesce((SELECT seq FROM cursor WHERE name = 'related'), 0) AND \
                      (entity = 'search' OR action IN ('article.published', 'article.restored', 'article.changed', 'article.clustered') OR \
                      (action = 'article.related' AND actor <> 'system'))";
        // In one look: what is read makes others wait.
        let left = format!("SELECT ({unread}) + ({waiting})");
        for _ in 0..30_000 {
            if self.numbers(&left).await == [0] {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("related items are not found");
    }

    /// Runs statements on the database behind the program's back.
    pub async fn execute(&self, sql: &str) {
        match self.backend {
            Backend::Sqlite => {
                // On another thread: the program under test may be in the middle of a write on this one.
                let (connection, sql) = (self.sqlite(), sql.to_owned());
                let done = tokio::task::spawn_blocking(move || connection.execute_batch(&sql));
                done.await.expect("no panic").expect("the statement runs");
            }
            Backend::Postgres => self.postgres().await.batch_execute(sql).await.expect("the statement runs"),
        }
    }

    /// The numbers in the first column of an answer.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        self.try_numbers(sql).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
    }

    /// As [`TestDatabase::numbers`]; an error while the tables are not there.
    pub async fn try_numbers(&self, sql: &str) -> Result<Vec<i64>, Box<dyn std::error::Error>> {
        match self.backend {
            Backend::Sqlite => {
                // Without making a file that is not there yet.
                let file = self.folder.file("it.db");
                let connection = rusqlite::Connection::open_with_flags(file, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
                let mut statement = connection.prepare(sql)?;
                let rows = statement.query_map([], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
            Backend::Postgres => Ok(self.postgres().await.query(sql, &[]).await?.iter().map(|row| row.get(0)).collect()),
        }
    }

    /// Keeps whoever reads `table` waiting: behind a lock that holds until the answer is dropped, or, where readers never
    /// wait, in a view of the table's name that counts for ever first.
    pub async fn hold_up(&self, table: &str) -> Option<tokio_postgres::Client> {
        match self.backend {
            Backend::Sqlite => {
                let sql = format!(
                    "ALTER TABLE {table} RENAME TO held_{table}; CREATE VIEW {table} AS SELECT held.* FROM \
                     (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n) \
                     CROSS JOIN held_{table} held"
                );
                self.execute(&sql).await;
                None
            }
            Backend::Postgres => {
                let client = self.postgres().await;
                client.batch_execute(&format!("BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).await.expect("a lock");
                Some(client)
            }
        }
    }

    /// A connection of its own to the file.
    pub fn sqlite(&self) -> rusqlite::Connection {
        let connection = rusqlite::Connection::open(self.folder.file("it.db")).expect("the file opens");
        connection.busy_timeout(std::time::Duration::from_secs(10)).expect("a limit");
        connection
    }

    /// A connection of its own to the schema.
    pub async fn postgres(&self) -> tokio_postgres::Client {
        let client = connect_postgres(&self.config.database.url).await.expect("the server answers");
        let path = format!("SET search_path TO {}", self.config.database.schema);
        client.batch_execute(&path).await.expect("a schema");
        client
    }

    /// Imports lines at [`NOW`]; returns what was done and what was refused.
    pub async fn import(&self, lines: impl Into<Vec<u8>>) -> (Summary, Vec<Problem>) {
        self.import_at(NOW, lines).await
    }

    pub async fn import_at(&self, now: &str, lines: impl Into<Vec<u8>>) -> (Summary, Vec<Problem>) {
        let db = self.open().await;
        let clock = Clock::Fixed(Arc::new(AtomicI64::new(millis(now))));
        let mut problems = Vec::new();
        let report = |problem: &Problem| {
            problems.push(problem.clone());
            Ok(())
        };
        let done = Import::new(db.clone(), clock).run(Cursor::new(lines.into()), report, |_| {}).await;
        db.close().await;
        (done.expect("the import runs"), problems)
    }

    /// Imports records that are all right.
    pub async fn fill(&self, records: &[Record]) -> Summary {
        let (summary, problems) = self.import(ndjson(records)).await;
        assert!(problems.is_empty(), "{problems:#?}");
        summary
    }

    /// Everything in the import format.
    pub async fn export(&self) -> String {
        let db = self.open().await;
        let mut out = Vec::new();
        tidings::ingest::export(&db, &mut out).await.expect("the export runs");
        db.close().await;
        String::from_utf8(out).expect("UTF-8")
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if self.backend != Backend::Postgres {
            return;
        }
        let (url, schema) = (&self.config.database.url, &self.config.database.schema);
        // Whoever still holds a lock in it belongs to this test: a program that was not stopped, one that was killed, a lock that nobody gave
        // back. The schema cannot wait for any of them. A program on a runtime with several threads may begin anew meanwhile.
        let sql = format!(
            "SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
             WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
             AND c.relnamespace = '{schema}'::regnamespace AND l.pid <> pg_backend_pid(); \
             SET lock_timeout = '10s'; DROP SCHEMA {schema} CASCADE"
        );
        // A thread of its own, because this one may be inside a runtime.
        let dropped = std::thread::scope(|scope| {
            let dropping = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let mut dropped = execute_postgres(url, &sql).await;
                    for _ in 0..5 {
                        if dropped.is_err() {
                            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
                            dropped = execute_postgres(url, &sql).await;
                        }
                    }
                    dropped
                })
            });
            dropping.join().expect("no panic")
        });
        match dropped {
            Err(error) if std::thread::panicking() => eprintln!("The schema {schema} is left behind: {error:?}"),
            dropped => dropped.unwrap_or_else(|error| panic!("the schema {schema} is left behind: {error:?}")),
        }
    }
}

async fn connect_postgres(url: &str) -> Result<tokio_postgres::Client, tokio_postgres::Error> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

async fn execute_postgres(url: &str, sql: &str) -> Result<(), tokio_postgres::Error> {
    connect_postgres(url).await?.batch_execute(sql).await
}

/// A running program.
pub struct TestApp {
    pub address: SocketAddr,
    /// The rankings that it shows.
    pub charts: Arc<Charts>,
    /// The index that it searches.
    pub search: Arc<Index>,
    epochs: Arc<Epochs>,
    clock: Arc<AtomicI64>,
    stop: Option<oneshot::Sender<()>>,
    running: Option<JoinHandle<()>>,
    /// Last, so that it goes after everything that uses it.
    pub database: TestDatabase,
}

impl TestApp {
    /// A program whose database holds `records`.
    pub async fn with(records: &[Record]) -> Self {
        Self::configured(records, |_| {}).await
    }

    /// As [`TestApp::with`], with other settings.
    pub async fn configured(records: &[Record], change: impl FnOnce(&mut Config)) -> Self {
        let mut database = TestDatabase::new().await;
        if !records.is_empty() {
            database.fill(records).await;
        }
        change(&mut database.config);
        Self::on(database).await
    }

    /// A program on a database that is there.
    pub async fn on(database: TestDatabase) -> Self {
        let clock = Arc::new(AtomicI64::new(millis(NOW)));
        let Started { address, charts, search, epochs, stop, running } = start(&database.config, &clock).await;
        Self { address, charts, search, epochs, clock, stop: Some(stop), running: Some(running), database }
    }

    /// Moves the program's clock.
    pub fn set_time(&self, instant: &str) {
        self.clock.store(millis(instant), Ordering::Relaxed);
    }

    /// Another program on the same database, with the same clock: where it answers, what it shows, and how it is stopped.
    pub async fn another(&self) -> (SocketAddr, Arc<Charts>, oneshot::Sender<()>) {
        let Started { address, charts, stop, .. } = start(&self.database.config, &self.clock).await;
        (address, charts, stop)
    }

    /// Asks the program to stop; what it is doing goes on.
    pub fn begin_stop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // A program that has ended hears nothing.
            let _ = stop.send(());
        }
    }

    /// Waits until the program has stopped.
    pub async fn stopped(&mut self) {
        self.begin_stop();
        if let Some(running) = self.running.take() {
            running.await.expect("the server ends well");
        }
    }

    /// Starts the program again, on the same database.
    pub async fn restart(&mut self) {
        self.stopped().await;
        let Started { address, charts, search, epochs, stop, running } = start(&self.database.config, &self.clock).await;
        (self.address, self.charts, self.search, self.epochs) = (address, charts, search, epochs);
        (self.stop, self.running) = (Some(stop), Some(running));
    }

    /// Imports more and starts again, so that the catalog is new for certain.
    pub async fn import(&mut self, records: &[Record]) -> Summary {
        let summary = self.database.fill(records).await;
        self.restart().await;
        summary
    }

    pub async fn get(&self, target: &str) -> Answer {
        send(self.address, "GET", target, &[], b"").await
    }

    /// GraphQL by POST, as JSON.
    pub async fn post(&self, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept")) {
            all.push(("accept", GRAPHQL));
        }
        all.extend_from_slice(headers);
        send(self.address, "POST", "/graphql", &all, body.to_string().as_bytes()).await
    }

    /// As [`TestApp::post`], with a body of any bytes.
    pub async fn post_bytes(&self, body: &[u8]) -> Answer {
        send(self.address, "POST", "/graphql", &[("content-type", "application/json"), ("accept", GRAPHQL)], body).await
    }

    /// The whole answer to an operation.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        self.post(&json!({ "query": query, "variables": variables }), &[]).await.json()
    }

    /// The data of an operation that must succeed.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.ask(query, variables).await;
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        answer["data"].clone()
    }

    /// As [`TestApp::data`], without variables.
    pub async fn query(&self, query: &str) -> Value {
        self.data(query, json!({})).await
    }

    /// How many SQL statements an operation ran, and its data.
    pub async fn statements(&self, query: &str, variables: Value) -> (i64, Value) {
        let body = json!({ "query": query, "variables": variables, "extensions": { "statements": true } });
        let answer = self.post(&body, &[OPERATOR]).await.json();
        assert!(answer.get("errors").is_none(), "{query}\n{answer:#}");
        let count = answer["extensions"]["statements"]["statements"].as_i64();
        (count.expect("operators see the number of statements"), answer["data"].clone())
    }

    /// Public id of the channel, tag, topic or source with this slug.
    pub async fn id(&self, kind: &str, slug: &str) -> String {
        let data = self.query(&format!("{{ {kind}(by: {{slug: \"{slug}\"}}) {{ id }} }}")).await;
        data[kind]["id"].as_str().unwrap_or_else(|| panic!("there is a {kind} {slug}")).to_owned()
    }

    /// The public id of the article `slug`, whatever its state.
    pub async fn id_of(&self, slug: &str) -> String {
        let number = self.database.numbers(&format!("SELECT id FROM article WHERE slug = '{slug}'")).await[0];
        crate::workflow::tidings_id(b'A', number)
    }

    /// Views as readers' are kept: of which article, when, how many.
    pub async fn read(&self, reads: &[(&str, &str, usize)]) {
        let mut batch = Batch::default();
        for (slug, at, count) in reads {
            let article = self.database.numbers(&format!("SELECT id FROM article WHERE slug = '{slug}'")).await[0];
            let at = u32::try_from(millis(at) / 1_000).expect("after 1970");
            batch.views.extend((0..*count).map(|_| View { article, at, key: 0 }));
        }
        static NUMBER: AtomicI64 = AtomicI64::new(0);
        let db = self.database.open().await;
        let on = write::begin(&db).await.expect("a transaction");
        let name = (1, NUMBER.fetch_add(1, Ordering::Relaxed));
        view::keep(&on, name, self.now(), batch.pack()).await.expect("it is kept");
        write::commit(&db, on).await.expect("a commit");
        db.close().await;
        self.settled().await;
    }

    /// Waits until every view that has come is in the rankings, at the program's time, and in the articles' rows.
    pub async fn settled(&self) {
        let waiting = "SELECT count(*) FROM view_batch WHERE NOT is_folded";
        let behind = "SELECT count(*) FROM view_total v JOIN article a ON a.id = v.article_id \
                      WHERE a.view_count <> a.imported_views + v.views";
        let known = "SELECT CAST(coalesce(max(number), 0) AS bigint) FROM view_minute";
        let entries = "SELECT CAST(coalesce(max(seq), 0) AS bigint) FROM journal";
        for _ in 0..2_000 {
            let is_done = self.database.numbers(waiting).await == [0] && self.database.numbers(behind).await == [0];
            let (known, entry) = (self.database.numbers(known).await[0], self.database.numbers(entries).await[0]);
            let State { part, minute, entry: heard } = self.charts.state();
            if is_done && part >= known && heard >= entry && minute == self.now() / 60_000 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("views are not summed up: {:?}", self.charts.state());
    }

    /// Waits until related items have been found for everything that there is.
    pub async fn related(&self) {
        self.database.related().await;
    }

    /// Waits until the index and the kept documents know everything that was committed.
    pub async fn heard(&self) {
        self.copies().await;
        let indexed = self.search.reached(self.newest_entry().await);
        tokio::time::timeout(std::time::Duration::from_mins(1), indexed).await.expect("it comes after");
    }

    /// Waits until the kept documents know everything that was committed.
    pub async fn copies(&self) {
        let heard = self.epochs.reached(self.newest_entry().await);
        tokio::time::timeout(std::time::Duration::from_mins(1), heard).await.expect("they come after");
    }

    async fn newest_entry(&self) -> i64 {
        self.database.numbers("SELECT coalesce(max(seq), 0) FROM journal").await[0]
    }

    /// The program's time, in milliseconds since 1970.
    pub fn now(&self) -> i64 {
        self.clock.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// The slugs that a list of articles shows, given as the field with its arguments.
    pub async fn slugs(&self, field: &str) -> Vec<String> {
        let data = self.query(&format!("{{ list: {field} {{ nodes {{ slug }} }} }}")).await;
        texts(&data["list"]["nodes"], "slug")
    }

    /// GET with parameters in the address.
    pub async fn get_graphql(&self, pairs: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
        send(self.address, "GET", &format!("/graphql?{}", pairs.join("&")), headers, b"").await
    }
}

struct Started {
    address: SocketAddr,
    charts: Arc<Charts>,
    search: Arc<Index>,
    epochs: Arc<Epochs>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

async fn start(config: &Config, clock: &Arc<AtomicI64>) -> Started {
    let options = Options { clock: Clock::Fixed(Arc::clone(clock)), is_demo: false };
    let app = App::start(config.clone(), options).await.expect("the program starts");
    let (address, charts, search, epochs) = (app.address(), app.charts(), app.search(), app.epochs());
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(app.run(async {
        drop(stopped.await);
    }));
    Started { address, charts, search, epochs, stop, running }
}

/// The text at `path`, such as `article.slug`, in each entry of `list`.
pub fn texts(list: &Value, path: &str) -> Vec<String> {
    let entries = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    let text = |entry: &Value| path.split('.').fold(entry, |value, field| &value[field]).as_str().unwrap_or_default().to_owned();
    entries.iter().map(text).collect()
}
