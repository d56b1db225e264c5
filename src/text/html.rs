//! Bodies become safe HTML on the way in; on the way out they are safe to insert as they are.
//! Invariant: sanitising twice equals sanitising once.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::clean::clean;

/// What an article's text is made of; scripts, styles, forms, frames and presentational markup are not.
const BODY_TAGS: &[&str] = &[
    "a",
    "abbr",
    "audio",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "small",
    "source",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "video",
];

/// What may stand in a body: tags, their attributes, and the schemes of addresses.
pub fn body_policy<'a>() -> Builder<'a> {
    let mut policy = Builder::empty();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", &["href", "title"][..]),
        ("audio", &["src", "controls"]),
        ("img", &["src", "alt", "title", "width", "height"]),
        ("ol", &["start"]),
        ("source", &["src", "type"]),
        ("td", &["colspan", "rowspan"]),
        ("th", &["colspan", "rowspan", "scope"]),
        ("time", &["datetime"]),
        ("video", &["src", "poster", "controls", "width", "height"]),
    ]
    .into_iter()
    .map(|(tag, names)| (tag, names.iter().copied().collect()))
    .collect();
    policy
        .tags(BODY_TAGS.iter().copied().collect())
        .tag_attributes(attributes)
        .url_schemes(["http", "https", "mailto", "tel"].into_iter().collect())
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None);
    policy
}

static POLICY: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut policy = body_policy();
    policy
        .clean_content_tags(["script", "style", "iframe", "noscript", "template", "object", "svg", "math"].into_iter().collect())
        .link_rel(Some("noopener noreferrer"));
    policy
});

/// Rounds until the text stands still. A parser moves misnested elements (a link in a table in a link), so what one round
/// wrote may be read differently by the next; three are the most seen.
const MAX_ROUNDS: usize = 8;

/// Safe HTML from any HTML.
pub fn sanitise(html: &str) -> String {
    let mut html = clean(html);
    for _ in 0..MAX_ROUNDS {
        // Cleaned again: a character reference may have become a control character.
        let next = clean(&POLICY.clean(&html).to_string()).trim().to_owned();
        if next == html {
            return next;
        }
        html = next;
    }
    // Whatever does not stand still is a trick: keep its words.
    paragraphs(&super::outline::plain_text(&html))
}

/// Text as HTML text.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// HTML paragraphs from plain text: each line that is not empty is one.
pub fn paragraphs(text: &str) -> String {
    let text = clean(text);
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    lines.fold(String::with_capacity(text.len()), |html, line| html + "<p>" + &escape(line) + "</p>")
}

/// Shows `each` what sanitised HTML says in attributes that readers get to see or hear (`alt`, `title`): the attribute's name and
/// its text, which may be changed.
pub fn attribute_texts(html: &str, mut each: impl FnMut(&str, &mut String)) -> String {
    let (mut out, mut rest) = (String::with_capacity(html.len()), html);
    // In sanitised HTML a `<` always begins a tag, and values stand in double quotes.
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        while let Some(quote) = rest.find('"').filter(|quote| rest.find('>').is_some_and(|end| *quote < end)) {
            let Some(length) = rest[quote + 1..].find('"') else { break };
            let (head, value) = (&rest[..=quote], &rest[quote + 1..quote + 1 + length]);
            out.push_str(head);
            let name = head.trim_end_matches("=\"").rsplit(' ').next().unwrap_or_default();
            if matches!(name, "alt" | "title") {
                let text = unescape(value);
                let mut new = text.clone();
                each(name, &mut new);
                // What stays, stays byte for byte.
                out.push_str(&if new == text { value.to_owned() } else { escape(&new).replace('"', "&quot;") });
            } else {
                out.push_str(value);
            }
            out.push('"');
            rest = &rest[quote + length + 2..];
        }
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        out.push_str(&rest[..end]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// What a value of sanitised HTML says.
fn unescape(value: &str) -> String {
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&nbsp;", "\u{a0}"), ("&amp;", "&")];
    names.iter().fold(value.to_owned(), |text, (name, shown)| text.replace(name, shown))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn scripts_and_handlers_go() {
        assert_eq!(sanitise("<p onclick=x()>氢能<script>alert(1)</script></p>"), "<p>氢能</p>");
        assert_eq!(sanitise("<a href=\"javascript:alert(1)\">链接</a>"), "<a rel=\"noopener noreferrer\">链接</a>");
        assert_eq!(sanitise("<a href=java&#1;script:alert(1)>链接</a>"), "<a rel=\"noopener noreferrer\">链接</a>");
        assert_eq!(sanitise("<svg><p><style><img src=x onerror=alert(1)></style></p></svg>好"), "<p></p>好");
    }

    #[test]
    fn texts_in_attributes_can_be_read_and_changed() {
        let html = sanitise(
            "<p title=no>\u{6c22} 1 &lt; 2 <a href=/x title='a > \u{6c22} \"b\" &amp;'>x</a><img src=y alt='\u{6c22}'><br>\"end\"</p>",
        );
        let mut seen = Vec::new();
        assert_eq!(attribute_texts(&html, |name, text| seen.push((name.to_owned(), text.clone()))), html);
        let expected = [("title", "no"), ("title", "a > \u{6c22} \"b\" &"), ("alt", "\u{6c22}")];
        assert_eq!(seen, expected.map(|(name, text)| (name.to_owned(), text.to_owned())));
        let changed = attribute_texts(&html, |_, text| *text = text.replace('\u{6c22}', "<\">"));
        assert_eq!(sanitise(&changed), changed, "still clean");
        assert!(changed.contains("\u{6c22} 1 &lt; 2"), "text stays");
        assert!(!changed.contains("alt=\"\u{6c22}"), "{changed}");
    }

    #[test]
    fn plain_text_becomes_paragraphs() {
        assert_eq!(paragraphs("第一段 <b>\n\n第二段"), "<p>第一段 &lt;b&gt;</p><p>第二段</p>");
    }

    proptest! {
        #[test]
        fn twice_is_once(html in "(<(p|b|a href=\"/x\"|img src=x|table|tr|td|/p|/b|script|h2|pre)>|[a-z&;<>\" 氢能]){0,40}") {
            let once = sanitise(&html);
            prop_assert_eq!(sanitise(&once), once);
        }
    }
}
