//! Everything that can be changed. One mutation is one call into `editorial/`, which checks, writes and journals; what a
//! user can cause by normal use comes back as `userErrors`, everything else as an error.

mod account;
mod key;
mod manuscript;
mod noun;
mod outcome;
mod session;
mod takedown;
mod withdrawal;
mod word;

use async_graphql::MergedObject;

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    session::Sessions,
    account::Accounts,
    key::Keys,
    manuscript::Manuscripts,
    noun::Nouns,
    takedown::Takedowns,
    withdrawal::Withdrawals,
    word::Words,
);
