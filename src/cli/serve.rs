//! `tidings serve`.

use std::process::ExitCode;

use clap::Args;

use super::{Settings, say, stop_signal};
use crate::app::{App, Options, start_telemetry};

/// Serve a portal.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    settings: Settings,
}

impl Serve {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        let config = self.settings.load()?.config;
        start_telemetry(&config.log)?;
        let app = App::start(config, Options::default()).await?;
        if let Some((account, password)) = app.office("start").create_first().await? {
            say(format!("The first account is {}; it can sign in once with the password {}", account.login, password.reveal()));
        }
        say(format!("Tidings answers at http://{}", app.address()));
        app.run(stop_signal()).await;
        Ok(ExitCode::SUCCESS)
    }
}
