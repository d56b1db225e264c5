//! The door for background work: watches the journal and swaps the catalog; sums up views and keeps the rankings; finds related
//! items; strikes when something is due; sweeps sessions. Listeners to come
//! (search, caches, subscriptions) hang on the same watch.

mod access;
mod catalog;
mod copy;
mod document;
mod fetch;
mod related;
mod schedule;
mod search;
mod searches;
mod session;
mod view;

pub use access::{settle as settle_usage, watch as watch_access};
pub use catalog::watch as watch_catalog;
pub use copy::watch as watch_copies;
pub use fetch::write as write_fetches;
pub use related::watch as watch_related;
pub use schedule::watch as watch_schedule;
pub use search::{dictionary, watch as watch_search};
pub use searches::watch as watch_searches;
pub use session::sweep as sweep_sessions;
pub use view::watch as watch_views;
