//! Rankings and ranks.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, RankedArticle, Scope, Visibility, Window, Work};

/// The first places of a ranking in a scope, for all windows from one on: the shortest that is not empty is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RankedIn {
    /// Of what.
    pub scope: Scope,
    /// In which window.
    pub window: Window,
    /// How many places.
    pub first: i64,
    /// With their covers.
    pub covers: bool,
}

impl Key for RankedIn {
    type Value = Arc<Vec<RankedArticle>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|a| a.article.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut sizes: HashMap<(i64, bool), Vec<Self>> = HashMap::new();
        for key in keys {
            sizes.entry((key.first, key.covers)).or_default().push(key);
        }
        let job = |((first, covers), keys): ((i64, bool), Vec<Self>)| {
            let wanted: Vec<(Scope, Window)> = keys.iter().map(|k| (k.scope, k.window)).collect();
            let group = |keys: &[Self], rows: Vec<(i64, RankedArticle)>| {
                let names: Vec<(i64, i64)> = keys.iter().map(|k| (k.scope.code(), k.window.code())).collect();
                let rows = rows.into_iter().map(|(scope, place)| ((scope, place.window), place)).collect();
                super::article::sorted(by_key(&names, rows), |place| place.rank)
            };
            queue.job(keys, db::ranked(&wanted, first, covers, seen), group, Arc::default)
        };
        sizes.into_iter().map(job).collect()
    }
}

/// The rank of one article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RankOf(pub Scope, pub Window, pub i64);

impl Key for RankOf {
    type Value = Option<i64>;

    fn statements(keys: Vec<Self>, _: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let wanted: Vec<(Scope, Window, i64)> = keys.iter().map(|k| (k.0, k.1, k.2)).collect();
        let group = |keys: &[Self], rows: Vec<(i64, i64, i64, i64)>| {
            let names: Vec<(i64, i64, i64)> = keys.iter().map(|k| (k.0.code(), k.1.code(), k.2)).collect();
            let groups =
                by_key(&names, rows.into_iter().map(|(scope, window, article, rank)| ((scope, window, article), rank)).collect());
            groups.into_iter().map(|(number, ranks)| (number, ranks.first().copied())).collect()
        };
        vec![queue.job(keys, db::ranks(&wanted), group, || None)]
    }
}
