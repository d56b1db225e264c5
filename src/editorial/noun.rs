//! The small nouns: what they refer to, which of their names are unique, and how a draft becomes a row.

use super::draft::Draft;
use super::save::{Desk, Planned, References};
use crate::db::write::{self, Stored, Transaction};
use crate::db::{self, rows};
use crate::error::{Error, Result};

/// Calls `each` with (field, kind, name) for every record that `draft` refers to and that must exist.
pub(super) fn references(draft: &Draft, mut each: impl FnMut(String, &'static str, &str)) {
    let mut opt = |field: &str, kind: &'static str, name: &Option<String>| {
        if let Some(name) = name {
            each(field.to_owned(), kind, name);
        }
    };
    match draft {
        Draft::Channel(d) => opt("parent", "channel", &d.parent),
        Draft::Topic(d) => opt("cover", "media", &d.cover),
        Draft::Navigation(d) => {
            opt("parent", "navigation", &d.parent);
            opt("channel", "channel", &d.channel);
            opt("topic", "topic", &d.topic);
            opt("page", "page", &d.page);
        }
        Draft::Article(d) => {
            opt("source", "source", &d.source);
            opt("cover", "media", &d.cover);
            each("channel".into(), "channel", &d.channel);
            d.channels.iter().enumerate().for_each(|(i, n)| each(format!("channels[{i}]"), "channel", n));
            d.tags.iter().enumerate().for_each(|(i, n)| each(format!("tags[{i}]"), "tag", n));
            d.topics.iter().enumerate().for_each(|(i, n)| each(format!("topics[{i}]"), "topic", n));
            d.authors.iter().enumerate().for_each(|(i, n)| each(format!("authors[{i}]"), "author", n));
            d.gallery.iter().enumerate().for_each(|(i, g)| each(format!("gallery[{i}].media"), "media", &g.media));
        }
        Draft::Placement(d) => {
            opt("channel", "channel", &d.channel);
            d.items.iter().enumerate().for_each(|(i, item)| each(format!("items[{i}].article"), "article", &item.article));
        }
        Draft::Redirect(d) => each("article".into(), "article", &d.article),
        Draft::Site(_) | Draft::Source(_) | Draft::Author(_) | Draft::Media(_) | Draft::Tag(_) | Draft::Page(_) => {}
    }
}

/// Refuses a draft that refers to something unknown, or a channel below itself.
pub(super) fn check(draft: &Draft, known: &References) -> Result<()> {
    let mut missing = None;
    references(draft, |field, kind, name| {
        if missing.is_none() && !known.contains_key(&(kind, name.to_owned())) {
            missing = Some(Error::invalid(field, format!("there is no {kind} {name:?}; put its line before this one")));
        }
    });
    let own_parent = match draft {
        Draft::Channel(d) => d.parent.as_ref() == Some(&d.external_id),
        Draft::Navigation(d) => d.parent.as_ref() == Some(&d.external_id),
        _ => false,
    };
    if own_parent {
        return Err(Error::invalid("parent", "is the record itself"));
    }
    missing.map_or(Ok(()), Err)
}

/// A name that nobody else may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unique {
    /// Where it is kept.
    pub table: &'static str,
    /// In which column.
    pub column: &'static str,
    /// The name.
    pub value: String,
    /// The draft's field.
    pub field: String,
}

/// The names of `draft` that nobody else may have.
pub(super) fn unique(draft: &Draft) -> Vec<Unique> {
    let name =
        |column, value: &str, field: &str| Unique { table: draft.kind(), column, value: value.into(), field: field.into() };
    let slug = |slug: &str| name("slug", slug, "slug");
    match draft {
        Draft::Page(d) => vec![slug(&d.slug)],
        Draft::Channel(d) => vec![slug(&d.slug)],
        Draft::Tag(d) => vec![slug(&d.slug), name("name", &d.name, "name")],
        Draft::Topic(d) => vec![slug(&d.slug)],
        Draft::Source(d) => vec![slug(&d.slug)],
        Draft::Author(d) => vec![slug(&d.slug)],
        Draft::Redirect(d) => vec![name("address", &d.url, "url")],
        Draft::Article(d) => {
            let old = |(i, url): (usize, &String)| Unique { table: "redirect", ..name("address", url, &format!("oldUrls[{i}]")) };
            let names = d.slug.as_deref().map(slug).into_iter();
            let names = names.chain(d.legacy_id.as_deref().map(|n| name("legacy_id", n, "legacyId")));
            names.chain(d.old_urls.iter().enumerate().map(old)).collect()
        }
        Draft::Site(_) | Draft::Media(_) | Draft::Navigation(_) | Draft::Placement(_) => Vec::new(),
    }
}

/// Makes tags out of bare names. Returns the tags of these names, each with whether it is new: somebody else may have made it in
/// the same moment.
pub(super) async fn create_tags(on: &Transaction, names: &[String]) -> Result<Vec<(db::Tag, bool)>> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let first = write::reserve_ids(on, "tag", i64::try_from(names.len()).map_err(Error::internal)?).await?;
    // A name that cannot stand in an address, or that another tag has as its slug, goes by number.
    let numbered = |id: i64| format!("tag-{id}");
    let wanted: Vec<String> = names.iter().cloned().chain((first..).map(numbered).take(names.len())).collect();
    let (mut slugs, mut known) = write::tag_names(on, &wanted).await?;
    let tags: Vec<db::Tag> = (first..)
        .zip(names)
        .map(|(id, name)| {
            let choices = [name.clone(), numbered(id), format!("tag-{id}-{id}")];
            let slug = choices.iter().find(|s| crate::text::is_slug(s) && slugs.insert((*s).clone())).cloned();
            let external_id = choices.iter().find(|n| known.insert((*n).clone())).cloned();
            db::Tag {
                id,
                external_id: external_id.unwrap_or_default(),
                slug: slug.unwrap_or_default(),
                name: name.clone(),
                import_hash: 0,
            }
        })
        .collect();
    write::insert_new(on, &tags).await?;
    let found = write::rows_named::<db::Tag>(on, "name", names).await?;
    Ok(found.into_iter().map(|tag| (tag.clone(), tags.contains(&tag))).collect())
}

async fn put<M: Stored>(on: &Transaction, plan: &[Planned<'_>], row: impl Fn(&Planned<'_>) -> Option<M>) -> Result<()> {
    let rows: Vec<M> = plan.iter().filter_map(row).collect();
    write::upsert(on, &rows).await
}

/// Writes the rows of a plan of any kind but articles.
pub(super) async fn write(desk: &mut Desk, on: &Transaction, kind: &str, plan: &[Planned<'_>], now: i64) -> Result<()> {
    match kind {
        "site" => put(on, plan, site).await,
        "source" => put(on, plan, source).await,
        "author" => put(on, plan, author).await,
        "media" => put(on, plan, media).await,
        "tag" => put(on, plan, tag).await,
        "page" => put(on, plan, |p| page(p, now)).await,
        "topic" => put(on, plan, |p| topic(desk, p)).await,
        "navigation" => {
            for p in plan {
                let Draft::Navigation(d) = &p.incoming.draft else { continue };
                let parent = d.parent.as_ref().and_then(|name| desk.id_of("navigation", name));
                desk.parents.insert(("navigation", p.id), parent);
            }
            put(on, plan, |p| navigation(desk, p)).await
        }
        "redirect" => put(on, plan, |p| redirect(desk, p)).await,
        "channel" => channels(desk, on, plan).await,
        "placement" => placements(desk, on, plan).await,
        other => Err(Error::internal(format!("no kind {other}"))),
    }
}

fn site(p: &Planned<'_>) -> Option<db::Site> {
    let Draft::Site(d) = &p.incoming.draft else { return None };
    Some(db::Site {
        id: p.id,
        external_id: d.external_id.clone(),
        name: d.name.clone(),
        slogan: d.slogan.clone(),
        language: d.language.clone().unwrap_or_default(),
        time_zone: d.time_zone.clone().unwrap_or_default(),
        url: d.url.clone(),
        article_path: d.article_path.clone().unwrap_or_default(),
        icp_number: d.icp_number.clone(),
        police_number: d.police_number.clone(),
        disclaimer: d.disclaimer.clone(),
        takedown_contact: d.takedown_contact.clone(),
        import_hash: p.incoming.hash,
    })
}

fn source(p: &Planned<'_>) -> Option<db::Source> {
    let Draft::Source(d) = &p.incoming.draft else { return None };
    Some(db::Source {
        id: p.id,
        external_id: d.external_id.clone(),
        slug: d.slug.clone(),
        name: d.name.clone(),
        url: d.url.clone(),
        licence: d.licence.clone(),
        attribution: d.attribution.clone(),
        disclaimer: d.disclaimer.clone(),
        contact: d.contact.clone(),
        syndication: d.syndication.clone(),
        import_hash: p.incoming.hash,
    })
}

fn author(p: &Planned<'_>) -> Option<db::Author> {
    let Draft::Author(d) = &p.incoming.draft else { return None };
    Some(db::Author {
        id: p.id,
        external_id: d.external_id.clone(),
        slug: d.slug.clone(),
        name: d.name.clone(),
        bio: d.bio.clone(),
        import_hash: p.incoming.hash,
    })
}

fn media(p: &Planned<'_>) -> Option<db::Media> {
    let Draft::Media(d) = &p.incoming.draft else { return None };
    Some(db::Media {
        id: p.id,
        external_id: d.external_id.clone(),
        url: d.url.clone(),
        width: d.width,
        height: d.height,
        alt: d.alt.clone(),
        credit: d.credit.clone(),
        focal_x: d.focal_x,
        focal_y: d.focal_y,
        dominant_color: d.dominant_color.clone(),
        mime_type: d.mime_type.clone(),
        import_hash: p.incoming.hash,
    })
}

fn tag(p: &Planned<'_>) -> Option<db::Tag> {
    let Draft::Tag(d) = &p.incoming.draft else { return None };
    Some(db::Tag {
        id: p.id,
        external_id: d.external_id.clone(),
        slug: d.slug.clone(),
        name: d.name.clone(),
        import_hash: p.incoming.hash,
    })
}

fn page(p: &Planned<'_>, now: i64) -> Option<db::Page> {
    let Draft::Page(d) = &p.incoming.draft else { return None };
    Some(db::Page {
        id: p.id,
        external_id: d.external_id.clone(),
        slug: d.slug.clone(),
        title: d.title.clone(),
        body: d.body.clone(),
        position: d.position,
        updated_at: d.updated_at.map_or(now, |t| t.timestamp_millis()),
        import_hash: p.incoming.hash,
    })
}

fn topic(desk: &Desk, p: &Planned<'_>) -> Option<db::Topic> {
    let Draft::Topic(d) = &p.incoming.draft else { return None };
    Some(db::Topic {
        id: p.id,
        external_id: d.external_id.clone(),
        slug: d.slug.clone(),
        title: d.title.clone(),
        summary: d.summary.clone(),
        cover_id: d.cover.as_ref().and_then(|c| desk.id_of("media", c)),
        position: d.position,
        import_hash: p.incoming.hash,
    })
}

fn navigation(desk: &Desk, p: &Planned<'_>) -> Option<db::Navigation> {
    let Draft::Navigation(d) = &p.incoming.draft else { return None };
    let id_of = |kind, name: &Option<String>| name.as_ref().and_then(|n| desk.id_of(kind, n));
    Some(db::Navigation {
        id: p.id,
        external_id: d.external_id.clone(),
        parent_id: id_of("navigation", &d.parent),
        position: d.position,
        label: d.label.clone(),
        channel_id: id_of("channel", &d.channel),
        topic_id: id_of("topic", &d.topic),
        page_id: id_of("page", &d.page),
        url: d.url.clone(),
        import_hash: p.incoming.hash,
    })
}

fn redirect(desk: &Desk, p: &Planned<'_>) -> Option<rows::Redirect> {
    let Draft::Redirect(d) = &p.incoming.draft else { return None };
    Some(rows::Redirect {
        id: p.id,
        external_id: d.external_id.clone(),
        address: d.url.clone(),
        article_id: desk.id_of("article", &d.article)?,
        import_hash: p.incoming.hash,
    })
}

/// Channels, and what follows when one moves in the tree: the lists of its articles must be cut anew.
async fn channels(desk: &mut Desk, on: &Transaction, plan: &[Planned<'_>]) -> Result<()> {
    let mut rows = Vec::with_capacity(plan.len());
    for p in plan {
        let Draft::Channel(d) = &p.incoming.draft else { continue };
        let parent_id = d.parent.as_ref().and_then(|name| desk.id_of("channel", name));
        let has_moved = desk.parents.insert(("channel", p.id), parent_id).is_some_and(|old| old != parent_id);
        if has_moved || p.was_incomplete {
            desk.moved.insert(p.id, p.incoming.hash);
        }
        rows.push(db::Channel {
            id: p.id,
            external_id: d.external_id.clone(),
            parent_id,
            slug: d.slug.clone(),
            name: d.name.clone(),
            kind: d.channel_type.clone().unwrap_or_default(),
            position: d.position,
            description: d.description.clone(),
            // Incomplete until the lists of its articles are right, so that a crash in between is mended by running again.
            import_hash: if desk.moved.contains_key(&p.id) { 0 } else { p.incoming.hash },
        });
    }
    write::upsert(on, &rows).await
}

impl Desk {
    /// A channel or navigation entry and everything above it, nearest first.
    pub(super) fn ancestors(&self, kind: &'static str, id: Option<i64>) -> Vec<i64> {
        let mut path = Vec::new();
        let mut at = id;
        while let Some(id) = at.filter(|id| !path.contains(id)) {
            path.push(id);
            at = self.parents.get(&(kind, id)).copied().flatten();
        }
        path
    }
}

async fn placements(desk: &Desk, on: &Transaction, plan: &[Planned<'_>]) -> Result<()> {
    let mut slots = Vec::with_capacity(plan.len());
    let mut items = Vec::new();
    for p in plan {
        let Draft::Placement(d) = &p.incoming.draft else { continue };
        slots.push(db::Placement {
            id: p.id,
            external_id: d.external_id.clone(),
            slot: d.slot.clone(),
            channel_id: d.channel.as_ref().and_then(|c| desk.id_of("channel", c)),
            import_hash: p.incoming.hash,
        });
        for (position, item) in (0..).zip(&d.items) {
            let Some(article_id) = desk.id_of("article", &item.article) else { continue };
            items.push(db::PlacementItem {
                placement_id: p.id,
                position,
                article_id,
                label: item.label.clone(),
                starts_at: item.starts_at.map(|t| t.timestamp_millis()),
                ends_at: item.ends_at.map(|t| t.timestamp_millis()),
            });
        }
    }
    write::upsert(on, &slots).await?;
    let changed: Vec<i64> = plan.iter().filter(|p| !p.is_new).map(|p| p.id).collect();
    write::delete(on, "placement_item", "placement_id", &changed).await?;
    write::insert(on, &items).await
}
