//! The schema's types as its own introspection tells them: what variables, documents and the paths of errors are checked
//! against.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use serde_json::Value as Json;

use super::schema::Schema;
use crate::error::{Error, Result};

const QUESTION: &str = "{ __schema { queryType { name } mutationType { name } types { kind name isOneOf enumValues { name } \
    inputFields { ...Input } fields { name type { ...Type } args { ...Input } } } } } \
    fragment Input on __InputValue { name defaultValue type { ...Type } } \
    fragment Type on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
    ofType { kind name } } } } } } }";

/// A reference to a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Never null.
    NonNull(Box<Shape>),
    /// Many.
    List(Box<Shape>),
    /// A type by its name.
    Named(String),
}

impl Shape {
    /// The name of the type inside.
    pub fn name(&self) -> &str {
        match self {
            Self::NonNull(inner) | Self::List(inner) => inner.name(),
            Self::Named(name) => name,
        }
    }

    /// Whether it is a list, null or not.
    pub fn is_list(&self) -> bool {
        match self {
            Self::NonNull(inner) => inner.is_list(),
            Self::List(_) => true,
            Self::Named(_) => false,
        }
    }
}

/// An argument, or a field of an input object.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its type.
    pub shape: Shape,
    /// Whether it may be left out although its type is not null.
    pub has_default: bool,
}

/// A field of an object or interface.
#[derive(Clone, Debug)]
pub struct Output {
    /// Its type.
    pub shape: Shape,
    /// Its arguments.
    pub arguments: HashMap<String, Input>,
}

/// What kind of type it is, as far as anything depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// With fields.
    Object,
    /// An interface or a union.
    Abstract,
    /// Of fields that are sent.
    InputObject,
    /// One of a few words.
    Enum,
    /// Anything else that has no parts.
    Scalar,
}

/// A type.
#[derive(Clone, Debug)]
pub struct Type {
    /// What kind.
    pub kind: Kind,
    /// Its fields, if it has some.
    pub outputs: HashMap<String, Output>,
    /// Its fields, if it is sent.
    pub inputs: HashMap<String, Input>,
    /// Whether exactly one of these must be there.
    pub is_one_of: bool,
    /// Its words, if it is an enum.
    pub values: HashSet<String>,
}

/// All types of a schema by name.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    types: HashMap<String, Type>,
    /// Names of the roots.
    query: String,
    mutation: String,
    lists: HashSet<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundShape {
    kind: String,
    name: Option<String>,
    of_type: Option<Box<FoundShape>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundType {
    kind: String,
    name: String,
    is_one_of: Option<bool>,
    enum_values: Option<Vec<Named>>,
    input_fields: Option<Vec<FoundInput>>,
    fields: Option<Vec<FoundField>>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FoundInput {
    name: String,
    default_value: Option<String>,
    #[serde(rename = "type")]
    shape: FoundShape,
}

#[derive(Deserialize)]
struct FoundField {
    name: String,
    #[serde(rename = "type")]
    shape: FoundShape,
    args: Vec<FoundInput>,
}

impl From<FoundShape> for Shape {
    fn from(found: FoundShape) -> Self {
        match (found.kind.as_str(), found.of_type) {
            ("NON_NULL", Some(inner)) => Self::NonNull(Box::new((*inner).into())),
            ("LIST", Some(inner)) => Self::List(Box::new((*inner).into())),
            _ => Self::Named(found.name.unwrap_or_default()),
        }
    }
}

fn inputs(found: Vec<FoundInput>) -> HashMap<String, Input> {
    found.into_iter().map(|f| (f.name, Input { shape: f.shape.into(), has_default: f.default_value.is_some() })).collect()
}

impl From<FoundType> for Type {
    fn from(found: FoundType) -> Self {
        let kind = match found.kind.as_str() {
            "OBJECT" => Kind::Object,
            "INTERFACE" | "UNION" => Kind::Abstract,
            "INPUT_OBJECT" => Kind::InputObject,
            "ENUM" => Kind::Enum,
            _ => Kind::Scalar,
        };
        let output = |f: FoundField| (f.name, Output { shape: f.shape.into(), arguments: inputs(f.args) });
        Self {
            kind,
            outputs: found.fields.into_iter().flatten().map(output).collect(),
            inputs: inputs(found.input_fields.unwrap_or_default()),
            is_one_of: found.is_one_of.unwrap_or(false),
            values: found.enum_values.into_iter().flatten().map(|v| v.name).collect(),
        }
    }
}

impl Shapes {
    /// Reads them out of `schema`, which must answer introspection.
    pub async fn of(schema: &Schema) -> Result<Self> {
        let mut data = schema.execute(QUESTION).await.data.into_json().map_err(Error::internal)?;
        let root = |data: &Json, name: &str| data["__schema"][name]["name"].as_str().unwrap_or_default().to_owned();
        let (query, mutation) = (root(&data, "queryType"), root(&data, "mutationType"));
        let found: Vec<FoundType> = serde_json::from_value(data["__schema"]["types"].take()).map_err(Error::internal)?;
        let mut types: HashMap<String, Type> = found.into_iter().map(|t| (t.name.clone(), t.into())).collect();
        let outputs = types.values().flat_map(|t| &t.outputs);
        let lists = outputs.filter(|(_, output)| output.shape.is_list()).map(|(name, _)| name.clone()).collect();
        // The meta-fields are in no answer to introspection (GraphQL specification, §4.1).
        let non_null = |name: &str| Shape::NonNull(Box::new(Shape::Named(name.into())));
        if let Some(root) = types.get_mut(&query) {
            let name = HashMap::from([("name".to_owned(), Input { shape: non_null("String"), has_default: false })]);
            root.outputs.insert("__schema".into(), Output { shape: non_null("__Schema"), arguments: HashMap::new() });
            root.outputs.insert("__type".into(), Output { shape: Shape::Named("__Type".into()), arguments: name });
        }
        Ok(Self { types, query, mutation, lists })
    }

    /// A type.
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name)
    }

    /// The name of the root of queries or of mutations.
    pub fn root(&self, is_mutation: bool) -> &str {
        if is_mutation { &self.mutation } else { &self.query }
    }

    /// Whether a field of this name is a list in some type.
    pub fn is_list(&self, field: &str) -> bool {
        self.lists.contains(field)
    }

    /// The field `name` of the type `parent`.
    pub fn output(&self, parent: &str, name: &str) -> Option<&Output> {
        self.get(parent)?.outputs.get(name)
    }
}
