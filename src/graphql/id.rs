//! Public ids: opaque, typed, stable over export and import. One letter for the kind and the number in as few bytes as
//! it needs, in base64url without padding (RFC 4648 §5).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Kinds of things that have an id of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named after the types")]
pub enum Kind {
    Article,
    Channel,
    Tag,
    Source,
    Author,
    Media,
    Topic,
    Page,
    Site,
    Account,
    ApiKey,
    NavigationItem,
    Takedown,
    Contract,
}

impl Kind {
    const ALL: [(Self, u8); 14] = [
        (Self::Article, b'A'),
        (Self::Channel, b'C'),
        (Self::Tag, b'T'),
        (Self::Source, b'S'),
        (Self::Author, b'U'),
        (Self::Media, b'M'),
        (Self::Topic, b'O'),
        (Self::Page, b'P'),
        (Self::Site, b'Z'),
        (Self::Account, b'W'),
        (Self::ApiKey, b'K'),
        (Self::NavigationItem, b'N'),
        (Self::Takedown, b'D'),
        (Self::Contract, b'L'),
    ];

    fn letter(self) -> u8 {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or(b'?', |(_, letter)| *letter)
    }
}

/// The public id of thing number `id` of `kind`.
pub fn encode(kind: Kind, id: i64) -> String {
    let bytes = id.to_be_bytes();
    let first = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len() - 1);
    let mut packed = [0_u8; 9];
    packed[0] = kind.letter();
    let length = bytes.len() - first;
    packed[1..=length].copy_from_slice(&bytes[first..]);
    URL_SAFE_NO_PAD.encode(&packed[..=length])
}

/// The kind and number behind a public id; nothing for what is none. Each thing has one id only.
pub fn decode(text: &str) -> Option<(Kind, i64)> {
    let packed = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (letter, number) = packed.split_first()?;
    let kind = Kind::ALL.iter().find(|(_, l)| l == letter)?.0;
    if number.is_empty() || number.len() > 8 {
        return None;
    }
    let mut bytes = [0_u8; 8];
    bytes[8 - number.len()..].copy_from_slice(number);
    let id = i64::from_be_bytes(bytes);
    (encode(kind, id) == text).then_some((kind, id))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_short_and_typed() {
        assert_eq!(encode(Kind::Article, 1), "QQE");
        assert_eq!(decode("QQE"), Some((Kind::Article, 1)));
        for bad in ["", "QQ", "QQAB", "!!", "AAE", "QQE="] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn ids_come_back(id in 1_i64..i64::MAX) {
            for (kind, _) in Kind::ALL {
                prop_assert_eq!(decode(&encode(kind, id)), Some((kind, id)));
            }
        }

        #[test]
        fn any_text_is_read_without_panic(text in any::<String>()) {
            prop_assert!(decode(&text).is_none_or(|(kind, id)| encode(kind, id) == text));
        }
    }
}
