//! Originals and reposts.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, Article, RepostedArticle, Visibility, Work};

/// The article that an article is a repost of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OriginalOf(pub i64);

impl Key for OriginalOf {
    type Value = Option<Arc<Article>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|article| article.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let ids = |keys: &[Self]| -> Vec<i64> { keys.iter().map(|key| key.0).collect() };
        let query = db::originals(&ids(&keys), seen);
        let group = move |keys: &[Self], rows: Vec<(i64, Arc<Article>)>| {
            let groups = by_key(&ids(keys), rows);
            groups.into_iter().map(|(number, originals)| (number, originals.into_iter().next())).collect()
        };
        vec![queue.job(keys, query, group, || None)]
    }
}

/// The first reposts of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RepostsOf {
    /// The original.
    pub article: i64,
    /// How many.
    pub first: i64,
}

impl Key for RepostsOf {
    type Value = Arc<Vec<RepostedArticle>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|repost| repost.article.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut sizes: HashMap<i64, Vec<Self>> = HashMap::new();
        for key in keys {
            sizes.entry(key.first).or_default().push(key);
        }
        let job = |(first, keys): (i64, Vec<Self>)| {
            let ids = |keys: &[Self]| -> Vec<i64> { keys.iter().map(|key| key.article).collect() };
            let query = db::reposts(&ids(&keys), first, seen);
            let group = move |keys: &[Self], rows: Vec<(i64, RepostedArticle)>| {
                super::article::sorted(by_key(&ids(keys), rows), |repost| (repost.article.published_at, repost.article.id))
            };
            queue.job(keys, query, group, Arc::default)
        };
        sizes.into_iter().map(job).collect()
    }
}
