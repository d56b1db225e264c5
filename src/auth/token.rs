//! Tokens and keys: 256 random bits behind a prefix that tells people and scanners of source code what they have found.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

/// Random bytes of a token.
const BYTES: usize = 32;

/// Random bytes of the name of a family.
const FAMILY_BYTES: usize = 16;

/// Characters of a refresh token up to the end of its family's name: the prefix, and 16 bytes in base64.
const FAMILY_CHARS: usize = 5 + 22;

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Carried by requests of somebody who has signed in.
    Access,
    /// Gets new tokens for a session.
    Refresh,
    /// Carried by requests of a program.
    ApiKey,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Access, Self::Refresh, Self::ApiKey];

    fn prefix(self) -> &'static str {
        match self {
            Self::Access => "tida_",
            Self::Refresh => "tidr_",
            Self::ApiKey => "tidk_",
        }
    }

    /// The kind of `token`, by its prefix.
    pub fn of(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| token.starts_with(kind.prefix()))
    }
}

/// A new secret. Shown once; what is kept is its [`fingerprint`].
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A random one. A refresh token begins with the name of its family, which those that follow it share.
    pub fn new(kind: Kind) -> Result<Self> {
        let family = if kind == Kind::Refresh { URL_SAFE_NO_PAD.encode(random::<FAMILY_BYTES>()?) } else { String::new() };
        Ok(Self(format!("{}{family}{}", kind.prefix(), URL_SAFE_NO_PAD.encode(random::<BYTES>()?))))
    }

    /// The refresh token that follows `spent`: of the same family.
    pub fn after(spent: &str) -> Result<Self> {
        match spent.get(..FAMILY_CHARS) {
            Some(family) => Ok(Self(format!("{family}{}", URL_SAFE_NO_PAD.encode(random::<BYTES>()?)))),
            None => Self::new(Kind::Refresh),
        }
    }

    /// What is kept of a refresh token's family.
    pub fn family(&self) -> String {
        family(&self.0).unwrap_or_default()
    }

    /// The secret itself, to be handed over.
    pub fn reveal(self) -> String {
        self.0
    }

    /// What is kept of it.
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.0)
    }

    /// Its first characters: they tell keys apart and give nothing away.
    pub fn hint(&self) -> String {
        self.0.chars().take(9).collect()
    }
}

/// What is kept of the family of a refresh token; nothing for a text that is none.
pub fn family(token: &str) -> Option<String> {
    token.get(..FAMILY_CHARS).filter(|_| Kind::of(token) == Some(Kind::Refresh)).map(fingerprint)
}

/// SHA-256 in hexadecimal digits. Enough for secrets that are random: there is nothing to guess (passwords are not).
pub fn fingerprint(token: &str) -> String {
    use std::fmt::Write;
    Sha256::digest(token).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A name of a contract for embeds, where everybody reads it: no secret, and not to be guessed.
pub fn embed_key() -> Result<String> {
    Ok(format!("tidp_{}", URL_SAFE_NO_PAD.encode(random::<FAMILY_BYTES>()?)))
}

/// Bytes from the operating system.
pub(super) fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|e| Error::internal(format!("the system has no random numbers: {e}")))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_say_what_they_are() {
        for kind in Kind::ALL {
            let (one, other) = (Token::new(kind).expect("a token"), Token::new(kind).expect("a token"));
            assert_ne!(one.fingerprint(), other.fingerprint());
            assert_eq!(Kind::of(&one.clone().reveal()), Some(kind));
            assert_eq!(one.clone().reveal().len(), if kind == Kind::Refresh { 5 + 22 + 43 } else { 5 + 43 });
            assert!(one.clone().reveal().starts_with(&one.hint()));
        }
        assert_eq!(Kind::of("Bearer"), None);
    }

    #[test]
    fn a_refresh_token_is_known_by_its_family() {
        let first = Token::new(Kind::Refresh).expect("a token");
        let second = Token::after(&first.clone().reveal()).expect("a token");
        let third = Token::after(&second.clone().reveal()).expect("a token");
        assert_eq!((first.family(), second.family()), (third.family(), third.family()));
        assert!(first.fingerprint() != second.fingerprint() && second.fingerprint() != third.fingerprint());
        assert_ne!(first.family(), Token::new(Kind::Refresh).expect("a token").family());
        for none in [
            "",
            "tidr_",
            "tida_AAAAAAAAAAAAAAAAAAAAAAAAAAAA",
            "tidr_\u{6c22}\u{6c22}\u{6c22}\u{6c22}\u{6c22}\u{6c22}\u{6c22}\u{6c22}\u{6c22}",
        ] {
            assert_eq!(family(none), None, "{none}");
        }
    }

    #[test]
    fn fingerprints_are_sha_256() {
        // FIPS 180-4's example of one block.
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
