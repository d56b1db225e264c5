//! Fields of one response key must be able to be one field (§5.3.2): of the same shape wherever they may stand, and the same
//! field with the same arguments where they may stand in one object.
//!
//! Not pair by pair, which takes a document of n equal fields n² steps, but set by set: all fields of one key are compared
//! with the first of them, once for their shape, and once for each object that they can stand in together (the algorithm of
//! S. Zimmerman, "Overlapping fields can be merged fast", 2021).

use std::collections::{HashMap, HashSet};

use async_graphql::parser::types::{ExecutableDocument, Field, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Positioned};

use super::Fault;
use crate::graphql::shape::{Kind, Shape, Shapes};

/// Fields that are looked at before a document is left to the limits, which refuse what is larger, or goes in a circle.
const MOST: usize = 100_000;

/// Levels, for the same reason.
const DEEPEST: usize = 200;

/// A field where it stands: below this type.
#[derive(Clone, Copy)]
struct Place<'a> {
    parent: &'a str,
    field: &'a Positioned<Field>,
}

/// Checks the whole of `operation`.
pub fn check<'a>(
    shapes: &'a Shapes,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    root: &'a str,
) -> Result<(), Fault> {
    let mut merge = Merge { shapes, document, left: MOST };
    let fields = merge.fields([(&operation.selection_set.node, root)]);
    merge.same_shape(&fields, 0)?;
    merge.same_field(&fields, 0)
}

struct Merge<'a> {
    shapes: &'a Shapes,
    document: &'a ExecutableDocument,
    left: usize,
}

/// By response key, in the order of the document.
type Groups<'a> = Vec<Vec<Place<'a>>>;

impl<'a> Merge<'a> {
    /// The fields of `sets` (each below a type), those of their fragments among them, by response key.
    fn fields(&mut self, sets: impl IntoIterator<Item = (&'a SelectionSet, &'a str)>) -> Groups<'a> {
        let mut groups: Groups<'a> = Vec::new();
        let mut numbers: HashMap<&'a Name, usize> = HashMap::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<(&'a SelectionSet, &'a str)> = sets.into_iter().collect();
        stack.reverse();
        while let Some((set, parent)) = stack.pop() {
            for item in &set.items {
                match &item.node {
                    Selection::Field(field) => {
                        self.left = self.left.saturating_sub(1);
                        let number = *numbers.entry(&field.node.response_key().node).or_insert_with(|| {
                            groups.push(Vec::new());
                            groups.len() - 1
                        });
                        groups[number].push(Place { parent, field });
                    }
                    Selection::InlineFragment(fragment) => {
                        let on = fragment.node.type_condition.as_ref().map_or(parent, |c| c.node.on.node.as_str());
                        stack.push((&fragment.node.selection_set.node, on));
                    }
                    Selection::FragmentSpread(spread) => {
                        let name = &spread.node.fragment_name.node;
                        if let Some(fragment) = self.document.fragments.get(name).filter(|_| seen.insert(name)) {
                            stack.push((&fragment.node.selection_set.node, &fragment.node.type_condition.node.on.node));
                        }
                    }
                }
            }
        }
        groups
    }

    fn below(&mut self, group: &[Place<'a>]) -> Groups<'a> {
        let shapes = self.shapes;
        let set = |place: &Place<'a>| {
            let below = shapes.output(place.parent, &place.field.node.name.node)?.shape.name();
            Some((&place.field.node.selection_set.node, below))
        };
        self.fields(group.iter().filter_map(set).collect::<Vec<_>>())
    }

    fn is_over(&self, depth: usize) -> bool {
        self.left == 0 || depth > DEEPEST
    }

    /// All fields of a key have one shape, and so has what is below them.
    fn same_shape(&mut self, groups: &Groups<'a>, depth: usize) -> Result<(), Fault> {
        for group in groups {
            if self.is_over(depth) {
                return Ok(());
            }
            let shape = |place: &Place<'a>| Some(&self.shapes.output(place.parent, &place.field.node.name.node)?.shape);
            let first = group.iter().find_map(shape);
            for place in group {
                if let (Some(first), Some(other)) = (first, shape(place))
                    && !self.agree(first, other)
                {
                    return Err(conflict(group, place, "their types differ"));
                }
            }
            let below = self.below(group);
            self.same_shape(&below, depth + 1)?;
        }
        Ok(())
    }

    /// Whether two types have one shape: lists and nulls alike, and the same scalar or enum, or fields of their own.
    fn agree(&self, one: &Shape, other: &Shape) -> bool {
        match (one, other) {
            (Shape::NonNull(one), Shape::NonNull(other)) | (Shape::List(one), Shape::List(other)) => self.agree(one, other),
            (Shape::Named(one), Shape::Named(other)) => {
                let has_fields =
                    |name: &str| self.shapes.get(name).is_some_and(|t| matches!(t.kind, Kind::Object | Kind::Abstract));
                one == other || (has_fields(one) && has_fields(other))
            }
            _ => false,
        }
    }

    /// All fields of a key that can stand in one object are one field with the same arguments, and so it is below them.
    fn same_field(&mut self, groups: &Groups<'a>, depth: usize) -> Result<(), Fault> {
        for group in groups {
            for together in self.together(group) {
                if self.is_over(depth) {
                    return Ok(());
                }
                let first = together[0];
                for place in &together {
                    if place.field.node.name.node != first.field.node.name.node {
                        return Err(conflict(group, place, "they are different fields"));
                    }
                    if !same_arguments(&place.field.node, &first.field.node) {
                        return Err(conflict(group, place, "their arguments differ"));
                    }
                }
                let below = self.below(&together);
                self.same_field(&below, depth + 1)?;
            }
        }
        Ok(())
    }

    /// The fields of `group` by the objects that they can stand in together: those of an interface stand in each.
    fn together(&self, group: &[Place<'a>]) -> Vec<Vec<Place<'a>>> {
        let is_object = |place: &&Place<'a>| self.shapes.get(place.parent).is_some_and(|t| t.kind == Kind::Object);
        let (concrete, anywhere): (Vec<&Place<'a>>, Vec<&Place<'a>>) = group.iter().partition(is_object);
        let mut parents: Vec<&str> = concrete.iter().map(|place| place.parent).collect();
        parents.sort_unstable();
        parents.dedup();
        if parents.is_empty() {
            return vec![group.to_vec()];
        }
        let of = |parent: &str| concrete.iter().filter(|p| p.parent == parent).chain(&anywhere).map(|p| **p).collect();
        parents.into_iter().map(of).collect()
    }
}

/// The same arguments in any order.
fn same_arguments(one: &Field, other: &Field) -> bool {
    let of =
        |field: &Field, name: &Name| field.arguments.iter().find(|(n, _)| n.node == *name).map(|(_, value)| value.node.clone());
    one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|(name, value)| of(other, &name.node).as_ref() == Some(&value.node))
}

fn conflict(group: &[Place<'_>], place: &Place<'_>, why: &str) -> Fault {
    let key = &group[0].field.node.response_key().node;
    let shown: String = key.chars().take(50).collect();
    Fault::new(place.field.pos, format!("the fields of {shown:?} cannot be one: {why}; give one of them another alias"))
}
