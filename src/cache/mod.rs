//! What has been made of rows and may be given again: entries with tags, and what has changed since. Derived: deleting all of it loses
//! nothing. Invariant: nobody gets an entry of which something has changed, from the moment on at which the change is known.

mod epoch;
mod store;

pub use epoch::{Epochs, Tag};
pub use store::{Entry, Store, Weigh};
