//! `tidings migrate`: opening a database brings its tables up to date, so there is nothing else to do.

use std::process::ExitCode;

use super::{Settings, say};
use crate::app::{database_settings, start_telemetry};
use crate::db::Database;

pub(super) async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let config = settings.load()?.config;
    start_telemetry(&config.log)?;
    Database::open(&database_settings(&config.database)).await?.close().await;
    say("The tables are up to date.");
    Ok(ExitCode::SUCCESS)
}
