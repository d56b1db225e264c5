//! What a feed needs beside its list.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue};
use crate::db::{self, Attachment, BodyPage, Extra, Extras, Scope, Visibility, Work};

/// What an article holds beside its row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contents {
    /// Pages in order.
    pub pages: Vec<BodyPage>,
    /// Files in order.
    pub files: Vec<Attachment>,
    /// Names of tags in order, where they are asked for.
    pub tags: Vec<String>,
}

/// What a feed needs beside its list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeedExtras {
    /// By article.
    pub contents: HashMap<i64, Contents>,
    /// What has left the list: which, when (milliseconds since 1970), what readers are told; the last first, each article once.
    pub gone: Vec<(i64, i64, Option<String>)>,
    /// When the next article comes into it (milliseconds since 1970).
    pub due: i64,
}

/// The extras of a page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ExtrasOf {
    /// The page's articles.
    pub articles: Vec<i64>,
    /// How much.
    pub wanted: Extras,
    /// The list.
    pub scope: Scope,
    /// What has left it since (milliseconds since 1970).
    pub since: i64,
}

impl Key for ExtrasOf {
    type Value = Arc<FeedExtras>;

    /// One statement each: an operation asks for one page.
    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let job = |key: Self| {
            let query = db::extras(key.articles.clone(), key.wanted, (key.scope, key.since), seen);
            queue.job(vec![key], query, |_: &[Self], rows| HashMap::from([(0, Arc::new(collect(rows)))]), Arc::default)
        };
        keys.into_iter().map(job).collect()
    }
}

fn collect(rows: Vec<Extra>) -> FeedExtras {
    let mut extras = FeedExtras { due: i64::MAX, ..FeedExtras::default() };
    let mut tags: HashMap<i64, Vec<(i64, String)>> = HashMap::new();
    for row in rows {
        match row {
            Extra::Page(article, page) => extras.contents.entry(article).or_default().pages.push(page),
            Extra::File(article, file) => extras.contents.entry(article).or_default().files.push(file),
            Extra::Tag(article, place, name) => tags.entry(article).or_default().push((place, name)),
            Extra::Gone(article, at, notice) => extras.gone.push((article, at, notice)),
            Extra::Due(at) => extras.due = at,
        }
    }
    for (article, mut names) in tags {
        names.sort();
        extras.contents.entry(article).or_default().tags = names.into_iter().map(|(_, name)| name).collect();
    }
    for contents in extras.contents.values_mut() {
        contents.pages.sort_by_key(|page| page.number);
        contents.files.sort_by_key(|file| file.position);
    }
    extras.gone.sort_by_key(|(article, at, _)| std::cmp::Reverse((*at, *article)));
    let mut seen = std::collections::HashSet::new();
    extras.gone.retain(|(article, ..)| seen.insert(*article));
    extras
}
