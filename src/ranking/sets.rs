//! A table of a fixed size: a key may have any of eight places, and is told among them by half of itself. Whoever needs room takes the
//! place that its owner deems the least. Untouched places cost no memory where they begin as zeros.

/// Places that a key may have.
const WAYS: usize = 8;

/// See the module.
pub struct Sets<T> {
    places: Vec<T>,
    sets: u64,
}

impl<T: Clone + Default> Sets<T> {
    /// With room for `capacity` keys.
    pub fn with_capacity(capacity: usize) -> Self {
        let sets = capacity.div_ceil(WAYS).max(1);
        Self { places: vec![T::default(); sets * WAYS], sets: sets as u64 }
    }

    /// The places that `key` may have, and how it is told there. Keys are evenly spread, as hashes are.
    pub fn of(&mut self, key: u64) -> (&mut [T], u32) {
        let start = usize::try_from(((key >> 32) * self.sets) >> 32).unwrap_or(0) * WAYS;
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let tag = key as u32;
        (&mut self.places[start..start + WAYS], tag)
    }
}
