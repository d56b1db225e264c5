//! Rules of validation (GraphQL specification, §5) that the library leaves out or applies in part: a document that breaks
//! one would otherwise be answered, and with something else than it asks for. The library applies the others afterwards;
//! what is wrong by those is passed over here.

mod merge;
mod value;
mod variable;

use async_graphql::Pos;
use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType};

use super::shape::Shapes;

/// Why a document is not valid, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, with what would be right.
    pub message: String,
    /// The place in the document.
    pub at: Pos,
}

impl Fault {
    fn new(at: Pos, message: impl Into<String>) -> Self {
        Self { message: message.into(), at }
    }
}

/// Checks `operation` of `document`.
pub fn validate(shapes: &Shapes, document: &ExecutableDocument, operation: &OperationDefinition) -> Result<(), Fault> {
    let root = shapes.root(operation.ty == OperationType::Mutation);
    variable::check(shapes, operation)?;
    value::check(shapes, document, operation, root)?;
    merge::check(shapes, document, operation, root)
}
