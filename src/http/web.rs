//! The playground, the desk and the figures: a page each with its files, built from `web/` and part of the program. Need no other host.

use std::sync::OnceLock;

use bytes::Bytes;
use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Request, Response};

use super::compress::{WORTH_IT_BYTES, pack};
use super::health::matches_tag;
use super::negotiate::Coding;

/// A page with its files.
pub struct Site {
    /// Where its files are among all.
    folder: &'static str,
    /// What the page may do (`web/README.md` and `web/desk/README.md` say why each part is there).
    policy: &'static str,
}

/// Where queries are tried out. May do nothing that does not come from this server.
pub const PLAYGROUND: Site = Site { folder: "playground/", policy: include_str!("../../web/csp.txt") };

/// Where editors work. Shows pictures from anywhere, because articles have them.
pub const DESK: Site = Site { folder: "desk/", policy: include_str!("../../web/desk/csp.txt") };

/// What is read, in figures. Takes text from the API as text alone.
pub const STATS: Site = Site { folder: "stats/", policy: include_str!("../../web/stats/csp.txt") };

/// A file with its packed forms, made when first asked for.
struct File {
    path: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

include!(concat!(env!("OUT_DIR"), "/web_files.rs"));

/// A text of the program's own, of media type `kind`, which may be kept as `caching` says.
pub fn text_file(text: &'static str, kind: &'static str, caching: &'static str) -> Response {
    let mut response = text.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// The file of `site` at `path` under its address; the page itself at the empty path.
pub fn serve(site: &Site, path: &str, request: &Request) -> Response {
    let path = if path.is_empty() || path == "/" { "index.html" } else { path.trim_start_matches('/') };
    let Some(file) = FILES.iter().find(|f| f.path.strip_prefix(site.folder) == Some(path)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let is_page = path == "index.html";
    let tag = format!("\"{:016x}\"", xxhash_rust::xxh3::xxh3_64(file.bytes));
    let mut response = if matches_tag(request, &tag) { StatusCode::NOT_MODIFIED.into_response() } else { file.respond(request) };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.content_type));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(site.policy.trim_ascii()));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    // Names of files carry a hash of their content; the page's does not.
    let caching = if is_page { "no-cache" } else { "public, max-age=31536000, immutable" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

impl File {
    fn respond(&self, request: &Request) -> Response {
        let coding = if self.bytes.len() < WORTH_IT_BYTES { Coding::Identity } else { Coding::negotiate(request.headers()) };
        let kept = match coding {
            Coding::Brotli => self.brotli.get_or_init(|| pack(self.bytes, coding, true)),
            Coding::Gzip => self.gzip.get_or_init(|| pack(self.bytes, coding, true)),
            Coding::Identity => &None,
        };
        match (kept, coding.token()) {
            (Some(packed), Some(token)) => {
                let mut response = packed.clone().into_response();
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
                response
            }
            _ => Bytes::from_static(self.bytes).into_response(),
        }
    }
}
