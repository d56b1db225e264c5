//! Origins of web pages (RFC 6454).

/// An origin as browsers write it, `https://www.example.com:8443`; none if `text` is none. A path behind it is cut off.
pub fn origin(text: &str) -> Option<String> {
    let (scheme, rest) = text.trim().split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = rest.split(['/', '?', '#']).next()?.to_ascii_lowercase();
    let host = host.strip_suffix(port).unwrap_or(&host);
    let (name, number) = host.rsplit_once(':').unwrap_or((host, "0"));
    let is_name = !name.is_empty()
        && name.len() <= 253
        && name.split('.').all(|label| {
            let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
            !label.is_empty()
                && label.len() <= 63
                && label.chars().all(is_letter)
                && !label.starts_with('-')
                && !label.ends_with('-')
        });
    let is_port = number == "0" && !host.contains(':')
        || number.bytes().all(|digit| digit.is_ascii_digit()) && !number.starts_with('0') && number.parse::<u16>().is_ok();
    (is_name && is_port).then(|| format!("{scheme}://{host}"))
}

/// The host of an address as browsers write it, names in ASCII (URL standard, §3.5); none if it has none.
pub fn host(address: &str) -> Option<String> {
    ammonia::Url::parse(address).ok()?.host_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_do() {
        for (text, expected) in [
            ("https://Partner.example", Some("https://partner.example")),
            (" https://partner.example:443/blog?x#y ", Some("https://partner.example")),
            ("http://127.0.0.1:8080", Some("http://127.0.0.1:8080")),
            ("http://localhost:80", Some("http://localhost")),
            ("partner.example", None),
            ("ftp://partner.example", None),
            ("https://", None),
            ("https://a b", None),
            ("https://a;script-src *", None),
            ("https://*.example", None),
            ("https://user@partner.example", None),
            ("https://partner.example:99999", None),
            ("https://partner.example:+80", None),
            ("https://partner.example:00443", None),
            ("https://partner.example:0", None),
            ("https://partner.example:", None),
            ("https://-a.example", None),
        ] {
            assert_eq!(origin(text).as_deref(), expected, "{text}");
        }
    }
}
