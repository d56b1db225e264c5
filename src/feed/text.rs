//! Text as feeds take it.

/// `text` without what XML 1.0 (§2.2) forbids or discourages, and what readers refuse: control characters but tab and line ends,
/// noncharacters, and the sign for what could not be read.
pub fn clean(text: &str) -> String {
    let is_wanted = |c: &char| {
        let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || (u32::from(*c) & 0xfffe) == 0xfffe;
        (!c.is_control() || matches!(c, '\t' | '\n' | '\r')) && !is_noncharacter
    };
    text.chars().filter(is_wanted).map(|c| if c == '\u{fffd}' { '?' } else { c }).collect()
}

/// `text` in one line, for where a line break would mean something.
pub fn line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A headline as feeds have it: in one line; what looks like the end of an element gets a word joiner (U+2060), which nobody sees. Readers of
/// RSS guess whether a title is HTML (its specification does not say), and take it for HTML by that alone.
pub fn headline(text: &str) -> String {
    let line = line(text);
    let mut out = String::with_capacity(line.len());
    let mut rest = line.as_str();
    while let Some(at) = rest.find("</") {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        if rest[1..].starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            out.push('\u{2060}');
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_keep_their_looks() {
        assert_eq!(headline("a <b>x</b> & ]]>\n y"), "a <b>x<\u{2060}/b> & ]]> y");
        assert_eq!(headline("1 </ 2 <//a </"), "1 </ 2 <//a </");
        assert_eq!(headline("氢能\u{0}\u{85}科技\u{fffe}\u{fffd}🚀"), "氢能科技?🚀");
    }
}
