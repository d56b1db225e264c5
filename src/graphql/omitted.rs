//! An argument whose variable was not sent and has no default counts as not written (GraphQL specification, §6.4.1), so
//! that the argument's own default holds. The library (8.0.0-rc.5) takes it for null, which most arguments refuse, and
//! clients leave out what they do not set. Inside lists and input objects the library does it right.

use std::collections::HashSet;

use async_graphql::parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned, Variables};
use async_graphql_value::Value as Literal;

type Arguments = Vec<(Positioned<Name>, Positioned<Literal>)>;

/// `document` without the arguments that count as not written for `operation`; nothing if all count.
pub fn without_omitted(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &Variables,
) -> Option<ExecutableDocument> {
    let is_unsent = |name: &Name| !variables.contains_key(name);
    let definitions = operation.variable_definitions.iter().map(|d| &d.node).filter(|d| d.default_value.is_none());
    let unsent: HashSet<Name> = definitions.map(|d| d.name.node.clone()).filter(is_unsent).collect();
    if unsent.is_empty() {
        return None;
    }
    let mut document = document.clone();
    let used_before = variables_used(&mut document);
    let is_omitted = |value: &Literal| matches!(value, Literal::Variable(name) if unsent.contains(name));
    visit_document(&mut document, &mut |arguments| arguments.retain(|(_, value)| !is_omitted(&value.node)));
    // A variable that nothing uses any more would be an error of the document.
    let used = variables_used(&mut document);
    let is_idle = |name: &Name| unsent.contains(name) && used_before.contains(name) && !used.contains(name);
    for operation in operations(&mut document) {
        operation.variable_definitions.retain(|d| !is_idle(&d.node.name.node));
    }
    Some(document)
}

fn variables_used(document: &mut ExecutableDocument) -> HashSet<Name> {
    let mut used = HashSet::new();
    visit_document(document, &mut |arguments| arguments.iter().for_each(|(_, value)| names(&value.node, &mut used)));
    used
}

fn operations(document: &mut ExecutableDocument) -> Vec<&mut OperationDefinition> {
    match &mut document.operations {
        DocumentOperations::Single(operation) => vec![&mut operation.node],
        DocumentOperations::Multiple(operations) => operations.values_mut().map(|o| &mut o.node).collect(),
    }
}

fn visit_document(document: &mut ExecutableDocument, visit: &mut impl FnMut(&mut Arguments)) {
    for operation in operations(document) {
        visit_set(&mut operation.selection_set.node, visit);
    }
    for fragment in document.fragments.values_mut() {
        visit_set(&mut fragment.node.selection_set.node, visit);
    }
}

fn visit_set(set: &mut SelectionSet, visit: &mut impl FnMut(&mut Arguments)) {
    for item in &mut set.items {
        let directives = match &mut item.node {
            Selection::Field(field) => {
                visit(&mut field.node.arguments);
                visit_set(&mut field.node.selection_set.node, visit);
                &mut field.node.directives
            }
            Selection::InlineFragment(fragment) => {
                visit_set(&mut fragment.node.selection_set.node, visit);
                &mut fragment.node.directives
            }
            Selection::FragmentSpread(spread) => &mut spread.node.directives,
        };
        for directive in directives {
            visit(&mut directive.node.arguments);
        }
    }
}

/// The variables in `value`.
fn names(value: &Literal, found: &mut HashSet<Name>) {
    match value {
        Literal::Variable(name) => drop(found.insert(name.clone())),
        Literal::List(items) => items.iter().for_each(|item| names(item, found)),
        Literal::Object(fields) => fields.values().for_each(|field| names(field, found)),
        _ => {}
    }
}
