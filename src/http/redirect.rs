//! Old addresses: whatever no route knows may be where an article once stood.

use std::sync::Arc;

use poem::http::uri::Authority;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{IntoResponse, Request, Response};

use super::error::Refusal;
use super::page;
use super::request::id_of;
use super::state::State;
use crate::db::{Parts, Visibility};
use crate::error::Result;
use crate::graphql::{article_address, own_address};
use crate::loader::{ArticleBy, ArticleNamed, Loaders, WithdrawalOf};
use crate::text::normalise_address;

/// 301 to the article that once stood at the request's address, 410 if that or one of today's addresses is of an article
/// that was withdrawn, else 404.
pub async fn serve(state: &State, request: &Request) -> Response {
    let id = id_of(request);
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Refusal::nothing().respond(&id, JSON);
    }
    match find(state, request).await {
        Ok(Found::At(target)) => moved(&target),
        Ok(Found::Withdrawn(notice)) => page::say(state, request, &Refusal::withdrawn(notice)),
        Ok(Found::Nothing) => page::say(state, request, &Refusal::nothing()),
        Err(error) => Refusal::from(error).respond(&id, JSON),
    }
}

const JSON: &str = "application/json; charset=utf-8";

/// What is at an address.
enum Found {
    /// An article, whose address is this now.
    At(String),
    /// Something that was withdrawn, and what readers are told.
    Withdrawn(Option<String>),
    /// Nothing.
    Nothing,
}

/// What is at the request's address. Old addresses are known with their host or as a path alone.
async fn find(state: &State, request: &Request) -> Result<Found> {
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    // A target with its host goes before the header (RFC 9112 §3.2.2).
    let header = || request.headers().get(header::HOST).and_then(|v| v.to_str().ok());
    let host = request.uri().authority().map(Authority::as_str).or_else(header).unwrap_or("");
    let candidates = [normalise_address(&format!("{host}{path}")), normalise_address(path)];
    let now = state.clock.now().timestamp_millis();
    let loaders = Loaders::new(state.db.reader().clone(), Visibility::public(now), state.catalog.current());
    let catalog = Arc::clone(loaders.catalog());
    let addresses: Vec<String> = candidates.into_iter().flatten().collect();
    let old = addresses.iter().cloned().map(ArticleBy::Address);
    let own = addresses.iter().filter_map(|address| own_address(&catalog, address));
    let withdrawn = old.clone().chain(own).map(WithdrawalOf);
    let named = old.map(|by| ArticleNamed { by, parts: Parts::default() });
    let (found, withdrawn) = loaders.drive(async { tokio::join!(loaders.load_all(named), loaders.load_all(withdrawn)) }).await;
    if let Some(article) = found?.into_iter().flatten().next() {
        return Ok(Found::At(article_address(&catalog, &article)));
    }
    let withdrawn = withdrawn?.into_iter().flatten().next();
    Ok(withdrawn.map_or(Found::Nothing, |withdrawal| Found::Withdrawn(withdrawal.notice.clone())))
}

fn moved(target: &str) -> Response {
    let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
    let headers = response.headers_mut();
    // A header is ASCII; an address pattern with the slug may not be.
    let ascii = target.bytes().fold(String::with_capacity(target.len()), |out, byte| match byte {
        0x21..=0x7e => out + &char::from(byte).to_string(),
        _ => out + &format!("%{byte:02X}"),
    });
    if let Ok(location) = HeaderValue::from_str(&ascii) {
        headers.insert(header::LOCATION, location);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    response
}
