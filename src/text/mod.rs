//! Pure functions over text: cleaning, HTML, plain text, blocks, summaries, addresses. No rows, no clock, no database.

mod address;
mod clean;
mod excerpt;
mod fold;
mod html;
mod key;
mod origin;
mod outline;
mod script;
mod shingle;
mod slug;
mod word;

pub use address::{is_host, normalise as normalise_address, percent_decode};
pub use clean::{clean_line, clean_text};
pub use excerpt::{count_words, excerpt};
pub use fold::{Folded, fold, is_ideograph};
pub use html::{attribute_texts, body_policy, escape, paragraphs, sanitise};
pub use key::text_key;
pub use origin::{host, origin};
pub use outline::{Block, blocks, plain_text};
pub use shingle::{BANDS, Shingles, passages_not_in};
pub use slug::is_slug;
pub use word::{Place, Words};
