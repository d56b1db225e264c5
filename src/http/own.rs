//! This server's own address, as those who ask reach it.

use poem::Request;
use poem::http::header;
use poem::http::uri::Authority;

use super::state::State;
use crate::text::normalise_address;

/// Without a slash at its end: what the settings say, else what the request says, as long as that is a host.
pub fn base(state: &State, request: &Request) -> String {
    let own = state.config.server.public_url.trim_end_matches('/');
    if !own.is_empty() {
        return own.to_owned();
    }
    let header = || request.headers().get(header::HOST).and_then(|v| v.to_str().ok());
    let host = request.uri().authority().map(Authority::as_str).or_else(header).unwrap_or_default();
    let catalog = state.catalog.current();
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b));
    if !is_host {
        return catalog.site.url.trim_end_matches('/').to_owned();
    }
    // Of the portal's own host the scheme is known; another is spoken to as this server speaks.
    let is_portal = normalise_address(&catalog.site.url).is_some_and(|own| own.split('/').next() == Some(host));
    let scheme = if is_portal && catalog.site.url.starts_with("https://") { "https" } else { "http" };
    format!("{scheme}://{host}")
}
