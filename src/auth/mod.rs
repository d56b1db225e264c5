//! Who asks, what they may do, and the secrets by which they are known. Rules only: rows are read by `db/` and written by
//! `editorial/`. Invariant: what a role may do stands in `policy` and nowhere else.

mod actor;
mod identity;
mod password;
mod policy;
mod preview;
mod ring;
mod token;

pub use actor::Actor;
pub use identity::{Identity, KeySet, Refused, Trust, is_jwt};
pub use password::Password;
pub use policy::{FIELDS, Need, Permission, Role};
pub use preview::Preview;
pub use token::{Kind as TokenKind, Token, embed_key, family, fingerprint};
