//! Refusals of the door as HTTP: a status, and a body in the form of GraphQL errors with the same codes.

use poem::http::{HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use serde_json::json;

use super::quota;
use crate::error::Error;
use crate::partner::Allowance;

/// A request that is not served.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
    /// Methods that would work, for 405.
    pub allow: Option<&'static str>,
    /// Seconds to wait, for 429 and 503.
    pub retry_after_secs: Option<u32>,
    /// What else is told; boxed, because few refusals have it.
    pub told: Box<Told>,
    /// Codings of a body that would be read, for a 415 that is about the coding (RFC 9110 §15.5.16).
    pub accept_encoding: Option<&'static str>,
}

/// What few refusals say.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The rule of a contract, or of the portal, that says so.
    pub rule: Option<&'static str>,
    /// What readers are told, for 410.
    pub notice: Option<String>,
    /// How the limits of a contract stand, for 429.
    pub allowance: Allowance,
}

impl Refusal {
    /// A refusal with a message.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            allow: None,
            retry_after_secs: None,
            told: Box::default(),
            accept_encoding: None,
        }
    }

    /// 400.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", message)
    }

    /// 404.
    pub fn nothing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "there is nothing at this address")
    }

    /// 405 with the methods that work.
    pub fn method(allow: &'static str) -> Self {
        let refusal = Self::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", format!("use {allow}"));
        Self { allow: Some(allow), ..refusal }
    }

    /// 410 for an article that was taken away, with what readers are told.
    pub fn withdrawn(notice: Option<String>) -> Self {
        let told = notice.as_ref().map_or_else(String::new, |notice| format!(": {notice}"));
        let refusal = Self::new(StatusCode::GONE, "WITHDRAWN", format!("this article was withdrawn{told}"));
        Self { told: Box::new(Told { notice, ..Told::default() }), ..refusal }
    }

    /// 415 for a packed body.
    pub fn encoding() -> Self {
        let message = "bodies are read as they are: send it without `Content-Encoding`";
        let refusal = Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", message);
        Self { accept_encoding: Some("identity"), ..refusal }
    }

    /// The body.
    pub fn body(&self, request_id: &str) -> Vec<u8> {
        let mut error = json!({ "message": self.message, "extensions": { "code": self.code, "requestId": request_id } });
        if let Some(rule) = self.told.rule {
            error["extensions"]["rule"] = rule.into();
        }
        serde_json::to_vec(&json!({ "errors": [error] })).unwrap_or_default()
    }

    /// The whole answer as `content_type`.
    pub fn respond(&self, request_id: &str, content_type: &'static str) -> Response {
        let mut response = (self.status, self.body(request_id)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(allow) = self.allow {
            headers.insert(header::ALLOW, HeaderValue::from_static(allow));
        }
        if let Some(codings) = self.accept_encoding {
            headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(codings));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#));
        }
        if let Some(seconds) = self.retry_after_secs {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        quota::tell(headers, &self.told.allowance);
        response
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let status = match &error {
            Error::NotFound { .. } => StatusCode::NOT_FOUND,
            Error::Invalid { .. } | Error::Words(_) | Error::TooLarge(_) => StatusCode::BAD_REQUEST,
            Error::Conflict(_) | Error::Stale { .. } => StatusCode::CONFLICT,
            Error::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Error::Forbidden(_) | Error::Refused { .. } => StatusCode::FORBIDDEN,
            Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
            Error::Timeout(_) | Error::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let retry_after_secs = match &error {
            Error::RateLimited { retry_after_secs, .. } => Some(*retry_after_secs),
            Error::Timeout(_) => Some(5),
            Error::Unavailable(_) => Some(1),
            _ => None,
        };
        let message = if let Error::Internal(cause) = &error {
            tracing::error!(error = %cause, "A request failed: {cause}");
            "internal error; tell the operator the request id".to_owned()
        } else {
            error.to_string()
        };
        let told = Box::new(Told { rule: error.rule(), ..Told::default() });
        Self { retry_after_secs, told, ..Self::new(status, error.code(), message) }
    }
}
