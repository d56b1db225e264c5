//! Tags of portals that have too many for the catalog; others never come here.

use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, Tag, Visibility, Work};

/// One tag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TagBy {
    /// By id.
    Id(i64),
    /// By the name in its address.
    Slug(String),
    /// By name.
    Name(String),
}

impl Key for TagBy {
    type Value = Option<Arc<Tag>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let (mut ids, mut slugs, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for key in keys {
            match key {
                Self::Id(id) => ids.push(id),
                Self::Slug(slug) => slugs.push(slug),
                Self::Name(name) => names.push(name),
            }
        }
        let mut wave = Vec::new();
        if !ids.is_empty() {
            let query = db::tags_by_id(ids.clone());
            wave.push(named(queue, ids.into_iter().map(Self::Id).collect(), query, |t| Self::Id(t.id)));
        }
        if !slugs.is_empty() {
            let query = db::tags_by_slug(slugs.clone());
            wave.push(named(queue, slugs.into_iter().map(Self::Slug).collect(), query, |t| Self::Slug(t.slug.clone())));
        }
        if !names.is_empty() {
            let query = db::tags_by_name(names.clone());
            wave.push(named(queue, names.into_iter().map(Self::Name).collect(), query, |t| Self::Name(t.name.clone())));
        }
        wave
    }
}

fn named(queue: &Arc<Queue<TagBy>>, keys: Vec<TagBy>, query: db::Query<Arc<Tag>>, name: fn(&Tag) -> TagBy) -> Box<dyn Work> {
    let group = move |keys: &[TagBy], rows: Vec<Arc<Tag>>| {
        let groups = by_key(keys, rows.into_iter().map(|t| (name(&t), t)).collect());
        groups.into_iter().map(|(number, tags)| (number, tags.into_iter().next())).collect()
    };
    queue.job(keys, query, group, || None)
}
