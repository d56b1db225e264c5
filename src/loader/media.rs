//! Pictures.

use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, Media, Visibility, Work};

/// One picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MediaById(pub i64);

impl Key for MediaById {
    type Value = Option<Arc<Media>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::media_by_id(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<Arc<Media>>| {
            let groups = by_key(keys, rows.into_iter().map(|m| (Self(m.id), m)).collect());
            groups.into_iter().map(|(number, media)| (number, media.into_iter().next())).collect()
        };
        vec![queue.job(keys, query, group, || None)]
    }
}
