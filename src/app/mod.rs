//! Puts the program together from its settings, runs it, and stops it in order. Tests start it through the same door.

mod telemetry;

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use telemetry::start as start_telemetry;

use crate::auth::Actor;
use crate::cache::Epochs;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::db::{self, Database, DatabaseSettings};
use crate::editorial::{Office, Searches};
use crate::error::{Error, Result};
use crate::graphql::{Shapes, Validation};
use crate::http::{Copies, Documents, Metrics, Provider, Server, ServerLimits, State, router};
use crate::journal::Tail;
use crate::loader::Catalogs;
use crate::partner::Book;
use crate::ranking::{Charts, Intake, Keeper, Shares};
use crate::search::{Cutter, Index, Writer};
use crate::{graphql, worker};

/// A program that is ready to answer.
pub struct App {
    state: Arc<State>,
    server: Server,
    workers: Vec<tokio::task::JoinHandle<()>>,
}

/// What differs between `serve`, `demo` and tests.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Time.
    pub clock: Clock,
    /// Draw the demo's pictures, show statistics to all.
    pub is_demo: bool,
}

/// The database's settings out of the program's.
pub fn database_settings(config: &config::Database) -> DatabaseSettings {
    let processors = std::thread::available_parallelism().map_or(2, usize::from);
    DatabaseSettings {
        url: config.url.clone(),
        schema: Some(config.schema.clone()).filter(|s| !s.is_empty()),
        readers: if config.pool == 0 { processors.min(8) } else { config.pool },
        statement_limit: Duration::from_secs(config.statement_timeout_secs),
    }
}

/// Where the search index lies.
fn index_directory(config: &Config) -> PathBuf {
    let (named, file) = (&config.search.directory, config.database.url.strip_prefix("sqlite://"));
    match file.filter(|_| named.is_empty()) {
        Some(file) => PathBuf::from(format!("{}.search", file.split('?').next().unwrap_or(file))),
        None if named.is_empty() => PathBuf::from("tidings.search"),
        None => PathBuf::from(named),
    }
}

/// The index in `directory`; in memory where that cannot be written, as in a container without a disk of its own: then every start builds it anew.
fn open_index(directory: &Path, cutter: &Cutter) -> Result<(Arc<Index>, Option<Writer>)> {
    Index::open(Some(directory), cutter).or_else(|error| {
        tracing::warn!(error = %error, "The search index is kept in memory, since {} cannot be used: {error}", directory.display());
        Index::open(None, cutter)
    })
}

impl App {
    /// Opens the database, reads the catalog, builds the schema and binds the address.
    pub async fn start(config: Config, options: Options) -> Result<Self> {
        let db = Database::open(&database_settings(&config.database)).await?;
        Self::start_on(db, config, options).await
    }

    /// As [`App::start`], on a database that is open.
    pub async fn start_on(db: Database, config: Config, options: Options) -> Result<Self> {
        let identity = Provider::open(&config.identity)?;
        // The journal first: what is written while the catalog is read is read again.
        // What works behind the scenes is in nobody's way.
        let behind = db.in_background();
        let newest = db.reader().all(db::newest_journal_entry()).await?.first().copied();
        let tail = || Tail::after(&behind, newest.unwrap_or(0));
        let catalog = Catalogs::open(&behind).await?;
        let now = options.clock.now().timestamp_millis();
        let book = Arc::new(Book::open(&behind, &config.syndication, now).await?);
        let share =
            Shares { network_per_minute: config.views.network_per_minute, article_per_minute: config.views.article_per_minute };
        let intake = Intake::open(&behind, options.clock.clone(), share).await?;
        let charts = Arc::new(Charts::default());
        let keeper = Keeper::open(&behind, Arc::clone(&charts), options.clock.now().timestamp_millis()).await?;
        let epochs = Arc::new(Epochs::default());
        let searches = Arc::new(Searches::default());
        let cutter = worker::dictionary(&db).await?;
        let directory = index_directory(&config);
        let (search, writer) =
            tokio::task::spawn_blocking(move || open_index(&directory, &cutter)).await.map_err(Error::internal)??;
        let address: SocketAddr =
            config.server.listen.parse().map_err(|_| Error::invalid("server.listen", "is no address with port"))?;
        let limits = ServerLimits {
            connections: config.server.max_connections,
            head: Duration::from_secs(config.server.head_timeout_secs),
            shutdown: Duration::from_secs(config.server.shutdown_timeout_secs),
        };
        let server =
            Server::bind(address, limits).await.map_err(|e| Error::Unavailable(format!("cannot listen on {address}: {e}")))?;
        let depth = usize::try_from(config.graphql.max_depth).unwrap_or(usize::MAX);
        let schema = graphql::build(config.graphql.introspection, depth, Validation::Full);
        let validated = graphql::build(config.graphql.introspection, depth, Validation::Done);
        let closed = (!config.graphql.introspection).then(|| graphql::build(true, depth, Validation::Full));
        let open = closed.as_ref().unwrap_or(&schema);
        let shapes = Shapes::of(open).await?;
        let sdl = graphql::sdl(&schema).into();
        let state = Arc::new(State {
            config,
            db,
            clock: options.clock.clone(),
            identity,
            intake: Arc::clone(&intake),
            charts,
            search: Arc::clone(&search),
            searches: Arc::clone(&searches),
            catalog,
            book: Arc::clone(&book),
            fetches: Arc::default(),
            schema,
            validated,
            shapes,
            sdl,
            documents: Documents::default(),
            copies: Copies::default(),
            epochs: Arc::clone(&epochs),
            metrics: Metrics::default(),
            is_stopping: AtomicBool::new(false),
            is_demo: options.is_demo,
        });
        let keep_days = state.config.journal.keep_days;
        let workers = vec![
            tokio::spawn(behind.clone().listen()),
            tokio::spawn(worker::watch_catalog(behind.clone(), state.catalog.clone(), tail())),
            tokio::spawn(worker::watch_copies(behind.clone(), epochs, tail())),
            tokio::spawn(worker::watch_access(behind.clone(), Arc::clone(&book), tail())),
            tokio::spawn(worker::settle_usage(behind.clone(), options.clock.clone(), book)),
            tokio::spawn(worker::watch_searches(
                behind.clone(),
                options.clock.clone(),
                state.catalog.clone(),
                Arc::clone(&search),
                searches,
            )),
            tokio::spawn(worker::watch_search(behind.clone(), Arc::clone(&search), writer)),
            tokio::spawn(worker::watch_schedule(behind.clone(), options.clock.clone())),
            tokio::spawn(worker::write_fetches(behind.clone(), Arc::clone(&state.fetches))),
            tokio::spawn(worker::watch_related(behind.clone(), options.clock.clone(), search)),
            tokio::spawn(Arc::clone(&intake).work()),
            tokio::spawn(worker::watch_views(behind.clone(), options.clock.clone(), (state.catalog.clone(), intake), keeper)),
            tokio::spawn(worker::sweep_sessions(behind, options.clock, keep_days)),
        ];
        Ok(Self { state, server, workers })
    }

    /// The office that keeps accounts and keys, working for the part `machine` of this program.
    pub fn office(&self, machine: &'static str) -> Office {
        Office::new(&self.state.db, Actor::Machine(machine), self.state.clock.clone())
    }

    /// Where views come in.
    pub fn intake(&self) -> Arc<Intake> {
        Arc::clone(&self.state.intake)
    }

    /// The rankings that it shows.
    pub fn charts(&self) -> Arc<Charts> {
        Arc::clone(&self.state.charts)
    }

    /// The index that it searches.
    pub fn search(&self) -> Arc<Index> {
        Arc::clone(&self.state.search)
    }

    /// Which changes its kept documents know.
    pub fn epochs(&self) -> Arc<Epochs> {
        Arc::clone(&self.state.epochs)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Answers until `stop`: then `/ready` fails, no connection is taken, running requests finish, the database closes.
    pub async fn run(self, stop: impl Future<Output = ()>) {
        let state = Arc::clone(&self.state);
        let stop = async {
            stop.await;
            tracing::info!("Stopping: running requests may finish");
            state.is_stopping.store(true, Ordering::Relaxed);
        };
        self.server.run(router(Arc::clone(&self.state)), Arc::clone(&self.state), stop).await;
        self.workers.iter().for_each(tokio::task::JoinHandle::abort);
        for worker in self.workers {
            // That it was told to stop is no news; that it has let go of its files is.
            drop(worker.await);
        }
        state.intake.flush().await;
        if let Err(error) = state.fetches.flush(&state.db).await {
            tracing::warn!(error = %error, "What keys have fetched could not be written down: {error}");
        }
        if let Err(error) = state.book.meter.settle(&state.db, state.clock.now().timestamp_millis()).await {
            tracing::warn!(error = %error, "What partners have used could not be written down: {error}");
        }
        if let Err(error) = state.searches.flush(&state.db).await {
            tracing::warn!(error = %error, "What is searched for could not be written down: {error}");
        }
        self.state.db.clone().close().await;
        tracing::info!("Stopped");
    }
}
