//! Tokens by which somebody without an account may look at one revision of one article, for a time. Signed, not kept: HMAC with
//! SHA-256 (RFC 2104) over article, revision and end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What such tokens begin with.
const PREFIX: &str = "tidp_";

/// Bytes of what is signed: three numbers.
const SIGNED: usize = 24;

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The article.
    pub article: i64,
    /// The number of the revision.
    pub revision: i64,
    /// Until when, in milliseconds since 1970.
    pub expires_at: i64,
}

impl Preview {
    /// The token, signed with `secret`.
    pub fn sign(self, secret: &[u8]) -> String {
        let body = self.body();
        let mut bytes = body.to_vec();
        bytes.extend_from_slice(&mac(secret, &body).finalize().into_bytes());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// What `token` opens at `now` (milliseconds since 1970); nothing if it is none of `secret`'s, or over.
    pub fn read(token: &str, secret: &[u8], now: i64) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
        let (body, signature) = bytes.split_at_checked(SIGNED)?;
        // In a time that does not tell how many bytes are right.
        mac(secret, body).verify_slice(signature).ok()?;
        let number = |at: usize| Some(i64::from_be_bytes(body.get(at..at + 8)?.try_into().ok()?));
        let preview = Self { article: number(0)?, revision: number(8)?, expires_at: number(16)? };
        (preview.expires_at > now).then_some(preview)
    }

    fn body(self) -> [u8; SIGNED] {
        let mut body = [0; SIGNED];
        body[..8].copy_from_slice(&self.article.to_be_bytes());
        body[8..16].copy_from_slice(&self.revision.to_be_bytes());
        body[16..].copy_from_slice(&self.expires_at.to_be_bytes());
        body
    }
}

fn mac(secret: &[u8], body: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length (RFC 2104, §2)");
    mac.update(body);
    mac
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_signed_opens_and_only_for_its_time() {
        let preview = Preview { article: 17, revision: 3, expires_at: 1_000 };
        let token = preview.sign(b"secret");
        assert_eq!(Preview::read(&token, b"secret", 999), Some(preview));
        assert_eq!(Preview::read(&token, b"secret", 1_000), None);
        assert_eq!(Preview::read(&token, b"another", 999), None);
        let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX).expect("a prefix")).expect("base64");
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1;
            let changed = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(Preview::read(&changed, b"secret", 999), None, "byte {at}");
        }
        for bad in ["", "tidp_", "tidp_AAAA", &token[..token.len() - 2], &token[1..]] {
            assert_eq!(Preview::read(bad, b"secret", 0), None, "{bad}");
        }
    }
}
