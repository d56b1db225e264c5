//! The journal: every change is one row, written in the transaction that makes it. One ledger, many readers. Whatever
//! must react to a change follows it here and nowhere else. Order is the order of commits, without gaps that fill later.

mod cursor;
mod prune;
mod tail;

pub use crate::db::JournalEntry;
pub use crate::db::write::{Entry, RELISTED, append, is_access, is_noun};
pub use cursor::{advance, cursor};
pub use prune::prune;
pub use tail::Tail;
