//! Quotas of partners as HTTP: who has used theirs up is told when to come again, everybody else how much is left.

use std::fmt::Write;

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

use super::error::Refusal;
use super::state::State;
use crate::partner::{Allowance, Contract, Limit};

/// Header fields of the IETF's draft-ietf-httpapi-ratelimit-headers-10.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Counts a request of `cost` under `contract` at `now` (milliseconds since 1970), or refuses it.
pub fn admit(state: &State, contract: &Contract, cost: i64, now: i64) -> Result<Allowance, Refusal> {
    state.book.meter.admit(contract, cost, now).map_err(|error| {
        let mut refusal = Refusal::from(error);
        refusal.told.allowance = state.book.meter.allowance(contract, now);
        refusal
    })
}

/// Says in `headers` how the limits stand: nothing where there are none.
pub fn tell(headers: &mut HeaderMap, allowance: &[Limit]) {
    let (mut policies, mut limits) = (String::new(), String::new());
    for Limit { name, quota, window_secs, left, reset_secs } in allowance {
        let comma = if policies.is_empty() { "" } else { ", " };
        let _ = write!(policies, "{comma}\"{name}\";q={quota};w={window_secs}");
        let _ = write!(limits, "{comma}\"{name}\";r={};t={reset_secs}", (*left).max(0));
    }
    for (name, text) in [(POLICY, policies), (LIMIT, limits)] {
        if let Ok(value) = HeaderValue::from_str(&text)
            && !text.is_empty()
        {
            headers.insert(name, value);
        }
    }
    if !allowance.is_empty() {
        let exposed = HeaderValue::from_static("ratelimit, ratelimit-policy, retry-after");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}
