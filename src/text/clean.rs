//! Cleaning of text that comes from outside: what XML and terminals choke on never gets in.
//! Invariant: cleaning twice equals cleaning once.

use unicode_normalization::UnicodeNormalization;

/// Text that may have several lines: NFC, `\n` line ends, no control characters but tab and newline, no
/// noncharacters, no byte order marks, no bidirectional overrides.
pub fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    unified.nfc().filter(|c| matches!(c, '\n' | '\t') || !is_unwanted(*c)).collect()
}

/// Text of one line: as [`clean`], white space runs are one space, none at the ends.
pub fn clean_line(text: &str) -> String {
    let cleaned = clean(text);
    let mut line = String::with_capacity(cleaned.len());
    for word in cleaned.split([' ', '\t', '\n', '\u{a0}', '\u{2028}', '\u{2029}']).filter(|w| !w.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Control characters (Unicode Cc), noncharacters (XML 1.0 §2.2 forbids U+FFFE and U+FFFF), byte order marks, and the
/// bidirectional controls that let a headline pretend to be another (Unicode TR 36 §2.7).
fn is_unwanted(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{fdd0}'..='\u{fdef}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (u32::from(c) & 0xfffe) == 0xfffe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn control_characters_go_and_lines_stay() {
        assert_eq!(clean("氢\u{0}能\r\n产\u{b}业\u{feff}"), "氢能\n产业");
        assert_eq!(clean_line("  氢能 \t\n 产业\u{202e} "), "氢能 产业");
    }

    proptest! {
        #[test]
        fn twice_is_once(text in any::<String>()) {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
            let line = clean_line(&text);
            prop_assert_eq!(clean_line(&line), line);
        }
    }
}
