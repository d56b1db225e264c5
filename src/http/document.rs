//! Reads a document that a stranger sent: bounds are checked on the bytes before a parser that recurses sees them, and
//! a document that came before is not parsed again.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{BaseType, ExecutableDocument, OperationDefinition};
use async_graphql::{Value, Variables};
use quick_cache::sync::Cache;

use super::error::Refusal;
use crate::config::Graphql;
use crate::graphql::{self, Shapes};

/// How deep brackets of any kind may nest: beyond this the parser's own recursion would be what stops it.
const MAX_NESTING: usize = 64;

/// How many documents are remembered; clients have some dozens each.
const REMEMBERED: usize = 1_000;

/// A document that has been read.
pub struct Document {
    /// Its parsed form.
    pub parsed: ExecutableDocument,
    /// Fingerprints of the operations and variables that have passed validation with it.
    passed: Mutex<HashSet<u64>>,
}

/// Tells the fingerprint of an operation that keeps our own rules from those of the library's.
const RULES: u64 = 1;

/// How many fingerprints are remembered for one document; clients send the same few shapes of variables.
const REMEMBERED_SHAPES: usize = 64;

impl Document {
    /// Whether an operation with variables of this shape has passed validation before.
    pub fn has_passed(&self, shape: u64) -> bool {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner).contains(&shape)
    }

    /// Refuses an operation that breaks a rule of validation which the library does not keep. Looked at once.
    pub fn check(&self, shapes: &Shapes, operation: &OperationDefinition, name: Option<&str>) -> Result<(), Refusal> {
        let key = xxhash_rust::xxh3::xxh3_64_with_seed(name.unwrap_or("").as_bytes(), RULES);
        if self.has_passed(key) {
            return Ok(());
        }
        graphql::validate(shapes, &self.parsed, operation).map_err(|fault| {
            let place = format!("line {}, column {}", fault.at.line, fault.at.column);
            invalid(&format!("{} ({place})", fault.message))
        })?;
        self.pass(key);
        Ok(())
    }

    /// Remembers that it has.
    pub fn pass(&self, shape: u64) {
        let mut passed = self.passed.lock().unwrap_or_else(PoisonError::into_inner);
        if passed.len() < REMEMBERED_SHAPES {
            passed.insert(shape);
        }
    }
}

/// A fingerprint of everything that validation looks at beside the document: which operation, and the JSON types of its
/// variables. Nothing where a variable's type is not one of GraphQL's own scalars, whose values validation reads.
pub fn shape(operation: &OperationDefinition, name: Option<&str>, variables: &Variables) -> Option<u64> {
    let mut text = String::from(name.unwrap_or(""));
    for definition in &operation.variable_definitions {
        let definition = &definition.node;
        let mut base = &definition.var_type.node.base;
        while let BaseType::List(inner) = base {
            base = &inner.base;
        }
        let is_plain =
            matches!(base, BaseType::Named(name) if matches!(name.as_str(), "ID" | "String" | "Int" | "Float" | "Boolean"));
        if !is_plain {
            return None;
        }
        text.push(';');
        if let Some(value) = variables.get(&definition.name.node) {
            write_shape(value, &mut text);
        }
    }
    Some(xxhash_rust::xxh3::xxh3_64(text.as_bytes()))
}

fn write_shape(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push('n'),
        Value::Number(number) if number.as_i64().is_some_and(|n| i32::try_from(n).is_ok()) => text.push('i'),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(_) => text.push('s'),
        Value::Boolean(_) => text.push('b'),
        Value::Binary(_) => text.push('x'),
        Value::Enum(name) => text.push_str(name),
        Value::List(items) => {
            text.push('[');
            for item in items {
                write_shape(item, text);
            }
            text.push(']');
        }
        Value::Object(_) => text.push('o'),
    }
}

/// Documents that have been read before, by their text.
pub struct Documents(Cache<String, Arc<Document>>);

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::new(REMEMBERED))
    }
}

/// A document longer than this is parsed anew each time: remembering them would let a stranger fill the memory.
const WORTH_REMEMBERING_BYTES: usize = 16 << 10;

impl Documents {
    /// The parsed form of `text`.
    pub fn read(&self, text: &str, limits: &Graphql) -> Result<Arc<Document>, Refusal> {
        if let Some(known) = self.0.get(text) {
            return Ok(known);
        }
        scan(text, limits)?;
        let parsed = parse_query(text).map_err(|error| syntax(&error))?;
        let document = Arc::new(Document { parsed, passed: Mutex::default() });
        if text.len() <= WORTH_REMEMBERING_BYTES {
            self.0.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

/// One line, with the place and without the parser's own words.
fn syntax(error: &async_graphql::parser::Error) -> Refusal {
    let place = error.positions().next().map_or(String::new(), |p| format!(" at line {}, column {}", p.line, p.column));
    let mut refusal = Refusal::bad_request(format!("the document is no valid GraphQL: syntax error{place}"));
    refusal.code = "GRAPHQL_PARSE_FAILED";
    refusal
}

/// A document that breaks a rule of validation.
pub fn invalid(why: &str) -> Refusal {
    let mut refusal = Refusal::bad_request(format!("the document is not valid: {why}"));
    refusal.code = "GRAPHQL_VALIDATION_FAILED";
    refusal
}

fn too_large(message: String) -> Refusal {
    let mut refusal = Refusal::bad_request(message);
    refusal.code = "TOO_LARGE";
    refusal
}

/// Counts bytes, tokens and nesting in one pass, skipping strings and comments (GraphQL specification, §2.1).
fn scan(text: &str, limits: &Graphql) -> Result<(), Refusal> {
    if text.len() > limits.max_document_bytes {
        return Err(too_large(format!("the document has {} bytes, more than {}", text.len(), limits.max_document_bytes)));
    }
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut tokens) = (0, 0_usize, 0_usize);
    while at < bytes.len() {
        match bytes[at] {
            b' ' | b'\t' | b'\n' | b'\r' | b',' => {
                at += 1;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().take_while(|b| !matches!(b, b'\n' | b'\r')).count();
                continue;
            }
            b'{' | b'[' | b'(' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                at += 1;
            }
            b'"' => at = string_end(bytes, at),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'0'..=b'9' | b'-' => {
                at += bytes[at..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')).count();
            }
            _ => at += 1,
        }
        tokens += 1;
        if depth > MAX_NESTING {
            return Err(too_large(format!("the document nests deeper than {MAX_NESTING} brackets")));
        }
        if tokens > limits.max_tokens {
            return Err(too_large(format!("the document has more than {} tokens", limits.max_tokens)));
        }
    }
    Ok(())
}

/// Where the string that begins at `start` ends.
fn string_end(bytes: &[u8], start: usize) -> usize {
    if bytes[start..].starts_with(b"\"\"\"") {
        let mut at = start + 3;
        while at < bytes.len() {
            if bytes[at..].starts_with(b"\\\"\"\"") {
                at += 4;
            } else if bytes[at..].starts_with(b"\"\"\"") {
                return at + 3;
            } else {
                at += 1;
            }
        }
        return bytes.len();
    }
    let mut at = start + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'"' | b'\n' | b'\r' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Arc<Document>, Refusal> {
        Documents::default().read(text, &Graphql::default())
    }

    #[test]
    fn deep_and_long_documents_are_refused_before_they_are_parsed() {
        for bad in ["{".repeat(100_000), "{a".repeat(100_000), "{a(b:".to_owned() + &"[".repeat(100_000)] {
            assert_eq!(read(&bad).err().map(|r| r.code), Some("TOO_LARGE"));
        }
        assert_eq!(read(&"a ".repeat(20_000)).err().map(|r| r.code), Some("TOO_LARGE"));
        assert_eq!(read(&"a".repeat(1 << 20)).err().map(|r| r.code), Some("TOO_LARGE"));
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_count() {
        let brackets = "{".repeat(100);
        assert!(read(&format!("{{ article(by: {{slug: \"{brackets}\"}}) {{ id }} }} # {brackets}")).is_ok());
        assert!(read(&format!("{{ article(by: {{slug: \"\"\"{brackets}\"\"\"}}) {{ id }} }}")).is_ok());
    }

    #[test]
    fn syntax_errors_are_one_line() {
        let refusal = read("{ site { ").err().expect("no GraphQL");
        assert_eq!(refusal.code, "GRAPHQL_PARSE_FAILED");
        assert!(!refusal.message.contains('\n'));
    }
}
