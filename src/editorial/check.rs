//! Checks of what writers hand in: each cleans in place, and names the field that it refuses.
//! Invariant: cleaning twice equals cleaning once.

use chrono::{DateTime, Datelike, SubsecRound, Utc};

use super::draft::{AttachmentDraft, BodyPageDraft};
use crate::error::{Error, Result};
use crate::text::{clean_line, clean_text, is_host, is_slug, normalise_address, sanitise};

/// Longest address, as browsers and proxies have it.
const MAX_ADDRESS_BYTES: usize = 2_000;

/// Longest body of one article, all pages together, in bytes of HTML.
const MAX_BODY_BYTES: usize = 4 << 20;

pub(super) fn line(field: &str, value: &mut String, max_chars: usize) -> Result<()> {
    *value = clean_line(value);
    if value.is_empty() {
        return Err(Error::invalid(field, "must not be empty"));
    }
    if value.chars().count() > max_chars {
        return Err(Error::invalid(field, format!("has more than {max_chars} characters")));
    }
    Ok(())
}

pub(super) fn optional(field: &str, value: &mut Option<String>, max_chars: usize) -> Result<()> {
    if let Some(text) = value {
        *text = clean_text(text);
        if text.chars().count() > max_chars {
            return Err(Error::invalid(field, format!("has more than {max_chars} characters")));
        }
    }
    *value = value.take().filter(|text| !text.is_empty());
    Ok(())
}

/// A text of 1 to `max_chars` characters, in lines.
pub(super) fn text(field: &str, value: &str, max_chars: usize) -> Result<String> {
    let text = clean_text(value);
    if text.is_empty() || text.chars().count() > max_chars {
        return Err(Error::invalid(field, format!("must be 1 to {max_chars} characters")));
    }
    Ok(text)
}

/// The name of another record: cleaned like that record's own, or the two would not meet.
pub(super) fn reference(field: &str, value: &mut Option<String>) -> Result<()> {
    value.as_mut().map_or(Ok(()), |name| line(field, name, 200))
}

pub(super) fn slug(value: &str) -> Result<()> {
    if is_slug(value) {
        return Ok(());
    }
    Err(Error::invalid("slug", "must be 1 to 100 letters, digits, `-`, `_` or `.`, and not only digits"))
}

/// Addresses that a client may follow: http(s) with a host, or a path of this portal.
pub(super) fn address(field: &str, value: &str) -> Result<()> {
    let scheme = ["https://", "http://"].into_iter().find(|s| value.get(..s.len()).is_some_and(|v| v.eq_ignore_ascii_case(s)));
    let has_host = scheme.is_some_and(|s| value[s.len()..].split(['/', '?', '#']).next().is_some_and(is_host));
    let is_path = value.starts_with('/') && !value.starts_with("//");
    let is_clean = !value.chars().any(|c| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c));
    if (has_host || is_path) && is_clean && value.len() <= MAX_ADDRESS_BYTES {
        return Ok(());
    }
    Err(Error::invalid(
        field,
        "must be an http(s) address with a host, or a path that begins with one slash, without spaces, of at most 2000 bytes",
    ))
}

/// An address where something once stood, in the form in which those are compared.
pub(super) fn old_address(field: &str, value: &mut String) -> Result<()> {
    let normal = normalise_address(value).filter(|v| v.len() <= MAX_ADDRESS_BYTES);
    *value = normal.ok_or_else(|| {
        Error::invalid(field, "must be an http(s) address, with or without scheme, or a path, of at most 2000 bytes")
    })?;
    Ok(())
}

/// The form of language tags (RFC 5646 §2.1), not their meaning: subtags of 1 to 8 letters and digits, the first of letters.
pub(super) fn language(value: &mut Option<String>) -> Result<()> {
    optional("language", value, 35)?;
    let is_subtag = |tag: &str| (1..=8).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_tag = |tag: &str| {
        tag.split('-').all(is_subtag) && !tag.split('-').next().is_some_and(|t| t.bytes().any(|b| b.is_ascii_digit()))
    };
    if value.as_deref().is_none_or(is_tag) {
        return Ok(());
    }
    Err(Error::invalid("language", "must be a BCP 47 tag, such as zh-Hans"))
}

pub(super) fn optional_address(field: &str, value: Option<&String>) -> Result<()> {
    value.map_or(Ok(()), |v| address(field, v))
}

pub(super) fn range(field: &str, value: i64, low: i64, high: i64) -> Result<()> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(field, format!("must be between {low} and {high}")))
}

/// Years that calendars and other systems agree on, and that stay within four digits and after 1900 in any time zone.
pub(super) fn instant(field: &str, value: &mut DateTime<Utc>) -> Result<()> {
    *value = value.trunc_subsecs(3);
    if (1901..=9998).contains(&value.year()) {
        return Ok(());
    }
    Err(Error::invalid(field, "must be between the years 1901 and 9998"))
}

pub(super) fn optional_instant(field: &str, value: &mut Option<DateTime<Utc>>) -> Result<()> {
    value.as_mut().map_or(Ok(()), |v| instant(field, v))
}

pub(super) fn names(field: &str, values: &mut Vec<String>, most: usize) -> Result<()> {
    for value in values.iter_mut() {
        line(field, value, 200)?;
    }
    let mut seen = std::collections::HashSet::new();
    values.retain(|v| seen.insert(v.clone()));
    if values.len() > most {
        return Err(Error::invalid(field, format!("has more than {most} entries")));
    }
    Ok(())
}

/// Files to download.
pub(super) fn attachments(files: &mut [AttachmentDraft]) -> Result<()> {
    for (i, file) in files.iter_mut().enumerate() {
        line(&format!("attachments[{i}].name"), &mut file.name, 500)?;
        address(&format!("attachments[{i}].url"), &file.url)?;
        optional(&format!("attachments[{i}].mimeType"), &mut file.mime_type, 100)?;
        file.size_bytes.map_or(Ok(()), |n| range(&format!("attachments[{i}].sizeBytes"), n, 0, i64::from(i32::MAX)))?;
    }
    Ok(())
}

/// The pages of a body: sanitised, without empty ones.
pub(super) fn pages(pages: &mut Vec<BodyPageDraft>) -> Result<()> {
    if pages.iter().map(|p| p.html.len()).sum::<usize>() > MAX_BODY_BYTES {
        return Err(Error::invalid("body", format!("is longer than {MAX_BODY_BYTES} bytes")));
    }
    for (i, page) in pages.iter_mut().enumerate() {
        page.html = sanitise(&page.html);
        optional(&format!("pages[{i}].title"), &mut page.title, 500)?;
    }
    pages.retain(|p| !p.html.is_empty() || p.title.is_some());
    Ok(())
}
