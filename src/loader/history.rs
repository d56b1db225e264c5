//! How often articles were read, in steps of time.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{Visibility, Work, view};

/// How often an article was read from one hour or day on, as (step, views), in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReadFrom {
    /// Which.
    pub article: i64,
    /// The first hour or day, since 1970.
    pub first: i64,
    /// By day, from before the hours that are kept.
    pub is_day: bool,
}

impl Key for ReadFrom {
    type Value = Arc<Vec<(i64, i64)>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut spans: HashMap<(i64, bool), Vec<Self>> = HashMap::new();
        for key in keys {
            spans.entry((key.first, key.is_day)).or_default().push(key);
        }
        let job = |((first, is_day), keys): ((i64, bool), Vec<Self>)| {
            let query = view::read_from(keys.iter().map(|key| key.article).collect(), first, is_day);
            let group = move |keys: &[Self], rows: Vec<(i64, i64, i64)>| {
                let named = rows.into_iter().map(|(article, step, views)| (Self { article, first, is_day }, (step, views)));
                by_key(keys, named.collect()).into_iter().map(|(number, steps)| (number, Arc::new(steps))).collect()
            };
            queue.job(keys, query, group, Arc::default)
        };
        spans.into_iter().map(job).collect()
    }
}
