//! Variables are coerced before anything runs (GraphQL specification, §6.1.2). The library checks many of them only where
//! a resolver reads them, which would make a wrong variable look like a failed field; here they are checked against the
//! schema's own input types. `URL` and `HTML` are text.

use std::collections::{HashMap, HashSet};

use async_graphql::Value;
use async_graphql::parser::types::{BaseType, OperationDefinition, Type};
use async_graphql::{Name, Variables};
use serde::Deserialize;

use super::schema::Schema;
use crate::error::{Error, Result};

const QUESTION: &str = "{ __schema { types { kind name isOneOf enumValues { name } inputFields { name defaultValue \
    type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

/// The schema's enums and input objects.
#[derive(Debug, Default)]
pub struct Inputs {
    enums: HashMap<String, HashSet<String>>,
    objects: HashMap<String, Object>,
}

#[derive(Debug)]
struct Object {
    is_one_of: bool,
    fields: HashMap<String, (Shape, bool)>,
}

/// A type reference of introspection.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<Shape>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    name: String,
    is_one_of: Option<bool>,
    enum_values: Option<Vec<Named>>,
    input_fields: Option<Vec<FoundField>>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundField {
    name: String,
    default_value: Option<String>,
    #[serde(rename = "type")]
    shape: Shape,
}

impl Inputs {
    /// Reads them out of `schema`, which must answer introspection.
    pub async fn of(schema: &Schema) -> Result<Self> {
        let answer = schema.execute(QUESTION).await;
        let mut data = answer.data.into_json().map_err(Error::internal)?;
        let types: Vec<Found> = serde_json::from_value(data["__schema"]["types"].take()).map_err(Error::internal)?;
        let mut inputs = Self::default();
        for found in types {
            if let Some(values) = found.enum_values {
                inputs.enums.insert(found.name.clone(), values.into_iter().map(|v| v.name).collect());
            }
            if let Some(fields) = found.input_fields.filter(|f| !f.is_empty()) {
                let fields = fields.into_iter().map(|f| (f.name, (f.shape, f.default_value.is_some()))).collect();
                inputs.objects.insert(found.name, Object { is_one_of: found.is_one_of.unwrap_or(false), fields });
            }
        }
        Ok(inputs)
    }

    /// Refuses `variables` that `operation` cannot take, naming the place.
    pub fn check(&self, operation: &OperationDefinition, variables: &Variables) -> Result<()> {
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
            (_, Value::Object(fields)) => match self.objects.get(name) {
                Some(object) => return self.object(place, object, fields),
                None => false,
            },
            (_, Value::String(text)) => match self.enums.get(name) {
                Some(values) => values.contains(text),
                None => !self.objects.contains_key(name),
            },
            // An enum's value, where variables were not JSON.
            (_, Value::Enum(text)) => self.enums.get(name).is_some_and(|values| values.contains(text.as_str())),
            _ => false,
        };
        if is_right { Ok(()) } else { Err(Error::invalid(place, format!("is no {name}"))) }
    }

    fn object(&self, place: &str, object: &Object, fields: &async_graphql::indexmap::IndexMap<Name, Value>) -> Result<()> {
        if let Some(unknown) = fields.keys().find(|f| !object.fields.contains_key(f.as_str())) {
            let shown: String = unknown.chars().take(50).collect();
            return Err(Error::invalid(place, format!("has no field {shown:?}")));
        }
        if object.is_one_of && (fields.len() != 1 || fields.values().any(|v| *v == Value::Null)) {
            return Err(Error::invalid(place, "must have exactly one field, and that not null"));
        }
        for (name, (shape, has_default)) in &object.fields {
            let place = format!("{place}.{name}");
            match fields.get(name.as_str()) {
                None if shape.kind == "NON_NULL" && !has_default => return Err(Error::invalid(place, "is required")),
                None => {}
                Some(value) => self.shaped(&place, shape, value)?,
            }
        }
        Ok(())
    }

    fn shaped(&self, place: &str, shape: &Shape, value: &Value) -> Result<()> {
        let inner = shape.of_type.as_deref();
        match (shape.kind.as_str(), value, inner) {
            ("NON_NULL", Value::Null, _) => Err(Error::invalid(place, "must not be null")),
            ("NON_NULL", value, Some(inner)) => self.shaped(place, inner, value),
            (_, Value::Null, _) => Ok(()),
            ("LIST", Value::List(items), Some(inner)) => {
                items.iter().enumerate().try_for_each(|(i, item)| self.shaped(&format!("{place}[{i}]"), inner, item))
            }
            ("LIST", value, Some(inner)) => self.shaped(place, inner, value),
            _ => self.named(place, shape.name.as_deref().unwrap_or_default(), value),
        }
    }
}
