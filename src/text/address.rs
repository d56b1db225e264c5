//! Old addresses are compared in one form, so that a visitor finds the article however the link was written.

/// `host/path?query` in lower-case host, without scheme, `www.`, default port, fragment, trailing slash or index page;
/// nothing for what is no address. An address without a host (`/news/1.html`) keeps its leading slash.
pub fn normalise(address: &str) -> Option<String> {
    let address = address.trim();
    let address = address.split('#').next().unwrap_or(address);
    if address.is_empty() || address.chars().any(char::is_whitespace) {
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
    let joined = format!("{host}{path}");
    if joined.is_empty() { None } else { Some(joined) }
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
        assert_eq!(normalise("javascript://x"), None);
        assert_eq!(normalise("  "), None);
        assert_eq!(normalise("https://old.example/"), Some("old.example".into()));
    }
}
