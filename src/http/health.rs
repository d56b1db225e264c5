//! For those who operate the program: is it alive, may it get traffic, what does it count; and the schema's text.

use std::sync::atomic::Ordering;
use std::time::Duration;

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Request, Response};
use serde_json::json;

use super::compress;
use super::state::State;
use crate::db::{manuscript, newest_journal_entry};

/// How long `/ready` waits for the database.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs.
pub fn health() -> Response {
    json_response(StatusCode::OK, &json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

/// The process may get traffic: the database answers and the process is not stopping.
pub async fn ready(state: &State) -> Response {
    let database = tokio::time::timeout(PATIENCE, state.db.reader().all(newest_journal_entry())).await;
    let database_ok = matches!(database, Ok(Ok(_)));
    let is_stopping = state.is_stopping.load(Ordering::Relaxed);
    let now = state.clock.now().timestamp_millis();
    let (overdue, since) = overdue(state, now).await.unwrap_or_default();
    let status = if database_ok && !is_stopping { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let words = |ok| if ok { "ok" } else { "unavailable" };
    let mut response = json_response(
        status,
        &json!({ "status": words(status == StatusCode::OK), "database": words(database_ok), "stopping": is_stopping,
            "search": search(state), "schedule": { "overdue": overdue, "lateSecs": since.map_or(0, |at| (now - at) / 1_000) } }),
    );
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    response
}

/// What the search index has. It says nothing about readiness: a part of an index answers too, and says that it is one.
fn search(state: &State) -> serde_json::Value {
    let index = &state.search;
    let status = match (index.is_whole(), index.is_current()) {
        (false, _) => "building",
        (true, false) => "behind",
        (true, true) => "ok",
    };
    json!({ "status": status, "documents": index.documents(), "behind": index.behind() })
}

/// How many changes are due and not made yet, and since when the first is; nothing while the database does not answer.
async fn overdue(state: &State, now: i64) -> Option<(i64, Option<i64>)> {
    let found = tokio::time::timeout(PATIENCE, state.db.reader().all(manuscript::overdue(now))).await;
    found.ok()?.ok()?.into_iter().next()
}

/// The counters.
pub async fn metrics(state: &State) -> Response {
    let now = state.clock.now().timestamp_millis();
    let late = overdue(state, now).await.map(|(count, since)| (count, since.map_or(0, |at| now - at)));
    let text = state.metrics.text(state.db.reader().pool(), state.db.written(), late);
    let mut response = text.into_response();
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// The schema's text, with an entity tag.
pub fn schema(state: &State, request: &Request) -> Response {
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(&state.sdl));
    let is_known = matches_tag(request, &tag);
    // Weak: the packed text has the same one (RFC 9110 §8.8.3).
    let tag = format!("W/{tag}");
    let mut response = if is_known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::builder().content_type("text/plain; charset=utf-8").finish();
        compress::fill(&mut response, state.sdl.clone(), request.headers());
        response
    };
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// Whether the client has the version `tag` already (RFC 9110 §13.1.2).
pub fn matches_tag(request: &Request, tag: &str) -> bool {
    let header = request.headers().get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    header.is_some_and(|list| list.split(',').map(str::trim).any(|t| t == "*" || t.trim_start_matches("W/") == tag))
}

fn json_response(status: StatusCode, body: &serde_json::Value) -> Response {
    let mut response = (status, body.to_string()).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
