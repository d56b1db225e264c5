//! The newest articles of each tag, kept in memory while a writer works through many, so that finding related items
//! costs no statement per article. Not a cache for readers.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::db::{self, Database, ListKey, ListShape, Scope, Visibility};
use crate::error::Result;

/// How many articles of a tag are candidates: more bring older ones that hardly ever win.
const KEPT: usize = 24;

/// How many tags are read in one statement.
const CHUNK: usize = 200;

/// See the module.
#[derive(Debug, Default)]
pub struct Recents {
    /// (article, published at), newest last.
    tags: HashMap<i64, VecDeque<(i64, i64)>>,
}

impl Recents {
    /// Reads the newest articles of those `tags` that are not known yet.
    pub async fn learn(&mut self, db: &Database, tags: HashSet<i64>) -> Result<()> {
        let mut unknown: Vec<i64> = tags.into_iter().filter(|t| !self.tags.contains_key(t)).collect();
        unknown.sort_unstable();
        for chunk in unknown.chunks(CHUNK) {
            let key = |tag: &i64| ListKey {
                shape: ListShape::PLAIN,
                limit: i64::try_from(KEPT).unwrap_or(i64::MAX),
                scope: Scope::Tag(*tag),
                extra: Vec::new(),
                from: None,
                low: i64::MIN,
                high: i64::MAX - 1,
            };
            let keys: Vec<ListKey> = chunk.iter().map(key).collect();
            for tag in chunk {
                self.tags.entry(*tag).or_default();
            }
            for (number, article) in db.reader().all(db::lists(&keys, Visibility::public(i64::MIN + 1))).await? {
                self.tags.entry(chunk[number]).or_default().push_back((article.id, article.published_at));
            }
            for tag in chunk {
                if let Some(known) = self.tags.get_mut(tag) {
                    known.make_contiguous().sort_unstable_by_key(|(id, at)| (*at, *id));
                }
            }
        }
        Ok(())
    }

    /// Adds an article that has just been written.
    pub fn add(&mut self, id: i64, published_at: i64, tags: &[i64]) {
        for tag in tags {
            let known = self.tags.entry(*tag).or_default();
            known.retain(|(other, _)| *other != id);
            let place = known.partition_point(|(other, at)| (*at, *other) < (published_at, id));
            known.insert(place, (id, published_at));
            if known.len() > KEPT {
                known.pop_front();
            }
        }
    }

    /// The articles most related to one with these `tags`: most tags in common first, then newest, then highest id.
    pub fn related(&self, id: i64, tags: &[i64], most: usize) -> Vec<i64> {
        let mut shared: HashMap<(i64, i64), usize> = HashMap::new();
        for entry in tags.iter().filter_map(|t| self.tags.get(t)).flatten().filter(|(other, _)| *other != id) {
            *shared.entry(*entry).or_default() += 1;
        }
        let mut found: Vec<((i64, i64), usize)> = shared.into_iter().collect();
        found.sort_unstable_by_key(|((other, at), count)| std::cmp::Reverse((*count, *at, *other)));
        found.into_iter().take(most).map(|((other, _), _)| other).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_tags_in_common_come_first_then_newer_ones() {
        let mut recents = Recents::default();
        recents.add(1, 100, &[7, 8]);
        recents.add(2, 200, &[7]);
        recents.add(3, 300, &[8]);
        recents.add(4, 50, &[9]);
        assert_eq!(recents.related(9, &[7, 8], 10), [1, 3, 2]);
        assert_eq!(recents.related(1, &[7, 8], 10), [3, 2]);
        assert_eq!(recents.related(9, &[7, 8], 1), [1]);
        assert_eq!(recents.related(9, &[], 10), Vec::<i64>::new());
    }

    #[test]
    fn only_the_newest_of_a_tag_are_kept() {
        let mut recents = Recents::default();
        for id in 0..100 {
            recents.add(id, id, &[7]);
        }
        assert_eq!(recents.related(1_000, &[7], 1_000).len(), KEPT);
        assert_eq!(recents.related(1_000, &[7], 1), [99]);
    }
}
