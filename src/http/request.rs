//! What every request has: an id, a route's name for the counters, a body read within bounds of size and time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use poem::http::{HeaderValue, StatusCode, Version, header};
use poem::{Body, Endpoint, IntoResponse, Middleware, Request, Response};
use tokio::io::AsyncReadExt;

use super::error::Refusal;
use super::route;
use super::state::Shared;

/// The header that carries the request's id, both ways.
const HEADER: &str = "x-request-id";

/// The request's id, for logs and errors.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The client's own id if it is a plain one, else a new one: process start and a count.
fn request_id(request: &Request) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let own = request.headers().get(HEADER).and_then(|v| v.to_str().ok());
    let is_plain =
        |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    own.filter(is_plain)
        .map_or_else(|| format!("{:08x}-{:x}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)), str::to_owned)
}

/// The id that [`Watch`] gave.
pub fn id_of(request: &Request) -> String {
    request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
}

/// Gives requests ids, counts and logs them, and turns what no handler caught into answers.
pub struct Watch(pub Shared);

impl<E: Endpoint> Middleware<E> for Watch {
    type Output = Watched<E>;

    fn transform(&self, inner: E) -> Self::Output {
        Watched { state: self.0.clone(), inner }
    }
}

/// See [`Watch`].
pub struct Watched<E> {
    state: Shared,
    inner: E,
}

impl<E: Endpoint> Endpoint for Watched<E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> poem::Result<Response> {
        let started = Instant::now();
        let metrics = &self.state.metrics;
        metrics.in_flight().inc();
        let _leave = Leave(&self.state);
        let (id, method, path) = (request_id(&request), request.method().clone(), request.uri().path().to_owned());
        request.extensions_mut().insert(RequestId(id.clone()));
        // Whom a request is for must be said once (RFC 9112 §3.2); before 1.1 nobody said it.
        let hosts = request.headers().get_all(header::HOST).iter().count();
        if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
            let refusal = Refusal::bad_request("an HTTP/1.1 request has one header `Host`");
            return Ok(refusal.respond(&id, "application/json; charset=utf-8"));
        }
        let mut response = match self.inner.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => unhandled(&error, &id),
        };
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HEADER, value);
        }
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let (status, elapsed) = (response.status().as_u16(), started.elapsed());
        metrics.request(route::label(&path), status, elapsed.as_secs_f64());
        tracing::debug!(
            request.id = %id, http.method = %method, http.path = %path, http.status = status,
            duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
            "{method} {path} answered {status}"
        );
        Ok(response)
    }
}

/// Counts a request out, however it ends.
struct Leave<'a>(&'a Shared);

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        self.0.metrics.in_flight().dec();
    }
}

fn unhandled(error: &poem::Error, id: &str) -> Response {
    let refusal = match error.status() {
        StatusCode::NOT_FOUND => Refusal::nothing(),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::method("GET"),
        status => Refusal::new(status, "BAD_REQUEST", status.canonical_reason().unwrap_or("bad request")),
    };
    refusal.respond(id, "application/json; charset=utf-8")
}

/// Reads a body of at most `limit` bytes within `time`.
pub async fn read_body(request: &mut Request, limit: usize, time: Duration) -> Result<Bytes, Refusal> {
    let too_large = || Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", format!("the body is longer than {limit} bytes"));
    let length =
        request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    // Known to be too long: not a byte of it is read.
    if length.is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    let body = request.take_body();
    match tokio::time::timeout(time, read(body, limit, length.unwrap_or(0))).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => Err(too_large()),
        Ok(Err(_)) => Err(Refusal::bad_request("the body broke off")),
        Err(_) => Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", "the body did not arrive in time")),
    }
}

/// The bytes, or nothing if they are more than `limit`.
async fn read(body: Body, limit: usize, expected: usize) -> std::io::Result<Option<Bytes>> {
    let mut reader = body.into_async_read();
    let mut bytes = BytesMut::with_capacity(expected.clamp(1_024, limit.max(1_024)));
    while reader.read_buf(&mut bytes).await? > 0 {
        if bytes.len() > limit {
            return Ok(None);
        }
    }
    Ok(Some(bytes.freeze()))
}
