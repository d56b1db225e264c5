//! Settings: plain data (`section.rs`) and where they come from (`load.rs`): defaults, one file, the environment, flags.

mod load;
mod section;

pub use load::{Loaded, load, report};
pub use section::{Config, Database, Graphql, Identity, Log, Operator, Server, Syndication};
