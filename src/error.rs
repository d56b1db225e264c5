//! What can go wrong, by kind. A kind decides what a client sees (`graphql/error.rs`, `http/error.rs`);
//! the message is for people and never holds internals. Rich failures of a room have their own type and become a kind.

use std::fmt::Display;
use std::sync::Arc;

/// Shorthand for results of this program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A word that was looked for, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WordFound {
    /// Path of the field.
    pub field: String,
    /// The character that it begins with, from 0; of HTML without its tags.
    pub start: usize,
    /// How many characters it has.
    pub length: usize,
    /// As the list has it.
    pub word: String,
    /// What the list says of it.
    pub note: Option<String>,
}

/// One failure. Cheap to clone, because a batch hands the same failure to everyone who waits for it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The thing asked for does not exist or may not be seen.
    #[error("{what} was not found")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// Input that cannot be used; says which field and what to do.
    #[error("{field}: {message}")]
    Invalid {
        /// Path of the field.
        field: String,
        /// What is wrong and what would be right.
        message: String,
    },
    /// Two things want the same name or number.
    #[error("{0}")]
    Conflict(String),
    /// Somebody else has changed what the caller has seen.
    #[error("{by} has changed it meanwhile; look at version {version} first")]
    Stale {
        /// Who.
        by: String,
        /// When (milliseconds since 1970).
        at: i64,
        /// The version that there is now.
        version: i64,
    },
    /// Words that stand in the way, each with its place.
    #[error("{} words stand in the way", .0.len())]
    Words(Vec<WordFound>),
    /// The caller is not known, and what is asked for is not for all.
    #[error("{0}")]
    Unauthenticated(String),
    /// The caller is known and may not.
    #[error("{0}")]
    Forbidden(String),
    /// What the caller may have of articles does not reach as far.
    #[error("{message}")]
    Refused {
        /// The rule that says so (`partner::Rule`).
        rule: &'static str,
        /// What it says.
        message: String,
    },
    /// More than a limit allows.
    #[error("{0}")]
    TooLarge(String),
    /// Too often; trying again helps after a while.
    #[error("{message}")]
    RateLimited {
        /// The rule of a contract that says so (`partner::Rule`); none where the program itself does.
        rule: Option<&'static str>,
        /// What was too much.
        message: String,
        /// How long the while is.
        retry_after_secs: u32,
    },
    /// It took too long.
    #[error("{0}")]
    Timeout(String),
    /// A service below is away; trying again may help.
    #[error("{0}")]
    Unavailable(String),
    /// A defect or an outage. The chain goes to the log, never to a client.
    #[error("internal error: {0}")]
    Internal(Arc<str>),
}

impl Error {
    /// Bad input in `field`.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), message: message.into() }
    }

    /// A defect or outage with its cause.
    pub fn internal(cause: impl Display) -> Self {
        Self::Internal(cause.to_string().into())
    }

    /// The name by which programs know it: stable.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "NOT_FOUND",
            Self::Invalid { .. } => "BAD_USER_INPUT",
            Self::Conflict(_) | Self::Stale { .. } => "CONFLICT",
            Self::Words(_) => "SENSITIVE_WORDS",
            Self::Unauthenticated(_) => "UNAUTHENTICATED",
            Self::Forbidden(_) => "FORBIDDEN",
            Self::Refused { .. } => "CONTRACT_REFUSED",
            Self::TooLarge(_) => "TOO_LARGE",
            Self::RateLimited { .. } => "RATE_LIMITED",
            Self::Timeout(_) => "TIMEOUT",
            Self::Unavailable(_) => "SERVICE_UNAVAILABLE",
            Self::Internal(_) => "INTERNAL_SERVER_ERROR",
        }
    }

    /// The rule that grants no more, where there is one.
    pub const fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Refused { rule, .. } => Some(*rule),
            Self::RateLimited { rule, .. } => *rule,
            _ => None,
        }
    }
}
