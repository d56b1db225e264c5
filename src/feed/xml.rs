//! XML through a writer that knows how elements nest; what text and attributes need is added here.

use std::borrow::Cow;

use quick_xml::Writer;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesDecl, BytesEnd, BytesPI, BytesStart, BytesText, Event};
use quick_xml::name::QName;

use super::text::clean;

/// Attributes: name and value.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document that is being written.
pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// A document in UTF-8, with a stylesheet for those who look at it in a browser.
    pub fn new(stylesheet: Option<(&str, &str)>) -> Self {
        let mut xml = Self { writer: Writer::new(Vec::with_capacity(16 << 10)) };
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        if let Some((kind, address)) = stylesheet {
            xml.write(Event::PI(BytesPI::new(format!("xml-stylesheet type=\"{kind}\" href=\"{}\"", plain(address)))));
        }
        xml
    }

    fn write(&mut self, event: Event<'_>) {
        self.writer.write_event(event).expect("memory takes what is written to it");
    }

    fn tag<'a>(name: &'a str, attributes: Attributes<'_>) -> BytesStart<'a> {
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            start.push_attribute(Attribute { key: QName(key), value: Cow::Owned(plain(value)) });
        }
        start
    }

    /// Begins an element.
    pub fn start(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Start(Self::tag(name, attributes)));
    }

    /// Ends it.
    pub fn end(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    /// An element without content.
    pub fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.write(Event::Empty(Self::tag(name, attributes)));
    }

    /// An element with plain text; none if there is no text.
    pub fn text(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.content(name, attributes, plain(text));
    }

    /// An element whose text is HTML.
    pub fn html(&mut self, name: &str, attributes: Attributes<'_>, html: &str) {
        // References by name are shorter, and nobody takes HTML for plain text.
        let text = clean(html).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.content(name, attributes, text);
    }

    fn content(&mut self, name: &str, attributes: Attributes<'_>, escaped: String) {
        if escaped.trim().is_empty() {
            return;
        }
        self.start(name, attributes);
        self.write(Event::Text(BytesText::from_escaped(escaped)));
        self.end(name);
    }

    /// The document.
    pub fn finish(self) -> Vec<u8> {
        self.writer.into_inner()
    }
}

/// Plain text for elements and attributes. With hexadecimal references, by which readers know that it is no HTML (RSS Best Practices
/// Profile, "Character data").
fn plain(text: &str) -> String {
    let text = clean(text);
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&#x26;"),
            '<' => out.push_str("&#x3C;"),
            '>' => out.push_str("&#x3E;"),
            '"' => out.push_str("&#x22;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_typed_gets_out() {
        let mut xml = Xml::new(Some(("text/css", "/feed/style.css")));
        xml.start("a", &[("href", "x\"><script>&'\u{1}")]);
        xml.text("t", &[], "]]> <b>x</b> &amp; 🚀\u{b}\u{ffff}\n𠮷");
        xml.html("h", &[], "<p>a &amp; b</p>");
        xml.text("none", &[], " ");
        xml.end("a");
        let text = String::from_utf8(xml.finish()).expect("UTF-8");
        assert_eq!(
            text,
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><?xml-stylesheet type=\"text/css\" href=\"/feed/style.css\"?>\
             <a href=\"x&#x22;&#x3E;&#x3C;script&#x3E;&#x26;'\"><t>]]&#x3E; &#x3C;b&#x3E;x&#x3C;/b&#x3E; &#x26;amp; 🚀 𠮷</t>\
             <h>&lt;p&gt;a &amp;amp; b&lt;/p&gt;</h></a>"
        );
    }
}
