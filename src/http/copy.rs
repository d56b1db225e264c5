//! Documents that are made once and given to many: kept until something that they depend on has changed, with entity tags, in each coding.

use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use chrono::DateTime;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{Request, Response};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed, xxh3_128};

use super::actor::{bearer, is_operators, partner};
use super::compress::{WORTH_IT_BYTES, pack};
use super::error::Refusal;
use super::negotiate::Coding;
use super::quota;
use super::state::{Shared, State};
use crate::auth::Actor;
use crate::cache::{Entry, Store, Tag, Weigh};
use crate::error::{Error, Result};
use crate::graphql::{Caller, Operation};
use crate::loader::Loaders;
use crate::partner::{Allowance, Contract, Holder, Surface};

/// Documents that are kept at most, about.
const COUNT: usize = 20_000;

/// Bytes of them.
const WEIGHT: u64 = 64 << 20;

/// Only in answers to who may see what operations cost.
const STATEMENTS: HeaderName = HeaderName::from_static("tidings-statements");

/// A document.
#[derive(Debug)]
pub struct Copy {
    /// 200, or another with something to read.
    pub status: StatusCode,
    /// Media type.
    pub content_type: &'static str,
    /// Other headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The document.
    pub body: Bytes,
    /// Articles that it shows.
    pub articles: Vec<i64>,
    version: Version,
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

impl Weigh for Copy {
    fn weight(&self) -> u64 {
        // Packed forms are made later, and are a third of it.
        (self.body.len() * 5 / 3) as u64
    }
}

/// What a document is made of.
pub struct Draft {
    /// 200, or another with something to read.
    pub status: StatusCode,
    /// Media type.
    pub content_type: &'static str,
    /// Other headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The document.
    pub body: Vec<u8>,
    /// Articles that it shows.
    pub articles: Vec<i64>,
    /// What it depends on.
    pub tags: Vec<Tag>,
    /// Not good from this instant on (milliseconds since 1970), though nothing changes.
    pub until: i64,
}

impl Draft {
    /// A document that shows nothing that can change.
    pub fn new(content_type: &'static str, body: Vec<u8>) -> Self {
        Self {
            status: StatusCode::OK,
            content_type,
            headers: Vec::new(),
            body,
            articles: Vec::new(),
            tags: Vec::new(),
            until: i64::MAX,
        }
    }
}

/// What has been at an address since when.
#[derive(Clone, Copy, Debug)]
struct Version {
    tag: u64,
    /// Seconds since 1970.
    modified: u64,
    /// Whether something else was there in that second: then the second names neither.
    is_shared: bool,
}

impl Version {
    fn time(self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.modified)
    }
}

/// Documents that are kept.
pub struct Copies {
    store: Store<u128, Copy>,
    /// Since when an address has had the entity tag that it has.
    versions: quick_cache::sync::Cache<u128, Version>,
}

impl Default for Copies {
    fn default() -> Self {
        Self { store: Store::new(COUNT, WEIGHT), versions: quick_cache::sync::Cache::new(COUNT) }
    }
}

/// A request for a document.
pub struct Ask<'a> {
    /// Where it is asked.
    pub surface: Surface,
    /// What is asked for: all that the document depends on and the request says.
    pub name: String,
    /// What it depends on besides, and nobody says: the state of rankings, of the index.
    pub state: String,
    /// What making it costs the quota of a contract.
    pub cost: i64,
    /// The contract.
    pub holder: Option<&'a Holder>,
    /// Whether anybody on the way may keep it.
    pub is_public: bool,
}

/// The contract whose key a request shows, in its header or as `key`; none without one.
pub fn holder(state: &State, request: &Request, key: Option<&str>, now: i64) -> Result<Option<Holder>, Refusal> {
    let shown = bearer(request.headers())?.filter(|token| !is_operators(state, token));
    let Some(token) = shown.or(key) else { return Ok(None) };
    match state.book.holder(token, now)? {
        Some(holder) => Ok(Some(holder)),
        None => {
            Err(Error::Unauthenticated("this is the key of no contract: ask the portal for one, or ask without".into()).into())
        }
    }
}

/// Whether a request may see how many statements it costs.
fn sees_costs(state: &State, request: &Request) -> bool {
    state.is_demo || bearer(request.headers()).ok().flatten().is_some_and(|token| is_operators(state, token))
}

impl Ask<'static> {
    /// For what the portal itself shows to everybody, called `name`.
    pub fn own(name: String) -> Self {
        Self { surface: Surface::Own, name, state: String::new(), cost: 1, holder: None, is_public: true }
    }
}

impl Ask<'_> {
    fn contract(&self) -> Option<&Arc<Contract>> {
        self.holder.map(|holder| &holder.contract)
    }

    /// The contract whose quota this is counted under: readers of an embed are no partner's requests.
    fn metered(&self) -> Option<&Arc<Contract>> {
        self.contract().filter(|_| self.surface != Surface::Embed)
    }

    /// The names of what is asked for: as long as it is asked for in the same way, and as long as the small nouns stay at `number` too.
    fn names(&self, number: u64) -> (u128, u128) {
        let whose = self.contract().map(|contract| format!("{:?}", contract.row)).unwrap_or_default();
        let stable = xxh3_128(format!("{}\n{whose}", self.name).as_bytes());
        (stable, xxh3_128(format!("{stable}\n{number}\n{}", self.state).as_bytes()))
    }

    /// An error for whoever asks, which counts as refused.
    fn refuse(&self, state: &State, error: Error, now: i64) -> Refusal {
        let mut refusal = Refusal::from(error);
        if let Some(contract) = self.contract() {
            state.book.meter.refuse(contract.row.id, now);
        }
        if let Some(contract) = self.metered() {
            refusal.told.allowance = state.book.meter.allowance(contract, now);
        }
        refusal
    }

    /// Lets it in at `cost`, or refuses it; says how the limits stand, if there are any.
    fn admit(&self, state: &State, cost: i64, now: i64) -> Result<Option<Allowance>, Refusal> {
        if let (Some(contract), None) = (self.contract(), self.metered()) {
            state.book.meter.show(contract.row.id, now);
        }
        self.metered().map(|contract| quota::admit(state, contract, cost, now)).transpose()
    }

    /// Counts what was given under the contract: `copy`, or only that it is as it was.
    fn count(&self, state: &State, copy: &Copy, is_known: bool, now: i64) {
        let Some(holder) = self.holder else { return };
        let (articles, bytes) = if is_known { (0, 0) } else { (copy.articles.len(), copy.body.len()) };
        state.book.meter.answer(holder.contract.row.id, articles, bytes, now);
        if let Some(key) = holder.key {
            state.fetches.note(key, copy.articles.iter().copied(), now);
        }
    }
}

/// Answers with the document that `ask` names: the one that is kept, else the one that `make` makes with an operation on the terms of who asks.
pub async fn serve<F>(
    state: &Shared,
    request: &Request,
    ask: Ask<'_>,
    make: impl Fn(Arc<Operation>) -> F,
) -> Result<Response, Refusal>
where
    F: Future<Output = Result<Draft>>,
{
    let now = state.clock.now().timestamp_millis();
    let catalog = state.catalog.current();
    let refuse = |error| ask.refuse(state, error, now);
    let terms = state.book.terms(ask.holder, ask.surface, catalog.sources.all()).map_err(refuse)?;
    let (stable, key) = ask.names(catalog.number);
    let kept = state.copies.store.get(&key, &state.epochs, now);
    let was_known = kept.as_ref().is_some_and(|kept| is_known(request, &kept.value));
    let cost = if was_known { 1 } else { ask.cost };
    let mut allowance = ask.admit(state, cost, now)?;
    let spent = AtomicU32::new(0);
    let entry = if let Some(kept) = kept {
        kept
    } else {
        let entry = state.copies.store.get_or_make(&key, &state.epochs, now, || async {
            let since = state.epochs.now();
            let loaders = Arc::new(Loaders::new(state.db.reader().clone(), terms.visibility(now), Arc::clone(&catalog)));
            let actor = ask.holder.map_or(Actor::Anyone, partner);
            let caller = Caller { actor, holder: ask.holder.cloned(), ..Caller::default() };
            let handles = (state.db.clone(), state.clock.clone());
            let operation = Arc::new(Operation::new(Arc::clone(&loaders), (caller, terms.clone()), handles, state.services()));
            let limit = Duration::from_secs(state.config.server.operation_timeout_secs);
            let draft = tokio::time::timeout(limit, loaders.drive(make(operation)));
            let draft = draft.await.map_err(|_| Error::Timeout(format!("this took longer than {} s", limit.as_secs())))?;
            spent.fetch_add(loaders.spent().statements, Ordering::Relaxed);
            Ok(keep(state, stable, draft?, since, now))
        });
        entry.await.map_err(refuse)?
    };
    let copy = &entry.value;
    let is_known = is_known(request, copy);
    if let (Some(contract), true) = (ask.metered(), is_known && !was_known) {
        allowance = Some(state.book.meter.give_back(contract, cost - 1, now));
    }
    ask.count(state, copy, is_known, now);
    let mut response = respond(request, copy, is_known);
    let headers = response.headers_mut();
    // Asked for again each time, so that what is withdrawn is gone; anybody on the way may spread one answer over a second.
    let is_public = ask.is_public && ask.holder.is_none();
    let caching = if is_public { "public, max-age=1, must-revalidate" } else { "private, no-cache" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    if let Some(allowance) = &allowance {
        quota::tell(headers, allowance);
    }
    if sees_costs(state, request) {
        headers.insert(STATEMENTS, spent.into_inner().into());
    }
    Ok(response)
}

fn keep(state: &State, stable: u128, draft: Draft, since: u64, now: i64) -> Entry<Copy> {
    // The same bytes as another kind of document are another representation (RFC 9110 §8.8.1).
    let tag = xxh3_64_with_seed(&draft.body, xxh3_64(draft.content_type.as_bytes()));
    let second = u64::try_from(now / 1_000).unwrap_or(0);
    let version = match state.copies.versions.get(&stable) {
        Some(known) if known.tag == tag => known,
        known => Version { tag, modified: second, is_shared: known.is_some_and(|known| known.modified >= second) },
    };
    state.copies.versions.insert(stable, version);
    let copy = Copy {
        status: draft.status,
        content_type: draft.content_type,
        headers: draft.headers,
        body: draft.body.into(),
        articles: draft.articles,
        version,
        brotli: OnceLock::new(),
        gzip: OnceLock::new(),
    };
    Entry { value: copy, since, tags: draft.tags, until: draft.until }
}

impl Copy {
    /// The packed form that the client likes, if it is worth it.
    fn packed(&self, coding: Coding) -> Option<&Bytes> {
        match coding {
            Coding::Brotli => self.brotli.get_or_init(|| pack(&self.body, coding, false)).as_ref(),
            Coding::Gzip => self.gzip.get_or_init(|| pack(&self.body, coding, false)).as_ref(),
            Coding::Identity => None,
        }
    }

    /// A strong tag: each coding has bytes of its own (RFC 9110 §8.8.3).
    fn entity_tag(&self, coding: Coding) -> String {
        match coding.token() {
            Some(token) => format!("\"{:016x}-{token}\"", self.version.tag),
            None => format!("\"{:016x}\"", self.version.tag),
        }
    }
}

fn coding_for(request: &Request, copy: &Copy) -> Coding {
    if copy.body.len() < WORTH_IT_BYTES { Coding::Identity } else { Coding::negotiate(request.headers()) }
}

/// Whether the client has the document already (RFC 9110 §13.2.2): by its tag in any coding, else by its time.
fn is_known(request: &Request, copy: &Copy) -> bool {
    if copy.status != StatusCode::OK {
        return false;
    }
    let tags: Vec<&str> = request.headers().get_all(header::IF_NONE_MATCH).iter().filter_map(|v| v.to_str().ok()).collect();
    if !tags.is_empty() {
        let own = format!("\"{:016x}", copy.version.tag);
        let is_own = |tag: &str| {
            let tag = tag.trim().trim_start_matches("W/");
            tag == "*" || tag.strip_prefix(own.as_str()).is_some_and(|end| matches!(end, "\"" | "-br\"" | "-gzip\""))
        };
        return tags.iter().flat_map(|list| list.split(',')).any(is_own);
    }
    let since = request.headers().get(header::IF_MODIFIED_SINCE).and_then(|v| v.to_str().ok());
    // And what programs write for it that mean electronic mail, such as `-0000` for `GMT`.
    let mail = |text| DateTime::parse_from_rfc2822(text).ok().map(SystemTime::from);
    let since = since.and_then(|text| httpdate::parse_http_date(text).ok().or_else(|| mail(text)));
    since.is_some_and(|at| !copy.version.is_shared && at >= copy.version.time())
}

fn respond(request: &Request, copy: &Copy, is_known: bool) -> Response {
    let coding = coding_for(request, copy);
    let packed = copy.packed(coding);
    let coding = if packed.is_some() { coding } else { Coding::Identity };
    let mut response = Response::builder().status(if is_known { StatusCode::NOT_MODIFIED } else { copy.status }).finish();
    let headers = response.headers_mut();
    for (name, value) in &copy.headers {
        headers.append(name, value.clone());
    }
    if let Ok(tag) = HeaderValue::from_str(&copy.entity_tag(coding)) {
        headers.insert(header::ETAG, tag);
    }
    let modified = httpdate::fmt_http_date(copy.version.time());
    if let (Ok(modified), false) = (HeaderValue::from_str(&modified), copy.version.is_shared) {
        headers.insert(header::LAST_MODIFIED, modified);
    }
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding, Authorization"));
    if is_known {
        return response;
    }
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(copy.content_type));
    let body = packed.unwrap_or(&copy.body).clone();
    if let Some(token) = coding.token() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(token));
    }
    // Said for HEAD too, whose body goes before it is sent.
    headers.insert(header::CONTENT_LENGTH, body.len().into());
    response.set_body(body);
    response
}
