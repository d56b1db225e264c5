//! The form in which texts are compared: width, case, script and invisible characters make no difference.
//!
//! Characters are folded one by one, without a look at their neighbours, so that a part of a text folds to a part of the
//! folded text: whoever looks for a part finds the whole. Only white space looks around: between two ideographs it
//! means nothing, elsewhere one space stands for any amount of it.

use unicode_normalization::UnicodeNormalization;

use super::script::simplified;
use super::word::is_invisible;

/// A folded text, with the way back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The characters.
    pub chars: Vec<char>,
    /// For each character the byte at which what it stands for begins in the original text.
    pub starts: Vec<usize>,
    /// The length of the original text in bytes.
    pub length: usize,
}

impl Folded {
    /// The characters as a string.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// The bytes of the original text that characters `from` to `to` (excluded) stand for.
    pub fn original(&self, text: &str, from: usize, to: usize) -> std::ops::Range<usize> {
        let start = self.starts.get(from).copied().unwrap_or(self.length);
        let last = to.checked_sub(1).and_then(|last| self.starts.get(last)).copied().unwrap_or(start);
        let end = text.get(last..).and_then(|rest| rest.chars().next()).map_or(last, |c| last + c.len_utf8());
        start..end.max(start)
    }

    fn push(&mut self, c: char, at: usize) {
        self.chars.push(c);
        self.starts.push(at);
    }
}

/// Whether `c` is an ideograph: a word of its own, that white space beside it says nothing about.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The form of `c`, a small letter, in which it is compared: the Greek ς at the end of a word is a σ.
fn plain(c: char) -> char {
    if c == 'ς' { 'σ' } else { simplified(c) }
}

/// Accents that stand on a letter (Unicode block "Combining Diacritical Marks").
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// `text` in the form in which it is compared: compatibility decomposition (NFKD, which for comparing is NFKC), without accents, lower
/// case, simplified. Hangul falls into its letters, as some systems type it.
pub fn fold(text: &str) -> Folded {
    let mut folded = Folded { length: text.len(), ..Folded::default() };
    folded.chars.reserve(text.len() / 3 + 8);
    folded.starts.reserve(text.len() / 3 + 8);
    let mut space = None;
    for (at, c) in text.char_indices() {
        if is_invisible(c) {
            continue;
        }
        if c.is_whitespace() || c.is_control() {
            space.get_or_insert(at);
            continue;
        }
        let mut push = |c: char| {
            if c.is_whitespace() {
                space.get_or_insert(at);
                return;
            }
            if let (Some(space), Some(last)) = (space.take(), folded.chars.last())
                && !(is_ideograph(*last) && is_ideograph(c))
            {
                folded.push(' ', space);
            }
            folded.push(c, at);
        };
        match c {
            ' '..='~' => push(c.to_ascii_lowercase()),
            '\u{3400}'..='\u{9fff}' => push(simplified(c)),
            _ => {
                for part in std::iter::once(c).nfkd().filter(|part| !is_accent(*part)) {
                    part.to_lowercase().map(plain).for_each(&mut push);
                }
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn folded(text: &str) -> String {
        fold(text).text()
    }

    #[test]
    fn width_case_script_and_accents_make_no_difference() {
        assert_eq!(folded("ＧＢ／Ｔ　７７１４—２０１５"), "gb/t 7714—2015");
        assert_eq!(folded("煙臺 氫能\u{200b}產業"), "烟台氢能产业");
        assert_eq!(folded("Café ㎡ ﬁ Ⅳ"), "cafe m2 fi iv");
        assert_eq!(folded("  a\r\n\t b　"), "a b");
        assert_eq!(folded("한국 が"), format!("{} か\u{3099}", "한국".nfd().collect::<String>()));
        assert_eq!(folded("한글"), folded(&"한글".nfd().collect::<String>()));
        assert_eq!(folded("Οδός"), folded("ΟΔΟΣ"));
    }

    #[test]
    fn the_way_back_leads_to_whole_characters() {
        let text = "新\u{feff}的 ㎡ 煙臺";
        let folded = fold(text);
        assert_eq!(folded.text(), "新的 m2 烟台");
        assert_eq!(&text[folded.original(text, 0, 2)], "新\u{feff}的");
        assert_eq!(&text[folded.original(text, 3, 4)], "㎡");
        assert_eq!(&text[folded.original(text, 6, 8)], "煙臺");
        assert_eq!(folded.original(text, 8, 9), text.len()..text.len());
    }

    proptest! {
        #[test]
        fn a_part_of_a_text_folds_to_a_part(text in "[\\PC&&[^\\s]]{0,20}", from in 0_usize..20, length in 0_usize..8) {
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assert!(folded(&text).contains(&folded(&part)), "{:?} in {:?}", part, text);
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,30}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
