//! Views that fade: each counts half as much after each half-life. Kept as a sum that is never rewritten to fade: every view weighs
//! 2^(its time / half-life), which grows with time instead (forward decay), and only the ratio to now is ever shown. The sum is a
//! number below a power of two that is a whole one, so that moving on to a later power is exact and nothing overflows.

/// Half-life in seconds: what was read in the morning counts half at noon.
pub const HALF_LIFE_SECS: i64 = 6 * 3_600;

/// A sum of views that fade.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Weight {
    /// The sum as of half-life number `at`.
    pub value: f64,
    /// Half-lives since 1970.
    pub at: i64,
}

#[expect(clippy::cast_precision_loss, reason = "seconds within a half-life, and half-lives since 1970, are far below 2^53")]
fn exact(number: i64) -> f64 {
    number as f64
}

impl Weight {
    /// As it is, but as of `secs` (seconds since 1970) if it is of later: a clock was ahead then, and time has not come so far.
    #[must_use]
    pub fn no_later(self, secs: i64) -> Self {
        Self { at: self.at.min(secs.div_euclid(HALF_LIFE_SECS)), ..self }
    }

    /// With `count` views more at `secs` (seconds since 1970).
    #[must_use]
    pub fn with(self, count: i64, secs: i64) -> Self {
        let at = secs.div_euclid(HALF_LIFE_SECS);
        let base = if self.value > 0.0 { self.at.max(at) } else { at };
        let kept = self.value * power(self.at - base);
        let since = exact(secs - base * HALF_LIFE_SECS) / exact(HALF_LIFE_SECS);
        Self { value: kept + exact(count) * since.exp2(), at: base }
    }

    #[cfg(test)]
    /// How many views it is worth at `secs` (seconds since 1970).
    pub fn at(self, secs: i64) -> f64 {
        let since = exact(secs - self.at * HALF_LIFE_SECS) / exact(HALF_LIFE_SECS);
        self.value * (-since).exp2()
    }

    /// A number that orders weights at any time: the logarithm of the sum to the base of two, in units of 2^-40; 0 for nothing.
    pub fn score(self) -> u64 {
        if self.value <= 0.0 {
            return 0;
        }
        #[expect(clippy::cast_possible_truncation, reason = "positive, and below 2^57 for ages")]
        let fraction = (self.value.log2() * UNIT).round() as i64;
        u64::try_from((self.at << 40) + fraction).unwrap_or(0)
    }
}

/// 2^40.
const UNIT: f64 = 1_099_511_627_776.0;

/// What a [`Weight::score`] is worth at `secs` (seconds since 1970).
pub fn worth(score: u64, secs: i64) -> f64 {
    let whole = i64::try_from(score >> 40).unwrap_or(i64::MAX);
    let fraction = exact(i64::try_from(score & ((1 << 40) - 1)).unwrap_or(0)) / UNIT;
    let since = exact(secs - whole * HALF_LIFE_SECS) / exact(HALF_LIFE_SECS);
    (fraction - since).exp2()
}

/// 2^`exponent`, exactly; 0 where that is too small to count.
fn power(exponent: i64) -> f64 {
    i32::try_from(exponent).map_or(0.0, |exponent| 2_f64.powi(exponent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_fade_by_half_and_their_order_stays() {
        let begin = 1_800_000_000;
        let weight = Weight::default().with(8, begin);
        for (later, worth) in [(0, 8.0), (HALF_LIFE_SECS, 4.0), (3 * HALF_LIFE_SECS, 1.0)] {
            assert!((weight.at(begin + later) - worth).abs() < 1e-12);
            assert!((super::worth(weight.score(), begin + later) - worth).abs() < 1e-9 * worth);
        }
        // A thousand old views are worth as much as one of ten half-lives later, and a little less.
        let old = Weight::default().with(1_000, begin);
        let new = Weight::default().with(1, begin + 10 * HALF_LIFE_SECS);
        assert!(new.score() > old.score());
        assert_eq!(Weight::default().score(), 0);
    }

    #[test]
    fn the_sum_is_that_of_each_view_whatever_the_order() {
        let begin = 1_800_000_000_i64;
        let times: Vec<i64> = (0..20_000).map(|n| begin + (n * 7_919) % (30 * 24 * 3_600)).collect();
        let end = begin + 30 * 24 * 3_600;
        let sum = times.iter().fold(Weight::default(), |weight, at| weight.with(1, *at));
        let each: f64 = times.iter().map(|at| (-(exact(end - at) / exact(HALF_LIFE_SECS))).exp2()).sum();
        assert!((sum.at(end) / each - 1.0).abs() < 1e-12, "{} {each}", sum.at(end));
        assert!((worth(sum.score(), end) / each - 1.0).abs() < 1e-9);
    }
}
