//! For search engines: sitemaps in pieces, the news of two days, `robots.txt`.

use std::sync::Arc;

use poem::{Request, Response};

use super::copy::{self, Ask, Draft};
use super::error::Refusal;
use super::own::base;
use super::page::channel_pages;
use super::request::id_of;
use super::state::Shared;
use crate::cache::Tag;
use crate::db::{ListKey, ListShape, Scope, map_pieces, mapped};
use crate::error::{Error, Result};
use crate::feed::{Location, NewsItem, news_sitemap, robots, sitemap, sitemap_index};
use crate::graphql::surface::local;
use crate::graphql::{Kind, Operation, encode_id};
use crate::loader::{ListOf, With};

const JSON: &str = "application/json; charset=utf-8";
const XML: &str = "application/xml; charset=utf-8";

/// Articles of a piece at most; the protocol allows 50,000. A piece has those whose ids, divided by this, are its number: so every program
/// cuts alike, and what comes or goes moves nothing from one piece to another.
const PIECE: i64 = 40_000;

/// Google's news sitemap: articles of two days, at most 1,000.
const NEWS_MILLIS: i64 = 2 * 86_400_000;
const MOST_NEWS: i64 = 1_000;

/// How long index and pieces are kept though articles change; what is newer stands in the news.
const KEPT_MILLIS: i64 = 10 * 60 * 1_000;

/// Which document.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Robots,
    Index,
    News,
    Channels,
    Articles(i64),
}

/// Answers `/robots.txt`, `/sitemap.xml` and what is below `/sitemap/`.
pub async fn serve(state: &Shared, path: &str, request: &Request) -> Response {
    match answer(state, path, request).await {
        Ok(response) => response,
        Err(refusal) => refusal.respond(&id_of(request), JSON),
    }
}

fn part(path: &str) -> Option<Part> {
    Some(match path {
        "/robots.txt" => Part::Robots,
        "/sitemap.xml" => Part::Index,
        "/sitemap/news.xml" => Part::News,
        "/sitemap/channels.xml" => Part::Channels,
        _ => {
            let number = path.strip_prefix("/sitemap/articles-")?.strip_suffix(".xml")?;
            let is_number = number == "0" || number.starts_with(|c: char| ('1'..='9').contains(&c)) && number.len() <= 12;
            Part::Articles(number.parse().ok().filter(|_| is_number)?)
        }
    })
}

fn missing() -> Error {
    Error::NotFound { what: "a sitemap at this address".into() }
}

async fn answer(state: &Shared, path: &str, request: &Request) -> Result<Response, Refusal> {
    let part = part(path).ok_or_else(missing)?;
    let base = base(state, request);
    let ask = Ask::own(format!("sitemap {base} {path}"));
    let make = |operation: Arc<Operation>| {
        let (part, base) = (&part, base.as_str());
        async move { draft(state, &operation, part, base).await }
    };
    copy::serve(state, request, ask, make).await
}

async fn draft(state: &Shared, operation: &Operation, part: &Part, base: &str) -> Result<Draft> {
    let (catalog, now) = (operation.catalog(), operation.now());
    let seen = operation.loaders.seen();
    let address = |id: i64, slug: &str| catalog.article_url(&encode_id(Kind::Article, id), slug);
    match *part {
        Part::Robots => {
            let text = robots(&[format!("{base}/sitemap.xml"), format!("{base}/sitemap/news.xml")]);
            Ok(Draft::new("text/plain; charset=utf-8", text.into_bytes()))
        }
        Part::Index => {
            // Through the whole list: in the background, and not often.
            let pieces = state.db.in_background().reader().all(map_pieces(PIECE, seen)).await?;
            let newest = pieces.iter().map(|piece| piece.modified_at).max();
            let part = |name: &str, at: Option<i64>| Location {
                url: format!("{base}/sitemap/{name}"),
                modified: at.map(|at| local(catalog, at)),
            };
            let mut parts = vec![part("news.xml", newest), part("channels.xml", None)];
            parts.extend(pieces.iter().map(|piece| Location {
                url: format!("{base}/sitemap/articles-{}.xml", piece.number),
                modified: Some(local(catalog, piece.modified_at)),
            }));
            Ok(Draft { until: now + KEPT_MILLIS, ..Draft::new(XML, sitemap_index(&parts)) })
        }
        Part::Articles(number) => {
            let rows = state.db.in_background().reader().all(mapped(number, PIECE, seen)).await?;
            if rows.is_empty() {
                return Err(missing());
            }
            let pages: Vec<Location> = rows
                .iter()
                .map(|row| Location {
                    url: address(row.id, &row.slug),
                    modified: Some(local(catalog, row.modified_at.max(row.published_at))),
                })
                .collect();
            let tags = vec![Tag::List(Scope::Site.code())];
            Ok(Draft { tags, until: now + KEPT_MILLIS, ..Draft::new(XML, sitemap(&pages)) })
        }
        Part::Channels => {
            let page = |url: String| Location { url, modified: None };
            let mut pages = vec![page(catalog.site.url.clone())];
            pages.extend(channel_pages(state, catalog).into_iter().map(page));
            Ok(Draft::new(XML, sitemap(&pages)))
        }
        Part::News => {
            let shape = ListShape { with: With { covers: false, details: true }, ..ListShape::PLAIN };
            let key = ListKey { shape, low: now - NEWS_MILLIS, ..ListKey::newest(Scope::Site, MOST_NEWS, now) };
            let rows = operation.loaders.load(ListOf(key)).await?;
            let language =
                |article: &crate::db::Article| article.details.as_ref().map_or_else(String::new, |d| d.language.clone());
            let items: Vec<NewsItem> = rows
                .iter()
                .map(|article| NewsItem {
                    url: address(article.id, &article.slug),
                    title: article.title.clone(),
                    language: language(article),
                    published: local(catalog, article.published_at),
                })
                .collect();
            let mut tags: Vec<Tag> = rows.iter().map(|article| Tag::Article(article.id)).collect();
            tags.push(Tag::List(Scope::Site.code()));
            // Two days move on.
            Ok(Draft { tags, until: now + 60_000, ..Draft::new(XML, news_sitemap(&catalog.site.name, &items)) })
        }
    }
}
