//! An article's text as others' pages get it: addresses absolute, with what must be said of it at its end.

use std::borrow::Cow;

use ammonia::Url;

use super::address::encoded;
use super::text::clean;
use crate::text::{body_policy, escape};

/// `pages` of sanitised HTML as one text for readers elsewhere: every address in it is absolute, seen from `url` where the article stands; `notes` (plain
/// text) are paragraphs at its end, `link` is what the last one leads to.
pub fn content<'a>(pages: impl Iterator<Item = &'a str>, url: &str, notes: &[String]) -> String {
    let html = pages.collect::<Vec<_>>().join("\n");
    let mut html = match Url::parse(url) {
        Ok(base) => absolute(&html, &base),
        // Without an address of its own the portal has none to complete others by; nobody can follow them.
        Err(_) => html,
    };
    for note in notes {
        html += "<p>";
        html += &escape(note);
        html += "</p>";
    }
    clean(&html)
}

fn absolute(html: &str, base: &Url) -> String {
    let base = base.clone();
    let mut policy = body_policy();
    policy.attribute_filter(move |_, name, value| complete(&base, name, value));
    policy.clean(html).to_string()
}

/// The value of attribute `name`, an address as one that is absolute; none if that cannot be.
fn complete<'a>(base: &Url, name: &str, value: &'a str) -> Option<Cow<'a, str>> {
    if !matches!(name, "href" | "src" | "poster") {
        return Some(Cow::Borrowed(value));
    }
    let schemes: &[&str] = if name == "href" { &["http", "https", "mailto", "tel"] } else { &["http", "https"] };
    // What has been completed may be of another kind than what was written: `Url` skips characters that others take for text.
    let address = base.join(value).ok().filter(|address| schemes.contains(&address.scheme()))?;
    Some(Cow::Owned(encoded(address.as_str())))
}

/// `template` with what it names of an article: `{title}`, `{url}`, `{site}`, `{source}`.
pub fn placeholders(template: &str, title: &str, url: &str, site: &str, source: &str) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    let names = [("{title}", title), ("{url}", url), ("{site}", site), ("{source}", source)];
    // In one pass: what stands in a title is no placeholder.
    while let Some((at, name, value)) = names.iter().filter_map(|(name, value)| Some((rest.find(name)?, *name, *value))).min() {
        out.push_str(&rest[..at]);
        out.push_str(value);
        rest = &rest[at + name.len()..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_completed() {
        let page = r##"<p><a href="/b?x=1&amp;y=文">b</a> <a href="#fn1">1</a> <img src="c d.png" alt="x"></p><video src="//cdn.example/v.mp4"></video>"##;
        let html = content([page].into_iter(), "https://portal.example/news/a", &["来源：<b>".into()]);
        assert_eq!(
            html,
            "<p><a href=\"https://portal.example/b?x=1&amp;y=%E6%96%87\">b</a> <a href=\"https://portal.example/news/a#fn1\">1</a> \
             <img src=\"https://portal.example/news/c%20d.png\" alt=\"x\"></p><video src=\"https://cdn.example/v.mp4\"></video>\
             <p>来源：&lt;b&gt;</p>"
        );
    }

    #[test]
    fn no_address_comes_to_life() {
        for address in [
            "\u{3000}javascript:alert(1)",
            "&#x3000;data:text/html,x",
            "\u{a0}vbscript:x",
            "java&#10;script:alert(1)",
            " javascript:x",
        ] {
            let page = format!("<p><a href=\"{address}\">a</a><img src=\"{address}\" alt=\"b\"></p>");
            let html = content([page.as_str()].into_iter(), "https://portal.example/a/1", &[]);
            let addresses = html.split('"').filter(|part| part.contains(':'));
            assert!(addresses.clone().all(|part| part.starts_with("https://portal.example/")), "{address}: {html}");
        }
    }

    #[test]
    fn placeholders_are_filled_once() {
        let text = placeholders("原载{site}：{title} {url} {x}", "{url}", "https://p.example/a", "海岬", "s");
        assert_eq!(text, "原载海岬：{url} https://p.example/a {x}");
    }
}
