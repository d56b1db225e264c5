//! The program under test, and small builders of records: each sets only what a test is about.

use std::io::Cursor;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tidings::app::{App, Options};
use tidings::clock::Clock;
use tidings::config::Config;
use tidings::db::{Database, DatabaseSettings};
use tidings::ingest::{Import, Problem, Summary};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::client::{Answer, send};

/// The operator of every test's server.
pub const TOKEN: &str = "operator-of-the-tests";

/// The instant at which tests begin.
pub const NOW: &str = "2026-05-17T12:00:00Z";

/// A database of a test's own.
pub struct Store {
    pub url: String,
    pub schema: String,
    folder: Option<std::path::PathBuf>,
}

#[expect(clippy::disallowed_methods, reason = "tests are told by their environment which database to use")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Which database this run is about.
pub fn is_postgres() -> bool {
    match environment("TEST_BACKEND").as_deref() {
        Some("postgres") => true,
        Some("sqlite") | None => false,
        Some(other) => panic!("TEST_BACKEND is {other:?}, neither sqlite nor postgres"),
    }
}

fn unique() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("p{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

impl Store {
    /// A new one on the database of this run.
    pub async fn new() -> Self {
        if is_postgres() { Self::postgres().await } else { Self::sqlite() }
    }

    pub fn sqlite() -> Self {
        let folder = std::env::temp_dir().join(format!("tidings-{}", unique()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        Self { url: format!("sqlite://{}", folder.join("test.db").display()), schema: String::new(), folder: Some(folder) }
    }

    pub async fn postgres() -> Self {
        let url = environment("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL server; scripts/test starts one");
        let schema = unique();
        admin(&url, &format!("CREATE SCHEMA {schema}")).await;
        Self { url, schema, folder: None }
    }

    pub fn settings(&self) -> DatabaseSettings {
        DatabaseSettings {
            url: self.url.clone(),
            schema: Some(self.schema.clone()).filter(|s| !s.is_empty()),
            readers: 2,
            statement_limit: std::time::Duration::from_secs(10),
        }
    }

    pub async fn open(&self) -> Database {
        Database::open(&self.settings()).await.expect("the database opens")
    }

    pub async fn remove(self) {
        if let Some(folder) = &self.folder {
            std::fs::remove_dir_all(folder).expect("the folder goes");
        } else {
            admin(&self.url, &format!("DROP SCHEMA {} CASCADE", self.schema)).await;
        }
    }
}

/// One statement on the server, outside the program.
pub async fn admin(url: &str, sql: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    let running = tokio::spawn(connection);
    client.batch_execute(sql).await.expect("the statement runs");
    drop(client);
    let _ = running.await;
}

/// Imports lines into `db` at `clock`'s time.
pub async fn import(db: &Database, clock: &Clock, lines: &str) -> (Summary, Vec<Problem>) {
    let mut problems = Vec::new();
    let report = |p: &Problem| {
        problems.push(p.clone());
        Ok(())
    };
    let summary = Import::new(db.clone(), clock.clone()).run(Cursor::new(lines.as_bytes().to_vec()), report, |_| {}).await;
    (summary.expect("the import runs"), problems)
}

/// The server of one test.
pub struct TestApp {
    pub address: SocketAddr,
    pub clock: Clock,
    pub store: Store,
    stop: Option<oneshot::Sender<()>>,
    running: JoinHandle<()>,
}

impl TestApp {
    /// A server over a portal of `records`.
    pub async fn new(records: &[Value]) -> Self {
        Self::with(records, |_| {}).await
    }

    /// As `new`, with settings changed.
    pub async fn with(records: &[Value], change: impl FnOnce(&mut Config)) -> Self {
        let store = Store::new().await;
        let clock = Clock::fixed(at(NOW));
        let db = store.open().await;
        let (_, problems) = import(&db, &clock, &lines(records)).await;
        assert!(problems.is_empty(), "{problems:?}");
        Self::on(store, db, clock, change).await
    }

    pub async fn on(store: Store, db: Database, clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        config.server.listen = "127.0.0.1:0".into();
        config.operator.token = TOKEN.into();
        change(&mut config);
        let app = App::start_on(db, config, Options { clock: clock.clone(), is_demo: false }).await.expect("the program starts");
        let address = app.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let running = tokio::spawn(app.run(async {
            let _ = stopped.await;
        }));
        Self { address, clock, store, stop: Some(stop), running }
    }

    /// Moves the clock to `instant`.
    pub fn move_to(&self, instant: &str) {
        let Clock::Fixed(hand) = &self.clock else { panic!("tests have a clock of their own") };
        hand.store(at(instant).timestamp_millis(), Ordering::Relaxed);
    }

    /// Runs a query that must answer without errors; returns `data`.
    pub async fn data(&self, query: &str) -> Value {
        self.ask(query, json!({})).await.0
    }

    /// Runs a query with variables that must answer without errors; returns `data` and the statements it ran.
    pub async fn ask(&self, query: &str, variables: Value) -> (Value, u64) {
        let answer = self.post(query, variables).await;
        let mut body = answer.json();
        assert!(body.get("errors").is_none(), "{query}: {body}");
        let statements = body["extensions"]["statements"]["statements"].as_u64().expect("operators see the count");
        (body["data"].take(), statements)
    }

    /// Runs a query that must fail; returns the whole body.
    pub async fn fails(&self, query: &str) -> Value {
        let body = self.post(query, json!({})).await.json();
        assert!(body["errors"].is_array(), "{query}: {body}");
        body
    }

    pub async fn post(&self, query: &str, variables: Value) -> Answer {
        let body = json!({ "query": query, "variables": variables, "extensions": { "statements": true, "cost": true } });
        let token = format!("Bearer {TOKEN}");
        let headers = [
            ("content-type", "application/json"),
            ("accept", "application/graphql-response+json"),
            ("authorization", token.as_str()),
        ];
        send(self.address, "POST", "/graphql", &headers, body.to_string().as_bytes()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        send(self.address, "GET", path, &[], b"").await
    }

    /// Asks the server to stop; running requests may finish.
    pub fn stop(&mut self) {
        let _ = self.stop.take().map(|stop| stop.send(()));
    }

    /// Stops the server and removes its database.
    pub async fn close(mut self) {
        self.stop();
        self.running.await.expect("it stops without a panic");
        self.store.remove().await;
    }
}

pub fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().expect("an instant")
}

pub fn lines(records: &[Value]) -> String {
    records.iter().fold(String::new(), |lines, r| lines + &r.to_string() + "\n")
}

pub fn site() -> Value {
    json!({ "kind": "site", "externalId": "site", "name": "海岬科技资讯", "url": "https://portal.example", "disclaimer": "站点声明" })
}

pub fn channel(name: &str, parent: Option<&str>) -> Value {
    let mut record = json!({ "kind": "channel", "externalId": name, "slug": name, "name": format!("频道{name}") });
    if let Some(parent) = parent {
        record["parent"] = parent.into();
    }
    record
}

pub fn media(name: &str) -> Value {
    json!({ "kind": "media", "externalId": name, "url": format!("/m/{name}.png"), "width": 1200, "height": 675, "alt": "配图" })
}

pub fn source(name: &str) -> Value {
    json!({ "kind": "source", "externalId": name, "slug": name, "name": format!("来源{name}"), "disclaimer": format!("{name}的声明") })
}

/// An article, published `minutes` before [`NOW`]; `more` is set on top.
pub fn article(name: &str, channel: &str, minutes: i64, more: Value) -> Value {
    let instant = at(NOW) - chrono::Duration::minutes(minutes);
    let mut record = json!({
        "kind": "article", "externalId": name, "slug": name, "title": format!("标题{name}"), "channel": channel,
        "publishedAt": instant.to_rfc3339(),
    });
    if let Value::Object(more) = more {
        for (key, value) in more {
            record[key] = value;
        }
    }
    record
}

/// The strings at `path` of every element: `strings(&data["articles"]["nodes"], "slug")`.
pub fn strings(list: &Value, path: &str) -> Vec<String> {
    let pointer = format!("/{}", path.replace('.', "/"));
    let elements = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    elements.iter().map(|v| v.pointer(&pointer).and_then(Value::as_str).unwrap_or("-").to_owned()).collect()
}
