//! Values where they stand: variables whose type fits the place (§5.8.5), exactly one field of a `@oneOf` object and no
//! variable there that may be null (§5.6.5), instants that are some and words of enums that are no texts (§5.6.1).

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    BaseType, Directive, ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet, Type, VariableDefinition,
};
use async_graphql::{Name, Pos, Positioned};
use async_graphql_value::{ConstValue, Value};

use super::Fault;
use crate::graphql::shape::{Input, Kind, Shape, Shapes};

/// Checks every argument of `operation`, each fragment once.
pub fn check(shapes: &Shapes, document: &ExecutableDocument, operation: &OperationDefinition, root: &str) -> Result<(), Fault> {
    let variables = operation.variable_definitions.iter().map(|v| (&v.node.name.node, &v.node)).collect();
    let mut walk = Walk { shapes, document, variables, seen: HashSet::new() };
    walk.directives(&operation.directives)?;
    walk.set(&operation.selection_set.node, root)
}

struct Walk<'a> {
    shapes: &'a Shapes,
    document: &'a ExecutableDocument,
    variables: HashMap<&'a Name, &'a VariableDefinition>,
    seen: HashSet<&'a Name>,
}

impl<'a> Walk<'a> {
    fn set(&mut self, set: &'a SelectionSet, parent: &str) -> Result<(), Fault> {
        for item in &set.items {
            match &item.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(fragment) => {
                    let fragment = &fragment.node;
                    self.directives(&fragment.directives)?;
                    let on = fragment.type_condition.as_ref().map_or(parent, |condition| condition.node.on.node.as_str());
                    self.set(&fragment.selection_set.node, on)?;
                }
                Selection::FragmentSpread(spread) => {
                    self.directives(&spread.node.directives)?;
                    let name = &spread.node.fragment_name.node;
                    let Some(fragment) = self.document.fragments.get(name) else { continue };
                    if self.seen.insert(name) {
                        self.set(&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn field(&mut self, field: &'a Field, parent: &str) -> Result<(), Fault> {
        self.directives(&field.directives)?;
        let Some(output) = self.shapes.output(parent, &field.name.node) else { return Ok(()) };
        for (name, value) in &field.arguments {
            if let Some(input) = output.arguments.get(name.node.as_str()) {
                self.value(&value.node, value.pos, &input.shape, input.has_default)?;
            }
        }
        self.set(&field.selection_set.node, output.shape.name())
    }

    /// `@skip` and `@include` take a condition that is there.
    fn directives(&self, directives: &[Positioned<Directive>]) -> Result<(), Fault> {
        let condition = Shape::NonNull(Box::new(Shape::Named("Boolean".into())));
        let known = directives.iter().filter(|d| matches!(d.node.name.node.as_str(), "skip" | "include"));
        for (_, value) in known.flat_map(|d| &d.node.arguments) {
            self.value(&value.node, value.pos, &condition, false)?;
        }
        Ok(())
    }

    fn value(&self, value: &Value, at: Pos, wanted: &Shape, has_default: bool) -> Result<(), Fault> {
        match (value, wanted) {
            (Value::Variable(name), _) => self.variable(name, at, wanted, has_default),
            (Value::List(items), Shape::List(inner)) => items.iter().try_for_each(|item| self.value(item, at, inner, false)),
            (value, Shape::NonNull(inner) | Shape::List(inner)) => self.value(value, at, inner, false),
            (Value::Object(fields), Shape::Named(name)) => self.object(fields, at, name),
            (Value::String(text), Shape::Named(name)) if name == "DateTime" => {
                if chrono::DateTime::parse_from_rfc3339(text).is_ok() {
                    return Ok(());
                }
                let message = "a DateTime must be an RFC 3339 instant with offset, such as \"2021-05-17T09:00:00+08:00\"";
                Err(Fault::new(at, message))
            }
            (Value::String(text), Shape::Named(name)) if self.shapes.get(name).is_some_and(|t| t.kind == Kind::Enum) => {
                let shown: String = text.chars().take(50).collect();
                Err(Fault::new(at, format!("a value of {name} is a word without quotation marks: {shown}")))
            }
            _ => Ok(()),
        }
    }

    fn object(&self, fields: &async_graphql::indexmap::IndexMap<Name, Value>, at: Pos, name: &str) -> Result<(), Fault> {
        let Some(object) = self.shapes.get(name).filter(|t| t.kind == Kind::InputObject) else { return Ok(()) };
        if object.is_one_of {
            let is_one = fields.len() == 1 && fields.values().all(|value| *value != Value::Null);
            if !is_one {
                return Err(Fault::new(at, format!("{name} must have exactly one field, and that not null")));
            }
        }
        for (field, value) in fields {
            if let Some(Input { shape, has_default }) = object.inputs.get(field.as_str()) {
                // The one field of such an object must be there, so its variable must not be null.
                let shape = if object.is_one_of { Shape::NonNull(Box::new(shape.clone())) } else { shape.clone() };
                self.value(value, at, &shape, *has_default)?;
            }
        }
        Ok(())
    }

    fn variable(&self, name: &Name, at: Pos, wanted: &Shape, has_default: bool) -> Result<(), Fault> {
        let Some(definition) = self.variables.get(name) else { return Ok(()) };
        let own = &definition.var_type.node;
        let has_value = definition.default_value.as_ref().is_some_and(|value| value.node != ConstValue::Null);
        let fits = match wanted {
            // What is null by the variable's type has a value all the same (§5.8.5, `AllowVariableUsage`).
            Shape::NonNull(inner) if own.nullable && (has_value || has_default) => fits(own, inner),
            _ => fits(own, wanted),
        };
        if fits {
            return Ok(());
        }
        let message = format!("the variable ${name} of type {own} stands where {} is wanted", text(wanted));
        Err(Fault::new(at, message))
    }
}

/// Whether a value of type `own` can stand where `wanted` is (§5.8.5, `AreTypesCompatible`).
fn fits(own: &Type, wanted: &Shape) -> bool {
    match (wanted, &own.base) {
        (Shape::NonNull(inner), _) => !own.nullable && fits(own, inner),
        (Shape::List(inner), BaseType::List(item)) => fits(item, inner),
        (Shape::Named(name), BaseType::Named(own)) => own == name,
        _ => false,
    }
}

/// A type as documents write it.
fn text(shape: &Shape) -> String {
    match shape {
        Shape::NonNull(inner) => format!("{}!", text(inner)),
        Shape::List(inner) => format!("[{}]", text(inner)),
        Shape::Named(name) => name.clone(),
    }
}
