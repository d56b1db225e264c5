//! Sitemaps (sitemaps.org, protocol 0.9), Google's news sitemaps, and `robots.txt` (RFC 9309).

use std::fmt::Write;

use super::address::encoded;
use super::atom::instant;
use super::item::Instant;
use super::text::line;
use super::xml::Xml;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// A page, or a part of a sitemap.
#[derive(Clone, Debug, PartialEq)]
pub struct Location {
    /// Absolute.
    pub url: String,
    /// When it was changed last, if that is known.
    pub modified: Option<Instant>,
}

/// An article of the last two days.
#[derive(Clone, Debug, PartialEq)]
pub struct NewsItem {
    /// Absolute.
    pub url: String,
    /// Plain text.
    pub title: String,
    /// BCP 47 tag.
    pub language: String,
    /// When it was published.
    pub published: Instant,
}

/// The parts of a sitemap.
pub fn sitemap_index(parts: &[Location]) -> Vec<u8> {
    document("sitemapindex", "sitemap", parts)
}

/// Pages, at most 50,000.
pub fn sitemap(pages: &[Location]) -> Vec<u8> {
    document("urlset", "url", pages)
}

fn document(root: &str, element: &str, locations: &[Location]) -> Vec<u8> {
    let mut xml = Xml::new(None);
    xml.start(root, &[("xmlns", NAMESPACE)]);
    for location in locations {
        xml.start(element, &[]);
        xml.text("loc", &[], &encoded(&location.url));
        if let Some(modified) = &location.modified {
            xml.text("lastmod", &[], &instant(modified));
        }
        xml.end(element);
    }
    xml.end(root);
    xml.finish()
}

/// The language of a news sitemap: ISO 639, but for Chinese, which is `zh-cn` or `zh-tw` there.
fn news_language(language: &str) -> &str {
    let lower = language.to_ascii_lowercase();
    match lower.split('-').next() {
        Some("zh") if lower.contains("hant") || lower.ends_with("-tw") || lower.ends_with("-hk") => "zh-tw",
        Some("zh") => "zh-cn",
        _ => language.split('-').next().unwrap_or(language),
    }
}

/// Articles of the last two days of `publication`, at most 1,000.
pub fn news_sitemap(publication: &str, items: &[NewsItem]) -> Vec<u8> {
    let mut xml = Xml::new(None);
    xml.start("urlset", &[("xmlns", NAMESPACE), ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9")]);
    for item in items {
        xml.start("url", &[]);
        xml.text("loc", &[], &encoded(&item.url));
        xml.start("news:news", &[]);
        xml.start("news:publication", &[]);
        xml.text("news:name", &[], &line(publication));
        xml.text("news:language", &[], news_language(&item.language));
        xml.end("news:publication");
        xml.text("news:publication_date", &[], &instant(&item.published));
        xml.text("news:title", &[], &line(&item.title));
        xml.end("news:news");
        xml.end("url");
    }
    xml.end("urlset");
    xml.finish()
}

/// What robots may look at: everything but what is for programs and for those who work here.
pub fn robots(sitemaps: &[String]) -> String {
    let mut text = String::from("User-agent: *\n");
    for path in ["/graphql", "/desk", "/stats", "/playground", "/metrics", "/v/", "/embed/"] {
        let _ = writeln!(text, "Disallow: {path}");
    }
    for address in sitemaps {
        let _ = writeln!(text, "\nSitemap: {}", encoded(address));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_named_as_news_sitemaps_do() {
        for (language, expected) in
            [("zh-Hans", "zh-cn"), ("zh-Hant-HK", "zh-tw"), ("zh-TW", "zh-tw"), ("en-GB", "en"), ("de", "de")]
        {
            assert_eq!(news_language(language), expected);
        }
    }
}
