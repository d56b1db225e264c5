//! Every address on one page.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::http::{HeaderValue, Method, StatusCode, header};
use poem::{Endpoint, EndpointExt, IntoResponse, Request, Response};

use super::error::Refusal;
use super::request::{Watch, id_of};
use super::state::Shared;
use super::{demo, graphql, health, playground, redirect};

/// The whole program as one endpoint.
pub fn router(state: Shared) -> impl Endpoint<Output = Response> {
    let watch = Watch(state.clone());
    Router { state }.with(watch)
}

struct Router {
    state: Shared,
}

impl Endpoint for Router {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let (id, is_head) = (id_of(&request), *request.method() == Method::HEAD);
        // One request that hits a defect must not take others with it.
        let answer = AssertUnwindSafe(self.route(request)).catch_unwind().await;
        let mut response = answer.unwrap_or_else(|_| {
            tracing::error!(request.id = %id, "A request panicked");
            let refusal = Refusal::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL_SERVER_ERROR",
                "internal error; tell the operator the request id",
            );
            refusal.respond(&id, "application/json; charset=utf-8")
        });
        if is_head {
            response.set_body(());
        }
        Ok(response)
    }
}

impl Router {
    async fn route(&self, request: Request) -> Response {
        let state = &self.state;
        let path = request.uri().path().to_owned();
        let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
        match path.as_str() {
            "/graphql" => return graphql::serve(state, request).await,
            "/" | "/schema.graphql" | "/health" | "/ready" | "/metrics" | "/playground" if !is_read => {
                return Refusal::method("GET, HEAD").respond(&id_of(&request), "application/json; charset=utf-8");
            }
            "/" => return to_playground(),
            "/schema.graphql" => return health::schema(state, &request),
            "/health" => return health::health(),
            "/ready" => return health::ready(state).await,
            "/metrics" => return health::metrics(state).await,
            _ => {}
        }
        if let Some(rest) = path.strip_prefix("/playground") {
            if is_read && (rest.is_empty() || rest.starts_with('/')) {
                return playground::serve(rest, &request);
            }
        } else if let (true, Some(name)) = (state.is_demo && is_read, path.strip_prefix("/media/demo/")) {
            return demo::serve(name);
        }
        redirect::serve(state, &request).await
    }
}

fn to_playground() -> Response {
    let mut response = StatusCode::FOUND.into_response();
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/playground"));
    response
}
