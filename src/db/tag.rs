//! Tags by id, slug or name, for portals that have too many to keep in memory.

use std::sync::Arc;

use super::query::{Param, Query, Row, Texts, any};
use crate::error::Result;
use entity::tag::Model as Tag;

/// How many tags are kept in the catalog; above this they are looked up. A tag is some 150 bytes in memory.
pub const MOST_IN_CATALOG: u64 = 20_000;

fn look_up(column: &'static str, keys: Param) -> Query<Arc<Tag>> {
    static SQL: Texts<&str> = Texts::new();
    let sql = SQL.of(column, |b| format!("SELECT t.id, t.slug, t.name FROM tag t WHERE {}", any(b, column, 1)));
    Query::new(sql, vec![keys], decode)
}

fn decode(row: &Row<'_>) -> Result<Arc<Tag>> {
    Ok(Arc::new(Tag { id: row.int(0)?, external_id: String::new(), slug: row.text(1)?, name: row.text(2)?, import_hash: 0 }))
}

/// The tags with these ids, in any order.
pub fn tags_by_id(ids: Vec<i64>) -> Query<Arc<Tag>> {
    look_up("t.id", Param::Ints(ids))
}

/// The tags with these slugs, in any order.
pub fn tags_by_slug(slugs: Vec<String>) -> Query<Arc<Tag>> {
    look_up("t.slug", Param::texts(slugs))
}

/// The tags with these names, in any order.
pub fn tags_by_name(names: Vec<String>) -> Query<Arc<Tag>> {
    look_up("t.name", Param::texts(names))
}
