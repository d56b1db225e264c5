//! What an operation may ask for, decided before it runs: depth, fields after fragments are expanded, aliases,
//! directives, and an estimated cost from the list sizes asked for. Works on the parsed document alone and visits each
//! fragment once, so a document that would expand to billions of fields is refused in the time it takes to read it.

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{
    Directive, ExecutableDocument, Field, FragmentDefinition, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Name, Positioned, Value, Variables};
use async_graphql_value::Value as Literal;

use crate::error::{Error, Result};

/// What an operation asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Levels of fields.
    pub depth: u64,
    /// Fields, fragments expanded.
    pub fields: u64,
    /// Aliases, fragments expanded.
    pub aliases: u64,
    /// Directives, fragments expanded.
    pub directives: u64,
    /// Estimated fields of the answer: each field once for every row it may stand in.
    pub cost: u64,
    /// The part of the cost that stands in rows whose number is not known yet.
    per_row: u64,
    /// Whether it asks for the schema.
    pub is_introspection: bool,
    /// Whether it asks for the schema alone.
    pub is_about_schema: bool,
}

/// The most of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "as in `Measure`")]
pub struct Limits {
    pub depth: u64,
    pub fields: u64,
    pub aliases: u64,
    pub directives: u64,
    pub cost: u64,
}

/// Rows of a list whose size the client cannot ask for: what portals have, rather more than less.
const LISTS: &[(&str, u64)] = &[
    ("articles", 20),
    ("attachments", 5),
    ("authors", 3),
    ("blocks", 50),
    ("breadcrumbs", 4),
    ("channels", 20),
    ("children", 10),
    ("gallery", 10),
    ("history", 24),
    ("items", 10),
    ("duplicates", 4),
    ("fetchedBy", 10),
    ("navigation", 10),
    ("pages", 8),
    ("path", 4),
    ("placement", 10),
    ("placementSlots", 20),
    ("ranking", 10),
    ("related", 8),
    ("reposts", 10),
    ("search", 20),
    ("searchWords", 100),
    ("sensitiveWords", 100),
    ("sources", 50),
    ("suggest", 10),
    ("surfaces", 6),
    ("tags", 5),
    ("topics", 5),
    ("trending", 10),
    ("viewHistory", 24),
];

/// Fields that hold a page of rows beside other fields: only what stands in their rows is multiplied.
const PAGED: &[&str] = &["articles", "ranking", "search", "trending", "placement"];

/// Fields of those that hold the rows.
const ROWS: &[&str] = &["edges", "nodes", "entries", "items"];

/// Fields that read a whole text or count a whole list.
const DEAR: &[(&str, u64)] = &[("body", 10), ("snippet", 10), ("totalCount", 50)];

/// How deep fragments may stand in fragments: guards the stack, here and in the validator.
const MAX_FRAGMENT_DEPTH: usize = 64;

struct Walk<'a> {
    fragments: &'a HashMap<Name, Positioned<FragmentDefinition>>,
    operation: &'a OperationDefinition,
    variables: &'a Variables,
    known: HashMap<&'a Name, Measure>,
    open: HashSet<&'a Name>,
}

/// Measures `operation`, one of those in `document`. Fragments that contain themselves are an error.
pub fn measure(document: &ExecutableDocument, operation: &OperationDefinition, variables: &Variables) -> Result<Measure> {
    let mut walk = Walk { fragments: &document.fragments, operation, variables, known: HashMap::new(), open: HashSet::new() };
    let mut total = walk.set(&operation.selection_set.node, None)?;
    total.cost = total.whole();
    total.per_row = 0;
    total.directives = total.directives.saturating_add(operation.directives.len() as u64);
    total.is_about_schema = is_about_schema(&document.fragments, &operation.selection_set.node);
    Ok(total)
}

/// Whether `set`, of fields of the root, asks for the schema and nothing else. No fragment contains itself.
fn is_about_schema(fragments: &HashMap<Name, Positioned<FragmentDefinition>>, set: &SelectionSet) -> bool {
    set.items.iter().all(|selection| match &selection.node {
        Selection::Field(field) => matches!(field.node.name.node.as_str(), "__schema" | "__type" | "__typename"),
        Selection::InlineFragment(inline) => is_about_schema(fragments, &inline.node.selection_set.node),
        Selection::FragmentSpread(spread) => fragments
            .get(&spread.node.fragment_name.node)
            .is_some_and(|fragment| is_about_schema(fragments, &fragment.node.selection_set.node)),
    })
}

/// Rows of a page that stands under none of the known fields.
const UNKNOWN_ROWS: u64 = 10;

impl Measure {
    fn whole(&self) -> u64 {
        self.cost.saturating_add(self.per_row.saturating_mul(UNKNOWN_ROWS))
    }
}

impl Limits {
    /// Refuses a measure beyond the limits, naming what is too much.
    pub fn check(&self, measure: &Measure) -> Result<()> {
        let parts = [
            ("levels of fields", measure.depth, self.depth),
            ("fields", measure.fields, self.fields),
            ("aliases", measure.aliases, self.aliases),
            ("directives", measure.directives, self.directives),
            ("points of estimated cost", measure.cost, self.cost),
        ];
        let over = parts.into_iter().find(|(_, asked, most)| asked > most);
        over.map_or(Ok(()), |(what, asked, most)| {
            let message = format!("the operation has {asked} {what}, more than {most}; ask for less or split it");
            Err(Error::TooLarge(message))
        })
    }
}

impl<'a> Walk<'a> {
    /// `parent` is the field that the set belongs to.
    fn set(&mut self, set: &'a SelectionSet, parent: Option<&'a Field>) -> Result<Measure> {
        let mut total = Measure::default();
        for selection in &set.items {
            let part = match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent)?,
                Selection::InlineFragment(inline) => {
                    let inner = self.set(&inline.node.selection_set.node, parent)?;
                    with_directives(inner, &inline.node.directives)
                }
                Selection::FragmentSpread(spread) => {
                    let inner = self.fragment(&spread.node.fragment_name.node)?;
                    with_directives(inner, &spread.node.directives)
                }
            };
            total = add(total, part);
        }
        Ok(total)
    }

    fn fragment(&mut self, name: &'a Name) -> Result<Measure> {
        if let Some(known) = self.known.get(name) {
            return Ok(*known);
        }
        // An unknown fragment is the validator's to refuse.
        let Some(fragment) = self.fragments.get(name) else { return Ok(Measure::default()) };
        if self.open.len() >= MAX_FRAGMENT_DEPTH {
            return Err(Error::TooLarge(format!("fragments stand in fragments more than {MAX_FRAGMENT_DEPTH} deep")));
        }
        if !self.open.insert(name) {
            return Err(Error::invalid("query", format!("the fragment {name} contains itself")));
        }
        let measure = self.set(&fragment.node.selection_set.node, None)?;
        let measure = with_directives(measure, &fragment.node.directives);
        self.open.remove(name);
        self.known.insert(name, measure);
        Ok(measure)
    }

    fn field(&mut self, field: &'a Field, parent: Option<&'a Field>) -> Result<Measure> {
        let inner = self.set(&field.selection_set.node, Some(field))?;
        let name = field.name.node.as_str();
        let own = DEAR.iter().find(|(n, _)| *n == name).map_or(1, |(_, cost)| *cost);
        let is_navigation = parent.is_some_and(|p| matches!(p.name.node.as_str(), "navigation" | "items"));
        // The field of the root that is called as rows are takes ids, and they none.
        let is_rows = ROWS.contains(&name) && field.get_argument("ids").is_none();
        let (cost, per_row) = if is_rows && !is_navigation {
            // What is below stands once for each row; how many there are is known one field further up.
            (own, inner.cost.saturating_add(inner.per_row))
        } else if PAGED.contains(&name) {
            (own.saturating_add(inner.cost).saturating_add(inner.per_row.saturating_mul(self.rows(field))), 0)
        } else {
            (own.saturating_add(inner.whole().saturating_mul(self.rows(field))), 0)
        };
        Ok(Measure {
            depth: inner.depth.saturating_add(1),
            fields: inner.fields.saturating_add(1),
            aliases: inner.aliases.saturating_add(u64::from(field.alias.is_some())),
            directives: inner.directives.saturating_add(field.directives.len() as u64),
            cost,
            per_row,
            is_introspection: inner.is_introspection || matches!(name, "__schema" | "__type"),
            is_about_schema: false,
        })
    }

    /// How many rows the field stands for.
    fn rows(&self, field: &Field) -> u64 {
        let name = field.name.node.as_str();
        if field.selection_set.node.items.is_empty() {
            return 1;
        }
        for argument in ["first", "last"] {
            if let Some(size) = self.number(field, argument) {
                return size;
            }
        }
        if let Some(count) = self.count(field, "ids") {
            return count;
        }
        LISTS.iter().find(|(n, _)| *n == name).map_or(1, |(_, rows)| *rows)
    }

    fn number(&self, field: &Field, argument: &str) -> Option<u64> {
        match self.argument(field, argument)? {
            Value::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    fn count(&self, field: &Field, argument: &str) -> Option<u64> {
        match &field.get_argument(argument)?.node {
            Literal::List(list) => Some(list.len() as u64),
            _ => match self.argument(field, argument)? {
                Value::List(list) => Some(list.len() as u64),
                _ => None,
            },
        }
    }

    /// An argument's value: as written, from the variables, or the variable's default.
    fn argument(&self, field: &Field, argument: &str) -> Option<Value> {
        match &field.get_argument(argument)?.node {
            Literal::Variable(name) => self.variables.get(name).cloned().or_else(|| {
                let definitions = &self.operation.variable_definitions;
                let definition = definitions.iter().find(|d| d.node.name.node == *name)?;
                definition.node.default_value.as_ref().map(|value| value.node.clone())
            }),
            literal => literal.clone().into_const(),
        }
    }
}

fn add(a: Measure, b: Measure) -> Measure {
    Measure {
        depth: a.depth.max(b.depth),
        fields: a.fields.saturating_add(b.fields),
        aliases: a.aliases.saturating_add(b.aliases),
        directives: a.directives.saturating_add(b.directives),
        cost: a.cost.saturating_add(b.cost),
        per_row: a.per_row.saturating_add(b.per_row),
        is_introspection: a.is_introspection || b.is_introspection,
        is_about_schema: false,
    }
}

fn with_directives(measure: Measure, directives: &[Positioned<Directive>]) -> Measure {
    Measure { directives: measure.directives.saturating_add(directives.len() as u64), ..measure }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn measured(text: &str, variables: serde_json::Value) -> Result<Measure> {
        let document = parse_query(text).expect("the test's document parses");
        let (_, operation) = document.operations.iter().next().expect("it has an operation");
        measure(&document, &operation.node, &Variables::from_json(variables))
    }

    #[test]
    fn rows_multiply_what_stands_in_them() {
        let cost = |text: &str, variables| measured(text, variables).expect("fine").cost;
        let one = measured("{ articles(first: 10) { nodes { id title } } }", serde_json::json!({})).expect("fine");
        assert_eq!((one.depth, one.fields, one.cost), (3, 4, 1 + 1 + 10 * 2));
        assert_eq!(cost("query($n: Int) { articles(first: $n) { nodes { id title } } }", serde_json::json!({"n": 10})), 22);
        assert_eq!(cost("query($n: Int = 10) { articles(first: $n) { nodes { id title } } }", serde_json::json!({})), 22);
        let nested = "{ channels(ids: [1,2]) { articles(first: 10) { totalCount nodes { id } } } }";
        assert_eq!(cost(nested, serde_json::json!({})), 1 + 2 * (1 + 50 + 1 + 10));
        // A fragment costs what it would cost where it stands.
        let spread = "{ placement(first: 6) { ...p } } fragment p on Placement { items { article { id } } }";
        assert_eq!(
            cost(spread, serde_json::json!({})),
            cost("{ placement(first: 6) { items { article { id } } } }", serde_json::json!({}))
        );
    }

    #[test]
    fn a_billion_laughs_is_counted_not_expanded() {
        let mut text = String::from("{ ...f0 }");
        for i in 0..50 {
            text = format!("{text} fragment f{i} on Query {{ ...f{} ...f{} }}", i + 1, i + 1);
        }
        text += " fragment f50 on Query { site { id } }";
        assert_eq!(measured(&text, serde_json::json!({})).expect("fine").fields, 2_u64.pow(51));
    }

    #[test]
    fn fragments_in_a_circle_or_a_long_chain_are_refused() {
        assert!(measured("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", serde_json::json!({})).is_err());
        let mut text = String::from("{ ...f0 }");
        for i in 0..2_000 {
            text = format!("{text} fragment f{i} on Query {{ ...f{} }}", i + 1);
        }
        assert!(matches!(measured(&text, serde_json::json!({})), Err(Error::TooLarge(_))));
    }
}
