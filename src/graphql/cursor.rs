//! Cursors of connections: opaque, and bound to their list. A cursor carries the sort value and id of its row and a
//! hash of filter and order, so one from another list is a clear error and not a wrong page.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xxhash_rust::xxh3::xxh3_64;

use crate::error::{Error, Result};

/// A place in a list: (sort value, id).
pub type Place = (i64, i64);

/// What a list is, for its cursors: a hash of everything but the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(u32);

impl Cursor {
    /// The cursors of the list that `description` tells apart from all others.
    pub fn of(description: &str) -> Self {
        Self((xxh3_64(description.as_bytes()) >> 32) as u32)
    }

    /// The cursor of a row.
    pub fn encode(self, (value, id): Place) -> String {
        self.encode_numbers([value, id])
    }

    /// As [`Cursor::encode`], of a list in which more than two numbers make a place.
    pub fn encode_numbers<const N: usize>(self, place: [i64; N]) -> String {
        let mut bytes = self.0.to_be_bytes().to_vec();
        bytes.extend(place.iter().flat_map(|number| number.to_be_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place behind the cursor in argument `field`.
    pub fn decode(self, field: &str, text: &str) -> Result<Place> {
        self.decode_numbers(field, text).map(|[value, id]| (value, id))
    }

    /// As [`Cursor::decode`], for [`Cursor::encode_numbers`].
    pub fn decode_numbers<const N: usize>(self, field: &str, text: &str) -> Result<[i64; N]> {
        let length = 4 + 8 * N;
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == length && bytes[..4] == self.0.to_be_bytes() => {
                let number = |at: usize| i64::from_be_bytes(bytes[4 + 8 * at..][..8].try_into().unwrap_or_default());
                Ok(std::array::from_fn(number))
            }
            Ok(bytes) if bytes.len() == length => {
                Err(Error::invalid(field, "is a cursor of a list with another filter or order; start again without it"))
            }
            _ => Err(Error::invalid(field, "is no cursor; use one that an earlier page gave")),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn cursors_come_back(sort in any::<i64>(), id in any::<i64>(), list in ".*") {
            let cursor = Cursor::of(&list);
            prop_assert_eq!(cursor.decode("after", &cursor.encode((sort, id))).ok(), Some((sort, id)));
        }

        #[test]
        fn foreign_cursors_are_refused(sort in any::<i64>(), id in any::<i64>()) {
            let text = Cursor::of("site NEWEST").encode((sort, id));
            prop_assert!(Cursor::of("site MOST_READ").decode("after", &text).is_err());
            prop_assert!(Cursor::of("site NEWEST").decode("after", &text[1..]).is_err());
        }
    }
}
