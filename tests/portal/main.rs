//! The portal over real HTTP on a database of its own, SQLite by default, PostgreSQL when
//! `TEST_BACKEND=postgres`. A missing PostgreSQL fails; nothing is skipped.

#![allow(clippy::pedantic, reason = "tests are read from top to bottom, not reused")]

mod app;
mod budget;
mod client;
mod docs;
mod hostile;
mod import;
mod listing;
mod plans;
mod query;
mod visibility;
