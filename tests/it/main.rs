//! The program from outside: every test starts the real server on a free local port with a database of its own and
//! speaks HTTP to it. `TEST_BACKEND` says which database (`sqlite`, the default, or `postgres`); for the latter
//! `TEST_DATABASE_URL` must name a server, and a test that cannot reach it fails.

#![allow(clippy::pedantic, dropping_copy_types, reason = "tests are read from top to bottom, not reused")]

mod access;
mod app;
mod article;
mod body;
mod budget;
mod channel;
mod client;
mod compress;
mod config;
mod crash;
mod docs;
mod endpoint;
mod error;
mod feed;
mod health;
mod idempotency;
mod identity;
mod import;
mod interleaving;
mod journal;
mod limit;
mod list;
mod names;
mod node;
mod noun;
mod page;
mod partner;
mod placement;
mod plans;
mod portal;
mod ranking;
mod records;
mod redirect;
mod refusal;
mod related;
mod report;
mod repost;
mod resume;
mod search;
mod server;
mod site;
mod takedown;
mod truth;
mod unique;
mod validation;
mod view;
mod visibility;
mod withdrawal;
mod workflow;
