//! The door for requests: our own GraphQL-over-HTTP endpoint, playground, health, metrics, old addresses. What a path
//! does is on one page, in `router.rs`; the paths are in `route.rs`. No rule of the product lives here.

mod actor;
mod compress;
mod copy;
mod demo;
mod document;
mod embed;
mod error;
mod feed;
mod graphql;
mod health;
mod identity;
mod json;
mod metrics;
mod negotiate;
mod own;
mod page;
mod query;
mod quota;
mod redirect;
mod request;
mod route;
mod router;
mod server;
mod sitemap;
mod state;
mod turn;
mod view;
mod web;

pub use copy::Copies;
pub use document::Documents;
pub use error::Refusal;
pub use identity::Provider;
pub use metrics::Metrics;
pub use route::addresses;
pub use router::router;
pub use server::{Limits as ServerLimits, Server};
pub use state::State;
