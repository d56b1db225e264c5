//! Cleaning of text that comes from outside: what XML and terminals choke on never gets in.
//! Invariant: cleaning twice equals cleaning once.

use unicode_normalization::UnicodeNormalization;

/// Text that may have several lines: NFC, `\n` line ends, no control characters but tab and newline, no
/// noncharacters, no byte order marks, no bidirectional overrides.
pub fn clean(text: &str) -> String {
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    // Composed last: what stood between a letter and its accent is gone then.
    unified.chars().filter(|c| matches!(c, '\n' | '\t') || !is_unwanted(*c)).nfc().collect()
}

/// Text that may have several lines: as [`clean`], no white space at the ends; empty if there is nothing to see in it.
pub fn clean_text(text: &str) -> String {
    let cleaned = clean(text);
    let trimmed = cleaned.trim();
    if is_blank(trimmed) { String::new() } else { trimmed.to_owned() }
}

/// Text of one line: as [`clean_text`], and white space runs are one space. The ideographic space (U+3000) is a sign of
/// its own between words, as in names of two letters, and goes only at the ends.
pub fn clean_line(text: &str) -> String {
    let cleaned = clean(text);
    let mut line = String::with_capacity(cleaned.len());
    for word in cleaned.split([' ', '\t', '\n', '\u{a0}', '\u{2028}', '\u{2029}']).filter(|w| !w.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let trimmed = line.trim();
    if is_blank(trimmed) {
        String::new()
    } else if trimmed.len() == line.len() {
        line
    } else {
        trimmed.to_owned()
    }
}

/// Nothing but white space and characters without a shape: zero-width ones, joiners, marks of direction, variation
/// selectors, fillers (Unicode `Default_Ignorable_Code_Point`, as far as it is found in texts) and the blank Braille cell.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
            || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' | '\u{2800}')
            || matches!(c, '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
    })
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

    #[test]
    fn what_cannot_be_seen_is_empty() {
        for blank in ["\u{3000}", "\u{200b}", " \u{200b}\u{3000}\u{2060}\n\u{fe0f}", "\u{3164}", "\u{200e}", "\u{2800}", ""] {
            assert_eq!((clean_line(blank), clean_text(blank)), (String::new(), String::new()), "{blank:?}");
        }
        assert_eq!(clean_line("\u{3000}王\u{3000}伟 \u{3000}"), "王\u{3000}伟");
        assert_eq!(clean_text("\u{3000}\u{3000}第一段\n\u{3000}第二段\u{2003}\n"), "第一段\n\u{3000}第二段");
        let family = "\u{1f468}\u{200d}\u{1f469}";
        assert_eq!(clean_line(family), family);
    }

    #[test]
    fn letters_are_composed_over_what_goes() {
        assert_eq!(clean("e\u{0}\u{301}"), "\u{e9}");
    }

    proptest! {
        #[test]
        fn twice_is_once(text in "([ae\u{0}\u{301}\u{3000}\u{200b} \t\r\n\u{a0}氢]|\\PC|.){0,24}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
            let whole = clean_text(&text);
            prop_assert_eq!(clean_text(&whole), whole);
            let line = clean_line(&text);
            prop_assert_eq!(clean_line(&line), line);
        }
    }
}
