//! `tidings key`: keys by which programs work here.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::user::in_office;
use super::{Settings, say};
use crate::auth::Permission;
use crate::clock::{Clock, instant};
use crate::db::ApiKey;
use crate::editorial::{KeyDraft, Office};

/// Keep the keys by which programs work here.
#[derive(Debug, Args)]
pub struct Key {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a key; prints it once.
    Create {
        /// What it is for.
        name: String,
        /// What it may do, such as `articles:read`; several times for several.
        #[arg(long = "scope", required = true, value_parser = scope)]
        scopes: Vec<Permission>,
        /// Days until it stops working [default: until it is revoked].
        #[arg(long)]
        days: Option<u16>,
    },
    /// List the keys.
    List,
    /// Revoke a key; it opens nothing from then on.
    Revoke {
        /// Its number in the list.
        number: i64,
    },
}

fn scope(word: &str) -> Result<Permission, String> {
    let words: Vec<&str> = Permission::ALL.iter().map(|permission| permission.word()).collect();
    Permission::from_word(word).ok_or_else(|| format!("must be one of {}", words.join(", ")))
}

impl Key {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        in_office(&self.settings, async |office| act(office, self.action).await).await
    }
}

async fn act(office: &Office, action: Action) -> anyhow::Result<()> {
    match action {
        Action::Create { name, scopes, days } => {
            let now = Clock::System.now();
            let expires_at = days.map(|days| (now + chrono::Duration::days(days.into())).timestamp_millis());
            let made = office.create_key(KeyDraft { name, scopes, expires_at }).await?;
            say(format!("Key {} is {}", made.key.id, made.secret.reveal()));
        }
        Action::List => {
            for key in office.keys().await? {
                say(line(&key));
            }
        }
        Action::Revoke { number } => say(line(&office.revoke_key(number).await?)),
    }
    Ok(())
}

fn line(key: &ApiKey) -> String {
    let state = match (key.revoked_at, key.expires_at) {
        (Some(at), _) => format!("revoked {}", instant(at).format("%F")),
        (None, Some(at)) => format!("until {}", instant(at).format("%F")),
        (None, None) => "until it is revoked".to_owned(),
    };
    format!("{}\t{}…\t{}\t{}\t{state}", key.id, key.hint, key.name, key.scopes)
}
