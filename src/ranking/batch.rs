//! Views on their way into the database: gathered for a moment, kept as one row. Packed, little endian: how many (u32), then
//! each article (i64), second since 1970 (u32) and key (u64) of what counts; how many (u32), then article (i64), reason (u8) and
//! number (u32) of what does not.

use crate::error::{Error, Result};

/// Why a view does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Exclusion {
    /// The agent is a robot's, or none.
    Robot,
    /// A browser has fetched it ahead, and nobody may ever read it.
    Prefetch,
    /// The same visitor has read it within half an hour.
    Repeat,
    /// Its network sends more than readers would.
    Burst,
}

impl Exclusion {
    /// All, by their number.
    pub const ALL: [Self; 4] = [Self::Robot, Self::Prefetch, Self::Repeat, Self::Burst];

    /// The number in the database.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The reason of that number.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Stands for every article where floods are counted.
pub const ANY_ARTICLE: i64 = 0;

/// A view that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Of what.
    pub article: i64,
    /// When, in seconds since 1970.
    pub at: u32,
    /// By whom, as far as that can be told for a day.
    pub key: u64,
}

/// What came in one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// What counts.
    pub views: Vec<View>,
    /// What does not: article, reason, number.
    pub excluded: Vec<(i64, Exclusion, u32)>,
}

impl Batch {
    /// As it is kept.
    pub fn pack(&self) -> Vec<u8> {
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes();
        let mut bytes = Vec::with_capacity(8 + self.views.len() * 20 + self.excluded.len() * 13);
        bytes.extend_from_slice(&count(self.views.len()));
        for view in &self.views {
            bytes.extend_from_slice(&view.article.to_le_bytes());
            bytes.extend_from_slice(&view.at.to_le_bytes());
            bytes.extend_from_slice(&view.key.to_le_bytes());
        }
        bytes.extend_from_slice(&count(self.excluded.len()));
        for (article, reason, number) in &self.excluded {
            bytes.extend_from_slice(&article.to_le_bytes());
            bytes.push(reason.code());
            bytes.extend_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// What `bytes` keep.
    pub fn unpack(bytes: &[u8]) -> Result<Self> {
        Self::read(&mut Reader(bytes)).ok_or_else(|| Error::internal("a batch of views that is cut off"))
    }

    fn read(from: &mut Reader<'_>) -> Option<Self> {
        let mut batch = Self::default();
        for _ in 0..from.u32()? {
            batch.views.push(View { article: from.i64()?, at: from.u32()?, key: from.u64()? });
        }
        for _ in 0..from.u32()? {
            batch.excluded.push((from.i64()?, Exclusion::from_code(from.take::<1>()?[0])?, from.u32()?));
        }
        from.0.is_empty().then_some(batch)
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_at_checked(N)?;
        self.0 = rest;
        head.try_into().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn i64(&mut self) -> Option<i64> {
        self.take().map(i64::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out_and_what_is_cut_off_does_not() {
        let batch = Batch {
            views: (0..100).map(|n| View { article: i64::MAX - n, at: u32::MAX, key: u64::MAX }).collect(),
            excluded: Exclusion::ALL.map(|reason| (7, reason, 9)).to_vec(),
        };
        let bytes = batch.pack();
        assert_eq!(Batch::unpack(&bytes).expect("whole"), batch);
        for cut in 0..bytes.len() {
            assert!(Batch::unpack(&bytes[..cut]).is_err(), "{cut}");
        }
        let longer: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        assert!(Batch::unpack(&longer).is_err());
    }
}
