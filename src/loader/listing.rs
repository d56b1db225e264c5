//! Lists, their lengths, and the neighbours of an article in a list.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue};
use crate::db::{self, Article, ListKey, ListShape, Neighbours, Order, Visibility, Work};

/// Rows of a list from one place on, nearest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListOf(pub ListKey);

impl Key for ListOf {
    type Value = Arc<Vec<Arc<Article>>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|a| a.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut shapes: HashMap<(ListShape, i64), Vec<Self>> = HashMap::new();
        for key in keys {
            shapes.entry((key.0.shape, key.0.limit)).or_default().push(key);
        }
        let job = |((shape, _), keys): ((ListShape, i64), Vec<Self>)| {
            let wanted: Vec<ListKey> = keys.iter().map(|k| k.0.clone()).collect();
            let group = move |_: &[Self], rows: Vec<db::Edge>| in_order(shape, rows);
            queue.job(keys, db::lists(&wanted, seen), group, Arc::default)
        };
        shapes.into_iter().map(job).collect()
    }
}

/// Rows come in any order from the database; here each list gets its own.
fn in_order(shape: ListShape, rows: Vec<db::Edge>) -> HashMap<usize, Arc<Vec<Arc<Article>>>> {
    let mut groups: HashMap<usize, Vec<Arc<Article>>> = HashMap::new();
    for (number, article) in rows {
        groups.entry(number).or_default().push(article);
    }
    let sort = |(number, mut articles): (usize, Vec<Arc<Article>>)| {
        let place = |a: &Arc<Article>| match shape.order {
            Order::Newest => (a.published_at, a.id),
            Order::MostRead => (a.view_count, a.id),
        };
        articles.sort_unstable_by_key(place);
        if !shape.backward {
            articles.reverse();
        }
        (number, Arc::new(articles))
    };
    groups.into_iter().map(sort).collect()
}

/// How many articles a list has in all.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CountOf(pub ListKey);

impl Key for CountOf {
    type Value = i64;

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut shapes: HashMap<ListShape, Vec<Self>> = HashMap::new();
        for key in keys {
            shapes.entry(key.0.shape).or_default().push(key);
        }
        let job = |(_, keys): (ListShape, Vec<Self>)| {
            let wanted: Vec<ListKey> = keys.iter().map(|k| k.0.clone()).collect();
            queue.job(keys, db::counts(&wanted, seen), |_: &[Self], rows| rows.into_iter().collect(), || 0)
        };
        shapes.into_iter().map(job).collect()
    }
}

/// The older and the newer neighbour of an article in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NeighboursOf(pub Neighbours);

impl Key for NeighboursOf {
    /// (older, newer).
    type Value = (Option<Arc<Article>>, Option<Arc<Article>>);

    fn articles((older, newer): &Self::Value) -> Vec<i64> {
        older.iter().chain(newer).map(|a| a.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let places: Vec<Neighbours> = keys.iter().map(|k| k.0).collect();
        let group = |keys: &[Self], rows: Vec<db::Edge>| {
            let mut pairs: HashMap<usize, <Self as Key>::Value> = HashMap::new();
            for (number, article) in rows {
                let Some(NeighboursOf((_, at, id))) = keys.get(number) else { continue };
                let pair = pairs.entry(number).or_default();
                let is_older = (article.published_at, article.id) < (*at, *id);
                *(if is_older { &mut pair.0 } else { &mut pair.1 }) = Some(article);
            }
            pairs
        };
        vec![queue.job(keys, db::neighbours(&places, seen), group, Default::default)]
    }
}
