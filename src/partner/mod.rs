//! What partners may have: contracts, what of an article may be passed on, quotas, usage. Every surface asks here ([`Terms`]) and decides
//! nothing itself. Not for who works for the portal: that is `auth`. Invariant: what a contract does not grant is refused by the rule's
//! name, or is not there; a contract that has ended grants nothing.

mod book;
mod contract;
mod fields;
mod meter;
mod terms;

pub use book::{Book, Holder};
pub use contract::{Canonical, Contract, Quota};
pub use fields::{Fields, rights};
pub use meter::{Allowance, Limit, Meter};
pub use terms::{Rule, Surface, Terms};
