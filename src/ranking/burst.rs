//! How much one source may send: a bucket of tokens for each key that fills up with time, in a table of a fixed size.

use super::sets::Sets;

#[derive(Clone, Copy, Default)]
struct Bucket {
    tag: u32,
    /// When the tokens were counted, in seconds since 1970; 0: free.
    at: u32,
    tokens: f32,
}

/// Buckets of tokens.
pub struct Bursts {
    buckets: Sets<Bucket>,
    most: f32,
    per_second: f32,
}

impl Bursts {
    /// Buckets that hold `most` tokens and fill up by `per_minute`; room for `capacity` of them, of 12 bytes each.
    pub fn new(capacity: usize, most: u16, per_minute: u16) -> Self {
        Self { buckets: Sets::with_capacity(capacity), most: f32::from(most), per_second: f32::from(per_minute) / 60.0 }
    }

    /// Whether `key` has a token left at `now` (seconds since 1970).
    pub fn has(&mut self, key: u64, now: u32) -> bool {
        self.bucket(key, now).tokens >= 1.0
    }

    /// Takes one from `key`.
    pub fn take(&mut self, key: u64, now: u32) {
        self.bucket(key, now).tokens -= 1.0;
    }

    /// The bucket of `key` as it is at `now`. A clock that is set back fills nothing and takes nothing.
    fn bucket(&mut self, key: u64, now: u32) -> &mut Bucket {
        let (most, per_second) = (self.most, self.per_second);
        let (set, tag) = self.buckets.of(key);
        let known = set.iter().position(|bucket| bucket.at != 0 && bucket.tag == tag);
        let place = known.unwrap_or_else(|| {
            // Whoever was quiet for longest has a full bucket by now.
            let oldest = set.iter().enumerate().min_by_key(|(_, bucket)| bucket.at).map_or(0, |(place, _)| place);
            set[oldest] = Bucket { tag, at: now.max(1), tokens: most };
            oldest
        });
        let bucket = &mut set[place];
        if now > bucket.at {
            #[expect(clippy::cast_precision_loss, reason = "after minutes the bucket is full")]
            let quiet = (now - bucket.at) as f32;
            bucket.tokens = (bucket.tokens + quiet * per_second).min(most);
            bucket.at = now;
        }
        bucket
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_its_share_and_others_keep_theirs() {
        let mut bursts = Bursts::new(100, 3, 60);
        let now = 1_800_000_000;
        let mut take = |key: u64, now: u32| {
            let has = bursts.has(key << 20, now);
            if has {
                bursts.take(key << 20, now);
            }
            has
        };
        let taken: Vec<bool> = (0..5).map(|_| take(1, now)).collect();
        assert_eq!(taken, [true, true, true, false, false]);
        assert!(take(2, now), "another one's is full");
        assert!(take(1, now + 1) && !take(1, now + 1), "one a second");
        assert!(!take(1, now - 1_000), "a clock that is set back fills nothing");
        let later: Vec<bool> = (0..4).map(|_| take(1, now + 1_000)).collect();
        assert_eq!(later, [true, true, true, false], "no more than it holds");
    }
}
