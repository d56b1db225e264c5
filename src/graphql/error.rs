//! Errors as clients see them: a stable code, a message that says what to do, a request id; never internals.
//! Codes are public interface: adding one is a minor change, changing one is a breaking one.

use async_graphql::{ErrorExtensionValues, Response, ServerError};

use crate::error::Error;

/// Longest message that a client gets.
const MAX_MESSAGE_CHARS: usize = 300;

/// Gives each error of `response` its code and the request's id. Internal ones are logged, each once, and hidden.
pub fn present(response: &mut Response, request_id: &str) {
    let mut logged = std::collections::HashSet::new();
    // The library may find the same fault at several stages.
    let mut seen = std::collections::HashSet::new();
    response.errors.retain(|e| seen.insert(format!("{:?} {} {:?}", e.path, e.message, e.locations)));
    for error in &mut response.errors {
        let source = error.source::<Error>().cloned();
        if let Some(Error::Internal(cause)) = &source {
            if logged.insert(cause.clone()) {
                tracing::error!(request.id = request_id, error = %cause, "A resolver failed: {cause}");
            }
            error.message = "internal error; tell the operator the request id".into();
        }
        // The library repeats names and values as they were sent, however long.
        if let Some((end, _)) = error.message.char_indices().nth(MAX_MESSAGE_CHARS) {
            error.message.truncate(end);
            error.message.push('…');
        }
        let mut extensions = error.extensions.take().unwrap_or_default();
        annotate(&mut extensions, error, source.as_ref(), request_id);
        error.extensions = Some(extensions);
    }
}

fn annotate(extensions: &mut ErrorExtensionValues, error: &ServerError, source: Option<&Error>, request_id: &str) {
    let code = match source {
        Some(source) => source.code(),
        // Errors of the library itself: before execution the document is at fault, during it an argument.
        None if error.path.is_empty() => "GRAPHQL_VALIDATION_FAILED",
        None => "BAD_USER_INPUT",
    };
    if extensions.get("code").is_none() {
        extensions.set("code", code);
    }
    match source {
        Some(Error::Invalid { field, .. }) => extensions.set("field", field.as_str()),
        Some(Error::RateLimited { retry_after_secs, .. }) => extensions.set("retryAfterSecs", *retry_after_secs),
        _ => {}
    }
    if let Some(rule) = source.and_then(Error::rule) {
        extensions.set("rule", rule);
    }
    extensions.set("requestId", request_id);
}
