//! What is read most. Views come in through `Intake`, which tells readers from robots and keeps what counts; `fold` sums it up; and
//! `refresh` fills the rankings, so far by what imports say: an article published within a window got all its views within it, so
//! each window ranks what was published in it, and the window `all` ranks everything.

mod batch;
mod burst;
mod fold;
mod intake;
mod refresh;
mod robot;
mod seen;
mod sets;
mod stats;
mod visitor;

pub use batch::Exclusion;
pub use fold::{fold, forget};
pub use intake::{Intake, Sender, Shares};
pub use refresh::refresh;
pub use stats::{HourStats, stats};
pub use visitor::Origin;
