//! What partners have used.

use std::collections::HashMap;
use std::sync::Arc;

use super::article::sorted;
use super::batch::{Key, Queue, by_key};
use crate::db::{ContractUsage, Visibility, Work, contract};

/// What was used of a contract, by day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UsageOf {
    /// Which.
    pub contract: i64,
    /// From this day on (days since 1970, UTC).
    pub first: i64,
}

impl Key for UsageOf {
    type Value = Arc<Vec<ContractUsage>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut spans: HashMap<i64, Vec<Self>> = HashMap::new();
        for key in keys {
            spans.entry(key.first).or_default().push(key);
        }
        let job = |(first, keys): (i64, Vec<Self>)| {
            let query = contract::usage_from(keys.iter().map(|key| key.contract).collect(), first);
            let group = move |keys: &[Self], rows: Vec<ContractUsage>| {
                let named = rows.into_iter().map(|usage| (Self { contract: usage.contract_id, first }, usage));
                sorted(by_key(keys, named.collect()), |usage| usage.day)
            };
            queue.job(keys, query, group, Arc::default)
        };
        spans.into_iter().map(job).collect()
    }
}
