//! What several benches need.

/// A small generator of numbers (xorshift64*, Vigna 2016), the same each time.
pub struct Dice(pub u64);

impl Dice {
    /// The next number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap_or(0) % limit.max(1)
    }
}

/// A setting of the bench.
pub fn setting(name: &str, default: &str) -> String {
    std::env::vars().find(|(own, _)| own == name).map_or_else(|| default.to_owned(), |(_, value)| value)
}
