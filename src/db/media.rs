//! Pictures by id.

use std::sync::{Arc, LazyLock};

use super::query::{Param, Query, Row, Sql, any};
use crate::error::Result;
use entity::media::Model as Media;

static BY_ID: LazyLock<Arc<Sql>> = LazyLock::new(|| {
    Sql::new(|b| {
        format!(
            "SELECT m.id, m.url, m.width, m.height, m.alt, m.credit, m.focal_x, m.focal_y, m.dominant_color, m.mime_type \
             FROM media m WHERE {}",
            any(b, "m.id", 1)
        )
    })
});

fn decode(row: &Row<'_>) -> Result<Arc<Media>> {
    Ok(Arc::new(Media {
        id: row.int(0)?,
        external_id: String::new(),
        url: row.text(1)?,
        width: row.int(2)?,
        height: row.int(3)?,
        alt: row.opt_text(4)?,
        credit: row.opt_text(5)?,
        focal_x: row.opt_real(6)?,
        focal_y: row.opt_real(7)?,
        dominant_color: row.opt_text(8)?,
        mime_type: row.opt_text(9)?,
        import_hash: 0,
    }))
}

/// The pictures with these ids, in any order. Columns that only imports use are left empty.
pub fn media_by_id(ids: Vec<i64>) -> Query<Arc<Media>> {
    Query::new(&BY_ID, vec![Param::Ints(ids)], decode)
}
