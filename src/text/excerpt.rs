//! A summary for articles whose editor wrote none, and counting words for the reading time.

/// How many display columns an excerpt takes at most; a Chinese character is two. Portals show some hundred characters.
const COLUMNS: usize = 200;

const FULL_EXCLAMATION: char = '\u{ff01}';
const FULL_QUESTION: char = '\u{ff1f}';
const FULL_SEMICOLON: char = '\u{ff1b}';
const FULL_COMMA: char = '\u{ff0c}';
const FULL_COLON: char = '\u{ff1a}';

/// The beginning of `text` (plain, lines are paragraphs), ended at the end of a sentence; at a comma or with an
/// ellipsis only where no sentence ends in reach.
pub fn excerpt(text: &str) -> String {
    let flat = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect::<Vec<_>>().join(" ");
    let mut width = 0;
    let (mut cut, mut sentence, mut clause) = (flat.len(), 0, 0);
    for (at, c) in flat.char_indices() {
        width += if is_wide(c) { 2 } else { 1 };
        if width > COLUMNS {
            cut = at;
            break;
        }
        let end = at + c.len_utf8();
        match c {
            '。' | FULL_EXCLAMATION | FULL_QUESTION | '…' | FULL_SEMICOLON => sentence = end,
            '.' | '!' | '?' if flat[end..].starts_with(' ') || end == flat.len() => sentence = end,
            '\u{201d}' | '\u{300d}' | '\u{300f}' | '\u{ff09}' if sentence == at => sentence = end,
            FULL_COMMA | '、' | FULL_COLON | ',' | ';' => clause = at,
            _ => {}
        }
    }
    if cut == flat.len() {
        return flat;
    }
    // A first sentence of a few words says nothing: then rather more, with an ellipsis.
    if sentence > cut / 4 {
        return flat[..sentence].trim_end().to_owned();
    }
    let end = if clause > cut / 2 { clause } else { flat[..cut].rfind(' ').filter(|at| *at > cut / 2).unwrap_or(cut) };
    format!("{}…", flat[..end].trim_end())
}

/// Characters that take two columns (Unicode TR 11, wide and full-width ranges that news text uses).
fn is_wide(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}')
}

/// Chinese, Japanese and Korean characters one each, plus words of other scripts.
pub fn count_words(text: &str) -> i64 {
    let mut count = 0;
    let mut in_word = false;
    for c in text.chars() {
        let ideograph = is_wide(c) && c.is_alphanumeric();
        let letter = !ideograph && c.is_alphanumeric();
        if ideograph || (letter && !in_word) {
            count += 1;
        }
        in_word = letter || (in_word && matches!(c, '\'' | '-' | '’' | '.'));
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_ends_where_a_sentence_ends() {
        let text = format!("{}。{}", "氢能产业园区建设".repeat(8), "后面的句子还很长".repeat(20));
        assert_eq!(excerpt(&text), format!("{}。", "氢能产业园区建设".repeat(8)));
        assert_eq!(excerpt("短文。"), "短文。");
        assert_eq!(excerpt("第一行\n第二行"), "第一行 第二行");
        assert!(excerpt(&"无标点".repeat(100)).ends_with('…'));
        let english = format!("{} First ends here. {}", "word ".repeat(10).trim(), "more words ".repeat(40));
        assert!(excerpt(&english).ends_with("ends here."), "{}", excerpt(&english));
    }

    #[test]
    fn words_are_counted_by_script() {
        assert_eq!(count_words("氢能产业,5G 网络"), 7);
        assert_eq!(count_words("The state-of-the-art plant's output"), 4);
        assert_eq!(count_words(""), 0);
    }
}
