//! What feeds, embeds and pages show: found through the same relations as the API's fields, so that the rules are the same, and made into
//! what `feed/` writes down. Not for how it travels. Invariant: nothing is put into an item that the operation's terms do not grant.

mod embed;
mod item;
mod page;
mod selection;
mod subject;

pub use embed::{Widget, one as card_of};
pub use item::{Sheet, SheetRequest, local, sheet};
pub use page::{Paper, channel_link, channel_page, page_site, paper};
pub use selection::{Selection, Wanted, select};
pub use subject::{Subject, What, subject};
