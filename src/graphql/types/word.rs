//! Words to look out for.

use async_graphql::{Enum, SimpleObject};

use crate::db;
use crate::editorial;

/// What a word does to an article that is handed in with it. 处理方式
#[derive(Clone, Copy, Debug, Enum, PartialEq, Eq)]
#[graphql(remote = "editorial::WordAction")]
pub enum SensitiveWordAction {
    /// It goes to review, and only who may clear it can approve it. 待审
    Hold,
    /// Something else stands in its place. 替换
    Replace,
    /// It is not taken. 拒绝
    Refuse,
}

/// A word to look out for. 敏感词
#[derive(SimpleObject)]
pub struct SensitiveWord {
    /// The word, found in any width and case of its letters.
    word: String,
    /// What it does.
    action: SensitiveWordAction,
    /// What stands in its place; none: nothing does.
    replacement: Option<String>,
    /// Why, for those who write.
    note: Option<String>,
}

impl SensitiveWord {
    /// As it is kept.
    pub fn new(row: db::SensitiveWord) -> Self {
        let action = editorial::WordAction::from_word(&row.action).unwrap_or(editorial::WordAction::Hold);
        Self { word: row.word, action: action.into(), replacement: row.replacement, note: row.note }
    }
}
