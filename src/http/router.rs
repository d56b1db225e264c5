//! What is done for a request at each address of `route`.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use poem::http::{Method, StatusCode};
use poem::{Endpoint, EndpointExt, Request, Response};

use super::error::Refusal;
use super::request::{Watch, id_of};
use super::route::{Page, page_at};
use super::state::Shared;
use super::{demo, embed, feed, graphql, health, page, redirect, sitemap, view, web};

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
        match page_at(&path) {
            Some((Page::Graphql, _)) => graphql::serve(state, request).await,
            Some((Page::DemoMedia, name)) if state.is_demo && is_read => demo::serve(name),
            Some((Page::View, id)) => view::serve(state, id, &request).await,
            Some((Page::DemoMedia, _)) => redirect::serve(state, &request).await,
            None => page::article(state, &request).await,
            Some((Page::Feed, rest)) => feed::serve(state, rest, &request).await,
            Some(_) if !is_read => Refusal::method("GET, HEAD").respond(&id_of(&request), "application/json; charset=utf-8"),
            Some((Page::Front, _)) => page::front(state, &request).await,
            Some((Page::Sitemap, _)) => sitemap::serve(state, &path, &request).await,
            Some((Page::Embed, rest)) => embed::serve(state, rest, &request).await,
            Some((Page::Oembed, _)) => embed::oembed(state, &request).await,
            Some((Page::Channel, slug)) => page::channel(state, slug, &request).await,
            Some((Page::Style, _)) => page::style(),
            Some((Page::Schema, _)) => health::schema(state, &request),
            Some((Page::Health, _)) => health::health(),
            Some((Page::Ready, _)) => health::ready(state).await,
            Some((Page::Metrics, _)) => health::metrics(state).await,
            Some((Page::Playground, rest)) => web::serve(&web::PLAYGROUND, rest, &request),
            Some((Page::Desk, rest)) => web::serve(&web::DESK, rest, &request),
            Some((Page::Stats, rest)) => web::serve(&web::STATS, rest, &request),
        }
    }
}
