//! `tidings doctor`: shows what is in force and where it came from, and tries the database.

use std::process::ExitCode;

use super::{Settings, say};
use crate::app::database_settings;
use crate::config;
use crate::db::{Database, load_catalog};

pub(super) async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    let loaded = settings.load()?;
    for line in config::report(&loaded)? {
        say(line);
    }
    let checked = async {
        let db = Database::open(&database_settings(&loaded.config.database)).await?;
        let catalog = load_catalog(&db).await?;
        db.close().await;
        Ok::<_, crate::error::Error>(catalog)
    };
    match checked.await {
        Ok(catalog) => {
            let site = catalog.site.map_or_else(|| "no site yet; import one".to_owned(), |s| s.name);
            say(format!("database: ok ({site}, {} channels)", catalog.channels.len()));
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => {
            say(format!("database: {error}"));
            Ok(ExitCode::from(1))
        }
    }
}
