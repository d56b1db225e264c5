//! `tidings user`: accounts of those who work here. Who can run this on the machine may do everything.

use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand};

use super::{Settings, say};
use crate::app::database_settings;
use crate::auth::{Actor, Role};
use crate::clock::Clock;
use crate::db::{Account, Database};
use crate::editorial::{AccountChange, AccountDraft, Office};

/// Keep the accounts of those who work here.
#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account; prints a password that works once.
    Add {
        /// What they sign in with.
        login: String,
        /// What others see [default: the login].
        #[arg(long)]
        name: Option<String>,
        /// reader, contributor, editor, chief or operator.
        #[arg(long, value_parser = role)]
        role: Role,
    },
    /// List the accounts.
    List,
    /// Give an account another role.
    Role {
        /// Whose.
        login: String,
        /// reader, contributor, editor, chief or operator.
        #[arg(value_parser = role)]
        role: Role,
    },
    /// Give an account a password that works once, and end its sessions.
    Reset {
        /// Whose.
        login: String,
    },
    /// Close an account; its sessions end at once.
    Disable {
        /// Whose.
        login: String,
    },
    /// Open an account again.
    Enable {
        /// Whose.
        login: String,
    },
}

fn role(word: &str) -> Result<Role, String> {
    let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
    Role::from_word(word).ok_or_else(|| format!("must be one of {}", words.join(", ")))
}

/// Does something in the office, which works for the command line.
pub(super) async fn in_office(
    settings: &Settings,
    work: impl AsyncFnOnce(&Office) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let db = Database::open(&database_settings(&settings.load()?.config.database)).await?;
    let done = work(&Office::new(&db, Actor::Machine("cli"), Clock::System)).await;
    db.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

impl User {
    pub(super) async fn run(self) -> anyhow::Result<ExitCode> {
        in_office(&self.settings, async |office| act(office, self.action).await).await
    }
}

async fn act(office: &Office, action: Action) -> anyhow::Result<()> {
    match action {
        Action::Add { login, name, role } => {
            let draft = AccountDraft { name: name.unwrap_or_else(|| login.clone()), login, role };
            let (account, password) = office.create_account(draft).await?;
            say(format!("{} can sign in once with the password {}", account.login, password.reveal()));
        }
        Action::List => {
            for account in office.accounts().await? {
                say(line(&account));
            }
        }
        Action::Role { login, role } => {
            let change = AccountChange { role: Some(role), ..AccountChange::default() };
            say(line(&office.update_account(find(office, &login).await?, change).await?));
        }
        Action::Reset { login } => {
            let (account, password) = office.reset_password(find(office, &login).await?).await?;
            say(format!("{} can sign in once with the password {}", account.login, password.reveal()));
        }
        Action::Disable { login } => say(line(&office.disable_account(find(office, &login).await?).await?)),
        Action::Enable { login } => say(line(&office.enable_account(find(office, &login).await?).await?)),
    }
    Ok(())
}

async fn find(office: &Office, login: &str) -> anyhow::Result<i64> {
    let accounts = office.accounts().await.context("the accounts cannot be read")?;
    // Those of an identity provider are written as it writes them.
    let plain = login.trim().to_lowercase();
    let found = accounts.iter().find(|account| account.login == login || account.login == plain);
    found.map(|account| account.id).ok_or_else(|| anyhow!("there is no account {login:?}; `tidings user list` shows all"))
}

fn line(account: &Account) -> String {
    let state = match (account.disabled_at, account.password_is_one_time) {
        (Some(_), _) => "closed",
        (None, true) => "has a password that works once",
        (None, false) => "open",
    };
    format!("{}\t{}\t{}\t{state}", account.login, account.role, account.name)
}
