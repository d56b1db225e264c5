//! Articles that were taken away for good, by any of their names.

use std::collections::HashMap;
use std::mem::discriminant;
use std::sync::Arc;

use super::article::ArticleBy;
use super::batch::{Key, Queue, by_key};
use crate::db::withdrawal::{WithdrawnBy, withdrawals_by_id, withdrawals_by_name};
use crate::db::{Query, Visibility, Withdrawal, Work};

/// The withdrawal of an article, if it was withdrawn.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WithdrawalOf(pub ArticleBy);

impl Key for WithdrawalOf {
    type Value = Option<Arc<Withdrawal>>;

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut kinds: HashMap<_, Vec<Self>> = HashMap::new();
        for key in keys {
            kinds.entry(discriminant(&key.0)).or_default().push(key);
        }
        let job = |keys: Vec<Self>| {
            let query = look_up(&keys, seen);
            queue.job(keys, query, group, || None)
        };
        kinds.into_values().map(job).collect()
    }
}

/// The statement for `keys`, which are all of one kind.
fn look_up(keys: &[WithdrawalOf], seen: &Visibility) -> Query<(Option<String>, Withdrawal)> {
    let (mut ids, mut texts, mut by) = (Vec::new(), Vec::new(), WithdrawnBy::Slug);
    for WithdrawalOf(key) in keys {
        match key {
            ArticleBy::Id(id) => ids.push(*id),
            ArticleBy::Slug(text) => texts.push(text.clone()),
            ArticleBy::LegacyId(text) => {
                by = WithdrawnBy::LegacyId;
                texts.push(text.clone());
            }
            ArticleBy::Address(text) => {
                by = WithdrawnBy::Address;
                texts.push(text.clone());
            }
        }
    }
    if texts.is_empty() { withdrawals_by_id(ids, seen) } else { withdrawals_by_name(by, texts, seen) }
}

fn group(keys: &[WithdrawalOf], rows: Vec<(Option<String>, Withdrawal)>) -> HashMap<usize, Option<Arc<Withdrawal>>> {
    let named = |(name, withdrawal): (Option<String>, Withdrawal)| {
        let key = match (&keys[0].0, name) {
            (ArticleBy::Slug(_), Some(name)) => ArticleBy::Slug(name),
            (ArticleBy::LegacyId(_), Some(name)) => ArticleBy::LegacyId(name),
            (ArticleBy::Address(_), Some(name)) => ArticleBy::Address(name),
            _ => ArticleBy::Id(withdrawal.article_id),
        };
        (WithdrawalOf(key), Arc::new(withdrawal))
    };
    let groups = by_key(keys, rows.into_iter().map(named).collect());
    groups.into_iter().map(|(number, found)| (number, found.into_iter().next())).collect()
}
