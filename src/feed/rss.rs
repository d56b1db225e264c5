//! RSS 2.0 (RSS Advisory Board, 2.0.11), with Atom for addresses and updates, Dublin Core for names and rights, Media RSS for pictures.

use chrono::SubsecRound;

use super::address::encoded;
use super::item::{Feed, Instant, Item};
use super::text::{headline, person};
use super::xml::Xml;
use crate::text::escape;

/// A date of RFC 822 with a year of four digits, and two for the day as the readers of old want it.
fn date(at: &Instant) -> String {
    at.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}

/// The feed as RSS.
pub fn rss(feed: &Feed) -> Vec<u8> {
    let mut xml = Xml::new(Some(("text/css", &feed.links.stylesheet)));
    let mut names = vec![
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ];
    // Validators that do not know it warn of the name alone.
    if !feed.tombstones.is_empty() {
        names.push(("xmlns:at", "http://purl.org/atompub/tombstones/1.0"));
    }
    xml.start("rss", &names);
    xml.start("channel", &[]);
    xml.text("title", &[], &headline(&feed.title));
    xml.text("link", &[], &encoded(&feed.page));
    xml.text("description", &[], &headline(&feed.description));
    super::atom::links(&mut xml, &feed.links, 0, "atom:link");
    if let Some(language) = super::atom::known_language(&feed.language) {
        xml.text("language", &[], language);
    }
    xml.text("lastBuildDate", &[], &date(&feed.updated));
    xml.text("generator", &[], "Tidings");
    xml.text("docs", &[], "https://www.rssboard.org/rss-specification");
    for item in &feed.items {
        write(&mut xml, item);
    }
    super::atom::tombstones(&mut xml, feed);
    xml.end("channel");
    xml.end("rss");
    xml.finish()
}

fn write(xml: &mut Xml, item: &Item) {
    xml.start("item", &[]);
    xml.text("title", &[], &item.title);
    xml.text("link", &[], &encoded(&item.url));
    xml.text("guid", &[("isPermaLink", "false")], &item.id);
    xml.text("pubDate", &[], &date(&item.published));
    xml.text("atom:updated", &[], &item.updated.trunc_subsecs(3).to_rfc3339());
    for author in &item.authors {
        xml.text("dc:creator", &[], &person(author));
    }
    for category in &item.categories {
        xml.text("category", &[], &headline(category));
    }
    if let Some(source) = &item.source {
        // `source` needs an address; a name alone is Dublin Core's.
        match &source.url {
            Some(url) => xml.text("source", &[("url", &encoded(url))], &headline(&source.name)),
            None => xml.text("dc:source", &[], &headline(&source.name)),
        }
    }
    if let Some(original) = &item.original {
        xml.empty("atom:link", &[("rel", "via"), ("href", &encoded(original))]);
    }
    xml.text("dc:identifier", &[], &encoded(&item.canonical));
    if let Some(language) = super::atom::known_language(&item.language) {
        xml.text("dc:language", &[], language);
    }
    if let Some(rights) = &item.rights {
        xml.text("dc:rights", &[], &headline(rights));
    }
    // One, as most readers expect; others are media.
    if let Some(file) = item.enclosures.first() {
        let length = file.length.unwrap_or(0).to_string();
        let kind = file.mime_type.as_str();
        xml.empty("enclosure", &[("url", &encoded(&file.url)), ("length", &length), ("type", kind)]);
    }
    xml.html("description", &[], &escape(&item.summary));
    xml.html("content:encoded", &[], &item.content);
    super::atom::media(xml, item, item.enclosures.get(1..).unwrap_or_default());
    xml.end("item");
}
