//! What comes of a mutation: its result, or what its user can mend.

use async_graphql::{Context, Enum, Object, SimpleObject};

use crate::error::{Error, Result, WordFound};
use crate::graphql::context::Operation;
use crate::graphql::scalar::DateTime;
use crate::graphql::types::WordMatch;

/// What kind of thing is wrong. 错误类型
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
pub enum UserErrorCode {
    /// Input that cannot be used.
    Invalid,
    /// It is at odds with something else.
    Conflict,
    /// What it is about does not exist.
    NotFound,
    /// Somebody else has changed it: `conflict` says who and when.
    Stale,
    /// A word that is not taken: `word` says where it stands.
    SensitiveWord,
}

/// Who was faster. 编辑冲突
#[derive(Clone, Debug)]
pub struct EditConflict {
    by: String,
    at: i64,
    version: i64,
}

/// Who was faster. 编辑冲突
#[Object]
impl EditConflict {
    /// Who.
    async fn changed_by(&self) -> &str {
        &self.by
    }

    /// When.
    async fn changed_at(&self, context: &Context<'_>) -> DateTime {
        Operation::of(context).time(self.at)
    }

    /// The version that there is now.
    async fn version(&self) -> i64 {
        self.version
    }
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
    /// Who was faster, if somebody was.
    conflict: Option<EditConflict>,
    /// The word, if it is about one.
    word: Option<WordMatch>,
}

impl UserError {
    fn new(code: UserErrorCode, field: Option<String>, message: String) -> Self {
        Self { code, field, message, conflict: None, word: None }
    }
}

/// The result, or what the user can mend; other errors stay errors.
pub fn outcome<T>(result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    let message = result.as_ref().err().map(ToString::to_string).unwrap_or_default();
    let error = match result {
        Ok(value) => return Ok((Some(value), Vec::new())),
        Err(Error::Invalid { field, message }) => UserError::new(UserErrorCode::Invalid, Some(field), message),
        Err(Error::Conflict(message)) => UserError::new(UserErrorCode::Conflict, None, message),
        Err(Error::NotFound { .. }) => UserError::new(UserErrorCode::NotFound, None, message),
        Err(Error::Stale { by, at, version }) => UserError {
            conflict: Some(EditConflict { by, at, version }),
            ..UserError::new(UserErrorCode::Stale, Some("version".into()), message)
        },
        Err(Error::Words(found)) => return Ok((None, found.into_iter().map(word).collect())),
        Err(error) => return Err(error),
    };
    Ok((None, vec![error]))
}

fn word(found: WordFound) -> UserError {
    let message = match &found.note {
        Some(note) => format!("{:?} is not taken: {note}", found.word),
        None => format!("{:?} is not taken", found.word),
    };
    let error = UserError::new(UserErrorCode::SensitiveWord, Some(found.field.clone()), message);
    UserError { word: Some(found.into()), ..error }
}
