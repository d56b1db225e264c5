//! Beacons: a page says that somebody reads an article. From any site, without a word in the answer, never kept on the way.

use std::borrow::Cow;

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{IntoResponse, Request, Response};

use super::actor::address;
use super::error::Refusal;
use super::request::id_of;
use super::state::State;
use crate::graphql::{Kind, decode_id};
use crate::ranking::{Origin, Sender};

/// A picture of one transparent point (GIF 89a), for pages without script.
const POINT: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;";

/// What a picture's address ends in.
const PICTURE: &str = ".gif";

/// Answers `POST /v/{id}` and `GET /v/{id}.gif` once the view is kept. What is no article's id is taken like any other: nobody learns
/// from here which there are.
pub async fn serve(state: &State, rest: &str, request: &Request) -> Response {
    let (id, is_picture) = rest.strip_suffix(PICTURE).map_or((rest, false), |id| (id, true));
    let mut response = match *request.method() {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        Method::POST if !is_picture => record(state, id, request, StatusCode::NO_CONTENT.into_response()).await,
        Method::GET if is_picture => record(state, id, request, picture()).await,
        // Who only asks whether there is something reads nothing.
        Method::HEAD if is_picture => picture(),
        _ => Refusal::method(if is_picture { "GET, HEAD, OPTIONS" } else { "POST, OPTIONS" }).respond(&id_of(request), JSON),
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    allow(headers, request.headers());
    response
}

fn picture() -> Response {
    let mut response = POINT.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("image/gif"));
    response
}

const JSON: &str = "application/json; charset=utf-8";

async fn record(state: &State, id: &str, request: &Request, done: Response) -> Response {
    let Some((Kind::Article, article)) = decode_id(id) else { return done };
    match click(state, article, request).await {
        Ok(()) => done,
        Err(refusal) => refusal.respond(&id_of(request), JSON),
    }
}

/// Somebody goes to `article`: a view, kept when this returns.
pub async fn click(state: &State, article: i64, request: &Request) -> Result<(), Refusal> {
    let (address, agent) = (address(state, request), agent(request.headers()));
    let sender = Sender {
        origin: Origin { address: &address, agent: &agent },
        is_prefetch: is_prefetch(request.headers()),
        is_app: false,
    };
    Ok(state.intake.record_now(&[article], sender).await?)
}

/// The client's agent; nothing if it says none.
pub fn agent(headers: &HeaderMap) -> Cow<'_, str> {
    headers.get(header::USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes())).unwrap_or_default()
}

/// Whether a browser says that it fetches ahead (`Sec-Purpose` of the Fetch standard, and what was before it).
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].iter().any(|name| {
        let value = headers.get(*name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        ["prefetch", "prerender", "preview"].iter().any(|word| value.contains(word))
    })
}

/// Any page may send beacons, with any type of body: `navigator.sendBeacon` asks with credentials, which wants the origin by name.
fn allow(response: &mut HeaderMap, request: &HeaderMap) {
    let origin = request.get(header::ORIGIN).cloned().unwrap_or(HeaderValue::from_static("*"));
    if origin != "*" {
        response.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    response.insert(header::VARY, HeaderValue::from_static("origin"));
    response.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    response.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
    response.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
}
