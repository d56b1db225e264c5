//! The door for background work: watches the journal and swaps the catalog; refreshes rankings. Listeners to come
//! (search, caches, subscriptions) hang on the same watch.

mod catalog;
mod ranking;

pub use catalog::{load as load_catalog, watch as watch_catalog};
pub use ranking::watch as watch_rankings;
