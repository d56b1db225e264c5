//! Importers turn foreign records into drafts; `editorial/` writes them. Today: NDJSON, both ways.

mod export;
mod import;
mod line;

pub use export::export;
pub use import::{Import, Progress, Summary};
pub use line::{Problem, parse};
