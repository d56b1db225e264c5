//! Text as feeds take it.

/// `text` without what XML 1.0 (§2.2) forbids or discourages, and what readers refuse: control characters but tab and line ends,
/// noncharacters, and the sign for what could not be read. Separators of lines and paragraphs are line ends: some readers make them such.
pub fn clean(text: &str) -> String {
    let is_wanted = |c: &char| {
        let is_noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || (u32::from(*c) & 0xfffe) == 0xfffe;
        (!c.is_control() || matches!(c, '\t' | '\n' | '\r')) && !is_noncharacter
    };
    let plain = |c| match c {
        '\u{fffd}' => '?',
        '\u{2028}' | '\u{2029}' => '\n',
        other => other,
    };
    text.chars().filter(is_wanted).map(plain).collect()
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

/// The name of an author as feeds have it: readers take parentheses and `@` in it for an address (as in the `author` of RSS 2.0), and some
/// drop the name then, so these are the full-width ones.
pub fn person(name: &str) -> String {
    headline(name).replace('(', "（").replace(')', "）").replace('@', "＠")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headlines_keep_their_looks() {
        assert_eq!(headline("a <b>x</b> & ]]>\n y"), "a <b>x<\u{2060}/b> & ]]> y");
        assert_eq!(clean("a\u{2028}b\u{2029}c"), "a\nb\nc");
        assert_eq!(headline("1 </ 2 <//a </"), "1 </ 2 <//a </");
        assert_eq!(person("王敏(实习) </b>@科技日报"), "王敏（实习） <\u{2060}/b>＠科技日报");
        assert_eq!(headline("氢能\u{0}\u{85}科技\u{fffe}\u{fffd}🚀"), "氢能科技?🚀");
    }
}
