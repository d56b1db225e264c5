//! Where things lead. Every function here goes through the operation's loaders or its catalog and returns rows;
//! `types/` wrap them. Nothing else in `graphql/` loads.

pub mod article;
pub mod list;
pub mod manuscript;
pub mod placement;
pub mod ranking;
pub mod related;
pub mod search;
pub mod suggest;
pub mod tag;
