//! Pictures by id.

use std::sync::Arc;

use super::query::{Param, Query, Row, Texts, any};
use crate::error::Result;
use entity::media::Model as Media;

/// The columns of a picture in order; `m` is the media table.
pub(super) const COLUMNS: &str =
    "m.id, m.url, m.width, m.height, m.alt, m.credit, m.focal_x, m.focal_y, m.dominant_color, m.mime_type";

/// How many columns [`COLUMNS`] names.
pub(super) const WIDTH: usize = 10;

/// A picture from the columns of a row that begin at `at`. What only imports use is left empty.
pub(super) fn decode(row: &Row<'_>, at: usize) -> Result<Arc<Media>> {
    Ok(Arc::new(Media {
        id: row.int(at)?,
        external_id: String::new(),
        url: row.text(at + 1)?,
        width: row.int(at + 2)?,
        height: row.int(at + 3)?,
        alt: row.opt_text(at + 4)?,
        credit: row.opt_text(at + 5)?,
        focal_x: row.opt_real(at + 6)?,
        focal_y: row.opt_real(at + 7)?,
        dominant_color: row.opt_text(at + 8)?,
        mime_type: row.opt_text(at + 9)?,
        import_hash: 0,
    }))
}

/// The pictures with these ids, in any order.
pub fn media_by_id(ids: Vec<i64>) -> Query<Arc<Media>> {
    static SQL: Texts<()> = Texts::new();
    let sql = SQL.of((), |b| format!("SELECT {COLUMNS} FROM media m WHERE {}", any(b, "m.id", 1)));
    Query::new(sql, vec![Param::Ints(ids)], |row| decode(row, 0))
}
