//! Search: an index in this process, fed with documents, asked with what readers type. It finds every document that has what is
//! asked for, in whichever script, width and case. Knows no article, no row and no journal but for the numbers of its entries; who may
//! see what is found is decided by the database.

mod alike;
mod collect;
mod cutter;
mod document;
mod index;
mod query;
mod snippet;
mod spelling;
mod statistics;
mod token;
mod vocabulary;

pub use alike::{Alike, TellingList};
pub use collect::{Facets, Found, Hit, Order, Place, Wanted, freshness};
pub use cutter::{Cutter, Grain, Word};
pub use document::Document;
pub use index::{Index, Mark, Writer};
pub use query::{Depth, Filter, MOST_CHARACTERS, Need, Query, Reach};
pub use snippet::{highlights, passage};
pub use vocabulary::{Entry, Origin, Vocabulary};
