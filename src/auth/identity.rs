//! Who somebody is by the word of an identity provider: a signed token (JWT, RFC 7519) and the provider's public keys (JWKS,
//! RFC 7517). Only signatures that a private key makes are believed: a secret that both sides know never is one.

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::{AlgorithmParameters, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::policy::Role;
use super::ring;
use super::token::Kind as TokenKind;
use crate::config;
use crate::error::{Error, Result};

/// How far clocks may be apart, in seconds.
const LEEWAY: f64 = 60.0;

/// Most characters of a subject (`OpenID` Connect Core 1.0 §2).
const LONGEST_SUBJECT: usize = 255;

/// Whose word is taken, and for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Trust {
    /// Who must have made the token: its `iss`.
    pub issuer: String,
    /// For whom it must be: one of its `aud`.
    pub audience: String,
    /// Where it says what somebody may be; dots step into objects.
    pub role_claim: String,
    /// What that means here: (the provider's word, the role). Without any, the roles' own words.
    pub roles: Vec<(String, Role)>,
}

/// Somebody whom the provider knows.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// Who says so.
    pub issuer: String,
    /// Who that is there; never given to somebody else.
    pub subject: String,
    /// What others may call them; none if the token says nothing of it.
    pub name: Option<String>,
    /// What they are here.
    pub role: Role,
}

/// A provider's public keys.
pub struct KeySet(Vec<Key>);

struct Key {
    id: Option<String>,
    algorithm: Option<Algorithm>,
    public: DecodingKey,
}

/// Why a token was not taken.
#[derive(Debug)]
pub enum Refused {
    /// No key of the set has signed it; a newer set may have one.
    UnknownKey,
    /// It is no good, whatever the keys.
    Bad(Error),
}

/// What a token says (RFC 7519 §4.1).
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    exp: f64,
    nbf: Option<f64>,
    #[serde(flatten)]
    more: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl KeySet {
    /// Reads a set. Keys of kinds that are not known here are passed over, as RFC 7517 §5 asks.
    pub fn parse(text: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Set {
            keys: Vec<Value>,
        }
        let wrong = |why: String| Error::invalid("identity.jwks", why);
        let set: Set = serde_json::from_slice(text).map_err(|e| wrong(format!("is no JSON Web Key Set: {e}")))?;
        let keys = set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).filter_map(Key::new);
        Ok(Self(keys.collect()))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    fn fit(&self, id: Option<&str>, algorithm: Algorithm) -> impl Iterator<Item = &Key> {
        self.0.iter().filter(move |key| {
            key.algorithm.is_none_or(|own| own == algorithm)
                && key.public.family() == algorithm.family()
                && (id.is_none() || key.id.is_none() || key.id.as_deref() == id)
        })
    }
}

impl Key {
    fn new(jwk: Jwk) -> Option<Self> {
        let is_public = !matches!(jwk.algorithm, AlgorithmParameters::OctetKey(_));
        let signs = jwk.common.public_key_use.as_ref().is_none_or(|meant| *meant == PublicKeyUse::Signature)
            && jwk.common.key_operations.as_ref().is_none_or(|meant| meant.contains(&KeyOperations::Verify));
        let algorithm = jwk.common.key_algorithm.map(|own| own.to_string().parse()).transpose().ok()?;
        let public = DecodingKey::from_jwk(&jwk).ok().filter(|_| is_public && signs)?;
        Some(Self { id: jwk.common.key_id, algorithm, public })
    }
}

/// Whether `token` has the form of a JWT (RFC 7515 §3.1): three parts, and none of this program's own tokens.
pub fn is_jwt(token: &str) -> bool {
    TokenKind::of(token).is_none() && token.split('.').count() == 3
}

impl Trust {
    /// By the settings; nothing if they name no provider.
    pub fn new(settings: &config::Identity) -> Result<Option<Self>> {
        if settings.issuer.is_empty() {
            return Ok(None);
        }
        let roles = settings.roles.iter().map(|pair| {
            let (word, role) = pair.rsplit_once('=').unwrap_or((pair, ""));
            let role = Role::from_word(role.trim()).ok_or_else(|| {
                let known = Role::ALL.map(Role::word).join(", ");
                Error::invalid("identity.roles", format!("{pair:?} is no `word=role` with one of the roles {known}"))
            })?;
            if word.trim().is_empty() {
                return Err(Error::invalid("identity.roles", format!("{pair:?} has no word before the role")));
            }
            Ok((word.trim().to_owned(), role))
        });
        Ok(Some(Self {
            issuer: settings.issuer.clone(),
            audience: settings.audience.clone(),
            role_claim: settings.role_claim.clone(),
            roles: roles.collect::<Result<_>>()?,
        }))
    }

    /// Who `token` is about, at `now` (milliseconds since 1970).
    pub fn identify(&self, token: &str, keys: &KeySet, now: i64) -> Result<Identity, Refused> {
        ring::install();
        let bad = |message: &str| Refused::Bad(Error::Unauthenticated(format!("the identity provider's token {message}")));
        let header = decode_header(token).map_err(|_| bad("cannot be read"))?;
        if matches!(header.alg, Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512) {
            return Err(bad("is signed with a shared secret; only private keys are believed"));
        }
        // RFC 7515 §4.1.11: who does not know what is critical must refuse it.
        if header.crit.is_some() {
            return Err(bad("needs extensions that are not known here (`crit`)"));
        }
        let mut rules = Validation::new(header.alg);
        // Issuer, audience and times are looked at below: as they are, and by the program's own clock.
        rules.required_spec_claims.clear();
        (rules.validate_exp, rules.validate_aud) = (false, false);
        let mut claims = signed_by(token, header.kid.as_deref(), header.alg, keys, &rules)?;
        if claims.iss != self.issuer {
            return Err(bad("is by another issuer"));
        }
        let is_for_us = match &claims.aud {
            Audience::One(one) => *one == self.audience,
            Audience::Many(many) => many.contains(&self.audience),
        };
        if !is_for_us {
            return Err(bad("is for another audience"));
        }
        #[expect(clippy::cast_precision_loss, reason = "seconds are far below 2^53")]
        let now = now as f64 / 1_000.0;
        if claims.exp + LEEWAY <= now {
            return Err(bad("has expired"));
        }
        if claims.nbf.is_some_and(|begin| begin - LEEWAY > now) {
            return Err(bad("is not valid yet"));
        }
        let is_plain = |subject: &str| !subject.trim().is_empty() && !subject.chars().any(char::is_control);
        if !is_plain(&claims.sub) || claims.sub.chars().count() > LONGEST_SUBJECT {
            return Err(bad("says nothing useful about its subject"));
        }
        let role = self.role(&claims.more).ok_or_else(|| {
            let message = format!("your identity provider knows you, and gives you no role here (claim `{}`)", self.role_claim);
            Refused::Bad(Error::Forbidden(message))
        })?;
        let name = ["name", "preferred_username", "email"].into_iter().find_map(|claim| match claims.more.remove(claim) {
            Some(Value::String(text)) if !text.trim().is_empty() => Some(text),
            _ => None,
        });
        Ok(Identity { issuer: claims.iss, subject: claims.sub, name, role })
    }

    /// The highest role among those that the claim names.
    fn role(&self, claims: &Map<String, Value>) -> Option<Role> {
        // A claim whose own name has dots is found whole.
        let value = claims.get(&self.role_claim).or_else(|| {
            let mut steps = self.role_claim.split('.');
            let first = claims.get(steps.next()?)?;
            steps.try_fold(first, |at, step| at.get(step))
        })?;
        let words: Vec<&str> = match value {
            Value::String(text) => text.split_whitespace().collect(),
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            _ => return None,
        };
        Role::ALL.into_iter().rev().find(|role| words.iter().any(|word| self.means(word, *role)))
    }

    fn means(&self, word: &str, role: Role) -> bool {
        match self.roles.as_slice() {
            [] => role.word() == word,
            table => table.iter().any(|(own, meant)| own == word && *meant == role),
        }
    }
}

/// The claims, if one of the keys has signed them.
fn signed_by(token: &str, id: Option<&str>, algorithm: Algorithm, keys: &KeySet, rules: &Validation) -> Result<Claims, Refused> {
    for key in keys.fit(id, algorithm) {
        match decode::<Claims>(token, &key.public, rules) {
            Ok(read) => return Ok(read.claims),
            Err(error) if matches!(error.kind(), ErrorKind::Json(_)) => {
                let message =
                    "the identity provider's token lacks one of `iss`, `sub`, `aud` and `exp`, or has it in another form";
                return Err(Refused::Bad(Error::Unauthenticated(message.into())));
            }
            Err(_) => {}
        }
    }
    Err(Refused::UnknownKey)
}

#[cfg(test)]
mod tests {
    use ::ring::rand::SystemRandom;
    use ::ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    /// What RFC 7515 signs in its appendices A.2 and A.3.
    const EXAMPLE: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    fn base64(bytes: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn trust() -> Trust {
        Trust {
            issuer: "https://login.example".into(),
            audience: "news".into(),
            role_claim: "tidings_role".into(),
            roles: Vec::new(),
        }
    }

    /// A key of each curve, the set with both, and what signs with either.
    struct Signer {
        p256: EcdsaKeyPair,
        ed25519: Ed25519KeyPair,
    }

    impl Signer {
        fn new() -> Self {
            let random = SystemRandom::new();
            let p256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("a key");
            let p256 = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, p256.as_ref(), &random).expect("a key");
            let ed25519 = Ed25519KeyPair::generate_pkcs8(&random).expect("a key");
            Self { p256, ed25519: Ed25519KeyPair::from_pkcs8(ed25519.as_ref()).expect("a key") }
        }

        fn keys(&self) -> KeySet {
            let point = self.p256.public_key().as_ref();
            let (x, y) = (base64(&point[1..33]), base64(&point[33..]));
            let set = json!({ "keys": [
                { "kty": "unheard of", "kid": "0" },
                { "kty": "oct", "kid": "p", "k": base64("a secret that both sides know, which is none") },
                { "kty": "EC", "crv": "P-256", "kid": "p", "use": "enc", "x": y, "y": x },
                { "kty": "EC", "crv": "P-256", "kid": "p", "use": "sig", "alg": "ES256", "x": x, "y": y },
                { "kty": "OKP", "crv": "Ed25519", "x": base64(self.ed25519.public_key()) },
            ] });
            let keys = KeySet::parse(set.to_string().as_bytes()).expect("a set");
            assert_eq!(keys.count(), 2);
            keys
        }

        fn token(&self, header: &Value, claims: &Value) -> String {
            let text = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
            let signature = match header["alg"].as_str() {
                Some("EdDSA") => self.ed25519.sign(text.as_bytes()).as_ref().to_vec(),
                _ => self.p256.sign(&SystemRandom::new(), text.as_bytes()).expect("a signature").as_ref().to_vec(),
            };
            format!("{text}.{}", base64(signature))
        }
    }

    fn claims() -> Value {
        let now = NOW / 1_000;
        json!({ "iss": "https://login.example", "aud": "news", "sub": "00u1", "exp": now + 300, "nbf": now - 300,
            "name": "\u{738b}\u{654f}", "tidings_role": "editor" })
    }

    /// `claims` with one of them another; null takes it away.
    fn with(name: &str, value: Value) -> Value {
        let mut claims = claims();
        let map = claims.as_object_mut().expect("an object");
        if value.is_null() {
            map.remove(name)
        } else {
            map.insert(name.into(), value)
        };
        claims
    }

    fn why(refused: &Refused) -> String {
        match refused {
            Refused::UnknownKey => "no key".into(),
            Refused::Bad(error) => error.to_string(),
        }
    }

    #[test]
    fn signatures_are_checked_as_in_the_examples_of_rfc_7515() {
        ring::install();
        let rsa = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZ\
            S-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2Ca\
            pHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h\
            4FRWyuXpoQ";
        let by_rsa = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb\
            F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d\
            O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_I\
            oypGlUPQGe77Rw";
        let point = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let by_point = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        for (algorithm, header, key, signature) in [
            (Algorithm::RS256, r#"{"alg":"RS256"}"#, DecodingKey::from_rsa_components(rsa, "AQAB"), by_rsa),
            (Algorithm::ES256, r#"{"alg":"ES256"}"#, DecodingKey::from_ec_components(point.0, point.1), by_point),
        ] {
            let mut rules = Validation::new(algorithm);
            rules.required_spec_claims.clear();
            rules.validate_exp = false;
            let key = key.expect("a key");
            let token = format!("{}.{EXAMPLE}.{signature}", base64(header));
            let read = decode::<Value>(&token, &key, &rules).expect("the example is right");
            assert_eq!(read.claims["iss"], "joe");
            let changed = token.replacen("ImV4cCI", "ImV4cSI", 1).replacen("leHAi", "leHEi", 1);
            assert_ne!(changed, token);
            assert!(decode::<Value>(&changed, &key, &rules).is_err(), "{algorithm:?}");
        }
    }

    #[test]
    fn whom_a_provider_knows_is_known() {
        let (signer, trust) = (Signer::new(), trust());
        let keys = signer.keys();
        for header in [
            json!({ "alg": "ES256", "kid": "p" }),
            json!({ "alg": "ES256", "typ": "at+jwt" }),
            json!({ "alg": "EdDSA" }),
            json!({ "alg": "EdDSA", "kid": "of the key that has no name" }),
        ] {
            let token = signer.token(&header, &claims());
            assert!(is_jwt(&token));
            let identity = trust.identify(&token, &keys, NOW).unwrap_or_else(|e| panic!("{header}: {}", why(&e)));
            assert_eq!((identity.subject.as_str(), identity.role), ("00u1", Role::Editor));
            assert_eq!(identity.name.as_deref(), Some("\u{738b}\u{654f}"));
        }
        let named = |claims: &Value| trust.identify(&signer.token(&json!({ "alg": "ES256" }), claims), &keys, NOW).expect("good");
        assert_eq!(named(&with("aud", json!(["others", "news"]))).role, Role::Editor);
        assert_eq!(named(&with("exp", json!(NOW / 1_000 - 59))).role, Role::Editor, "clocks differ");
        assert_eq!(named(&with("name", json!(" "))).name, None);
        assert_eq!(named(&with("tidings_role", json!(["guest", "reader", "chief"]))).role, Role::Chief, "the highest");
    }

    #[test]
    fn what_a_provider_has_not_said_is_not_believed() {
        let (signer, other, trust) = (Signer::new(), Signer::new(), trust());
        let keys = signer.keys();
        let es256 = json!({ "alg": "ES256", "kid": "p" });
        for (claims, reason) in [
            (with("iss", json!("https://login.example/")), "another issuer"),
            (with("iss", json!(["https://login.example"])), "lacks"),
            (with("iss", Value::Null), "lacks"),
            (with("aud", json!("newsletter")), "another audience"),
            (with("aud", json!([])), "another audience"),
            (with("aud", Value::Null), "lacks"),
            (with("sub", Value::Null), "lacks"),
            (with("sub", json!(" ")), "subject"),
            (with("sub", json!("a\nb")), "subject"),
            (with("exp", Value::Null), "lacks"),
            (with("exp", json!("never")), "lacks"),
            (with("exp", json!(NOW / 1_000 - 61)), "expired"),
            (with("nbf", json!(NOW / 1_000 + 61)), "not valid yet"),
            (with("tidings_role", Value::Null), "no role"),
            (with("tidings_role", json!("Editor")), "no role"),
            (with("tidings_role", json!({ "editor": true })), "no role"),
        ] {
            let refused = trust.identify(&signer.token(&es256, &claims), &keys, NOW).expect_err(reason);
            assert!(why(&refused).contains(reason), "{claims}: {}", why(&refused));
        }
        let whole = signer.token(&es256, &claims());
        let (text, signature) = whole.rsplit_once('.').expect("three parts");
        let forged =
            text.split_once('.').map(|(head, _)| format!("{head}.{}.{signature}", base64(with("sub", json!("1")).to_string())));
        for (token, reason) in [
            (other.token(&es256, &claims()), "no key"),
            (signer.token(&json!({ "alg": "ES256", "kid": "q" }), &claims()), "no key"),
            (signer.token(&json!({ "alg": "HS256", "kid": "p" }), &claims()), "shared secret"),
            (signer.token(&json!({ "alg": "none" }), &claims()), "cannot be read"),
            (signer.token(&json!({ "alg": "ES256", "crit": ["exp"] }), &claims()), "crit"),
            (signer.token(&json!({ "alg": "RS256" }), &claims()), "no key"),
            (format!("{text}."), "no key"),
            (format!("{text}.{}", base64([0; 64])), "no key"),
            (forged.expect("three parts"), "no key"),
            ("eyJ.eyJ.".into(), "cannot be read"),
            (format!("{}..", base64("{}")), "cannot be read"),
        ] {
            let refused = trust.identify(&token, &keys, NOW).expect_err(reason);
            assert!(why(&refused).contains(reason), "{reason}: {}", why(&refused));
        }
    }

    #[test]
    fn roles_are_found_where_the_provider_keeps_them() {
        let role = |claim: &str, roles: &[&str], claims: Value| {
            let settings = config::Identity {
                issuer: "https://login.example".into(),
                role_claim: claim.into(),
                roles: roles.iter().map(|pair| (*pair).to_owned()).collect(),
                ..config::Identity::default()
            };
            let trust = Trust::new(&settings).expect("right").expect("one");
            trust.role(claims.as_object().expect("an object"))
        };
        let nested = json!({ "realm_access": { "roles": ["news=desk", "staff"] } });
        assert_eq!(role("realm_access.roles", &["news=desk=editor", "staff=reader"], nested.clone()), Some(Role::Editor));
        assert_eq!(role("realm_access.roles", &[], nested.clone()), None);
        assert_eq!(role("realm_access", &[], nested), None);
        assert_eq!(role("https://news.example/role", &[], json!({ "https://news.example/role": "reader" })), Some(Role::Reader));
        assert_eq!(role("scope", &[], json!({ "scope": "openid contributor" })), Some(Role::Contributor));
        let wrong = config::Identity { issuer: "x".into(), roles: vec!["boss".into()], ..config::Identity::default() };
        assert!(Trust::new(&wrong).is_err());
    }

    #[test]
    fn what_is_no_set_is_refused_and_useless_keys_are_passed_over() {
        for text in ["", "[]", "{}", "<html>"] {
            assert!(KeySet::parse(text.as_bytes()).is_err(), "{text}");
        }
        for keys in [
            "",
            r#"{"kty":"oct","k":"AAAA"}"#,
            r#"{"kty":"RSA"}"#,
            r#"{"kty":"OKP","crv":"Ed25519","x":"AA","key_ops":["sign"]}"#,
        ] {
            let set = format!(r#"{{"keys":[{keys}]}}"#);
            assert_eq!(KeySet::parse(set.as_bytes()).expect("a set").count(), 0, "{keys}");
        }
    }
}
