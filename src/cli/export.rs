//! `tidings export`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::Settings;
use crate::app::{database_settings, start_telemetry};
use crate::db::Database;
use crate::ingest;

/// Export everything in the import format.
#[derive(Debug, Args)]
pub struct Export {
    /// Where to: a file, or `-` for standard output.
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    settings: Settings,
}

impl Export {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.settings.load()?.config;
        start_telemetry(&config.log)?;
        let db = Database::open(&database_settings(&config.database)).await?;
        let is_stdout = self.file.as_os_str() == "-";
        let out: Box<dyn Write> = if is_stdout {
            Box::new(std::io::stdout())
        } else {
            Box::new(File::create(&self.file).with_context(|| format!("{} cannot be written", self.file.display()))?)
        };
        let lines = ingest::export(&db, BufWriter::with_capacity(1 << 20, out)).await?;
        db.close().await;
        tracing::info!(lines, "Exported {lines} records");
        Ok(ExitCode::SUCCESS)
    }
}
