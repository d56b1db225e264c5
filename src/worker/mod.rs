//! The door for background work: watches the journal and swaps the catalog; refreshes rankings; sweeps sessions. Listeners to come
//! (search, caches, subscriptions) hang on the same watch.

mod catalog;
mod ranking;
mod session;

pub use catalog::{load as load_catalog, watch as watch_catalog};
pub use ranking::watch as watch_rankings;
pub use session::sweep as sweep_sessions;
