//! Manuscripts, revisions, corrections, and who stands behind what was done.

use std::collections::HashMap;
use std::sync::Arc;

use super::article::{firsts, sorted};
use super::batch::{Key, Queue, by_key};
use crate::db::{Correction, Manuscript, Revision, Visibility, Work, manuscript, staff};

/// The manuscript of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ManuscriptOf(pub i64);

impl Key for ManuscriptOf {
    type Value = Option<Arc<Manuscript>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = manuscript::manuscripts_by_id(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<Manuscript>| {
            firsts(by_key(keys, rows.into_iter().map(|m| (Self(m.article_id), Arc::new(m))).collect()))
        };
        vec![queue.job(keys, query, group, || None)]
    }
}

/// A revision: article and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RevisionAt(pub i64, pub i64);

impl Key for RevisionAt {
    type Value = Option<Arc<Revision>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = manuscript::revisions(&keys.iter().map(|k| (k.0, k.1)).collect::<Vec<_>>());
        let group = |keys: &[Self], rows: Vec<Revision>| {
            firsts(by_key(keys, rows.into_iter().map(|r| (Self(r.article_id, r.number), Arc::new(r))).collect()))
        };
        vec![queue.job(keys, query, group, || None)]
    }
}

/// The last revisions of an article, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RevisionsOf {
    /// Which.
    pub article: i64,
    /// Those before this number.
    pub before: i64,
    /// At most so many.
    pub limit: i64,
}

impl Key for RevisionsOf {
    type Value = Arc<Vec<Arc<Revision>>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut shapes: HashMap<(i64, i64), Vec<Self>> = HashMap::new();
        for key in keys {
            shapes.entry((key.before, key.limit)).or_default().push(key);
        }
        let job = |((before, limit), keys): ((i64, i64), Vec<Self>)| {
            let query = manuscript::revisions_before(keys.iter().map(|k| k.article).collect(), before, limit);
            let group = move |keys: &[Self], rows: Vec<Revision>| {
                let named = rows.into_iter().map(|r| (Self { article: r.article_id, before, limit }, Arc::new(r)));
                sorted(by_key(keys, named.collect()), |r| r.number)
            };
            queue.job(keys, query, group, Arc::default)
        };
        shapes.into_iter().map(job).collect()
    }
}

/// The corrections of an article, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CorrectionsOf(pub i64);

impl Key for CorrectionsOf {
    type Value = Arc<Vec<Correction>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = manuscript::corrections(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<Correction>| {
            sorted(by_key(keys, rows.into_iter().map(|c| (Self(c.article_id), c)).collect()), |c| c.at)
        };
        vec![queue.job(keys, query, group, Arc::default)]
    }
}

/// The name of the account with this id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AccountName(pub i64);

impl Key for AccountName {
    type Value = Option<Arc<str>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = staff::account_names(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<(i64, String)>| -> HashMap<usize, Option<Arc<str>>> {
            firsts(by_key(keys, rows.into_iter().map(|(id, name)| (Self(id), Arc::from(name))).collect()))
        };
        vec![queue.job(keys, query, group, || None)]
    }
}
