//! Logs to standard error, as text or one JSON object a line.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::Log;
use crate::error::{Error, Result};

/// Starts logging. A second call, as in tests, changes nothing.
pub fn start(log: &Log) -> Result<()> {
    // Libraries that tell of every start are quiet unless the filter names them.
    let filter = EnvFilter::try_new(format!("sea_orm_migration=warn,sqlx=warn,{}", log.filter))
        .map_err(|e| Error::invalid("log.filter", e.to_string()))?;
    let builder =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let started = if log.format == "json" { builder.json().flatten_event(true).try_init() } else { builder.try_init() };
    drop(started);
    Ok(())
}
