//! Where a text has what was asked for, and the passage that shows it best.

use std::ops::Range;

use super::query::Need;
use crate::text::{Folded, fold};

/// The parts of `text` (in bytes) that are one of `needs`, in order, those that touch as one.
pub fn highlights(text: &str, needs: &[Need]) -> Vec<Range<usize>> {
    let folded = fold(text);
    let places = merged(places(&folded, needs));
    places.into_iter().map(|(from, to)| folded.original(text, from, to)).collect()
}

/// Of a text that says the same thing over and over so many places are looked at.
const MOST_PLACES: usize = 10_000;

/// A passage of some `length` characters of `text` that has most of `needs`, with the parts of it (in bytes) that are one of them; none if it has none.
pub fn passage(text: &str, needs: &[Need], length: usize) -> Option<(String, Vec<Range<usize>>)> {
    let folded = fold(text);
    let mut all = places(&folded, needs);
    all.sort_unstable();
    let first = densest(&all[..all.len().min(MOST_PLACES)], needs, length * 3 / 4)?;
    let start = beginning(&folded, all[first].0, length / 4);
    let end = (start + length).min(folded.chars.len());
    // At the end of the text the passage begins earlier.
    let start = if end == folded.chars.len() { beginning(&folded, start.min(end.saturating_sub(length)), 0) } else { start };
    let start = start + folded.chars[start..end].iter().take_while(|c| **c == ' ').count();
    let shown = folded.original(text, start, end);
    let parts = merged(all).into_iter().map(|(from, to)| (from.max(start), to.min(end))).filter(|(from, to)| from < to);
    let marks = parts.map(|(from, to)| folded.original(text, from, to));
    // Whatever is cut off at either end was white space or a mark that no character stands for.
    let marks = marks.map(|mark| mark.start - shown.start..mark.end.min(shown.end) - shown.start).collect();
    Some((text[shown].to_owned(), marks))
}

/// The first of `places`, which are in order, behind which most characters of different needs come within `reach`: what stands early says more.
fn densest(places: &[(usize, usize, usize)], needs: &[Need], reach: usize) -> Option<usize> {
    let mut inside = vec![0_usize; needs.len()];
    let (mut end, mut chars, mut best) = (0, 0, None);
    for (first, (from, to, need)) in places.iter().enumerate() {
        while let Some((.., other)) = places.get(end).filter(|(_, until, _)| end <= first || *until <= from + reach) {
            chars += if inside[*other] == 0 { needs[*other].chars.len() } else { 0 };
            inside[*other] += 1;
            end += 1;
        }
        if best.is_none_or(|(most, _)| chars > most) {
            best = Some((chars, first));
        }
        debug_assert!(to > from, "a need has characters");
        inside[*need] -= 1;
        chars -= if inside[*need] == 0 { needs[*need].chars.len() } else { 0 };
    }
    best.map(|(_, first)| first)
}

/// Where a passage begins that shows place `at`: behind the end of a sentence within the `most` characters before it, or so many before.
fn beginning(folded: &Folded, at: usize, most: usize) -> usize {
    let from = at.saturating_sub(most);
    let before = &folded.chars[from..at];
    let ends = |c: &char| matches!(c, '。' | '!' | '?' | ';');
    before.iter().rposition(ends).map_or(from, |end| from + end + 1)
}

/// (from, to, number of the need) in characters, by need.
fn places(folded: &Folded, needs: &[Need]) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for (number, need) in needs.iter().enumerate() {
        let Some(first) = need.chars.first() else { continue };
        let mut at = 0;
        while let Some(next) = folded.chars[at..].iter().position(|c| c == first) {
            at += next;
            if folded.chars[at..].starts_with(&need.chars) {
                found.push((at, at + need.chars.len(), number));
                at += need.chars.len();
            } else {
                at += 1;
            }
        }
    }
    found
}

fn merged(mut places: Vec<(usize, usize, usize)>) -> Vec<(usize, usize)> {
    places.sort_unstable();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (from, to, _) in places {
        match found.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => found.push((from, to)),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Cutter, Query};

    fn marked(text: &str, query: &str) -> String {
        let needs = Query::parse(query).needs(&Cutter::new(&[]));
        let mut marked = String::new();
        let mut at = 0;
        for place in highlights(text, &needs) {
            marked += &text[at..place.start];
            marked = marked + "[" + &text[place.clone()] + "]";
            at = place.end;
        }
        marked + &text[at..]
    }

    #[test]
    fn what_was_asked_for_is_marked_as_it_stands() {
        assert_eq!(marked("煙臺氫能：ＧＢ／Ｔ標準", "烟台 GB/T"), "[煙臺]氫能：[ＧＢ／Ｔ]標準");
        assert_eq!(marked("产业政策与政策产业", "烟台的产业政策"), "[产业政策]与[政策产业]");
        assert_eq!(marked("没有", "氢能"), "没有");
    }

    #[test]
    fn the_passage_with_most_is_shown() {
        let filler = "这一段话只是为了占地方，别的什么也没有说。".repeat(20);
        let text = format!("氢能。{filler}烟台的氢能产业在这里。{filler}");
        let needs = Query::parse("烟台氢能产业").needs(&Cutter::new(&[]));
        let (passage, marks) = passage(&text, &needs, 40).unwrap_or_default();
        assert_eq!(marks.iter().map(|mark| &passage[mark.clone()]).collect::<Vec<_>>(), ["烟台", "氢能产业"]);
        assert!(passage.starts_with("烟台的氢能产业在这里。"), "{passage}");
        assert_eq!(passage.chars().count(), 40);
        assert_eq!(super::passage("没有", &needs, 40), None);
        let short = "烟台的氢能产业";
        assert_eq!(super::passage(short, &needs, 40).map(|(text, _)| text), Some(short.to_owned()));
        // What is longer than the passage is marked as far as it is shown.
        let needs = Query::parse("\"这一段话只是为了占地方\"").needs(&Cutter::new(&[]));
        let (passage, marks) = super::passage(&filler, &needs, 5).unwrap_or_default();
        assert_eq!((passage.as_str(), marks.len(), marks[0].clone()), ("这一段话只", 1, 0..15));
        // It begins with what is said, and not with the space before.
        let text = format!("前文。 氢能在此{}", "后文".repeat(9));
        let needs = Query::parse("氢能").needs(&Cutter::new(&[]));
        assert_eq!(super::passage(&text, &needs, 8).map(|(text, _)| text), Some("氢能在此后文后".to_owned()));
        // A text that is nothing else takes no longer than another.
        let needs = Query::parse("氢 氢氢").needs(&Cutter::new(&[]));
        assert_eq!(super::passage(&"氢".repeat(200_000), &needs, 20).map(|(text, _)| text), Some("氢".repeat(20)));
    }
}
