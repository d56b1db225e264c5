//! Paths of errors below lists. An error that nulls what is above it loses, on its way through an element of a list, the
//! fields below that element (the library, 8.0.0-rc.5); its place in the document says which they were. A second list in
//! between hides its index for good: there the path ends at the element that is known.

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{PathSegment, Pos, Positioned, Response};

use super::shape::Shapes;

impl Shapes {
    /// Completes the paths of the errors of `response`, which answers `operation` of `document`.
    pub fn complete_paths(&self, response: &mut Response, operation: &OperationDefinition, document: &ExecutableDocument) {
        for error in &mut response.errors {
            let Some(at) = error.locations.first().filter(|_| !error.path.is_empty()) else { continue };
            let mut reached: Vec<&Positioned<Field>> = Vec::new();
            let mut sets = vec![&operation.selection_set.node];
            for segment in &error.path {
                if let PathSegment::Field(key) = segment {
                    reached = sets
                        .iter()
                        .flat_map(|set| fields(set, document))
                        .filter(|f| f.node.response_key().node == *key)
                        .collect();
                    sets = reached.iter().map(|f| &f.node.selection_set.node).collect();
                }
            }
            if reached.iter().any(|field| field.pos == *at) {
                continue;
            }
            if let Some(rest) = sets.iter().find_map(|set| self.way(set, *at, document)) {
                error.path.extend(rest.into_iter().rev().map(PathSegment::Field));
            }
        }
    }

    /// The keys that lead down from `set` to the field at `at` without crossing a list, last first.
    fn way(&self, set: &SelectionSet, at: Pos, document: &ExecutableDocument) -> Option<Vec<String>> {
        fields(set, document).into_iter().find_map(|field| {
            let key = || field.node.response_key().node.to_string();
            if field.pos == at {
                return Some(vec![key()]);
            }
            if self.is_list(&field.node.name.node) {
                return None;
            }
            let mut way = self.way(&field.node.selection_set.node, at, document)?;
            way.push(key());
            Some(way)
        })
    }
}

/// The fields of `set`, those of its fragments among them.
fn fields<'a>(set: &'a SelectionSet, document: &'a ExecutableDocument) -> Vec<&'a Positioned<Field>> {
    let below = |item: &'a Positioned<Selection>| match &item.node {
        Selection::Field(field) => vec![field],
        Selection::InlineFragment(fragment) => fields(&fragment.node.selection_set.node, document),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.map_or(Vec::new(), |f| fields(&f.node.selection_set.node, document))
        }
    };
    set.items.iter().flat_map(below).collect()
}
