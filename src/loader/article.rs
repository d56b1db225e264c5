//! Articles by any of their names, and what hangs on one.

use std::collections::HashMap;
use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, Article, Attachment, Body, Details, GalleryImage, Visibility, Work};

/// One article, if it may be seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ArticleBy {
    /// By id.
    Id(i64),
    /// By the name in its address.
    Slug(String),
    /// By its number in the system it came from.
    LegacyId(String),
    /// By an old address, normalised.
    Address(String),
}

impl Key for ArticleBy {
    type Value = Option<Arc<Article>>;

    fn statements(keys: Vec<Self>, seen: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let (mut ids, mut slugs, mut numbers, mut addresses) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for key in keys {
            match key {
                Self::Id(id) => ids.push(id),
                Self::Slug(slug) => slugs.push(slug),
                Self::LegacyId(number) => numbers.push(number),
                Self::Address(address) => addresses.push(address),
            }
        }
        let mut wave = Vec::new();
        if !ids.is_empty() {
            let query = db::articles_by_id(ids.clone(), seen);
            wave.push(named(queue, ids.into_iter().map(Self::Id).collect(), query, |a| Self::Id(a.id)));
        }
        if !slugs.is_empty() {
            let query = db::articles_by_slug(slugs.clone(), seen);
            wave.push(named(queue, slugs.into_iter().map(Self::Slug).collect(), query, |a| Self::Slug(a.slug.clone())));
        }
        if !numbers.is_empty() {
            let query = db::articles_by_legacy_id(numbers.clone(), seen);
            let name = |a: &Article| Self::LegacyId(a.details.as_ref().and_then(|d| d.legacy_id.clone()).unwrap_or_default());
            wave.push(named(queue, numbers.into_iter().map(Self::LegacyId).collect(), query, name));
        }
        if !addresses.is_empty() {
            let query = db::articles_by_address(addresses.clone(), seen);
            let keys = addresses.into_iter().map(Self::Address).collect();
            let group = |keys: &[Self], rows: Vec<(String, Arc<Article>)>| {
                let rows = rows.into_iter().map(|(address, article)| (Self::Address(address), article)).collect();
                firsts(by_key(keys, rows))
            };
            wave.push(queue.job(keys, query, group, || None));
        }
        wave
    }
}

fn firsts<T>(groups: HashMap<usize, Vec<T>>) -> HashMap<usize, Option<T>> {
    groups.into_iter().map(|(number, rows)| (number, rows.into_iter().next())).collect()
}

fn named(
    queue: &Arc<Queue<ArticleBy>>,
    keys: Vec<ArticleBy>,
    query: db::Query<Arc<Article>>,
    name: impl Fn(&Article) -> ArticleBy + Send + 'static,
) -> Box<dyn Work> {
    let group = move |keys: &[ArticleBy], rows: Vec<Arc<Article>>| {
        firsts(by_key(keys, rows.into_iter().map(|a| (name(&a), a)).collect()))
    };
    queue.job(keys, query, group, || None)
}

/// The card of an article, if it may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CardById(pub i64);

impl Key for CardById {
    type Value = Option<Arc<Article>>;

    fn statements(keys: Vec<Self>, seen: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::cards_by_id(keys.iter().map(|k| k.0).collect(), seen);
        let group =
            |keys: &[Self], rows: Vec<Arc<Article>>| firsts(by_key(keys, rows.into_iter().map(|a| (Self(a.id), a)).collect()));
        vec![queue.job(keys, query, group, || None)]
    }
}

/// The details of an article that is seen already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DetailsOf(pub i64);

impl Key for DetailsOf {
    type Value = Option<Arc<Details>>;

    fn statements(keys: Vec<Self>, _: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::details(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<(i64, Arc<Details>)>| {
            firsts(by_key(keys, rows.into_iter().map(|(id, details)| (Self(id), details)).collect()))
        };
        vec![queue.job(keys, query, group, || None)]
    }
}

/// The body of an article, its pages in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BodyOf(pub i64);

impl Key for BodyOf {
    type Value = Body;

    fn statements(keys: Vec<Self>, _: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::bodies(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<(i64, db::BodyPage)>| {
            sorted(by_key(keys, rows.into_iter().map(|(id, page)| (Self(id), page)).collect()), |page| page.number)
        };
        vec![queue.job(keys, query, group, Body::default)]
    }
}

/// The gallery of an article, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GalleryOf(pub i64);

impl Key for GalleryOf {
    type Value = Arc<Vec<GalleryImage>>;

    fn statements(keys: Vec<Self>, _: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::galleries(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<(i64, GalleryImage)>| {
            sorted(by_key(keys, rows.into_iter().map(|(id, image)| (Self(id), image)).collect()), |image| image.position)
        };
        vec![queue.job(keys, query, group, Arc::default)]
    }
}

/// The attachments of an article, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttachmentsOf(pub i64);

impl Key for AttachmentsOf {
    type Value = Arc<Vec<Attachment>>;

    fn statements(keys: Vec<Self>, _: Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::attachments(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<(i64, Attachment)>| {
            sorted(by_key(keys, rows.into_iter().map(|(id, file)| (Self(id), file)).collect()), |file| file.position)
        };
        vec![queue.job(keys, query, group, Arc::default)]
    }
}

/// Groups whose rows stand in the order of `place`.
pub(super) fn sorted<T, O: Ord>(groups: HashMap<usize, Vec<T>>, place: impl Fn(&T) -> O) -> HashMap<usize, Arc<Vec<T>>> {
    let sort = |(number, mut rows): (usize, Vec<T>)| {
        rows.sort_by_key(&place);
        (number, Arc::new(rows))
    };
    groups.into_iter().map(sort).collect()
}
