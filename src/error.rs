//! What can go wrong, by kind. A kind decides what a client sees (`graphql/error.rs`, `http/error.rs`);
//! the message is for people and never holds internals. Rich failures of a room have their own type and become a kind.

use std::fmt::Display;
use std::sync::Arc;

/// Shorthand for results of this program.
pub type Result<T, E = Error> = std::result::Result<T, E>;

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
    /// The caller is not known, and what is asked for is not for all.
    #[error("{0}")]
    Unauthenticated(String),
    /// The caller is known and may not.
    #[error("{0}")]
    Forbidden(String),
    /// More than a limit allows.
    #[error("{0}")]
    TooLarge(String),
    /// Too often; trying again helps after a while.
    #[error("too many attempts; try again in {retry_after_secs} s")]
    RateLimited {
        /// How long that is.
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
}
