//! Tidings: a headless content service for news portals. See `docs/architecture.md` for the rooms and which way their
//! arrows run; `tests/layers.rs` holds the floors.

pub mod app;
pub mod auth;
pub mod cache;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod editorial;
pub mod error;
pub mod feed;
pub mod graphql;
pub mod http;
pub mod ingest;
pub mod journal;
pub mod loader;
pub mod partner;
pub mod ranking;
pub mod related;
pub mod search;
pub mod text;
pub mod worker;
