//! Looks at a body before it is parsed. The parser skips what nobody asks for without a close look, so that what it is
//! given must be checked whole: an object, in UTF-8, nested no deeper than the parser itself reads.

use poem::http::StatusCode;

use super::error::Refusal;

/// How deep brackets may nest: as deep as `serde_json` reads what is asked for (its limit is 128 levels, exclusive).
const MAX_NESTING: usize = 127;

/// The body as text that may be parsed as a JSON object.
pub fn object(body: &[u8]) -> Result<&str, Refusal> {
    let text = std::str::from_utf8(body)
        .map_err(|e| Refusal::bad_request(format!("the body is not UTF-8: see byte {}", e.valid_up_to() + 1)))?;
    // White space of JSON (RFC 8259 §2). A structure would be read from a list, too.
    if !text.trim_start_matches([' ', '\t', '\n', '\r']).starts_with('{') {
        return Err(Refusal::bad_request("the body is no JSON object with `query`"));
    }
    if is_deep(text) {
        let message = format!("the body nests deeper than {MAX_NESTING} brackets");
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "TOO_LARGE", message));
    }
    Ok(text)
}

/// Whether brackets nest too deep anywhere, strings skipped. Counts, so that no text makes it need memory.
fn is_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = in_string,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_NESTING {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(body: &str) -> Option<&'static str> {
        object(body.as_bytes()).err().map(|refusal| refusal.code)
    }

    #[test]
    fn only_objects_are_read() {
        assert_eq!(code(" \r\n\t{}"), None);
        for body in ["", " ", "[{}]", "7", "\"{\"", "null", "\u{a0}{}"] {
            assert_eq!(code(body), Some("BAD_REQUEST"), "{body:?}");
        }
        assert!(object(b"{\"x\":\"\xff\"}").is_err_and(|refusal| refusal.message.contains("byte 7")));
    }

    #[test]
    fn the_parser_reads_what_is_let_through() {
        let nested = |levels: usize| format!("{{\"x\":{}{}}}", "[".repeat(levels - 1), "]".repeat(levels - 1));
        assert_eq!(code(&nested(MAX_NESTING)), None);
        assert!(serde_json::from_str::<serde_json::Value>(&nested(MAX_NESTING)).is_ok());
        assert_eq!(code(&nested(MAX_NESTING + 1)), Some("TOO_LARGE"));
        assert!(serde_json::from_str::<serde_json::Value>(&nested(MAX_NESTING + 1)).is_err());
        assert_eq!(code(&format!("{{{}", "]}[{".repeat(1_000))), None, "it is as deep as it is open");
    }

    #[test]
    fn brackets_in_strings_do_not_count() {
        let brackets = "[".repeat(1_000);
        assert_eq!(code(&format!("{{\"x\":\"{brackets}\",\"\\\"{brackets}\\\\\":1}}")), None);
        assert_eq!(code(&format!("{{\"x\":\"\\\\\",\"y\":{brackets}")), Some("TOO_LARGE"));
    }
}
