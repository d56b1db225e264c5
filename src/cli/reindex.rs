//! `tidings reindex`: programs that run on the database hear of it by the journal; one that starts later reads it there.

use std::process::ExitCode;

use super::user::in_office;
use super::{Settings, say};

pub(super) async fn run(settings: &Settings) -> anyhow::Result<ExitCode> {
    in_office(settings, async |office| {
        office.rebuild_search_index().await?;
        say("Every program on this database builds its search index anew, beside the one that answers meanwhile; `/ready` tells how far it is.");
        Ok(())
    })
    .await
}
