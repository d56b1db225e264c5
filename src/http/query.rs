//! What stands behind the `?` of an address.

use poem::Request;

use super::error::Refusal;
use crate::text::percent_decode;

/// Pairs of an `application/x-www-form-urlencoded` text (URL standard, §5.1); UTF-8 or refused.
pub fn form_pairs(text: &str) -> Result<Vec<(String, String)>, Refusal> {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(k, v)| Ok((decode(k)?, decode(v)?))).collect()
}

fn decode(part: &str) -> Result<String, Refusal> {
    let bytes = percent_decode(&part.replace('+', " "), |_| true);
    String::from_utf8(bytes).map_err(|_| Refusal::bad_request("the address is not UTF-8"))
}

/// Segments of a path, decoded; none if it has an empty one, or is not UTF-8.
pub fn segments(path: &str) -> Option<Vec<String>> {
    let decode = |segment: &str| String::from_utf8(percent_decode(segment, |_| true)).ok().filter(|text| !text.is_empty());
    path.trim_start_matches('/').split('/').map(decode).collect()
}

/// The parameters of a request: the first of each name counts.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Those of `request`.
    pub fn of(request: &Request) -> Result<Self, Refusal> {
        form_pairs(request.uri().query().unwrap_or("")).map(Self)
    }

    /// The value of `name`; none if it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.given(name).filter(|value| !value.is_empty())
    }

    /// The value of `name`, be it empty.
    pub fn given(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Those of `names` that have a value, in that order, as they go on in other addresses.
    pub fn kept(&self, names: &[&str]) -> String {
        let pairs = names.iter().filter_map(|name| Some((name, self.get(name)?)));
        let pairs: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", crate::feed::encode_segment(value))).collect();
        pairs.join("&")
    }
}
