//! Related items.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, RelatedArticle, Visibility, Work};

/// The first items related to an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RelatedTo {
    /// The article.
    pub article: i64,
    /// How many.
    pub first: i64,
    /// With their covers.
    pub covers: bool,
}

impl Key for RelatedTo {
    type Value = Arc<Vec<RelatedArticle>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|a| a.article.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut sizes: HashMap<(i64, bool), Vec<Self>> = HashMap::new();
        for key in keys {
            sizes.entry((key.first, key.covers)).or_default().push(key);
        }
        let job = |((first, covers), keys): ((i64, bool), Vec<Self>)| {
            let articles: Vec<i64> = keys.iter().map(|k| k.article).collect();
            let group = |keys: &[Self], rows: Vec<(i64, RelatedArticle)>| {
                let ids: Vec<i64> = keys.iter().map(|k| k.article).collect();
                super::article::sorted(by_key(&ids, rows), |item| item.position)
            };
            queue.job(keys, db::related(&articles, first, covers, seen), group, Arc::default)
        };
        sizes.into_iter().map(job).collect()
    }
}
