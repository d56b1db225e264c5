//! The schema as one value, and its text.

use async_graphql::{EmptySubscription, SDLExportOptions, ValidationMode};

use super::mutation::Mutation;
use super::query::Query;

/// The schema. Has no extensions, on purpose: even one that does nothing makes every field dearer by half.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// How much of a document is checked before it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validation {
    /// Everything that the specification asks for.
    Full,
    /// What is left for a document that has passed before, with variables of the same types.
    Done,
}

/// Builds the schema. Limits are checked before execution, by `cost`; the library's own recursion limit stays as a net.
pub fn build(has_introspection: bool, max_depth: usize, validation: Validation) -> Schema {
    let mode = match validation {
        Validation::Full => ValidationMode::Strict,
        Validation::Done => ValidationMode::Fast,
    };
    let schema = Schema::build(Query, Mutation::default(), EmptySubscription)
        .disable_suggestions()
        .validation_mode(mode)
        .limit_recursive_depth(max_depth.max(32) + 8);
    if has_introspection { schema.finish() } else { schema.disable_introspection().finish() }
}

/// The schema's text, always in the same order: `schema.graphql` in the project's root is this.
pub fn sdl(schema: &Schema) -> String {
    let options =
        SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by().use_space_ident();
    schema.sdl_with_options(options)
}
