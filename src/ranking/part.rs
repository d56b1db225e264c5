//! How counted views and lists are packed. Whole numbers are LEB128: seven bits a byte, the lowest first, the high bit says that more
//! follow. Articles are written as differences, in their order.

use crate::error::{Error, Result};

/// Some views of one article in one second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reads {
    /// Which.
    pub article: i64,
    /// Seconds since 1970.
    pub at: i64,
    /// How many.
    pub count: u32,
}

fn write(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn read(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for place in 0..10 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f).checked_shl(7 * place)?;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Writes what is a difference or an id, none of which is negative.
fn write_id(bytes: &mut Vec<u8>, id: i64) {
    write(bytes, u64::try_from(id).unwrap_or(0));
}

fn read_id(bytes: &mut &[u8]) -> Option<i64> {
    i64::try_from(read(bytes)?).ok()
}

/// Packs `reads` of one minute, which are in order: for each the article's difference, the second within the minute, the count.
pub fn pack_reads(reads: &[Reads]) -> Vec<u8> {
    let (mut bytes, mut last) = (Vec::with_capacity(reads.len() * 5), 0);
    for read in reads {
        write_id(&mut bytes, read.article - last);
        last = read.article;
        write_id(&mut bytes, read.at.rem_euclid(60));
        write(&mut bytes, u64::from(read.count));
    }
    bytes
}

/// What [`pack_reads`] has made of `minute` (since 1970).
pub fn unpack_reads(minute: i64, mut bytes: &[u8]) -> Result<Vec<Reads>> {
    let (mut reads, mut article) = (Vec::new(), 0);
    let mut next = |bytes: &mut &[u8]| {
        article += read_id(bytes)?;
        Some(Reads { article, at: minute * 60 + read_id(bytes)?, count: u32::try_from(read(bytes)?).ok()? })
    };
    while !bytes.is_empty() {
        reads.push(next(&mut bytes).ok_or_else(|| Error::internal("a part of a minute that is cut off"))?);
    }
    Ok(reads)
}

/// Packs lists of articles by their scope: for each the scope, the length, the articles.
pub fn pack_lists<'a>(lists: impl IntoIterator<Item = (i64, &'a [i64])>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (scope, articles) in lists {
        write_id(&mut bytes, scope);
        write(&mut bytes, articles.len() as u64);
        for article in articles {
            write_id(&mut bytes, *article);
        }
    }
    bytes
}

/// What [`pack_lists`] has made.
pub fn unpack_lists(mut bytes: &[u8]) -> Result<Vec<(i64, Vec<i64>)>> {
    let mut lists = Vec::new();
    let next = |bytes: &mut &[u8]| {
        let scope = read_id(bytes)?;
        let length = read(bytes)?;
        Some((scope, (0..length).map(|_| read_id(bytes)).collect::<Option<Vec<_>>>()?))
    };
    while !bytes.is_empty() {
        lists.push(next(&mut bytes).ok_or_else(|| Error::internal("lists that are cut off"))?);
    }
    Ok(lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_out() {
        let minute = 29_000_000;
        let read = |article, second, count| Reads { article, at: minute * 60 + second, count };
        let reads = [read(1, 0, 1), read(1, 59, 300), read(200, 7, u32::MAX), read((1 << 53) - 1, 1, 2)];
        let bytes = pack_reads(&reads);
        assert_eq!(unpack_reads(minute, &bytes).expect("whole"), reads);
        assert_eq!(pack_reads(&reads[..1]).len(), 3, "a view of a neighbour takes three bytes");
        assert!(unpack_reads(minute, &bytes[..bytes.len() - 1]).is_err());
        assert!(unpack_reads(minute, &[0xff; 11]).is_err());
        let lists = vec![(0, vec![3, 1, 2]), (9, Vec::new()), (1 << 55, vec![(1 << 53) - 1])];
        let bytes = pack_lists(lists.iter().map(|(scope, list)| (*scope, list.as_slice())));
        assert_eq!(unpack_lists(&bytes).expect("whole"), lists);
        assert!(unpack_lists(&bytes[..bytes.len() - 1]).is_err());
    }
}
