//! Anything that has an id of its own.

use std::sync::Arc;

use async_graphql::{ID, Interface};

use super::context::Operation;
use super::id::Kind;
use super::relation::{article, tag};
use super::types::{Article, Author, Channel, Media, Page, Site, Source, Tag, Topic};
use crate::db::Parts;
use crate::error::Result;
use crate::loader::{ArticleBy, TagBy};

/// A thing with an id. 具有 ID 的对象
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque, stable id."))]
pub enum Node {
    Article(Article),
    Channel(Channel),
    Tag(Tag),
    Source(Source),
    Author(Author),
    Media(Media),
    Topic(Topic),
    Page(Page),
    Site(Site),
}

/// Thing number `id` of `kind`; an article with `parts`.
pub async fn find(operation: &Operation, kind: Kind, id: i64, parts: Parts) -> Result<Option<Node>> {
    let catalog = operation.catalog();
    Ok(match kind {
        Kind::Article => article::find(operation, ArticleBy::Id(id), parts).await?.map(|a| Node::Article(Article(a))),
        // Pictures belong to articles: which of them a contract grants cannot be said of one alone.
        Kind::Media if !operation.terms.is_everything() => None,
        Kind::Media => article::media(operation, Some(id)).await?.map(|m| Node::Media(Media(m))),
        Kind::Tag => tag::find(operation, TagBy::Id(id)).await?.map(|t| Node::Tag(Tag(t))),
        Kind::Channel => catalog.channels.find(id).cloned().map(|c| Node::Channel(Channel(c))),
        Kind::Source => catalog.sources.find(id).cloned().map(|s| Node::Source(Source(s))),
        Kind::Author => catalog.authors.find(id).cloned().map(|a| Node::Author(Author(a))),
        Kind::Topic => catalog.topics.find(id).cloned().map(|t| Node::Topic(Topic(t))),
        Kind::Page => catalog.pages.find(id).cloned().map(|p| Node::Page(Page(p))),
        // Not for all, so not found here.
        Kind::Account | Kind::ApiKey | Kind::NavigationItem | Kind::Takedown | Kind::Contract => None,
        Kind::Site => (catalog.site.id == id).then(|| Node::Site(Site(Arc::clone(catalog)))),
    })
}
