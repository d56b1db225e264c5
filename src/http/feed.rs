//! Feeds: `/feed/LIST.FORMAT`. What a list is called is in `graphql/surface/subject.rs`.

use std::sync::Arc;

use poem::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use poem::{IntoResponse, Request, Response};

use super::copy::{self, Ask, Draft};
use super::error::Refusal;
use super::own::base;
use super::page::wants_page;
use super::query::{Query, segments};
use super::request::id_of;
use super::state::Shared;
use super::web::text_file;
use crate::cache::Tag;
use crate::db::Scope;
use crate::error::{Error, Result};
use crate::feed::{Feed, Links, atom, json, rss};
use crate::graphql::Operation;
use crate::graphql::surface::{SheetRequest, Wanted, What, channel_page, sheet, subject};
use crate::loader::With;
use crate::partner::{Fields, Surface};
use crate::ranking::{By, Window};

const JSON: &str = "application/json; charset=utf-8";

/// Articles of a page where the address does not say.
const DEFAULT_PAGE: i32 = 20;

/// What makes a feed readable for people who open it.
const STYLE: &str = include_str!("../../web/feed/style.css");

/// Parameters that go on in the addresses of other pages and formats.
const NAMES: [&str; 6] = ["q", "window", "by", "fields", "limit", "key"];

/// Those of them that say which list it is.
const LIST_NAMES: [&str; 3] = ["q", "window", "by"];

/// A format: ending, media type, writer.
type Format = (&'static str, &'static str, fn(&Feed) -> Vec<u8>);

const FORMATS: [Format; 3] = [
    (".rss", "application/rss+xml; charset=utf-8", rss),
    (".atom", "application/atom+xml; charset=utf-8", atom),
    (".json", "application/feed+json; charset=utf-8", json),
];

/// What feeds are for browsers, which show it with its style.
const OPENED: &str = "text/xml; charset=utf-8";

/// Answers `/feed` and what is below it.
pub async fn serve(state: &Shared, rest: &str, request: &Request) -> Response {
    let mut response = match rest {
        // A page that sends a key in a header asks first.
        _ if *request.method() == Method::OPTIONS => preflight(),
        _ if !matches!(*request.method(), Method::GET | Method::HEAD) => {
            Refusal::method("GET, HEAD, OPTIONS").respond(&id_of(request), JSON)
        }
        "" | "/" => to_site(),
        "/style.css" => text_file(STYLE, "text/css; charset=utf-8", "public, max-age=3600"),
        _ => answer(state, rest, request).await.unwrap_or_else(|refusal| refusal.respond(&id_of(request), JSON)),
    };
    // Readers in browsers may read it from any page: who may have it is told by its key.
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    let exposed = HeaderValue::from_static("etag, link, ratelimit, ratelimit-policy, retry-after, x-request-id");
    response.headers_mut().insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    response
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, HEAD"));
    let names = HeaderValue::from_static("authorization, if-none-match, if-modified-since, x-request-id");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

fn to_site() -> Response {
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/feed/site.rss"));
    response
}

/// What the parameters of an address say: how many articles is in `size`, and `page` where it is not said.
pub fn wanted(query: &Query, (size, page): (&str, i32), with: With) -> Result<Wanted> {
    let first = match query.get(size) {
        Some(text) => text.parse().map_err(|_| Error::invalid(size, "must be a whole number"))?,
        None => page,
    };
    let window = match query.get("window") {
        None | Some("week") => Window::Week,
        Some("hour") => Window::Hour,
        Some("day") => Window::Day,
        Some("month") => Window::Month,
        Some("all") => Window::All,
        Some(_) => return Err(Error::invalid("window", "must be `hour`, `day`, `week`, `month` or `all`")),
    };
    let by = match query.get("by") {
        None | Some("views") => None,
        Some("trending") => Some(By::Trending),
        Some("fresh") => Some(By::Fresh),
        Some(_) => return Err(Error::invalid("by", "must be `views`, `trending` or `fresh`")),
    };
    let owned = |name: &str| query.get(name).map(str::to_owned);
    Ok(Wanted { first, after: owned("after"), before: owned("before"), window, by, query: owned("q"), with })
}

/// What the list at the path `names` depends on that is in memory, beside the catalog.
pub fn moving(state: &Shared, names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        ["ranking"] | ["site", "ranking"] | [_, _, "ranking"] => format!("{:?}", state.charts.state()),
        ["search"] | ["site", "search"] => format!("{} {}", state.search.seq(), state.search.documents()),
        _ => String::new(),
    }
}

async fn answer(state: &Shared, rest: &str, request: &Request) -> Result<Response, Refusal> {
    let query = Query::of(request)?;
    let now = state.clock.now().timestamp_millis();
    let missing = || Error::NotFound { what: "a feed at this address".into() };
    let format = FORMATS.iter().position(|(ending, ..)| rest.ends_with(ending)).ok_or_else(missing)?;
    let path = rest.strip_suffix(FORMATS[format].0).unwrap_or(rest);
    let names = segments(path).ok_or_else(missing)?;
    let with = With { covers: true, details: true };
    let wanted = wanted(&query, ("limit", DEFAULT_PAGE), with)?;
    let word = |word: &str| {
        let fields = Fields::from_word(word).filter(|fields| *fields != Fields::None);
        fields.ok_or_else(|| Error::invalid("fields", "must be `headline`, `summary` or `full`"))
    };
    let fields = query.get("fields").map(word).transpose()?;
    let holder = copy::holder(state, request, query.get("key"), now)?;
    let base = base(state, request);
    // Browsers show an unknown kind of XML as plain text, or save it.
    let is_opened = FORMATS[format].0 != ".json" && wants_page(request.headers());
    let ask = Ask {
        surface: Surface::Feed,
        name: format!("feed {base} {path} {format} {is_opened} {wanted:?} {fields:?} {}", query.kept(&NAMES)),
        state: moving(state, &names),
        cost: i64::from(wanted.first.clamp(1, 100)),
        holder: holder.as_ref(),
        is_public: query.get("key").is_none(),
    };
    let address = Address { base, path, query: &query, is_opened, has_pages: state.config.syndication.article_pages };
    let request_of = &SheetRequest { wanted, fields, id_host: state.config.syndication.id_host.clone() };
    let make = |operation: Arc<Operation>| {
        let (names, address) = (&names, &address);
        async move { draft(&operation, names, request_of, address, format).await }
    };
    copy::serve(state, request, ask, make).await
}

/// Where a feed stands.
struct Address<'a> {
    base: String,
    path: &'a str,
    query: &'a Query,
    /// Whether a person opens it.
    is_opened: bool,
    /// Whether channels have pages here.
    has_pages: bool,
}

impl Address<'_> {
    /// What the list is called in Atom, whoever asks for whichever page of it.
    fn id(&self) -> String {
        self.join(1, &self.query.kept(&LIST_NAMES))
    }

    fn join(&self, format: usize, query: &str) -> String {
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}/feed{}{}{mark}{query}", self.base, crate::feed::encoded(self.path), FORMATS[format].0)
    }

    /// The page of the list in format number `format`, at `place` (a parameter and its value).
    fn page(&self, format: usize, place: Option<(&str, &str)>) -> String {
        let mut query = self.query.kept(&NAMES);
        if let Some((name, value)) = place {
            let pair = format!("{name}={}", crate::feed::encode_segment(value));
            query = if query.is_empty() { pair } else { format!("{query}&{pair}") };
        }
        self.join(format, &query)
    }

    fn links(&self, format: usize, next: Option<&str>, previous: Option<&str>) -> Links {
        let own = ["after", "before"].into_iter().find_map(|name| Some((name, self.query.get(name)?)));
        Links {
            id: self.id(),
            formats: std::array::from_fn(|number| self.page(number, own)),
            first: self.page(format, None),
            next: next.map(|cursor| self.page(format, Some(("after", cursor)))),
            previous: previous.map(|cursor| self.page(format, Some(("before", cursor)))),
            stylesheet: format!("{}/feed/style.css", self.base),
        }
    }
}

async fn draft(
    operation: &Operation,
    names: &[String],
    request: &SheetRequest,
    address: &Address<'_>,
    format: usize,
) -> Result<Draft> {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = subject(operation, &names).await?;
    let subject = found.ok_or_else(|| Error::NotFound { what: format!("a list called {:?}", names.join("/")) })?;
    let mut sheet = sheet(operation, &subject, request).await?;
    sheet.feed.links = address.links(format, sheet.next.as_deref(), sheet.previous.as_deref());
    if let (What::Newest(Scope::Channel(id)), true) = (&subject.what, address.has_pages) {
        let channel = operation.catalog().channels.find(*id);
        sheet.feed.page = channel.map_or(sheet.feed.page, |channel| channel_page(operation.catalog(), &channel.slug));
    }
    let (_, content_type, write) = FORMATS[format];
    let content_type = if address.is_opened { OPENED } else { content_type };
    let links = sheet.feed.links.formats.iter().zip(FORMATS).enumerate();
    let links = links.map(|(number, (url, (_, kind, _)))| {
        let rel = if number == format { "self" } else { "alternate" };
        format!("<{url}>; rel=\"{rel}\"; type=\"{}\"", kind.split(';').next().unwrap_or(kind))
    });
    let links = links.collect::<Vec<_>>().join(", ");
    let mut headers: Vec<(HeaderName, HeaderValue)> = Vec::new();
    headers.extend(HeaderValue::from_str(&links).ok().map(|value| (header::LINK, value)));
    // Nothing in it runs, should a browser take it for a page.
    headers.push((header::VARY, HeaderValue::from_static("Accept")));
    let policy = format!("default-src 'none'; style-src 'self' {}", address.base);
    headers.extend(HeaderValue::from_str(&policy).ok().map(|value| (header::CONTENT_SECURITY_POLICY, value)));
    let tags = sheet.depends.iter().copied().map(Tag::Article).chain([Tag::List(sheet.scope.code())]).collect();
    Ok(Draft { headers, articles: sheet.shown, tags, until: sheet.until, ..Draft::new(content_type, write(&sheet.feed)) })
}
