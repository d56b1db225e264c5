//! Small nouns as they are kept, turned back into what a writer would hand in: for exports, and for whoever changes a part of one.

use std::collections::HashMap;

use super::draft::{
    AuthorDraft, ChannelDraft, Draft, MediaDraft, NavigationDraft, PageDraft, SiteDraft, SourceDraft, TagDraft, TopicDraft,
};
use crate::clock::instant;
use crate::db;

/// External ids by id, of one kind.
pub type Names = HashMap<i64, String>;

/// The portal's settings as a line.
pub fn site(s: db::Site) -> Draft {
    let draft = SiteDraft {
        id: Some(s.id),
        external_id: s.external_id,
        name: s.name,
        slogan: s.slogan,
        language: Some(s.language),
        time_zone: Some(s.time_zone),
        url: s.url,
        article_path: Some(s.article_path),
        icp_number: s.icp_number,
        police_number: s.police_number,
        disclaimer: s.disclaimer,
        takedown_contact: s.takedown_contact,
        ..SiteDraft::default()
    };
    Draft::Site(draft.into())
}

/// A source as a line.
pub fn source(s: db::Source) -> Draft {
    let draft = SourceDraft {
        id: Some(s.id),
        external_id: s.external_id,
        slug: s.slug,
        name: s.name,
        url: s.url,
        licence: s.licence,
        attribution: s.attribution,
        disclaimer: s.disclaimer,
        contact: s.contact,
        syndication: s.syndication,
        ..SourceDraft::default()
    };
    Draft::Source(draft.into())
}

/// An author as a line.
pub fn author(a: db::Author) -> Draft {
    let draft = AuthorDraft {
        id: Some(a.id),
        external_id: a.external_id,
        slug: a.slug,
        name: a.name,
        bio: a.bio,
        ..AuthorDraft::default()
    };
    Draft::Author(draft.into())
}

/// A picture as a line.
pub fn picture(m: db::Media) -> Draft {
    let draft = MediaDraft {
        id: Some(m.id),
        external_id: m.external_id,
        url: m.url,
        width: m.width,
        height: m.height,
        alt: m.alt,
        credit: m.credit,
        focal_x: m.focal_x,
        focal_y: m.focal_y,
        dominant_color: m.dominant_color,
        mime_type: m.mime_type,
        ..MediaDraft::default()
    };
    Draft::Media(draft.into())
}

/// A tag as a line.
pub fn tag(t: db::Tag) -> Draft {
    let draft = TagDraft { id: Some(t.id), external_id: t.external_id, slug: t.slug, name: t.name, ..TagDraft::default() };
    Draft::Tag(draft.into())
}

/// A topic as a line; `media` has the names of pictures.
pub fn topic(t: db::Topic, media: &Names) -> Draft {
    let draft = TopicDraft {
        id: Some(t.id),
        external_id: t.external_id,
        slug: t.slug,
        title: t.title,
        summary: t.summary,
        cover: t.cover_id.and_then(|id| media.get(&id).cloned()),
        position: t.position,
        ..TopicDraft::default()
    };
    Draft::Topic(draft.into())
}

/// A footer page as a line.
pub fn page(p: db::Page) -> Draft {
    let draft = PageDraft {
        id: Some(p.id),
        external_id: p.external_id,
        slug: p.slug,
        title: p.title,
        body: p.body,
        position: p.position,
        updated_at: Some(instant(p.updated_at)),
        ..PageDraft::default()
    };
    Draft::Page(draft.into())
}

/// A channel as a line; `channels` has the names of channels.
pub fn channel(c: db::Channel, channels: &Names) -> Draft {
    let draft = ChannelDraft {
        id: Some(c.id),
        external_id: c.external_id,
        slug: c.slug,
        name: c.name,
        parent: c.parent_id.and_then(|id| channels.get(&id).cloned()),
        channel_type: Some(c.kind),
        position: c.position,
        description: c.description,
        ..ChannelDraft::default()
    };
    Draft::Channel(draft.into())
}

/// An entry of the navigation as a line; the others have the names of what it may lead to.
pub fn navigation(n: db::Navigation, entries: &Names, channels: &Names, topics: &Names, pages: &Names) -> Draft {
    let draft = NavigationDraft {
        id: Some(n.id),
        external_id: n.external_id,
        label: n.label,
        parent: n.parent_id.and_then(|id| entries.get(&id).cloned()),
        position: n.position,
        channel: n.channel_id.and_then(|id| channels.get(&id).cloned()),
        topic: n.topic_id.and_then(|id| topics.get(&id).cloned()),
        page: n.page_id.and_then(|id| pages.get(&id).cloned()),
        url: n.url,
        ..NavigationDraft::default()
    };
    Draft::Navigation(draft.into())
}
