//! Everything that can be changed. One mutation is one call into `editorial/`, which checks, writes and journals; what a
//! user can cause by normal use comes back as `userErrors`, everything else as an error.

mod account;
mod author;
mod channel;
mod contract;
mod key;
mod manuscript;
mod media;
mod navigation;
mod noun;
mod outcome;
mod page;
mod placement;
mod search;
mod session;
mod site;
mod source;
mod tag;
mod takedown;
mod topic;
mod view;
mod withdrawal;
mod word;

use async_graphql::MergedObject;

/// Everything that can be changed.
#[derive(Default, MergedObject)]
pub struct Mutation(
    session::Sessions,
    account::Accounts,
    key::Keys,
    contract::Contracts,
    manuscript::Manuscripts,
    channel::Channels,
    tag::Tags,
    topic::Topics,
    source::Sources,
    author::Authors,
    media::Pictures,
    page::Pages,
    navigation::NavigationItems,
    site::Settings,
    placement::Slots,
    takedown::Takedowns,
    withdrawal::Withdrawals,
    word::Words,
    search::Dictionary,
    view::Views,
);
