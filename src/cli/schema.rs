//! `tidings schema`: prints what `/schema.graphql` serves.

use std::process::ExitCode;

use super::say;
use crate::config::Graphql;
use crate::graphql;

#[expect(clippy::unnecessary_wraps, reason = "every command answers alike")]
pub(super) fn run() -> anyhow::Result<ExitCode> {
    let depth = usize::try_from(Graphql::default().max_depth).unwrap_or(usize::MAX);
    say(graphql::sdl(&graphql::build(true, depth, graphql::Validation::Full)).trim_end());
    Ok(ExitCode::SUCCESS)
}
