//! Which articles are related: until text similarity comes, those with tags in common, the more and the newer the better.
//! Where no tag helps, reading fills up with the newest of the channel (`db::related`), which is always fresh.

mod recents;

pub use recents::Recents;
