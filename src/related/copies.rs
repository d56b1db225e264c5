//! Which articles are one text, more or less: reposts, with a head or a tail cut off, a disclaimer added, some sentences changed.

use crate::error::Result;
use crate::search::Index;
use crate::text::Shingles;

/// A text of which so much stands in another, or the other way round, is the same. Cutting and adding leave nearly 1, changing 30 % of the
/// sentences some 0.6; different articles of one topic have below 0.3. What other values find is shown by `cargo bench --bench reposts`.
const SAME: f64 = 0.6;

/// How many articles are compared with one: the most alike first.
const COMPARED: usize = 32;

/// The articles whose texts may be the same as `text`; `article` itself is not among them.
pub fn suspects(index: &Index, text: &Shingles, article: i64) -> Result<Vec<i64>> {
    let mut found = index.copies(&text.bands(), COMPARED + 1)?;
    found.retain(|other| *other != article);
    found.truncate(COMPARED);
    Ok(found)
}

/// How much of `one` stands in `other`, or the other way round, if that makes them the same.
pub fn same(one: &Shingles, other: &Shingles) -> Option<f64> {
    let likeness = one.likeness(other);
    (likeness >= SAME).then_some(likeness)
}
