//! Who reads, as far as a day: a keyed hash of address and agent. The key lives for its day only (UTC), so that nothing that is kept
//! can be led back to an address afterwards; no address is kept at all.

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The client's address.
    pub address: &'a str,
    /// The header `User-Agent`, empty if there is none.
    pub agent: &'a str,
}

/// The key of a day.
#[derive(Clone)]
pub struct Salt {
    /// Days since 1970.
    pub day: i64,
    /// 32 random bytes.
    pub key: Vec<u8>,
}

/// A visitor and their network, as numbers that mean nothing without the day's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Them.
    pub id: u64,
    /// Their network.
    pub network: u64,
}

impl Salt {
    /// Who that is today. Of addresses of IPv6 the first half counts: the other half changes at will.
    pub fn visitor(&self, origin: Origin<'_>) -> Visitor {
        let (host, network) = match origin.address.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => (address.octets().to_vec(), address.octets()[..3].to_vec()),
            Ok(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => (address.octets().to_vec(), address.octets()[..3].to_vec()),
                None => (address.octets()[..8].to_vec(), address.octets()[..6].to_vec()),
            },
            Err(_) => (origin.address.as_bytes().to_vec(), origin.address.as_bytes().to_vec()),
        };
        Visitor { id: self.hash(&[b"v", &host, b"\n", origin.agent.as_bytes()]), network: self.hash(&[b"n", &network]) }
    }

    fn hash(&self, parts: &[&[u8]]) -> u64 {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.key).expect("HMAC takes keys of any length");
        for part in parts {
            mac.update(part);
        }
        let bytes = mac.finalize().into_bytes();
        u64::from_le_bytes(bytes[..8].try_into().expect("a hash has 32 bytes"))
    }
}

/// The number under which it is remembered that `who` has read `article`.
pub fn key(who: u64, article: i64) -> u64 {
    xxh3_64_with_seed(&article.to_le_bytes(), who)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn visitors_are_told_apart_for_a_day() {
        let (today, tomorrow) = (Salt { day: 1, key: vec![1; 32] }, Salt { day: 2, key: vec![2; 32] });
        let who = |salt: &Salt, address, agent| salt.visitor(Origin { address, agent });
        let one = who(&today, "192.0.2.7", "Firefox");
        assert_eq!(one, who(&today, "192.0.2.7", "Firefox"));
        assert_eq!(one, who(&today, "::ffff:192.0.2.7", "Firefox"));
        assert_ne!(one.id, who(&today, "192.0.2.7", "Chrome").id);
        assert_eq!(one.network, who(&today, "192.0.2.99", "Chrome").network);
        assert_ne!(one.network, who(&today, "192.0.3.7", "Firefox").network);
        assert_ne!(one.id, who(&tomorrow, "192.0.2.7", "Firefox").id);
        let six = who(&today, "2001:db8:1:2::1", "Firefox");
        assert_eq!(six, who(&today, "2001:db8:1:2:ffff::9", "Firefox"), "one house");
        assert_ne!(six.id, who(&today, "2001:db8:1:3::1", "Firefox").id);
        assert_eq!(six.network, who(&today, "2001:db8:1:3::1", "Firefox").network);
        assert_ne!(key(one.id, 1), key(one.id, 2));
    }
}
