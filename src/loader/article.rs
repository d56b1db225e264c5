//! Articles by any of their names, and what hangs on one.

use std::collections::HashMap;
use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use super::batch::{Key, Queue, by_key};
use crate::db::{self, Article, Attachment, Body, BodyPage, Details, Found, GalleryImage, Parts, Query, Visibility, With, Work};

/// Names of an article.
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

/// One article, if it may be seen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ArticleNamed {
    /// Which.
    pub by: ArticleBy,
    /// With these parts.
    pub parts: Parts,
}

impl Key for ArticleNamed {
    type Value = Option<Arc<Article>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|a| a.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut kinds: HashMap<(Discriminant<ArticleBy>, Parts), Vec<Self>> = HashMap::new();
        for key in keys {
            kinds.entry((discriminant(&key.by), key.parts)).or_default().push(key);
        }
        let job = |keys: Vec<Self>| {
            let query = look_up(&keys, seen);
            queue.job(keys, query, assemble, || None)
        };
        kinds.into_values().map(job).collect()
    }
}

/// The statement for `keys`, which are all of one kind.
fn look_up(keys: &[ArticleNamed], seen: &Visibility) -> Query<Found> {
    let (mut ids, mut texts) = (Vec::new(), Vec::new());
    for key in keys {
        match &key.by {
            ArticleBy::Id(id) => ids.push(*id),
            ArticleBy::Slug(text) | ArticleBy::LegacyId(text) | ArticleBy::Address(text) => texts.push(text.clone()),
        }
    }
    let parts = keys.first().map(|k| k.parts).unwrap_or_default();
    match keys.first().map(|k| &k.by) {
        Some(ArticleBy::Slug(_)) => db::articles_by_slug(texts, parts, seen),
        Some(ArticleBy::LegacyId(_)) => db::articles_by_legacy_id(texts, parts, seen),
        Some(ArticleBy::Address(_)) => db::articles_by_address(texts, parts, seen),
        Some(ArticleBy::Id(_)) | None => db::articles_by_id(ids, parts, seen),
    }
}

/// The article of each key: its first row, with the pages of all its rows.
fn assemble(keys: &[ArticleNamed], rows: Vec<Found>) -> HashMap<usize, Option<Arc<Article>>> {
    let names: Vec<&ArticleBy> = keys.iter().map(|k| &k.by).collect();
    let found: Vec<ArticleBy> = rows.iter().map(|row| name(names[0], row)).collect();
    let article = |(number, rows): (usize, Vec<Found>)| {
        let mut rows = rows.into_iter();
        let Found { mut article, page, .. } = rows.next()?;
        if keys[number].parts.body {
            let others = rows.filter(|row| row.article.id == article.id).filter_map(|row| row.page);
            let mut pages: Vec<BodyPage> = page.into_iter().chain(others).collect();
            pages.sort_by_key(|page| page.number);
            article.body = Some(Arc::new(pages));
        }
        Some((number, Some(Arc::new(article))))
    };
    by_key(&names, found.iter().zip(rows).collect()).into_iter().filter_map(article).collect()
}

/// What a row is called by keys of the kind of `like`.
fn name(like: &ArticleBy, row: &Found) -> ArticleBy {
    match like {
        ArticleBy::Id(_) => ArticleBy::Id(row.article.id),
        ArticleBy::Slug(_) => ArticleBy::Slug(row.article.slug.clone()),
        ArticleBy::LegacyId(_) => ArticleBy::LegacyId(row.name.clone().unwrap_or_default()),
        ArticleBy::Address(_) => ArticleBy::Address(row.name.clone().unwrap_or_default()),
    }
}

pub(super) fn firsts<T>(groups: HashMap<usize, Vec<T>>) -> HashMap<usize, Option<T>> {
    groups.into_iter().map(|(number, rows)| (number, rows.into_iter().next())).collect()
}

/// The card of an article, if it may be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CardById {
    /// Which.
    pub id: i64,
    /// With what.
    pub with: With,
}

impl CardById {
    /// Article `id`.
    pub fn new(id: i64, with: With) -> Self {
        Self { id, with }
    }
}

impl Key for CardById {
    type Value = Option<Arc<Article>>;

    fn articles(value: &Self::Value) -> Vec<i64> {
        value.iter().map(|a| a.id).collect()
    }

    fn statements(keys: Vec<Self>, seen: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let mut shapes: HashMap<With, Vec<Self>> = HashMap::new();
        for key in keys {
            shapes.entry(key.with).or_default().push(key);
        }
        let job = |(with, keys): (With, Vec<Self>)| {
            let query = db::cards_by_id(keys.iter().map(|k| k.id).collect(), with, seen);
            let group = move |keys: &[Self], rows: Vec<Arc<Article>>| {
                firsts(by_key(keys, rows.into_iter().map(|a| (Self { id: a.id, with }, a)).collect()))
            };
            queue.job(keys, query, group, || None)
        };
        shapes.into_iter().map(job).collect()
    }
}

/// The details of an article that is seen already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DetailsOf(pub i64);

impl Key for DetailsOf {
    type Value = Option<Arc<Details>>;

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
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

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
        let query = db::bodies(keys.iter().map(|k| k.0).collect());
        let group = |keys: &[Self], rows: Vec<(i64, BodyPage)>| {
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

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
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

    fn statements(keys: Vec<Self>, _: &Visibility, queue: &Arc<Queue<Self>>) -> Vec<Box<dyn Work>> {
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
