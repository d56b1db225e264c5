//! Who has seen what: whether a visitor has read an article within half an hour, in a table of a fixed size.
//!
//! A place holds half of the fingerprint of a key and its half hour, and a second; which eight places it may have is in the other half. A new key
//! takes the place of the oldest of its eight, so that memory stays what it is: only where eight others of the last half hour
//! compete for one set is somebody counted twice, which at half of the capacity happens to one in fifty, at a tenth to nobody.

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::sets::Sets;

/// A visitor counts once per article within this many seconds.
const ONCE_SECS: u32 = 30 * 60;

/// See the module. A place: the tag in its upper half, seconds since 1970 in its lower; 0: free.
pub struct Seen(Sets<u64>);

/// The second of a place.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
fn second(place: u64) -> u32 {
    place as u32
}

impl Seen {
    /// With room for `capacity` views, of 8 bytes each.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Sets::with_capacity(capacity))
    }

    /// The places that `key` may have in half hour number `slot`, and how it is told there. Half hours of one key lie apart.
    fn set(&mut self, key: u64, slot: u32) -> (&mut [u64], u64) {
        let (set, tag) = self.0.of(xxh3_64_with_seed(&slot.to_le_bytes(), key));
        (set, u64::from(tag))
    }

    /// Whether `key` was seen within half an hour of `at` (seconds since 1970), before or after.
    pub fn knows(&mut self, key: u64, at: u32) -> bool {
        let slot = at / ONCE_SECS;
        [slot, slot.wrapping_sub(1), slot.wrapping_add(1)].into_iter().any(|slot| {
            let (set, tag) = self.set(key, slot);
            set.iter().any(|place| second(*place) != 0 && *place >> 32 == tag && second(*place).abs_diff(at) < ONCE_SECS)
        })
    }

    /// Remembers `key` at `at`.
    pub fn remember(&mut self, key: u64, at: u32) {
        let (set, tag) = self.set(key, at / ONCE_SECS);
        if let Some(oldest) = set.iter_mut().min_by_key(|place| second(**place)) {
            *oldest = tag << 32 | u64::from(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    fn key(number: u32) -> u64 {
        xxh3_64(&number.to_le_bytes())
    }

    #[test]
    fn once_in_half_an_hour_whatever_the_order() {
        let mut seen = Seen::with_capacity(1_000);
        let now = 1_800_000_000;
        assert!(!seen.knows(key(1), now));
        seen.remember(key(1), now);
        for at in [now - 1_799, now, now + 1_799] {
            assert!(seen.knows(key(1), at));
        }
        for at in [now - 1_800, now + 1_800] {
            assert!(!seen.knows(key(1), at));
        }
        assert!(!seen.knows(key(2), now));
        // What came late, and what came again, is known beside it.
        seen.remember(key(1), now - 7_200);
        assert!(seen.knows(key(1), now - 7_200) && seen.knows(key(1), now));
        // A day of one visitor's half hours fits beside each other.
        (0..48).for_each(|n| seen.remember(key(3), now - 1_800 * n));
        assert!((0..48).all(|n| seen.knows(key(3), now - 1_800 * n)));
    }

    #[test]
    fn the_oldest_make_room_and_few_are_lost_before_that() {
        let mut seen = Seen::with_capacity(100_000);
        let now = 1_800_000_000;
        let count = |seen: &mut Seen, keys: std::ops::Range<u32>, at: u32| keys.filter(|k| seen.knows(key(*k), at)).count();
        (0..10_000).for_each(|k| seen.remember(key(k), now));
        assert_eq!(count(&mut seen, 0..10_000, now), 10_000, "a tenth full, nobody is lost");
        (10_000..50_000).for_each(|k| seen.remember(key(k), now));
        assert!(count(&mut seen, 0..50_000, now) > 49_000, "half full, fewer than one in fifty");
        (100_000..300_000).for_each(|k| seen.remember(key(k), now + 4_000));
        assert!(count(&mut seen, 0..50_000, now) < 500, "the oldest go first");
        assert!(count(&mut seen, 400_000..500_000, now + 4_000) < 5, "and strangers are not taken for known");
    }
}
