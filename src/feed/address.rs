//! Addresses as every reader takes them: ASCII, with nothing in them that RFC 3986 does not know.

/// `address` with every other character as percent-encoded UTF-8. What is encoded stays as it is.
pub fn encoded(address: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&byte);
    percent(address.trim(), is_plain)
}

/// `text` as one segment of a path or a value of a query (RFC 3986 §3.3).
pub fn encode_segment(text: &str) -> String {
    percent(text, |byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
}

fn percent(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if is_plain(byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_ascii_once() {
        let address = "https://portal.example/文/a b?x=[1]|{2}&y=%E6%96%87#é";
        let once = encoded(address);
        assert_eq!(once, "https://portal.example/%E6%96%87/a%20b?x=%5B1%5D%7C%7B2%7D&y=%E6%96%87#%C3%A9");
        assert_eq!(encoded(&once), once);
        assert_eq!(encode_segment("氢能/2"), "%E6%B0%A2%E8%83%BD%2F2");
    }
}
