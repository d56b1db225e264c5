//! `tidings demo`: a whole portal from nothing, in a temporary folder that goes when the program stops. Its articles
//! are invented for it and say so.

mod traffic;

use std::io::Cursor;
use std::process::ExitCode;

use anyhow::Context;
use chrono::{DateTime, Duration, SecondsFormat, Utc};
use clap::Args;

use super::{Settings, say, stop_signal};
use crate::app::{App, Options, database_settings, start_telemetry};
use crate::clock::Clock;
use crate::db::Database;
use crate::ingest::Import;

/// The portal's records in the import format; an instant may be `now-90m`.
const PORTAL: &str = include_str!("portal.ndjson");

/// Serve a demo portal from a temporary SQLite file, and say where to go.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    settings: Settings,
    /// Let nobody read: without it, invented readers do, so that rankings move
    #[arg(long)]
    no_traffic: bool,
}

impl Demo {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let mut config = self.settings.load()?.config;
        start_telemetry(&config.log)?;
        let folder = Folder::new()?;
        let is_temporary = self.settings.database_url.is_none();
        if is_temporary {
            config.database.url = format!("sqlite://{}", folder.0.join("demo.db").display());
        }
        let listen = config.server.listen.clone();
        let clock = Clock::System;
        let db = Database::open(&database_settings(&config.database)).await?;
        let records = at(PORTAL, clock.now()).replace("https://portal.example", &format!("http://{listen}"));
        let mut problems = Vec::new();
        let import = Import::new(db.clone(), clock.clone());
        let summary = import
            .run(
                Cursor::new(records.into_bytes()),
                |p| {
                    problems.push(p.clone());
                    Ok(())
                },
                |_| {},
            )
            .await?;
        anyhow::ensure!(problems.is_empty(), "the demo's records are wrong: {problems:?}");
        if !self.no_traffic {
            traffic::past(&db, &clock).await?;
        }
        let app = App::start_on(db.clone(), config, Options { clock: clock.clone(), is_demo: true }).await?;
        let address = app.address();
        say(format!("A demo portal with {} records, all invented, is ready:", summary.lines()));
        say(format!("  portal      http://{address}/"));
        say(format!("  playground  http://{address}/playground"));
        say(format!("  API         http://{address}/graphql"));
        say(format!("  figures     http://{address}/stats (sign in as at the desk)"));
        say(format!("  feeds       http://{address}/feed/site.rss (and .atom, .json)"));
        say(format!("  embeds      http://{address}/embed/builder"));
        say(format!("  schema      http://{address}/schema.graphql"));
        say(format!("  health      http://{address}/health"));
        if let Some((account, password)) = app.office("demo").create_first().await? {
            let (login, password) = (account.login, password.reveal());
            say(format!("  desk        http://{address}/desk (sign in as {login} with the one-time password {password})"));
        }
        say(if is_temporary { "Ctrl-C stops it; nothing is kept." } else { "Ctrl-C stops it; the database stays." });
        let readers = (!self.no_traffic).then(|| tokio::spawn(traffic::live(db, clock, app.intake())));
        app.run(stop_signal()).await;
        readers.iter().for_each(tokio::task::JoinHandle::abort);
        Ok(ExitCode::SUCCESS)
    }
}

/// Replaces every `"now-90m"` by the instant 90 minutes before `now`.
fn at(text: &str, now: DateTime<Utc>) -> String {
    const MARK: &str = "\"now-";
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(MARK) {
        let (before, tail) = rest.split_at(start);
        out.push_str(before);
        let tail = &tail[MARK.len()..];
        let minutes = tail.split_once("m\"").and_then(|(n, after)| Some((n.parse::<i64>().ok()?, after)));
        if let Some((minutes, after)) = minutes {
            let instant = now - Duration::minutes(minutes);
            out += "\"";
            out += &instant.to_rfc3339_opts(SecondsFormat::Secs, true);
            out += "\"";
            rest = after;
        } else {
            out.push_str(MARK);
            rest = tail;
        }
    }
    out + rest
}

/// A folder that goes with the program.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("tidings-demo-{}", std::process::id()));
        // Another program's folder of this name is not ours to use.
        std::fs::create_dir(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}
