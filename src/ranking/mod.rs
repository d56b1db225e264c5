//! What is read most. Views come in through `Intake`, which tells readers from robots and keeps what counts; `fold` sums it up, once
//! among all programs; each program's `Keeper` follows the sums and keeps its `Charts`, from which readers are answered; `Totals` brings
//! the rows of articles up to date.

mod batch;
mod board;
mod burst;
mod by;
mod charts;
mod fold;
mod forget;
mod history;
mod intake;
mod keeper;
mod part;
mod robot;
mod seen;
mod sets;
mod stats;
mod top;
mod totals;
mod visitor;
mod weight;

pub use batch::{Batch, Exclusion, View};
pub use board::Counts;
pub use by::{By, Window};
pub use charts::{Chart, Charts, State, heat};
pub use fold::fold;
pub use forget::forget;
pub use history::{Unit, history};
pub use intake::{Intake, Sender, Shares};
pub use keeper::Keeper;
pub use stats::{HourStats, stats};
pub use totals::Totals;
pub use visitor::Origin;
pub use weight::HALF_LIFE_SECS;
