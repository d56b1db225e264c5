//! Who asks: found once, here, and carried through everything that happens for the request.

use std::net::{IpAddr, SocketAddr};

use poem::http::{HeaderMap, header};
use poem::{Addr, Request};

use super::error::Refusal;
use super::state::State;
use crate::auth::{Actor, is_jwt};
use crate::editorial::{actor_known_as, actor_of};
use crate::error::{Error, Result};
use crate::graphql::Caller;
use crate::partner::{Holder, Surface, Terms};

/// Who asks and from where. Without a token that is anyone; with one that opens nothing, a refusal. Other schemes than
/// `Bearer` are left to whoever stands in front of this program.
pub async fn find(state: &State, request: &Request, now: i64) -> Result<Caller, Refusal> {
    let address = address(state, request);
    let Some(token) = bearer(request.headers())? else {
        return Ok(Caller { actor: Actor::Anyone, address, ..Caller::default() });
    };
    if is_operators(state, token) {
        return Ok(Caller { actor: Actor::Monitor, address, ..Caller::default() });
    }
    if let Some(holder) = state.book.holder(token, now)? {
        return Ok(Caller { actor: partner(&holder), address, holder: Some(holder), ..Caller::default() });
    }
    Ok(Caller { actor: known(state, token, now).await?, address, ..Caller::default() })
}

/// Whether `token` is the one that the settings give to whoever watches over this program.
pub(super) fn is_operators(state: &State, token: &str) -> bool {
    let own = &state.config.operator.token;
    !own.is_empty() && same(token.as_bytes(), own.as_bytes())
}

/// A partner as somebody who asks.
pub(super) fn partner(holder: &Holder) -> Actor {
    let row = &holder.contract.row;
    Actor::Partner { key: holder.key.unwrap_or(0), contract: row.id, name: row.name.clone() }
}

/// What `caller` may have on `surface`.
pub fn terms(state: &State, caller: &Caller, surface: Surface) -> Result<Terms> {
    match caller.actor {
        Actor::Staff { .. } | Actor::Key { .. } | Actor::Machine(_) => Ok(Terms::own()),
        Actor::Anyone | Actor::Partner { .. } | Actor::Monitor => {
            state.book.terms(caller.holder.as_ref(), surface, state.catalog.current().sources.all())
        }
    }
}

/// The token of a request, if it has one.
pub(super) fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    for value in headers.get_all(header::AUTHORIZATION) {
        let bytes = value.as_bytes();
        let end = bytes.iter().position(u8::is_ascii_whitespace).unwrap_or(bytes.len());
        if bytes[..end].eq_ignore_ascii_case(b"bearer") {
            let token = value.to_str().map_err(|_| Error::Unauthenticated("no token has such characters".into()))?;
            return Ok(Some(token[end..].trim()));
        }
    }
    Ok(None)
}

/// Who carries `token`: one of this program's, or one of the identity provider's, if there is one.
async fn known(state: &State, token: &str, now: i64) -> Result<Actor> {
    match &state.identity {
        Some(provider) if is_jwt(token) => {
            let identity = provider.identify(token, now).await?;
            actor_known_as(&state.db, &identity, now).await
        }
        _ => actor_of(&state.db, token, now).await,
    }
}

/// The client's address: the connection's, or what a proxy in front of this program says, if the settings name its header.
pub(super) fn address(state: &State, request: &Request) -> String {
    let header = &state.config.server.client_address_header;
    forwarded(request.headers(), header).unwrap_or_else(|| match &request.remote_addr().0 {
        Addr::SocketAddr(address) => address.ip().to_string(),
        other => other.to_string(),
    })
}

/// The last address in `header`: the one that the nearest proxy has added; what stands before it anybody can write.
fn forwarded(headers: &HeaderMap, header: &str) -> Option<String> {
    if header.is_empty() {
        return None;
    }
    let last = headers.get_all(header).iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim();
    // Some proxies add the port.
    let address = last.parse::<IpAddr>().ok().or_else(|| last.parse::<SocketAddr>().ok().map(|address| address.ip()));
    address.map(|address| address.to_string())
}

/// Equal, in a time that does not tell how many bytes are.
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}
