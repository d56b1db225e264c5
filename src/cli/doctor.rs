//! `tidings doctor`: shows what is in force and where it came from, and tries the database.

use std::process::ExitCode;

use super::{Settings, say};
use crate::app::database_settings;
use crate::config;
use crate::db::{Database, load_catalog};
use crate::http::Provider;

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
    let identity = async {
        match Provider::open(&loaded.config.identity)? {
            Some(provider) => provider.count_keys().await.map(Some),
            None => Ok(None),
        }
    };
    let mut is_well = true;
    match identity.await {
        Ok(Some(count)) => say(format!("identity provider: ok ({count} keys)")),
        Ok(None) => {}
        Err(error) => {
            say(format!("identity provider: {error}"));
            is_well = false;
        }
    }
    match checked.await {
        Ok(catalog) => {
            let site = catalog.site.map_or_else(|| "no site yet; import one".to_owned(), |s| s.name);
            say(format!("database: ok ({site}, {} channels)", catalog.channels.len()));
        }
        Err(error) => {
            say(format!("database: {error}"));
            is_well = false;
        }
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
