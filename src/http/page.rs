//! Pages that people read: of articles at the addresses of the portal's own pattern, of channels at `/c/SLUG`, and of the portal at `/`.
//! A portal that has a front end of its own switches them off.

use std::sync::Arc;

use poem::http::{HeaderMap, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Request, Response};

use super::copy::{self, Ask, Draft};
use super::error::Refusal;
use super::own::base;
use super::query::{Query, segments};
use super::redirect;
use super::request::id_of;
use super::state::{Shared, State};
use super::web::text_file;
use crate::cache::Tag;
use crate::db::{Channel, Scope};
use crate::error::{Error, Result};
use crate::feed::{ListPage, PageLink, Words, article_page, encode_segment, list_page, message_page};
use crate::graphql::surface::{Wanted, channel_link, channel_page, local, page_site, paper, select, subject};
use crate::graphql::{Kind, Operation, article_address, encode_id, own_address};
use crate::loader::{ArticleBy, Catalog, With};
use crate::ranking::Window;
use crate::text::normalise_address;

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = include_str!("../../web/page/style.css");

/// Pictures and sounds of articles may stand anywhere; nothing runs, and no other page shows it in a frame.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src http: https:; media-src http: https:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'self'";

/// Articles of a page of a list.
const PAGE: i32 = 30;

/// The style of pages.
pub fn style() -> Response {
    text_file(STYLE, "text/css; charset=utf-8", "public, max-age=3600")
}

/// Answers with the page of the article that stands at the request's address; with what is said of old addresses where there is none.
pub async fn article(state: &Shared, request: &Request) -> Response {
    match named(state, request) {
        Some(by) => match show(state, request, by).await {
            Ok(response) => response,
            // Withdrawn, moved, or nothing: that is told from its names.
            Err(refusal) if refusal.status == StatusCode::NOT_FOUND => redirect::serve(state, request).await,
            Err(refusal) => say(state, request, &refusal),
        },
        None => redirect::serve(state, request).await,
    }
}

/// The article that the request's address names by the portal's pattern, if pages are shown.
fn named(state: &State, request: &Request) -> Option<ArticleBy> {
    let is_read = matches!(*request.method(), poem::http::Method::GET | poem::http::Method::HEAD);
    if !state.config.syndication.article_pages || !is_read {
        return None;
    }
    let path = request.uri().path_and_query()?.as_str();
    own_address(&state.catalog.current(), &normalise_address(path)?)
}

async fn show(state: &Shared, request: &Request, by: ArticleBy) -> Result<Response, Refusal> {
    let base = base(state, request);
    let ask = Ask::own(format!("page {base} {by:?}"));
    let make = |operation: Arc<Operation>| {
        let (by, base) = (by.clone(), base.as_str());
        async move { draft(state, &operation, by, base).await }
    };
    copy::serve(state, request, ask, make).await
}

async fn draft(state: &State, operation: &Operation, by: ArticleBy, base: &str) -> Result<Draft> {
    let found = paper(operation, by, base).await?.ok_or_else(|| Error::NotFound { what: "the article".into() })?;
    let catalog = operation.catalog();
    let mut page = found.page;
    let id = encode_id(Kind::Article, found.article.id);
    page.feeds = feeds(state, catalog, base, catalog.channels.find(found.article.channel_id));
    page.oembed = oembed(base, &page.url);
    page.beacon = format!("{base}/v/{id}.gif");
    let links: Vec<String> =
        page.oembed.iter().map(|(kind, url)| format!("<{url}>; rel=\"alternate\"; type=\"{kind}\"")).collect();
    let mut headers = vec![(header::CONTENT_SECURITY_POLICY, policy(base))];
    headers.extend(HeaderValue::from_str(&links.join(", ")).ok().map(|value| (header::LINK, value)));
    let tags = found.shown.iter().copied().map(Tag::Article);
    // Where few are related, the newest of the channel stand in.
    let tags = tags.chain([Tag::List(Scope::ChannelOnly(found.article.channel_id).code())]).collect();
    Ok(Draft { headers, articles: found.shown, tags, until: found.until, ..Draft::new(HTML, article_page(&page).into_bytes()) })
}

/// The policy of a page whose style stands at `base`.
fn policy(base: &str) -> HeaderValue {
    let text = POLICY.replace("style-src 'self'", &format!("style-src 'self' {base}"));
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(POLICY))
}

/// Feeds to follow from a page: the portal's, and the channel's; none where nobody may have them without a key.
fn feeds(state: &State, catalog: &Catalog, base: &str, channel: Option<&Arc<Channel>>) -> Vec<(String, &'static str, String)> {
    if state.config.syndication.public_feeds == "none" {
        return Vec::new();
    }
    let formats = [("rss", "application/rss+xml"), ("atom", "application/atom+xml"), ("json", "application/feed+json")];
    let of =
        |title: &str, path: &str| formats.map(|(ending, kind)| (title.to_owned(), kind, format!("{base}/feed/{path}.{ending}")));
    let mut feeds: Vec<_> = of(&catalog.site.name, "site").into();
    if let Some(channel) = channel {
        let title = format!("{} - {}", channel.name, catalog.site.name);
        feeds.extend(of(&title, &format!("channel/{}", encode_segment(&channel.slug))));
    }
    feeds
}

/// Where the card of the article at `url` is described.
pub fn oembed(base: &str, url: &str) -> Vec<(&'static str, String)> {
    let address = |format: &str| format!("{base}/oembed?format={format}&url={}", encode_segment(url));
    vec![("application/json+oembed", address("json")), ("text/xml+oembed", address("xml"))]
}

/// Addresses of the pages of channels, for sitemaps; none where no pages are shown.
pub fn channel_pages(state: &State, catalog: &Catalog) -> Vec<String> {
    if !state.config.syndication.article_pages {
        return Vec::new();
    }
    catalog.channels.all().iter().map(|channel| channel_page(catalog, &channel.slug)).collect()
}

/// Answers `/`: with the article whose address stands there (such as `/?p=123`), else with the newest of the portal, or with the way to the
/// playground where no pages are shown.
pub async fn front(state: &Shared, request: &Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    if !query.is_empty() && !query.starts_with("after=") {
        let found = article(state, request).await;
        if found.status() != StatusCode::NOT_FOUND {
            return found;
        }
    }
    if !state.config.syndication.article_pages {
        return StatusCode::FOUND.with_header(header::LOCATION, "/playground").into_response();
    }
    list(state, None, request).await.unwrap_or_else(|refusal| say(state, request, &refusal))
}

/// Answers `/c/SLUG`.
pub async fn channel(state: &Shared, slug: &str, request: &Request) -> Response {
    let slug = segments(slug).filter(|parts| parts.len() == 1 && state.config.syndication.article_pages);
    let shown = match slug.and_then(|mut parts| parts.pop()) {
        Some(slug) => list(state, Some(&slug), request).await,
        None => Err(Refusal::nothing()),
    };
    shown.unwrap_or_else(|refusal| say(state, request, &refusal))
}

/// The newest of the channel called `slug`, or of the portal.
async fn list(state: &Shared, slug: Option<&str>, request: &Request) -> Result<Response, Refusal> {
    let query = Query::of(request)?;
    let base = base(state, request);
    let after = query.get("after").map(str::to_owned);
    let ask = Ask::own(format!("list {base} {slug:?} {after:?}"));
    let make = |operation: Arc<Operation>| {
        let (base, after) = (base.as_str(), after.clone());
        async move { list_draft(state, &operation, slug, (base, after)).await }
    };
    copy::serve(state, request, ask, make).await
}

async fn list_draft(
    state: &State,
    operation: &Operation,
    slug: Option<&str>,
    (base, after): (&str, Option<String>),
) -> Result<Draft> {
    let catalog = operation.catalog();
    let path: Vec<&str> = slug.map_or_else(|| vec!["site"], |slug| vec!["channel", slug]);
    let found = subject(operation, &path).await?.ok_or_else(|| Error::NotFound { what: "the channel".into() })?;
    let with = With { covers: false, details: true };
    let wanted = Wanted { first: PAGE, after: after.clone(), before: None, window: Window::Week, by: None, query: None, with };
    let selection = select(operation, &found, &wanted).await?;
    let channel = slug.and_then(|slug| catalog.channels.find_slug(slug));
    let (own, is_first) = (slug.map_or_else(|| catalog.site.url.clone(), |slug| channel_page(catalog, slug)), after.is_none());
    let page_at = |cursor: &str| match slug {
        Some(_) => format!("{own}?after={}", encode_segment(cursor)),
        None => format!("{own}/?after={}", encode_segment(cursor)),
    };
    let above = channel.map(|channel| catalog.ancestors(channel.id)).unwrap_or_default();
    let link = |channel: &Arc<Channel>| channel_link(catalog, channel);
    let page = ListPage {
        title: channel.map(|channel| channel.name.clone()),
        description: channel.map_or(&catalog.site.slogan, |channel| &channel.description).clone(),
        // From a later page there is a way to the first.
        path: above.iter().skip(usize::from(is_first)).rev().map(link).collect(),
        channels: catalog.children(channel.map(|channel| channel.id)).iter().map(link).collect(),
        language: catalog.site.language.clone(),
        items: selection
            .articles
            .iter()
            .map(|(_, article)| {
                let url = article_address(catalog, article);
                (PageLink { url, text: article.title.clone() }, article.summary.clone(), local(catalog, article.published_at))
            })
            .collect(),
        next: selection.next.as_deref().map(page_at),
        url: after.as_deref().map_or_else(|| own.clone(), page_at),
        is_first,
        site: page_site(catalog, base),
        feeds: feeds(state, catalog, base, channel),
    };
    let shown: Vec<i64> = selection.articles.iter().map(|(_, article)| article.id).collect();
    let ends = selection.ends();
    let tags = shown.iter().copied().chain(selection.others).map(Tag::Article).chain([Tag::List(found.scope().code())]).collect();
    Ok(Draft {
        headers: vec![(header::CONTENT_SECURITY_POLICY, policy(base))],
        articles: shown,
        tags,
        // What comes at its time is told by the journal within a second of it.
        until: ends,
        ..Draft::new(HTML, list_page(&page).into_bytes())
    })
}

/// A refusal for whoever asks: a page for browsers, JSON for programs.
pub fn say(state: &State, request: &Request, refusal: &Refusal) -> Response {
    let id = id_of(request);
    let mut response = refusal.respond(&id, "application/json; charset=utf-8");
    if wants_page(request.headers()) {
        let catalog = state.catalog.current();
        let (site, words) = (&catalog.site, Words::of(&catalog.site.language));
        let (title, text) = match refusal.status {
            StatusCode::GONE => (words.withdrawn, refusal.told.notice.as_deref()),
            StatusCode::NOT_FOUND => (words.nothing, None),
            _ => (words.refused, Some(refusal.message.as_str())),
        };
        let base = base(state, request);
        let page = message_page(&site.language, &page_site(&catalog, &base), title, text);
        response.set_body(page);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy(&base));
    }
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    response
}

/// Whether a client says that it takes HTML: browsers do, and programs that ask for anything do not.
pub fn wants_page(headers: &HeaderMap) -> bool {
    headers.get_all(header::ACCEPT).iter().filter_map(|v| v.to_str().ok()).any(|accept| accept.contains("text/html"))
}
