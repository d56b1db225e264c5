//! Variables are coerced before anything runs (GraphQL specification, §6.1.2). The library checks many of them only where
//! a resolver reads them, which would make a wrong variable look like a failed field; here they are checked against the
//! schema's own input types. `URL` and `HTML` are text.

use async_graphql::Value;
use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{Name, Variables};

use super::shape::{self, Kind, Shape, Shapes};
use crate::error::{Error, Result};

impl Shapes {
    /// Refuses `variables` that `operation` cannot take, naming the place.
    pub fn check_variables(&self, operation: &OperationDefinition, variables: &Variables) -> Result<()> {
        for definition in &operation.variable_definitions {
            let definition = &definition.node;
            let place = format!("${}", definition.name.node);
            match variables.get(&definition.name.node) {
                None if definition.default_value.is_some() || definition.var_type.node.nullable => {}
                None => return Err(Error::invalid(place, "is required")),
                Some(value) => self.coerce(&place, &definition.var_type.node, value)?,
            }
        }
        Ok(())
    }

    fn coerce(&self, place: &str, wanted: &Type, value: &Value) -> Result<()> {
        match (value, &wanted.base) {
            (Value::Null, _) if wanted.nullable => Ok(()),
            (Value::Null, _) => Err(Error::invalid(place, "must not be null")),
            (Value::List(items), BaseType::List(inner)) => {
                items.iter().enumerate().try_for_each(|(i, item)| self.coerce(&format!("{place}[{i}]"), inner, item))
            }
            // One value stands for a list of one (§3.12, input coercion).
            (value, BaseType::List(inner)) => self.coerce(place, inner, value),
            (value, BaseType::Named(name)) => self.named(place, name, value),
        }
    }

    fn named(&self, place: &str, name: &str, value: &Value) -> Result<()> {
        let is_right = match (name, value) {
            ("Int", Value::Number(n)) => n.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
            ("Float", Value::Number(_)) | ("String" | "ID", Value::String(_)) | ("Boolean", Value::Boolean(_)) => true,
            ("ID", Value::Number(n)) => n.is_i64() || n.is_u64(),
            ("DateTime", Value::String(text)) => chrono::DateTime::parse_from_rfc3339(text).is_ok(),
            ("Int" | "Float" | "String" | "Boolean" | "ID" | "DateTime", _) => false,
            (_, value) => match (self.get(name), value) {
                (Some(object), Value::Object(fields)) if object.kind == Kind::InputObject => {
                    return self.object(place, object, fields);
                }
                (Some(words), Value::String(text)) if words.kind == Kind::Enum => words.values.contains(text),
                // An enum's value, where variables were not JSON.
                (Some(words), Value::Enum(text)) if words.kind == Kind::Enum => words.values.contains(text.as_str()),
                (Some(other), Value::String(_)) => other.kind == Kind::Scalar,
                _ => false,
            },
        };
        if is_right { Ok(()) } else { Err(Error::invalid(place, format!("is no {name}"))) }
    }

    fn object(&self, place: &str, object: &shape::Type, fields: &async_graphql::indexmap::IndexMap<Name, Value>) -> Result<()> {
        if let Some(unknown) = fields.keys().find(|f| !object.inputs.contains_key(f.as_str())) {
            let shown: String = unknown.chars().take(50).collect();
            return Err(Error::invalid(place, format!("has no field {shown:?}")));
        }
        if object.is_one_of && (fields.len() != 1 || fields.values().any(|v| *v == Value::Null)) {
            return Err(Error::invalid(place, "must have exactly one field, and that not null"));
        }
        for (name, input) in &object.inputs {
            let place = format!("{place}.{name}");
            match fields.get(name.as_str()) {
                None if matches!(input.shape, Shape::NonNull(_)) && !input.has_default => {
                    return Err(Error::invalid(place, "is required"));
                }
                None => {}
                Some(value) => self.shaped(&place, &input.shape, value)?,
            }
        }
        Ok(())
    }

    fn shaped(&self, place: &str, shape: &Shape, value: &Value) -> Result<()> {
        match (shape, value) {
            (Shape::NonNull(_), Value::Null) => Err(Error::invalid(place, "must not be null")),
            (Shape::NonNull(inner), value) => self.shaped(place, inner, value),
            (_, Value::Null) => Ok(()),
            (Shape::List(inner), Value::List(items)) => {
                items.iter().enumerate().try_for_each(|(i, item)| self.shaped(&format!("{place}[{i}]"), inner, item))
            }
            (Shape::List(inner), value) => self.shaped(place, inner, value),
            (Shape::Named(name), value) => self.named(place, name, value),
        }
    }
}
