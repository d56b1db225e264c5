//! Old addresses are compared in one form, so that a visitor finds the article however the link was written.

/// `host/path?query` in lower-case host, without scheme, `www.`, default port, fragment, trailing slash or index page;
/// nothing for what is no address. An address without a host (`/news/1.html`) keeps its leading slash. Doing it twice
/// changes nothing.
pub fn normalise(address: &str) -> Option<String> {
    let address = address.trim();
    let address = address.split('#').next().unwrap_or(address);
    if address.is_empty() || address.chars().any(is_no_part) {
        return None;
    }
    let after_scheme = match address.split_once("://") {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https") => Some(rest),
        // `://` in a path or query says nothing of the scheme.
        Some((scheme, _)) if !scheme.contains(['/', '?']) => return None,
        _ => address.strip_prefix("//"),
    };
    let rest = after_scheme.unwrap_or(address);
    let (host, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let is_path = after_scheme.is_none() && rest.starts_with('/');
    let lower = host.to_ascii_lowercase();
    let short = lower.trim_end_matches(":80").trim_end_matches(":443").trim_start_matches("www.");
    let has_host = is_host(host) && is_host(short);
    if !is_path && !has_host {
        return None;
    }
    let path = decode(path);
    let mut path = path.as_str();
    loop {
        let shorter = path.trim_end_matches(['?', '/']);
        let shorter = shorter.strip_suffix("/index.html").unwrap_or(shorter);
        if shorter.len() == path.len() {
            break;
        }
        path = shorter;
    }
    let joined = format!("{short}{path}");
    if joined.is_empty() { None } else { Some(joined) }
}

/// What no address has in it (RFC 3986 §2).
fn is_no_part(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// A host, perhaps with a port: letters and digits of any script, as in names of domains, or an IPv6 address in brackets
/// (RFC 3986 §3.2.2). No user names: nobody publishes those, and they pass one site off as another.
pub fn is_host(authority: &str) -> bool {
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (authority, "80"),
    };
    let is_port = (1..=5).contains(&port.len()) && port.bytes().all(|b| b.is_ascii_digit());
    let is_letter = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') || !c.is_ascii() && !is_no_part(c);
    let is_name = host.chars().any(char::is_alphanumeric) && host.chars().all(is_letter);
    let is_ipv6 = host
        .strip_prefix('[')
        .and_then(|h| h.strip_suffix(']'))
        .is_some_and(|h| h.contains(':') && h.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')));
    is_port && (is_name || is_ipv6)
}

/// Percent-encoded letters as themselves, where they are UTF-8 and not part of an address's own signs: browsers send
/// `%E6%97%A7` for what an editor writes as a Chinese letter (RFC 3986 §6.2.2.2).
fn decode(path: &str) -> String {
    let is_letter = |byte: u8| byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let mut path = path.to_owned();
    // Once more for what only the first round put together (`%4%31`).
    while let Some(decoded) = String::from_utf8(percent_decode(&path, is_letter)).ok().filter(|p| *p != path) {
        if decoded.chars().any(is_no_part) {
            break;
        }
        path = decoded;
    }
    path
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
    use proptest::prelude::*;

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
        assert_eq!(normalise("/go?to=https://a.example/b").as_deref(), Some("/go?to=https://a.example/b"));
        assert_eq!(normalise("old.example:8080/1").as_deref(), Some("old.example:8080/1"));
        assert_eq!(normalise("http://[2001:DB8::1]:80/1").as_deref(), Some("[2001:db8::1]/1"));
        assert_eq!(normalise("/%69ndex.html/index.html?/"), None);
        assert_eq!(normalise("/a/%E3%80%80b").as_deref(), Some("/a/%E3%80%80b"));
    }

    #[test]
    fn what_leads_nowhere_is_no_address() {
        for bad in [
            "javascript:alert(1)",
            "mailto:x@y",
            "data:text/html,x",
            "http://",
            "https:///x",
            "http://:80/x",
            "http://?x",
            "///x",
            "?x=1",
            "http://user@old.example/",
            "http://old.example:port/",
            "http://./x",
            "/a\u{0}b",
            "ftp://old.example/x",
        ] {
            assert_eq!(normalise(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn twice_is_once(address in "(https?://|//|/)?(www\\.|[a-z]{1,3}|[.:0-9]|%[0-9A-F]{2}|/|/index.html|[?#=\u{e9}旧]){0,12}") {
            if let Some(once) = normalise(&address) {
                prop_assert_eq!(normalise(&once), Some(once));
            }
        }
    }
}
