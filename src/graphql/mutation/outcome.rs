//! What comes of a mutation: its result, or what its user can mend.

use async_graphql::{Enum, SimpleObject};

use crate::error::{Error, Result};

/// What kind of thing is wrong. 错误类型
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum UserErrorCode {
    /// Input that cannot be used.
    Invalid,
    /// It is at odds with something else.
    Conflict,
    /// What it is about does not exist.
    NotFound,
}

/// Something that the user of a mutation can mend. 可由用户更正的错误
#[derive(Clone, Debug, SimpleObject)]
pub struct UserError {
    /// What kind of thing is wrong.
    code: UserErrorCode,
    /// The field of the input that it is about, with dots; none if it is about the whole.
    field: Option<String>,
    /// What is wrong and what would be right.
    message: String,
}

/// The result, or what the user can mend; other errors stay errors.
pub fn outcome<T>(result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    let (code, field, message) = match result {
        Ok(value) => return Ok((Some(value), Vec::new())),
        Err(Error::Invalid { field, message }) => (UserErrorCode::Invalid, Some(field), message),
        Err(Error::Conflict(message)) => (UserErrorCode::Conflict, None, message),
        Err(error @ Error::NotFound { .. }) => (UserErrorCode::NotFound, None, error.to_string()),
        Err(error) => return Err(error),
    };
    Ok((None, vec![UserError { code, field, message }]))
}
