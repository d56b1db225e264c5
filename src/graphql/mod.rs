//! The API. `types/` say what a thing is; `relation/` finds where it leads, always through loaders; a type's relation
//! field is one call into `relation/`, so every possible N+1 is in one folder. Nothing here speaks SQL or HTTP.

mod connection;
mod context;
pub mod cost;
mod cursor;
mod error;
mod guard;
mod id;
mod input;
mod mutation;
mod node;
mod omitted;
mod path;
mod query;
mod relation;
mod scalar;
mod schema;
mod shape;
pub mod surface;
mod types;
mod unique;
mod validate;

pub use context::{Caller, Operation, Services};
pub use cursor::{Cursor, Place};
pub use error::present;
pub use id::{Kind, decode as decode_id, encode as encode_id};
pub use omitted::without_omitted;
pub use query::own_address;
pub use relation::article::address as article_address;
pub use schema::{Schema, Validation, build, sdl};
pub use shape::Shapes;
pub use validate::{Fault, validate};
