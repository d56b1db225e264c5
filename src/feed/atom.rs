//! Atom 1.0 (RFC 4287) with pages (RFC 5005), tombstones (RFC 6721), Dublin Core for source and canonical address, Media RSS for pictures.

use std::collections::HashSet;

use chrono::{FixedOffset, SecondsFormat};

use super::address::encoded;
use super::item::{Enclosure, Feed, Instant, Item, Links};
use super::text::{headline, person};
use super::xml::Xml;
use crate::text::escape;

/// Media types of the formats, in the order of [`Links::formats`].
const TYPES: [&str; 3] = ["application/rss+xml", "application/atom+xml", "application/feed+json"];

/// A language tag as validators of feeds know them: its first part has two letters (ISO 639-1).
pub fn known_language(language: &str) -> Option<&str> {
    let first = language.split('-').next().unwrap_or_default();
    let is_tag =
        language.split('-').all(|part| !part.is_empty() && part.len() <= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    (is_tag && first.len() == 2 && first.bytes().all(|b| b.is_ascii_alphabetic())).then_some(language)
}

/// An instant in whole seconds where it has no more, else in milliseconds.
pub fn instant(at: &Instant) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// `at` as a text that is not among `used`: the same instant, with zeros behind its second or in another time zone. Readers tell
/// what has changed by this text, and validators warn of two that are equal, as they are where sources know the day alone.
fn distinct(at: &Instant, used: &mut HashSet<String>) -> String {
    let zones = std::iter::once(*at.offset()).chain((-11..=12).filter_map(|hours: i32| FixedOffset::east_opt(hours * 3_600)));
    for zone in zones {
        let text = instant(&at.with_timezone(&zone));
        let end = text.rfind(['Z', '+', '-']).unwrap_or(text.len());
        let (time, zone) = text.split_at(end);
        let point = if time.contains('.') { "" } else { "." };
        let padded = (1..=6).map(|zeros| format!("{time}{point}{}{zone}", "0".repeat(zeros)));
        for candidate in std::iter::once(text.clone()).chain(padded) {
            if used.insert(candidate.clone()) {
                return candidate;
            }
        }
    }
    instant(at)
}

/// The feed as Atom.
pub fn atom(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new(Some(("text/css", &feed.links.stylesheet)));
    let mut names = vec![
        ("xmlns", "http://www.w3.org/2005/Atom"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ];
    if !feed.tombstones.is_empty() {
        names.push(("xmlns:at", "http://purl.org/atompub/tombstones/1.0"));
    }
    if let Some(language) = known_language(&feed.language) {
        names.push(("xml:lang", language));
    }
    xml.start("feed", &names);
    xml.text("id", &[], &feed.links.id);
    xml.text("title", &[], &headline(&feed.title));
    xml.text("subtitle", &[], &headline(&feed.description));
    xml.text("updated", &[], &instant(&feed.updated));
    xml.start("author", &[]);
    xml.text("name", &[], &person(&feed.publisher));
    xml.text("uri", &[], &encoded(&feed.home));
    xml.end("author");
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &encoded(&feed.page))]);
    links(&mut xml, &feed.links, 1, "link");
    xml.text("generator", &[], "Tidings");
    tombstones(&mut xml, feed);
    let mut used = HashSet::new();
    for item in &feed.items {
        write(&mut xml, item, &mut used);
    }
    xml.end("feed");
    xml.finish()
}

fn write(xml: &mut Xml, item: &Item, used: &mut HashSet<String>) {
    match known_language(&item.language) {
        Some(language) => xml.start("entry", &[("xml:lang", language)]),
        None => xml.start("entry", &[]),
    }
    xml.text("id", &[], &item.id);
    xml.text("title", &[], &item.title);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &encoded(&item.url))]);
    if let Some(original) = &item.original {
        xml.empty("link", &[("rel", "via"), ("href", &encoded(original))]);
    }
    xml.text("published", &[], &instant(&item.published));
    xml.text("updated", &[], &distinct(&item.updated, used));
    for author in &item.authors {
        xml.start("author", &[]);
        xml.text("name", &[], &person(author));
        xml.end("author");
    }
    for category in &item.categories {
        xml.empty("category", &[("term", &headline(category))]);
    }
    if let Some(source) = &item.source {
        xml.text("dc:source", &[], &headline(&source.name));
    }
    xml.text("dc:identifier", &[], &encoded(&item.canonical));
    if let Some(rights) = &item.rights {
        xml.text("rights", &[], &headline(rights));
    }
    for file in &item.enclosures {
        let (url, length) = (encoded(&file.url), file.length.map(|length| length.to_string()));
        let mut attributes = vec![("rel", "enclosure"), ("type", file.mime_type.as_str()), ("href", &url)];
        attributes.extend(length.as_deref().map(|length| ("length", length)));
        xml.empty("link", &attributes);
    }
    xml.html("summary", &[("type", "html")], &escape(&item.summary));
    xml.html("content", &[("type", "html")], &item.content);
    media(xml, item, &[]);
    xml.end("entry");
}

/// The addresses of a page in format number `own`, as elements called `name`.
pub fn links(xml: &mut Xml, links: &Links, own: usize, name: &str) {
    for (number, (address, kind)) in links.formats.iter().zip(TYPES).enumerate() {
        let rel = if number == own { "self" } else { "alternate" };
        xml.empty(name, &[("rel", rel), ("type", kind), ("href", address)]);
    }
    let pages = [("first", Some(&links.first)), ("next", links.next.as_ref()), ("previous", links.previous.as_ref())];
    for (rel, address) in pages {
        if let Some(address) = address {
            xml.empty(name, &[("rel", rel), ("type", TYPES[own]), ("href", address)]);
        }
    }
}

/// What has left the list (RFC 6721 §3).
pub fn tombstones(xml: &mut Xml, feed: &Feed) {
    for tombstone in &feed.tombstones {
        let when = instant(&tombstone.at);
        let attributes = [("ref", tombstone.id.as_str()), ("when", &when)];
        match &tombstone.notice {
            Some(notice) => {
                xml.start("at:deleted-entry", &attributes);
                xml.text("at:comment", &[], notice);
                xml.end("at:deleted-entry");
            }
            None => xml.empty("at:deleted-entry", &attributes),
        }
    }
}

/// The cover, and files that are not enclosures. Behind the texts, because some readers take a picture's description for the item's.
pub fn media(xml: &mut Xml, item: &Item, files: &[Enclosure]) {
    if let Some(image) = &item.image {
        let (url, width, height) = (encoded(&image.url), image.width.to_string(), image.height.to_string());
        let mut attributes = vec![("url", url.as_str()), ("medium", "image")];
        attributes.extend(image.mime_type.as_deref().map(|kind| ("type", kind)));
        if image.width > 0 && image.height > 0 {
            attributes.extend([("width", width.as_str()), ("height", height.as_str())]);
        }
        xml.start("media:content", &attributes);
        if let Some(alt) = &image.alt {
            xml.html("media:description", &[("type", "html")], &escape(&headline(alt)));
        }
        if let Some(credit) = &image.credit {
            xml.text("media:credit", &[], &headline(credit));
        }
        xml.end("media:content");
    }
    for file in files {
        let (url, length) = (encoded(&file.url), file.length.map(|length| length.to_string()));
        let mut attributes = vec![("url", url.as_str()), ("type", file.mime_type.as_str())];
        attributes.extend(length.as_deref().map(|length| ("fileSize", length)));
        xml.empty("media:content", &attributes);
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn equal_instants_are_written_differently() {
        let at: Instant = DateTime::parse_from_rfc3339("2021-05-17T00:00:00+08:00").expect("an instant");
        let mut used = HashSet::new();
        let texts: Vec<String> = (0..100).map(|_| distinct(&at, &mut used)).collect();
        assert_eq!(used.len(), 100);
        assert_eq!((texts[0].as_str(), texts[1].as_str()), ("2021-05-17T00:00:00+08:00", "2021-05-17T00:00:00.0+08:00"));
        for text in texts {
            assert_eq!(DateTime::parse_from_rfc3339(&text).expect("an instant"), at, "{text}");
        }
    }

    #[test]
    fn languages_of_two_letters_are_known() {
        assert_eq!(known_language("zh-Hans"), Some("zh-Hans"));
        for other in ["yue", "", "zh_CN", "zh-", "x-klingon", "1a"] {
            assert_eq!(known_language(other), None, "{other}");
        }
    }
}
