//! Old addresses are compared in one form, so that a visitor finds the article however the link was written.

/// `host/path?query` in lower-case host, without scheme, `www.`, default port, fragment, trailing slash or index page;
/// nothing for what is no address. An address without a host (`/news/1.html`) keeps its leading slash.
pub fn normalise(address: &str) -> Option<String> {
    let address = address.trim();
    let address = address.split('#').next().unwrap_or(address);
    if address.is_empty() || address.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return None;
    }
    let rest = match address.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => rest,
        Some(_) => return None,
        None => address.strip_prefix("//").unwrap_or(address),
    };
    let split = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(split);
    let host = host.to_ascii_lowercase();
    let host = host.trim_end_matches(":80").trim_end_matches(":443");
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = path.trim_end_matches('?').trim_end_matches('/');
    let path = path.strip_suffix("/index.html").unwrap_or(path);
    let joined = format!("{host}{}", decode(path));
    if joined.is_empty() { None } else { Some(joined) }
}

/// Percent-encoded letters as themselves, where they are UTF-8 and not part of an address's own signs: browsers send
/// `%E6%97%A7` for what an editor writes as a Chinese letter (RFC 3986 §6.2.2.2).
fn decode(path: &str) -> String {
    let is_letter = |byte: u8| byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    String::from_utf8(percent_decode(path, is_letter)).unwrap_or_else(|_| path.to_owned())
}

/// The bytes that `text` stands for: `%E6` becomes one byte if `is_wanted` says so (RFC 3986 §2.1). Anything else,
/// a lone `%` included, stays as it is.
pub fn percent_decode(text: &str, is_wanted: impl Fn(u8) -> bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|h| std::str::from_utf8(h).ok()).and_then(|h| u8::from_str_radix(h, 16).ok());
        if let Some(byte) = hex.filter(|byte| *first == b'%' && is_wanted(*byte)) {
            out.push(byte);
            rest = &tail[2..];
        } else {
            out.push(*first);
            rest = tail;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_all_spellings() {
        for spelling in [
            "https://www.Old.example/news/1.html",
            "http://old.example:80/news/1.html#top",
            "//old.example/news/1.html/",
            "old.example/news/1.html",
        ] {
            assert_eq!(normalise(spelling).as_deref(), Some("old.example/news/1.html"), "{spelling}");
        }
        assert_eq!(normalise("/show.php?itemid=3").as_deref(), Some("/show.php?itemid=3"));
        assert_eq!(normalise("/%E6%97%A7%E9%97%BB/1%2F2.html").as_deref(), Some("/旧闻/1%2F2.html"));
        assert_eq!(normalise("/旧闻/1%2F2.html").as_deref(), Some("/旧闻/1%2F2.html"));
        assert_eq!(normalise("/%FF%FE").as_deref(), Some("/%FF%FE"));
        assert_eq!(normalise("javascript://x"), None);
        assert_eq!(normalise("  "), None);
        assert_eq!(normalise("https://old.example/"), Some("old.example".into()));
    }
}
