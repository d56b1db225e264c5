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

/// A passage of some `length` characters of `text` that has most of `needs`, in bytes; none if it has none of them.
pub fn passage(text: &str, needs: &[Need], length: usize) -> Option<Range<usize>> {
    let folded = fold(text);
    let mut places = places(&folded, needs);
    places.sort_unstable();
    // From each place on: how much of what was asked for is within reach.
    let worth = |first: usize| {
        let reach = places[first].0 + length * 3 / 4;
        let mut seen = Vec::new();
        let mut chars = 0;
        for (from, to, need) in places[first..].iter().take_while(|(_, to, _)| *to <= reach) {
            if !seen.contains(need) {
                seen.push(*need);
                chars += to - from;
            }
        }
        chars
    };
    // The first of the best: what stands early says more.
    let best = (0..places.len()).map(|at| (worth(at), at)).max_by_key(|(worth, at)| (*worth, std::cmp::Reverse(*at)))?;
    let start = beginning(&folded, places[best.1].0, length / 4);
    let end = (start + length).min(folded.chars.len());
    // At the end of the text the passage begins earlier.
    let start = if end == folded.chars.len() { beginning(&folded, start.min(end.saturating_sub(length)), 0) } else { start };
    Some(folded.original(text, start, end))
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
        let passage = passage(&text, &needs, 40).map(|range| text[range].to_owned()).unwrap_or_default();
        assert!(passage.starts_with("烟台的氢能产业在这里。"), "{passage}");
        assert_eq!(passage.chars().count(), 40);
        assert_eq!(super::passage("没有", &needs, 40), None);
        let short = "烟台的氢能产业";
        assert_eq!(super::passage(short, &needs, 40), Some(0..short.len()));
    }
}
