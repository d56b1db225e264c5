//! Variables as an operation defines them (§5.8.1, §5.8.2).

use std::collections::HashSet;

use async_graphql::parser::types::{BaseType, OperationDefinition, Type};

use super::Fault;
use crate::graphql::shape::{Kind, Shapes};

/// Each name once, each of a type that can be sent.
pub fn check(shapes: &Shapes, operation: &OperationDefinition) -> Result<(), Fault> {
    let mut seen = HashSet::new();
    for definition in &operation.variable_definitions {
        let (at, definition) = (definition.pos, &definition.node);
        let name = &definition.name.node;
        if !seen.insert(name) {
            return Err(Fault::new(at, format!("the variable ${name} is defined twice")));
        }
        let kind = base(&definition.var_type.node);
        match shapes.get(kind).map(|found| found.kind) {
            Some(Kind::Object | Kind::Abstract) => {
                return Err(Fault::new(
                    at,
                    format!("the variable ${name} cannot be of type {kind}, which is not sent but answered"),
                ));
            }
            None => {
                return Err(Fault::new(at, format!("the variable ${name} is of type {kind}, which the schema does not have")));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn base(kind: &Type) -> &str {
    match &kind.base {
        BaseType::Named(name) => name,
        BaseType::List(inner) => base(inner),
    }
}
