//! The command line: one file per command. The only place that prints and decides how the process ends.

mod demo;
mod doctor;
mod export;
mod import;
mod key;
mod migrate;
mod reindex;
mod schema;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Loaded};

/// A headless content service for news portals.
#[derive(Debug, Parser)]
#[command(name = "tidings", version, about, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve a demo portal from a temporary SQLite file, and say where to go.
    Demo(demo::Demo),
    /// Serve a portal.
    Serve(serve::Serve),
    /// Bring the database's tables up to date.
    Migrate(Settings),
    /// Import records; doing it twice changes nothing.
    Import(import::Import),
    /// Export everything in the import format.
    Export(export::Export),
    /// Keep the accounts of those who work here.
    User(user::User),
    /// Keep the keys by which programs work here.
    Key(key::Key),
    /// Have the search index built anew, by every program that runs on the database or will.
    Reindex(Settings),
    /// Print the GraphQL schema.
    Schema,
    /// Show the settings in force and check that they work.
    Doctor(Settings),
}

/// Where settings come from, for every command that needs them.
#[derive(Clone, Debug, Default, Args)]
struct Settings {
    /// Configuration file (TOML).
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to listen on [default: 127.0.0.1:8000].
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// Database: `sqlite://PATH` or `postgres://…` [default: <sqlite://tidings.db>].
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Reader connections or threads.
    #[arg(long, global = true, value_name = "N")]
    database_pool: Option<usize>,
    /// What is logged, such as `info`, `warn`, `tidings=debug`.
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
}

impl Settings {
    fn load(&self) -> anyhow::Result<Loaded> {
        let flags = [
            ("server.listen", self.listen.clone()),
            ("database.url", self.database_url.clone()),
            ("database.pool", self.database_pool.map(|n| n.to_string())),
            ("log.filter", self.log.clone()),
        ];
        let flags: Vec<(&str, String)> = flags.into_iter().filter_map(|(key, value)| Some((key, value?))).collect();
        Ok(config::load(self.config.as_deref(), &flags)?)
    }
}

/// Runs the command in the process's arguments.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error.into()),
    };
    let outcome = runtime.block_on(async {
        match cli.command {
            Command::Demo(command) => command.run().await,
            Command::Serve(command) => command.run().await,
            Command::Migrate(settings) => migrate::run(&settings).await,
            Command::Import(command) => command.run().await,
            Command::Export(command) => command.run().await,
            Command::User(command) => command.run().await,
            Command::Key(command) => command.run().await,
            Command::Reindex(settings) => reindex::run(&settings).await,
            Command::Schema => schema::run(),
            Command::Doctor(settings) => doctor::run(&settings).await,
        }
    });
    match outcome {
        Ok(code) => code,
        Err(error) => failed(&error),
    }
}

#[expect(clippy::print_stderr, reason = "the command line speaks to people")]
fn failed(error: &anyhow::Error) -> ExitCode {
    eprintln!("tidings: {error:#}");
    ExitCode::from(1)
}

/// Prints a line for people or pipes; a closed pipe is no error.
fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Resolves at SIGTERM or Ctrl-C.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupted = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted => {}
        },
        Err(_) => drop(interrupted.await),
    }
}
