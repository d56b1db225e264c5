//! Looks for words of a list in texts and in HTML, wherever they begin, in any width and case of letters, across tags.
//! Positions are characters of what a reader sees: of the text itself, or of HTML without its tags. What nobody sees does not
//! count and hides no word. Knows no article.

use std::ops::Range;

use aho_corasick::{AhoCorasick, BuildError, MatchKind};

use super::html::escape;

/// A place where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which word, by its number in the list.
    pub word: usize,
    /// The character that it begins with, from 0.
    pub start: usize,
    /// How many characters it has here.
    pub length: usize,
}

/// Words to look for.
pub struct Words {
    /// None where the list is empty.
    all: Option<AhoCorasick>,
    longest: Option<AhoCorasick>,
}

/// One character of a text, and where it stands there.
struct Char {
    folded: char,
    range: Range<usize>,
}

/// Full-width letters as the others, upper case as lower case.
fn fold(c: char) -> char {
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        other => other,
    };
    let mut lower = narrow.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        _ => narrow,
    }
}

/// Characters that nobody sees, between which a word is still a word: soft hyphens, joiners, marks of direction, selectors of
/// variants (Unicode's `Default_Ignorable_Code_Point`, as far as texts have them).
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

fn chars_of_text(text: &str) -> Vec<Char> {
    text.char_indices()
        .filter(|(_, c)| !is_invisible(*c))
        .map(|(at, c)| Char { folded: fold(c), range: at..at + c.len_utf8() })
        .collect()
}

/// The characters of sanitised HTML that a reader sees, each with the bytes that stand for it.
fn chars_of_html(html: &str) -> Vec<Char> {
    let mut found = Vec::with_capacity(html.len());
    let mut at = 0;
    while let Some(c) = html[at..].chars().next() {
        let rest = &html[at..];
        let length = match c {
            // In sanitised HTML a `<` always begins a tag.
            '<' => tag_length(rest),
            '&' => {
                let end = rest.find(';').map_or(1, |end| end + 1);
                let shown = match &rest[..end] {
                    "&lt;" => '<',
                    "&gt;" => '>',
                    "&quot;" => '"',
                    "&nbsp;" => '\u{a0}',
                    _ => '&',
                };
                found.push(Char { folded: fold(shown), range: at..at + end });
                end
            }
            c if is_invisible(c) => c.len_utf8(),
            c => {
                found.push(Char { folded: fold(c), range: at..at + c.len_utf8() });
                c.len_utf8()
            }
        };
        at += length;
    }
    found
}

/// How many bytes the tag has that `html` begins with; values stand in quotes.
fn tag_length(html: &str) -> usize {
    let mut is_quoted = false;
    let end = html.bytes().position(|b| {
        is_quoted ^= b == b'"';
        b == b'>' && !is_quoted
    });
    end.map_or(html.len(), |end| end + 1)
}

impl Words {
    /// Looks for `words`; an error if they are more than an automaton can hold.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Result<Self, BuildError> {
        let folded: Vec<String> = words.map(|word| word.chars().map(fold).collect()).collect();
        if folded.is_empty() {
            return Ok(Self { all: None, longest: None });
        }
        let build = |kind| AhoCorasick::builder().match_kind(kind).build(&folded);
        Ok(Self { all: Some(build(MatchKind::Standard)?), longest: Some(build(MatchKind::LeftmostLongest)?) })
    }

    /// Every place where a word stands in `text`, those that overlap too.
    pub fn find(&self, text: &str, is_html: bool) -> Vec<Place> {
        let Some(all) = &self.all else { return Vec::new() };
        let (folded, starts) = join(&if is_html { chars_of_html(text) } else { chars_of_text(text) });
        let place = |m: aho_corasick::Match| place(&starts, m.pattern().as_usize(), m.range());
        all.find_overlapping_iter(&folded).map(place).collect()
    }

    /// The text with what `replacement` says in the place of each word, the first and longest of those that overlap; none
    /// where no word stands in it.
    pub fn replace(&self, text: &str, is_html: bool, replacement: impl Fn(usize) -> String) -> Option<String> {
        let longest = self.longest.as_ref()?;
        let chars = if is_html { chars_of_html(text) } else { chars_of_text(text) };
        let (folded, starts) = join(&chars);
        let (mut out, mut kept) = (String::with_capacity(text.len()), 0);
        for found in longest.find_iter(&folded) {
            let place = place(&starts, found.pattern().as_usize(), found.range());
            for (number, char) in chars[place.start..place.start + place.length].iter().enumerate() {
                out.push_str(&text[kept..char.range.start]);
                if number == 0 {
                    let new = replacement(place.word);
                    out.push_str(&if is_html { escape(&new) } else { new });
                }
                kept = char.range.end;
            }
        }
        (kept > 0).then(|| {
            out.push_str(&text[kept..]);
            out
        })
    }
}

/// The folded characters as a text, and where in it each begins.
fn join(chars: &[Char]) -> (String, Vec<usize>) {
    let mut text = String::with_capacity(chars.len() * 3);
    let starts = chars
        .iter()
        .map(|c| {
            text.push(c.folded);
            text.len() - c.folded.len_utf8()
        })
        .collect();
    (text, starts)
}

fn place(starts: &[usize], word: usize, bytes: Range<usize>) -> Place {
    let at = |byte: usize| starts.partition_point(|start| *start < byte);
    Place { word, start: at(bytes.start), length: at(bytes.end) - at(bytes.start) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(words: &[&str], text: &str, is_html: bool) -> Vec<(usize, usize, usize)> {
        let words = Words::new(words.iter().copied()).expect("words");
        words.find(text, is_html).into_iter().map(|p| (p.word, p.start, p.length)).collect()
    }

    #[test]
    fn words_are_found_in_any_width_and_case() {
        assert_eq!(places(&["内部价", "vpn"], "本店内部价\u{ff0c}ＶＰＮ 直连", false), [(0, 2, 3), (1, 6, 3)]);
        assert_eq!(places(&["内部", "部价"], "内部价", false), [(0, 0, 2), (1, 1, 2)], "those that overlap too");
        assert_eq!(places(&[], "内部价", false), []);
    }

    #[test]
    fn tags_and_entities_do_not_hide_a_word() {
        let html = "<p>内<b class=\"内部价\">部</b>价 a&amp;b</p>";
        assert_eq!(places(&["内部价", "a&b"], html, true), [(0, 0, 3), (1, 4, 3)]);
        let words = Words::new(["内部价", "a&b"].into_iter()).expect("words");
        let new = words.replace(html, true, |word| ["优惠<价>", "*"][word].into()).expect("a change");
        assert_eq!(new, "<p>优惠&lt;价&gt;<b class=\"内部价\"></b> *</p>");
        assert_eq!(words.replace("没有", true, |_| String::new()), None);
    }

    #[test]
    fn what_nobody_sees_hides_no_word() {
        for between in ["\u{200b}", "\u{ad}", "\u{2060}", "\u{fe0f}"] {
            assert_eq!(places(&["坏词"], &format!("一坏{between}词"), false), [(0, 1, 2)], "{between:?}");
            assert_eq!(places(&["坏词"], &format!("<p>一坏{between}词</p>"), true), [(0, 1, 2)], "{between:?}");
        }
    }

    #[test]
    fn the_longest_of_those_that_overlap_is_replaced() {
        let words = Words::new(["内部", "内部价"].into_iter()).expect("words");
        assert_eq!(words.replace("内部价", false, |w| w.to_string()), Some("1".into()));
    }
}
