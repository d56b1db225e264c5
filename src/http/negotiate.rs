//! Content negotiation by quality values (RFC 9110 §12.5): media types of answers, and codings.

use poem::http::HeaderMap;
use poem::http::header::{ACCEPT, ACCEPT_ENCODING};

/// The two media types of GraphQL answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/graphql-response+json`: the status tells how the request went.
    GraphqlResponse,
    /// `application/json`: 200 whatever the answer says.
    Json,
}

impl Media {
    /// The header's value.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    /// What a client accepts; nothing if it is neither. Who says nothing gets JSON, as the specification asks for
    /// clients older than it.
    pub fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let Some(accept) = joined(headers, &ACCEPT) else { return Some(Self::Json) };
        let entries = parse(&accept);
        // The list may be empty (RFC 9110 §12.5.1): who says nothing in it refuses nothing.
        if entries.is_empty() {
            return Some(Self::Json);
        }
        let quality = |media: &str| {
            // The most specific range decides.
            let of = |range: &str| entries.iter().find(|(name, _)| name == range).map(|(_, q)| *q);
            of(media).or_else(|| of("application/*")).or_else(|| of("*/*")).unwrap_or(0)
        };
        let named = |media: &str| entries.iter().any(|(name, _)| name == media);
        let (response, json) = (quality("application/graphql-response+json"), quality("application/json"));
        // By a mere wildcard, plain JSON: that is what such a client expects.
        let prefers_response = response > json || (response == json && named("application/graphql-response+json"));
        match (response, json) {
            (0, 0) => None,
            _ if prefers_response => Some(Self::GraphqlResponse),
            _ => Some(Self::Json),
        }
    }
}

/// How a body is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Brotli (RFC 7932).
    Brotli,
    /// Gzip (RFC 1952).
    Gzip,
    /// Not at all.
    Identity,
}

impl Coding {
    /// The best that the client accepts.
    pub fn negotiate(headers: &HeaderMap) -> Self {
        let entries = joined(headers, &ACCEPT_ENCODING).map(|text| parse(&text)).unwrap_or_default();
        let quality = |coding: &str| {
            let of = |name: &str| entries.iter().find(|(n, _)| n == name).map(|(_, q)| *q);
            of(coding).or_else(|| of("*")).unwrap_or(0)
        };
        let (br, gzip) = (quality("br"), quality("gzip"));
        match (br, gzip) {
            (0, 0) => Self::Identity,
            _ if br >= gzip => Self::Brotli,
            _ => Self::Gzip,
        }
    }

    /// The header's value.
    pub fn token(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

fn joined(headers: &HeaderMap, name: &poem::http::HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).iter().filter_map(|v| v.to_str().ok()).collect();
    if values.is_empty() { None } else { Some(values.join(",")) }
}

/// (name, quality in thousandths) of each entry; parameters other than `q` do not matter here, except that a charset
/// that is not UTF-8 cannot be served.
fn parse(text: &str) -> Vec<(String, u32)> {
    let entry = |part: &str| {
        let mut pieces = part.split(';').map(str::trim);
        let name = pieces.next()?.to_ascii_lowercase();
        let mut quality = 1_000;
        for piece in pieces {
            let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "q" => quality = thousandths(value.trim()),
                "charset" if !is_utf8(value) => quality = 0,
                _ => {}
            }
        }
        (!name.is_empty()).then_some((name, quality))
    };
    text.split(',').filter_map(entry).collect()
}

/// Whether a `charset` parameter means UTF-8: by its name, or by the one that many clients send (WHATWG Encoding, §4.2).
pub fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

fn thousandths(text: &str) -> u32 {
    let value: f32 = text.parse().unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=1 before")]
    let thousandths = (value.clamp(0.0, 1.0) * 1_000.0) as u32;
    thousandths
}

#[cfg(test)]
mod tests {
    use poem::http::HeaderValue;

    use super::*;

    fn media(accept: &str) -> Option<Media> {
        Media::negotiate(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_str(accept).expect("a header"))]))
    }

    fn coding(accept: &str) -> Coding {
        Coding::negotiate(&HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_str(accept).expect("a header"))]))
    }

    #[test]
    fn media_types() {
        assert_eq!(Media::negotiate(&HeaderMap::new()), Some(Media::Json));
        assert_eq!(media("*/*"), Some(Media::Json));
        assert_eq!(media("application/json"), Some(Media::Json));
        assert_eq!(media("application/graphql-response+json"), Some(Media::GraphqlResponse));
        assert_eq!(
            media("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8"),
            Some(Media::GraphqlResponse)
        );
        assert_eq!(media("application/json, application/graphql-response+json;q=0.9"), Some(Media::Json));
        assert_eq!(media("application/json;charset=gbk"), None);
        assert_eq!(media("application/json;charset=UTF8"), Some(Media::Json));
        assert_eq!(media(""), Some(Media::Json));
        assert_eq!(media("text/html"), None);
        assert_eq!(media("application/json;q=0, */*;q=0"), None);
    }

    #[test]
    fn codings() {
        assert_eq!(Coding::negotiate(&HeaderMap::new()), Coding::Identity);
        assert_eq!(coding("gzip, deflate, br"), Coding::Brotli);
        assert_eq!(coding("gzip;q=1.0, br;q=0.5"), Coding::Gzip);
        assert_eq!(coding("br;q=0, gzip"), Coding::Gzip);
        assert_eq!(coding("identity"), Coding::Identity);
        assert_eq!(coding("*"), Coding::Brotli);
    }
}
