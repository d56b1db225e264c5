//! `tidings import ndjson FILE|-`.

use std::fs::{File, Metadata};
use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::{Settings, say};
use crate::app::{database_settings, start_telemetry};
use crate::clock::Clock;
use crate::db::Database;
use crate::error::Error;
use crate::ingest::{self, Problem, Summary};

/// Import records; doing it twice changes nothing.
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// One JSON object a line; the format is in docs/import.md.
    Ndjson(Ndjson),
}

#[derive(Debug, Args)]
struct Ndjson {
    /// Where from: a file, or `-` for standard input.
    file: PathBuf,
    /// Where lines that cannot be used are reported, as NDJSON [default: FILE.problems.ndjson].
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

/// Exit status when some lines could not be used: the others went in.
const SOME_REFUSED: u8 = 3;

impl Import {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        match self.format {
            Format::Ndjson(import) => import.run().await,
        }
    }
}

impl Ndjson {
    async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.settings.load()?.config;
        start_telemetry(&config.log)?;
        let Input { lines, length, identity } = open(&self.file)?;
        let mut report = Report::new(self.report.unwrap_or_else(|| report_path(&self.file)));
        if identity.is_some() && identity == Identity::at(&report.path) {
            bail!("{} is the input: choose another file with --report", report.path.display());
        }
        let db = Database::open(&database_settings(&config.database)).await?;
        let bar = bar(length);
        let import = ingest::Import::new(db.clone(), Clock::System);
        let done = import
            .run(
                lines,
                |problem| report.add(problem),
                |progress| {
                    bar.set_position(progress.bytes);
                    bar.set_message(format!("{} records", progress.summary.lines()));
                },
            )
            .await;
        bar.finish_and_clear();
        db.close().await;
        let summary = done?;
        let problems = report.close()?;
        Ok(conclude(summary, problems, bar.elapsed()))
    }
}

fn conclude(summary: Summary, problems: Option<PathBuf>, elapsed: std::time::Duration) -> ExitCode {
    let seconds = elapsed.as_secs_f64();
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rate for people")]
    let rate = (summary.lines() as f64 / seconds.max(0.001)) as u64;
    let Summary { created, updated, unchanged, refused } = summary;
    say(format!(
        "{created} created, {updated} updated, {unchanged} unchanged, {refused} refused in {seconds:.1} s ({rate} a second)"
    ));
    match problems {
        Some(path) => {
            say(format!("What could not be used is in {}", path.display()));
            ExitCode::from(SOME_REFUSED)
        }
        None => ExitCode::SUCCESS,
    }
}

/// What is read.
struct Input {
    lines: Box<dyn BufRead + Send>,
    /// Bytes, where a file has them.
    length: Option<u64>,
    identity: Option<Identity>,
}

fn open(file: &Path) -> anyhow::Result<Input> {
    if file.as_os_str() == "-" {
        // Standard input is a file, too, where the shell has opened one for it.
        let identity = File::from(std::io::stdin().as_fd().try_clone_to_owned()?).metadata().ok().and_then(|m| Identity::of(&m));
        return Ok(Input { lines: Box::new(BufReader::with_capacity(1 << 20, std::io::stdin())), length: None, identity });
    }
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let metadata = opened.metadata()?;
    let length = metadata.is_file().then_some(metadata.len());
    Ok(Input { lines: Box::new(BufReader::with_capacity(1 << 20, opened)), length, identity: Identity::of(&metadata) })
}

/// Device and number of a regular file: the same behind every name and link that leads to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity(u64, u64);

impl Identity {
    /// Nothing for terminals, pipes and the like: writing to them destroys nothing.
    fn of(metadata: &Metadata) -> Option<Self> {
        metadata.is_file().then(|| Self(metadata.dev(), metadata.ino()))
    }

    fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().as_ref().and_then(Self::of)
    }
}

fn report_path(file: &Path) -> PathBuf {
    let name = if file.as_os_str() == "-" { "import".into() } else { file.file_name().unwrap_or_default().to_os_string() };
    let mut name = name;
    name.push(".problems.ndjson");
    PathBuf::from(name)
}

/// Bytes read, rate and time left; nothing where no person looks.
fn bar(length: Option<u64>) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{bar:30} {percent}% {msg}, {binary_bytes_per_sec}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}, {binary_bytes_per_sec}, {elapsed}"),
    };
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// The file of problems: made, or emptied, when there is the first. Until then whatever stands there stays.
struct Report {
    path: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Report {
    fn new(path: PathBuf) -> Self {
        Self { path, out: None }
    }

    fn add(&mut self, problem: &Problem) -> Result<(), Error> {
        let failed = |e: std::io::Error| Error::Unavailable(format!("{} cannot be written: {e}", self.path.display()));
        if self.out.is_none() {
            self.out = Some(BufWriter::new(File::create(&self.path).map_err(failed)?));
        }
        if let Some(out) = &mut self.out {
            serde_json::to_writer(&mut *out, problem).map_err(Error::internal)?;
            out.write_all(b"\n").map_err(failed)?;
        }
        Ok(())
    }

    /// Where the problems are; nothing if there were none.
    fn close(self) -> anyhow::Result<Option<PathBuf>> {
        let Some(mut out) = self.out else { return Ok(None) };
        out.flush()?;
        Ok(Some(self.path))
    }
}
