//! One line of NDJSON (RFC 8259 texts, one a line) as a draft. What cannot be used is a problem with field and reason.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::editorial::{
    ArticleDraft, AuthorDraft, ChannelDraft, Draft, MediaDraft, NavigationDraft, PageDraft, PlacementDraft, RedirectDraft,
    SiteDraft, SourceDraft, TagDraft, TopicDraft,
};
use crate::error::Error;

/// Longest line: a body of the greatest length with everything around it.
pub const MAX_LINE_BYTES: usize = 16 << 20;

/// Why a line was not imported.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Number of the line, from 1.
    pub line: u64,
    /// The record's name, where it could be read.
    #[serde(rename = "externalId", skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// The field that is wrong; none where the whole line is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Problem {
    /// A problem from an error of the editorial rules.
    pub fn new(line: u64, external_id: Option<&str>, error: &Error) -> Self {
        let (field, reason) = match error {
            Error::Invalid { field, message } => (Some(field.clone()), message.clone()),
            other => (None, other.to_string()),
        };
        Self { line, external_id: external_id.map(str::to_owned), field, reason }
    }
}

/// What every line has.
#[derive(Deserialize)]
struct Head {
    kind: Option<String>,
    #[serde(rename = "externalId")]
    external_id: Option<String>,
}

/// The draft in line number `line`.
pub fn parse(line: u64, text: &[u8]) -> Result<Draft, Problem> {
    let problem =
        |field: Option<&str>, reason: String| Problem { line, external_id: None, field: field.map(str::to_owned), reason };
    if text.len() > MAX_LINE_BYTES {
        return Err(problem(None, format!("the line is longer than {MAX_LINE_BYTES} bytes")));
    }
    // A byte order mark before the first line is how some editors save.
    let text = repaired(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text));
    let text = std::str::from_utf8(&text)
        .map_err(|e| problem(None, format!("the line is not UTF-8 from byte {} on", e.valid_up_to())))?;
    if !text.trim_start().starts_with('{') {
        return Err(problem(None, "the line is no JSON object: it begins with no brace".into()));
    }
    let head: Head =
        serde_json::from_str(text).map_err(|e| problem(None, format!("the line is no JSON object: {}", reason(&e))))?;
    let name = head.external_id.as_deref();
    match head.kind.as_deref() {
        Some("site") => draft::<SiteDraft>(line, name, text).map(|d| Draft::Site(d.into())),
        Some("source") => draft::<SourceDraft>(line, name, text).map(|d| Draft::Source(d.into())),
        Some("author") => draft::<AuthorDraft>(line, name, text).map(|d| Draft::Author(d.into())),
        Some("media") => draft::<MediaDraft>(line, name, text).map(|d| Draft::Media(d.into())),
        Some("channel") => draft::<ChannelDraft>(line, name, text).map(|d| Draft::Channel(d.into())),
        Some("tag") => draft::<TagDraft>(line, name, text).map(|d| Draft::Tag(d.into())),
        Some("topic") => draft::<TopicDraft>(line, name, text).map(|d| Draft::Topic(d.into())),
        Some("page") => draft::<PageDraft>(line, name, text).map(|d| Draft::Page(d.into())),
        Some("navigation") => draft::<NavigationDraft>(line, name, text).map(|d| Draft::Navigation(d.into())),
        Some("article") => draft::<ArticleDraft>(line, name, text).map(|d| Draft::Article(d.into())),
        Some("placement") => draft::<PlacementDraft>(line, name, text).map(|d| Draft::Placement(d.into())),
        Some("redirect") => draft::<RedirectDraft>(line, name, text).map(|d| Draft::Redirect(d.into())),
        Some(other) => Err(problem(Some("kind"), format!("{other:?} is no kind; docs/import.md lists them"))),
        None => Err(problem(Some("kind"), "is missing".into())),
    }
}

fn draft<D: DeserializeOwned>(line: u64, name: Option<&str>, text: &str) -> Result<D, Problem> {
    serde_json::from_str(text).map_err(|error| {
        // Once more with the path kept: dearer, so only where something is wrong.
        let reader = &mut serde_json::Deserializer::from_str(text);
        let path = serde_path_to_error::deserialize::<_, D>(reader).err().map(|e| e.path().to_string());
        let field = path.filter(|p| p != ".").or_else(|| quoted(&error.to_string()));
        // The readers of instants say little of use.
        let is_instant =
            error.is_data() && field.as_ref().is_some_and(|f| f.ends_with("At")) && !error.to_string().contains("field");
        let reason = if is_instant {
            "must be an RFC 3339 instant with offset, such as 2021-05-17T09:00:00+08:00".into()
        } else {
            reason(&error)
        };
        Problem { line, external_id: name.map(str::to_owned), field, reason }
    })
}

/// The field that a message names, as in "missing field `title`".
fn quoted(message: &str) -> Option<String> {
    message.split('`').nth(1).map(str::to_owned)
}

fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Half of a surrogate pair is no character (Unicode §3.8) and no JSON reader takes it: it becomes U+FFFD.
fn repaired(text: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    let has_surrogate = text.windows(3).any(|w| w[0] == b'\\' && w[1] == b'u' && matches!(w[2], b'd' | b'D'));
    if !has_surrogate {
        return text.into();
    }
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if text[at] != b'\\' {
            out.push(text[at]);
            at += 1;
            continue;
        }
        match unit(text, at) {
            Some(0xd800..=0xdbff) if matches!(unit(text, at + 6), Some(0xdc00..=0xdfff)) => {
                out.extend_from_slice(&text[at..at + 12]);
                at += 12;
            }
            Some(0xd800..=0xdfff) => {
                out.extend_from_slice(b"\\ufffd");
                at += 6;
            }
            // Any other escape is two bytes at least; its second may be a backslash.
            _ => {
                out.extend_from_slice(&text[at..(at + 2).min(text.len())]);
                at += 2;
            }
        }
    }
    out.into()
}

/// The UTF-16 unit of an escape `\uXXXX` at `at`.
fn unit(text: &[u8], at: usize) -> Option<u16> {
    let escape = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> (Option<String>, String) {
        let problem = parse(7, text.as_bytes()).expect_err("the line is wrong");
        assert_eq!(problem.line, 7);
        (problem.field, problem.reason)
    }

    #[test]
    fn a_problem_names_its_field() {
        assert_eq!(problem("{").0, None);
        assert_eq!(problem("{}").0.as_deref(), Some("kind"));
        assert_eq!(problem(r#"{"kind":"poem"}"#).0.as_deref(), Some("kind"));
        assert_eq!(problem(r#"{"kind":"tag","externalId":"a","slug":"a"}"#).0.as_deref(), Some("name"));
        assert_eq!(problem(r#"{"kind":"tag","externalId":"a","slug":"a","name":"a","colour":1}"#).0.as_deref(), Some("colour"));
        let wrong = r#"{"kind":"media","externalId":"a","url":"/a","width":"wide","height":1}"#;
        assert_eq!(problem(wrong).0.as_deref(), Some("width"));
        let deep = r#"{"kind":"article","externalId":"a","title":"a","channel":"c","publishedAt":"2021-05-17T09:00:00+08:00","gallery":[{"media":1}]}"#;
        assert_eq!(problem(deep).0.as_deref(), Some("gallery[0].media"));
    }

    #[test]
    fn arrays_are_no_objects() {
        assert!(problem(r#"["tag","a"]"#).1.contains("no JSON object"));
        assert!(problem(r#"[null,null,"a","a","a"]"#).1.contains("no JSON object"));
        let article = r#"{"kind":"article","externalId":"a","title":"a","channel":"c","publishedAt":"2021-05-17T09:00:00+08:00""#;
        for (list, field) in [
            (r#""gallery":[{"media":"m"},["m","caption"]]"#, "gallery[1]"),
            (r#""pages":[["t","<p>x</p>"]]"#, "pages[0]"),
            (r#""attachments":[["a","/a",null,1]]"#, "attachments[0]"),
            (r#""pages":["<p>x</p>"]"#, "pages[0]"),
            (r#""gallery":{"media":"m"}"#, "gallery"),
        ] {
            let found = problem(&format!("{article},{list}}}"));
            assert_eq!(found.0.as_deref(), Some(field), "{found:?}");
            assert!(found.1.contains("expected an object") || found.1.contains("expected a sequence"), "{found:?}");
        }
        let items = r#"{"kind":"placement","externalId":"a","slot":"s","items":[["a",null,null,null]]}"#;
        assert_eq!(problem(items).0.as_deref(), Some("items[0]"));
        let colour = format!(r#"{article},"gallery":[{{"media":"m","colour":1}}]}}"#);
        assert_eq!(problem(&colour).0.as_deref(), Some("gallery[0].colour"));
    }

    #[test]
    fn unpaired_surrogates_become_replacement_characters() {
        let line = r#"{"kind":"tag","externalId":"a","slug":"a","name":"x\ud83dy\\ud83d \ud83d\ude00 \udc00"}"#;
        let Ok(Draft::Tag(tag)) = parse(1, line.as_bytes()) else { panic!("a tag") };
        assert_eq!(tag.name, "x\u{fffd}y\\ud83d \u{1f600} \u{fffd}");
    }

    #[test]
    fn nesting_and_bytes_that_are_no_text_are_problems() {
        assert!(parse(1, &b"[".repeat(100_000)).is_err());
        assert!(parse(1, b"{\"kind\":\"tag\",\"name\":\"\xff\"}").is_err());
    }
}
