//! GraphQL over HTTP, by the letter of its specification (the working group's draft of 2025): media types, methods,
//! statuses, and nothing that a browser can be tricked into sending. Batching and uploads are not offered.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType};
use async_graphql::{Response as Answer, Value, Variables};
use bytes::Bytes;
use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::error::Refusal;
use super::metrics::Outcome;
use super::negotiate::{Media, is_utf8};
use super::query::form_pairs;
use super::request::{id_of, read_body};
use super::state::{Shared, State};
use super::view;
use super::{actor, compress, document, json, quota};
use crate::auth::{Actor, Permission};
use crate::db::{Visibility, newest_journal_entry};
use crate::error::Error;
use crate::graphql::{self, Caller, Operation, cost};
use crate::loader::Loaders;
use crate::partner::{Contract, Surface, Terms};

/// From here on an operation is worth a line in the log of a quiet portal; others are logged at `debug`, where a line
/// costs a tenth of a small operation.
const SLOW: Duration = Duration::from_millis(500);

/// A request's parameters (specification, "Request Parameters"); unknown keys are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parameters {
    query: Json,
    operation_name: Json,
    variables: Json,
    extensions: Json,
}

/// The parameters, checked.
struct Call {
    query: String,
    operation_name: Option<String>,
    variables: Map<String, Json>,
    extensions: Map<String, Json>,
}

/// Serves one request.
pub async fn serve(state: &Shared, mut request: Request) -> Response {
    let id = id_of(&request);
    let mut response = if *request.method() == Method::OPTIONS {
        preflight(request.headers())
    } else if let Some(media) = Media::negotiate(request.headers()) {
        answer(state, &mut request, media, &id).await
    } else {
        let message = "this address answers application/graphql-response+json and application/json, in UTF-8";
        Refusal::new(StatusCode::NOT_ACCEPTABLE, "NOT_ACCEPTABLE", message).respond(&id, Media::Json.content_type())
    };
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept"));
    allow_origin(state, request.headers(), response.headers_mut());
    response
}

async fn answer(state: &Shared, request: &mut Request, media: Media, id: &str) -> Response {
    let started = Instant::now();
    let done = match call(state, request).await {
        Ok(call) => execute(state, request, call, media, id).await,
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(response) => response,
        Err(refusal) => {
            state.metrics.operation(Outcome::Refused, 0, 0, started.elapsed().as_secs_f64());
            tracing::info!(request.id = id, error.code = refusal.code, "Refused an operation: {}", refusal.message);
            refusal.respond(id, media.content_type())
        }
    }
}

/// The call in a request's address or body.
async fn call(state: &State, request: &mut Request) -> Result<Call, Refusal> {
    let server = &state.config.server;
    let parameters = match *request.method() {
        Method::GET => from_address(request.uri().query().unwrap_or(""))?,
        Method::POST => {
            if !is_json(request.headers()) {
                let message = "send the request as application/json in UTF-8";
                return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message));
            }
            if is_encoded(request.headers()) {
                return Err(Refusal::encoding());
            }
            let time = Duration::from_secs(server.body_timeout_secs);
            let body = read_body(request, server.max_body_bytes, time).await?;
            serde_json::from_str(json::object(&body)?).map_err(|e| not_json(&e))?
        }
        _ => return Err(Refusal::method("GET, POST, OPTIONS")),
    };
    Call::check(parameters)
}

fn not_json(error: &serde_json::Error) -> Refusal {
    let message = match error.classify() {
        serde_json::error::Category::Data => "the body is no JSON object with `query`".to_owned(),
        _ => format!("the body is no valid JSON: line {}, column {}", error.line(), error.column()),
    };
    Refusal::bad_request(message)
}

/// Whether the body is JSON in UTF-8. Nothing else is read: a form could be sent by any page a browser shows.
fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|t| t.eq_ignore_ascii_case("application/json"));
    let is_utf8 = parts.all(|p| p.split_once('=').is_none_or(|(k, v)| !k.trim().eq_ignore_ascii_case("charset") || is_utf8(v)));
    is_json && is_utf8
}

/// Whether the body is packed (RFC 9110 §8.4). Packed bodies are not read: a small one may hold gigabytes.
fn is_encoded(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CONTENT_ENCODING).iter();
    values.flat_map(|v| v.as_bytes().split(|b| *b == b',')).map(<[u8]>::trim_ascii).any(|coding| {
        // `identity` says that nothing was done to it.
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

fn from_address(query: &str) -> Result<Parameters, Refusal> {
    let mut parameters = Parameters::default();
    let json = |name: &str, text: &str| {
        serde_json::from_str(text).map_err(|_| Refusal::bad_request(format!("the parameter `{name}` is no valid JSON")))
    };
    for (name, value) in form_pairs(query)? {
        match name.as_str() {
            "query" => parameters.query = Json::String(value),
            "operationName" if !value.is_empty() => parameters.operation_name = Json::String(value),
            "variables" if !value.is_empty() => parameters.variables = json("variables", &value)?,
            "extensions" if !value.is_empty() => parameters.extensions = json("extensions", &value)?,
            _ => {}
        }
    }
    Ok(parameters)
}

impl Call {
    fn check(parameters: Parameters) -> Result<Self, Refusal> {
        let Json::String(query) = parameters.query else {
            return Err(Refusal::bad_request("the parameter `query` must be there and be text"));
        };
        let operation_name = match parameters.operation_name {
            Json::Null => None,
            Json::String(name) => Some(name),
            _ => return Err(Refusal::bad_request("the parameter `operationName` must be text")),
        };
        let map = |name: &str, value: Json| match value {
            Json::Null => Ok(Map::new()),
            Json::Object(map) => Ok(map),
            _ => Err(Refusal::bad_request(format!("the parameter `{name}` must be an object"))),
        };
        Ok(Self {
            query,
            operation_name,
            variables: map("variables", parameters.variables)?,
            extensions: map("extensions", parameters.extensions)?,
        })
    }
}

/// A refusal of the document or its variables. With `application/json` it is 200, with the newer type 400.
fn request_error(refusal: Refusal, media: Media) -> Refusal {
    let status = match media {
        Media::GraphqlResponse => StatusCode::BAD_REQUEST,
        Media::Json => StatusCode::OK,
    };
    Refusal { status, ..refusal }
}

/// The key by which the writes of a request are done once, from its header or its extensions, and the request's fingerprint.
fn idempotency_key(headers: &HeaderMap, call: &Call) -> Result<Option<(String, i64)>, Refusal> {
    let bad = || Refusal::bad_request("the idempotency key must be 1 to 200 visible ASCII characters");
    let key = match (headers.get("idempotency-key"), call.extensions.get("idempotencyKey")) {
        (Some(value), _) => value.to_str().map_err(|_| bad())?.trim(),
        (None, Some(value)) => value.as_str().ok_or_else(bad)?,
        (None, None) => return Ok(None),
    };
    if !(1..=200).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(bad());
    }
    let variables = serde_json::to_string(&call.variables).unwrap_or_default();
    let request = format!("{}\n{:?}\n{variables}", call.query, call.operation_name);
    Ok(Some((key.to_owned(), i64::from_le_bytes(xxhash_rust::xxh3::xxh3_64(request.as_bytes()).to_le_bytes()))))
}

async fn execute(state: &Shared, request: &Request, call: Call, media: Media, id: &str) -> Result<Response, Refusal> {
    let started = Instant::now();
    let limits = &state.config.graphql;
    let document = state.documents.read(&call.query, limits).map_err(|r| request_error(r, media))?;
    let operation = select(&document.parsed, call.operation_name.as_deref()).map_err(|r| request_error(r, media))?;
    if *request.method() == Method::GET && operation.ty != OperationType::Query {
        return Err(Refusal::method("POST"));
    }
    let wants_cost = call.extensions.get("cost").is_some_and(|v| v == &Json::Bool(true));
    let wants_statements = call.extensions.get("statements").is_some_and(|v| v == &Json::Bool(true));
    let idempotency = idempotency_key(request.headers(), &call)?;
    let variables = Variables::from_json(Json::Object(call.variables));
    document.check(&state.shapes, operation, call.operation_name.as_deref()).map_err(|r| request_error(r, media))?;
    state.shapes.check_variables(operation, &variables).map_err(|e| request_error(e.into(), media))?;
    let measure = measured(&document.parsed, operation, &variables, limits).map_err(|r| request_error(r, media))?;

    let now = state.clock.now().timestamp_millis();
    let mut caller = actor::find(state, request, now).await?;
    if operation.ty == OperationType::Mutation {
        caller.idempotency = idempotency;
        caller.agent = view::agent(request.headers()).into_owned();
    }
    let terms = terms(state, &caller, operation, measure.is_about_schema)?;
    let contract = caller.holder.as_ref().map(|holder| Arc::clone(&holder.contract));
    let cost = i64::try_from(measure.cost).unwrap_or(i64::MAX).max(1);
    let allowance = contract.as_ref().map(|contract| quota::admit(state, contract, cost, now)).transpose()?;
    let is_private = caller.actor != Actor::Anyone || operation.ty == OperationType::Mutation;
    let may_see_costs = state.is_demo || caller.actor.may(Permission::SeeCosts);
    let shape = document::shape(operation, call.operation_name.as_deref(), &variables);
    let seen = if caller.actor.may(Permission::ReadDrafts) { Visibility::staff(now) } else { terms.visibility(now) };
    let loaders = Arc::new(Loaders::new(state.db.reader().clone(), seen, state.catalog.current()));
    let parsed = graphql::without_omitted(&document.parsed, operation, &variables).unwrap_or_else(|| document.parsed.clone());
    let key = match &caller.actor {
        Actor::Key { id, .. } | Actor::Partner { key: id, .. } => Some(*id),
        _ => None,
    };
    let db = state.db.counting();
    let context = Operation::new(Arc::clone(&loaders), (caller, terms), (db.clone(), state.clock.clone()), state.services());
    let shows_private = Arc::clone(&context.is_private);
    let mut ask = async_graphql::Request::new(String::new()).variables(variables).data(context);
    ask.operation_name = call.operation_name;
    ask.set_parsed_query(parsed);
    let schema = if shape.is_some_and(|shape| document.has_passed(shape)) { &state.validated } else { &state.schema };
    let limit = Duration::from_secs(state.config.server.operation_timeout_secs);
    let changes = Changes::so_far(state);
    let Ok(mut done) = tokio::time::timeout(limit, loaders.drive(schema.execute(ask))).await else {
        return Err(Error::Timeout(format!("the operation took longer than {} s; ask for less", limit.as_secs())).into());
    };
    if operation.ty == OperationType::Mutation {
        follow(state, changes).await;
    }
    if let Some(key) = key {
        state.fetches.note(key, loaders.articles(), now);
    }
    state.shapes.complete_paths(&mut done, operation, &document.parsed);
    graphql::present(&mut done, id);

    let spent = loaders.spent();
    if wants_cost {
        let limits = measure_limits(limits);
        let cost =
            serde_json::json!({ "cost": measure.cost, "maxCost": limits.cost, "depth": measure.depth, "fields": measure.fields });
        done = done.extension("cost", Value::from_json(cost).unwrap_or_default());
    }
    if wants_statements && may_see_costs {
        let statements = serde_json::json!({ "statements": spent.statements, "waves": spent.waves, "writes": db.written_here() });
        done = done.extension("statements", Value::from_json(statements).unwrap_or_default());
    }
    let is_refused = done.errors.iter().filter_map(|error| error.source::<Error>()).any(|error| error.rule().is_some());
    let (status, outcome, body) = render(&done, media, limits.partial_status)?;
    if let Some(contract) = &contract {
        tally(state, contract, (loaders.articles().len(), body.len()), is_refused, now);
    }
    if let Some(shape) = shape.filter(|_| outcome != Outcome::Refused) {
        document.pass(shape);
    }
    let elapsed = started.elapsed();
    state.metrics.operation(outcome, spent.statements, spent.waves, elapsed.as_secs_f64());
    tracing::debug!(
        request.id = id,
        operation.name = ask_name(&document.parsed),
        sql.statements = spent.statements,
        sql.waves = spent.waves,
        operation.cost = measure.cost,
        body.bytes = body.len(),
        duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        errors = done.errors.len(),
        "Ran an operation"
    );
    if elapsed > SLOW {
        tracing::warn!(request.id = id, sql.statements = spent.statements, "An operation took {} ms", elapsed.as_millis());
    }
    let mut response = Response::builder().status(status).content_type(media.content_type()).finish();
    let cache = if is_private || shows_private.load(Ordering::Relaxed) { "no-store" } else { "no-cache" };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if let Some(allowance) = &allowance {
        quota::tell(response.headers_mut(), allowance);
    }
    compress::fill(&mut response, body, request.headers());
    Ok(response)
}

/// What an operation asks for, within `limits`.
fn measured(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
    limits: &crate::config::Graphql,
) -> Result<cost::Measure, Refusal> {
    let measure = cost::measure(document, operation, variables).map_err(|error| match error {
        // A fragment that contains itself.
        Error::Invalid { message, .. } => document::invalid(&message),
        other => other.into(),
    })?;
    if measure.is_introspection && !limits.introspection {
        let message = "the schema is not served here; its text is at /schema.graphql";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "FORBIDDEN", message));
    }
    measure_limits(limits).check(&measure)?;
    Ok(measure)
}

/// What `caller` may have by `operation`. Where the portal gives nothing without a key, anybody may still sign in, complain, and look at the schema.
fn terms(state: &State, caller: &Caller, operation: &OperationDefinition, is_about_schema: bool) -> Result<Terms, Refusal> {
    match actor::terms(state, caller, Surface::Api) {
        Err(Error::Refused { .. }) if operation.ty == OperationType::Mutation || is_about_schema => Ok(Terms::nothing()),
        terms => Ok(terms?),
    }
}

/// How often this program has changed what.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Changes {
    nouns: u64,
    access: u64,
    articles: u64,
}

impl Changes {
    fn so_far(state: &State) -> Self {
        let db = &state.db;
        Self { nouns: db.noun_changes(), access: db.access_changes(), articles: db.article_changes() }
    }
}

/// After a mutation: who has changed something finds it changed, from the answer on. `before` is what had been changed before it.
async fn follow(state: &State, before: Changes) {
    let now = Changes::so_far(state);
    if now.nouns != before.nouns
        && let Err(error) = state.catalog.refresh(&state.db).await
    {
        tracing::warn!(error = %error, "The catalog could not be read again: {error}");
    }
    if now.access != before.access
        && let Err(error) = state.book.refresh(&state.db).await
    {
        tracing::warn!(error = %error, "The contracts could not be read again: {error}");
    }
    // No feed or page is given that was made before.
    if now.articles != before.articles {
        settle_copies(state).await;
    }
}

/// Counts what an answer under `contract` held: articles and bytes, and whether something in it was refused.
fn tally(state: &State, contract: &Contract, (articles, bytes): (usize, usize), is_refused: bool, now: i64) {
    state.book.meter.answer(contract.row.id, articles, bytes, now);
    if is_refused {
        state.book.meter.refuse(contract.row.id, now);
    }
}

/// Waits until what was made of articles is known to be over, up to the newest entry of the journal.
async fn settle_copies(state: &State) {
    /// What is promised for all caches.
    const PATIENCE: Duration = Duration::from_secs(1);
    let settled = async {
        match state.db.reader().all(newest_journal_entry()).await {
            Ok(newest) => state.epochs.reached(newest.first().copied().unwrap_or(0)).await,
            Err(_) => state.epochs.bump_all(),
        }
    };
    if tokio::time::timeout(PATIENCE, settled).await.is_err() {
        state.epochs.bump_all();
    }
}

/// The name of the only operation, for logs; a document of several says nothing about which ran.
fn ask_name(document: &ExecutableDocument) -> &str {
    match &document.operations {
        DocumentOperations::Multiple(operations) if operations.len() == 1 => operations.keys().next().map_or("", |n| n.as_str()),
        _ => "",
    }
}

fn measure_limits(limits: &crate::config::Graphql) -> cost::Limits {
    cost::Limits {
        depth: limits.max_depth,
        fields: limits.max_fields,
        aliases: limits.max_aliases,
        directives: limits.max_directives,
        cost: limits.max_cost,
    }
}

/// The operation to run (GraphQL specification, §6.1, `GetOperation`).
fn select<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a OperationDefinition, Refusal> {
    let refuse = |message: &str| {
        let mut refusal = Refusal::bad_request(message);
        refusal.code = "GRAPHQL_VALIDATION_FAILED";
        refusal
    };
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Ok(&operation.node),
        (DocumentOperations::Single(_), Some(_)) => Err(refuse("the document has no operation of this name")),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => {
            operations.values().next().map(|o| &o.node).ok_or_else(|| refuse("the document has no operation"))
        }
        (DocumentOperations::Multiple(_), None) => {
            Err(refuse("the document has several operations: say which by `operationName`"))
        }
        (DocumentOperations::Multiple(operations), Some(name)) => {
            operations.get(name).map(|o| &o.node).ok_or_else(|| refuse("the document has no operation of this name"))
        }
    }
}

fn render(done: &Answer, media: Media, partial: u16) -> Result<(StatusCode, Outcome, Bytes), Refusal> {
    // An error without a path is one of the request: nothing ran, and there is no `data` to show.
    let is_refused = !done.errors.is_empty() && done.errors.iter().all(|e| e.path.is_empty()) && done.data == Value::Null;
    let body = if is_refused {
        let mut body = serde_json::to_value(done).map_err(Error::internal)?;
        if let Some(body) = body.as_object_mut() {
            body.remove("data");
        }
        serde_json::to_vec(&body)
    } else {
        serde_json::to_vec(done)
    };
    let body = Bytes::from(body.map_err(Error::internal)?);
    let outcome = match (done.errors.is_empty(), is_refused) {
        (true, _) => Outcome::Ok,
        (_, true) => Outcome::Refused,
        _ => Outcome::Partial,
    };
    let status = match (outcome, media) {
        (Outcome::Refused, Media::GraphqlResponse) => StatusCode::BAD_REQUEST,
        (Outcome::Partial, Media::GraphqlResponse) => StatusCode::from_u16(partial).unwrap_or(StatusCode::OK),
        _ => StatusCode::OK,
    };
    Ok((status, outcome, body))
}

/// Allows whatever headers a page wants to send: none of them means anything here but those of this API, and what a page
/// of an origin that is not allowed gets is no answer.
fn preflight(request: &HeaderMap) -> Response {
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    let headers = response.headers_mut();
    headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST, OPTIONS"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    let wanted = request.get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let own = HeaderValue::from_static("accept, authorization, content-type, x-request-id");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.unwrap_or(own));
    headers.append(header::VARY, HeaderValue::from_static("Access-Control-Request-Headers"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// Lets pages of allowed origins read the answer. Never with cookies: this API has none.
fn allow_origin(state: &State, request: &HeaderMap, response: &mut HeaderMap) {
    let origins = &state.config.server.cors_origins;
    if origins.iter().any(|o| o == "*") {
        if request.contains_key(header::ORIGIN) {
            response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        return;
    }
    // Whoever asks, a cache must keep the answers of different origins apart (Fetch standard, "CORS protocol and HTTP caches").
    response.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = request.get(header::ORIGIN)
        && origin.to_str().is_ok_and(|origin| origins.iter().any(|o| o == origin))
    {
        response.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
}
