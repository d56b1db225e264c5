//! Passwords: Argon2id (RFC 9106) with the parameters that OWASP's password storage cheat sheet recommends: 19 MiB, two
//! passes, one lane. Hashing takes tens of milliseconds and that memory: callers do it on a thread of its own, few at once.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::token::random;
use crate::error::{Error, Result};

/// Fewest characters: between the 8 that NIST SP 800-63B-4 asks for beside another factor and the 15 without.
const SHORTEST: usize = 12;

/// Most bytes: nobody types more, and hashing reads all of them.
const LONGEST: usize = 256;

/// What a login that does not exist is checked against, so that it takes as long as one that does.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$dGlkaW5ncyBub2JvZHk$MZzGZV3Mz8wMLVcXlnq3y8Qd0bX0b1T0Zt3o8ZlqkLk";

/// A password in the clear, as somebody typed it. Never logged, never kept.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// What somebody typed to sign in, whatever it is.
    pub fn typed(text: String) -> Self {
        Self(text)
    }

    /// A new password for `login`, if it is long enough and not the login over again; `field` is named in the error.
    pub fn chosen(field: &str, text: String, login: &str) -> Result<Self> {
        if text.chars().count() < SHORTEST {
            return Err(Error::invalid(field, format!("must have at least {SHORTEST} characters")));
        }
        if text.len() > LONGEST {
            return Err(Error::invalid(field, format!("must have at most {LONGEST} bytes")));
        }
        let rest = text.to_lowercase().replace(login, "");
        let mut different: Vec<char> = rest.chars().collect();
        different.sort_unstable();
        different.dedup();
        if different.len() < 5 {
            return Err(Error::invalid(field, "is too easy to guess; use more different characters, and not the login"));
        }
        Ok(Self(text))
    }

    /// A random one to hand over: 20 letters and digits in groups, without those that look alike.
    pub fn random() -> Result<Self> {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let letters: Vec<char> = random::<20>()?.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).collect();
        Ok(Self(letters.chunks(5).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")))
    }

    /// The password itself, to be handed over.
    pub fn reveal(self) -> String {
        self.0
    }

    /// What is kept of it, in the PHC string format. Takes a while.
    pub fn hash(&self) -> Result<String> {
        Ok(Argon2::default().hash_password(self.0.as_bytes()).map_err(Error::internal)?.to_string())
    }

    /// Whether it is the one that `kept` was made of; without one the same work is done, and it is not. Takes a while.
    pub fn is(&self, kept: Option<&str>) -> bool {
        if self.0.len() > LONGEST {
            return false;
        }
        let Ok(hash) = PasswordHash::new(kept.unwrap_or(NOBODY)) else { return false };
        Argon2::default().verify_password(self.0.as_bytes(), &hash).is_ok() && kept.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again() {
        let password = Password::random().expect("a password");
        let kept = password.hash().expect("a hash");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(password.is(Some(&kept)));
        assert!(!Password::typed("something else".into()).is(Some(&kept)));
        assert!(!password.is(None) && !password.is(Some("no hash")));
        assert_ne!(kept, password.hash().expect("a hash"), "each has a salt of its own");
        // The stand-in has the same cost, so it must be one that can be checked.
        assert!(PasswordHash::new(NOBODY).is_ok());
    }

    #[test]
    fn weak_passwords_are_refused() {
        let why = |text: &str| Password::chosen("password", text.into(), "wangmin").err().map(|e| e.to_string());
        assert!(why("short").is_some_and(|e| e.contains("at least 12")));
        assert!(why(&"x".repeat(300)).is_some_and(|e| e.contains("at most 256")));
        assert!(why("aaaaaaaaaaaaaaaa").is_some_and(|e| e.contains("guess")));
        assert!(why("wangminWANGMIN12").is_some_and(|e| e.contains("guess")));
        assert_eq!(why("correct horse battery"), None);
        assert_eq!(why("氢能科技沙蓬种养联源科技"), None);
    }

    #[test]
    fn random_passwords_are_long_enough() {
        let text = Password::random().expect("a password").reveal();
        assert_eq!(text.len(), 23);
        assert!(Password::chosen("password", text, "x").is_ok());
    }
}
