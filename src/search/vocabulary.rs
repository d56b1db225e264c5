//! Words that may be meant: what completes a few letters, and what was misspelt.

use std::collections::HashSet;

use strsim::osa_distance;

use super::spelling::spellings;
use crate::text::{fold, is_ideograph};

/// Where a word comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Origin {
    /// Titles of articles.
    Word,
    /// The name of a source.
    Source,
    /// The name of a tag.
    Tag,
    /// What many have searched for.
    Query,
}

impl Origin {
    /// How much it counts before how common the word is: as a factor of two each.
    fn bonus(self) -> u32 {
        match self {
            Self::Word => 0,
            Self::Source => 2,
            Self::Tag => 3,
            Self::Query => 4,
        }
    }
}

/// A word that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// As it is shown.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
    /// How many titles have it, or how many have searched for it.
    pub weight: u64,
    folded: String,
}

impl Entry {
    /// A word.
    pub fn new(text: &str, origin: Origin, weight: u64) -> Self {
        Self { text: text.to_owned(), origin, weight, folded: fold(text).text() }
    }

    fn rank(&self) -> u64 {
        (self.weight + 1) << self.origin.bonus()
    }
}

/// So many keys are looked at for one prefix: a single letter begins more words than anybody wants.
const MOST_KEYS: usize = 20_000;

/// Words by how they begin, in characters and in Latin letters.
#[derive(Debug, Default)]
pub struct Vocabulary {
    entries: Vec<Entry>,
    /// Folded text, syllables or initials → entry, in order.
    keys: Vec<(Box<str>, u32, Typed)>,
}

/// How a key is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Typed {
    AsItStands,
    Spelt,
    Initials,
}

impl Vocabulary {
    /// Of `entries`; of those that fold to the same the one with the best origin stays.
    pub fn new(mut entries: Vec<Entry>) -> Self {
        entries.retain(|entry| !entry.folded.is_empty());
        entries.sort_unstable_by(|a, b| (&a.folded, b.origin, b.weight).cmp(&(&b.folded, a.origin, a.weight)));
        entries.dedup_by(|next, kept| next.folded == kept.folded);
        let mut keys = Vec::with_capacity(entries.len() * 3);
        for (number, entry) in entries.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            keys.push((entry.folded.as_str().into(), number, Typed::AsItStands));
            for spelling in spellings(&entry.folded) {
                keys.push((spelling.whole.into(), number, Typed::Spelt));
                keys.push((spelling.initials.into(), number, Typed::Initials));
            }
        }
        keys.sort_unstable();
        keys.dedup();
        Self { entries, keys }
    }

    /// Words that begin with `prefix` as it stands, spelt, or by initials: the likeliest first, at most `most`.
    pub fn starting_with(&self, prefix: &str, most: usize) -> Vec<&Entry> {
        let prefix: String = fold(prefix).chars.into_iter().filter(|c| *c != '\'').collect();
        if prefix.is_empty() {
            return Vec::new();
        }
        let spelt: String = prefix.chars().filter(|c| *c != ' ').collect();
        let begin = |prefix: &str| {
            let from = self.keys.partition_point(|(key, ..)| **key < *prefix);
            let own = prefix.to_owned();
            self.keys[from..].iter().take(MOST_KEYS).take_while(move |(key, ..)| key.starts_with(&own))
        };
        let as_it_stands = begin(&prefix).filter(|(.., typed)| *typed == Typed::AsItStands);
        let in_letters = begin(&spelt).filter(|(.., typed)| *typed != Typed::AsItStands);
        let mut found: Vec<(bool, u64, u32)> = as_it_stands
            .chain(in_letters)
            .map(|(key, number, _)| (key.len() == spelt.len(), self.entry(*number).rank(), *number))
            .collect();
        found.sort_unstable_by_key(|entry| std::cmp::Reverse(*entry));
        self.firsts(found.into_iter().map(|(.., number)| number), most)
    }

    /// Words that sound like `word`, which is folded, or are spelt as it, or differ in a letter: the likeliest first, at most `most`.
    pub fn like(&self, word: &str, most: usize) -> Vec<&Entry> {
        let mut found: Vec<(usize, u64, u32)> = Vec::new();
        let mut sounds: Vec<String> = spellings(word).into_iter().map(|spelling| spelling.whole).collect();
        if !word.chars().any(is_ideograph) {
            sounds.push(word.chars().filter(|c| !matches!(c, ' ' | '\'')).collect());
        }
        for sound in sounds {
            let from = self.keys.partition_point(|(key, ..)| **key < *sound);
            let same = self.keys[from..].iter().take_while(|(key, ..)| **key == *sound);
            found.extend(same.filter(|(.., typed)| *typed == Typed::Spelt).map(|(_, number, _)| (0, 0, *number)));
        }
        let length = word.chars().count();
        let reach = match length {
            0..=2 => 0,
            3..=6 => 1,
            _ => 2,
        };
        if reach > 0 {
            for (number, entry) in self.entries.iter().enumerate() {
                let other = entry.folded.chars().count();
                if other.abs_diff(length) <= reach {
                    let distance = osa_distance(word, &entry.folded);
                    if (1..=reach).contains(&distance) {
                        found.push((distance, 0, u32::try_from(number).unwrap_or(u32::MAX)));
                    }
                }
            }
        }
        found.retain(|(.., number)| self.entry(*number).folded != word);
        for (_, rank, number) in &mut found {
            *rank = u64::MAX - self.entry(*number).rank();
        }
        found.sort_unstable();
        self.firsts(found.into_iter().map(|(.., number)| number), most)
    }

    /// The first `most` of the entries `numbers`, each once.
    fn firsts(&self, numbers: impl Iterator<Item = u32>, most: usize) -> Vec<&Entry> {
        let mut seen = HashSet::new();
        numbers.filter(|number| seen.insert(*number)).take(most).map(|number| self.entry(number)).collect()
    }

    fn entry(&self, number: u32) -> &Entry {
        &self.entries[usize::try_from(number).unwrap_or(0)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let words = [("烟台", 50), ("烟草", 5), ("氢能", 40), ("燃料电池", 9), ("Hydrogen", 3), ("银行", 7), ("研讨", 1)];
        let mut entries: Vec<Entry> = words.iter().map(|(text, weight)| Entry::new(text, Origin::Word, *weight)).collect();
        entries.push(Entry::new("烟台港", Origin::Tag, 1));
        entries.push(Entry::new("氢能", Origin::Tag, 2));
        Vocabulary::new(entries)
    }

    fn texts(entries: &[&Entry]) -> Vec<String> {
        entries.iter().map(|entry| entry.text.clone()).collect()
    }

    #[test]
    fn a_few_letters_are_enough() {
        let all = vocabulary();
        for prefix in ["烟", "煙", "yan", "ｙａｎ"] {
            assert_eq!(texts(&all.starting_with(prefix, 10))[0], "烟台", "{prefix}");
        }
        assert_eq!(texts(&all.starting_with("yantai", 10)), ["烟台", "烟台港"]);
        assert_eq!(texts(&all.starting_with("yan tai", 1)), ["烟台"]);
        assert_eq!(texts(&all.starting_with("yt", 10)), ["烟台", "研讨", "烟台港"]);
        assert_eq!(texts(&all.starting_with("rldc", 10)), ["燃料电池"]);
        assert_eq!(texts(&all.starting_with("yinhang", 10)), ["银行"]);
        assert_eq!(texts(&all.starting_with("HYD", 10)), ["Hydrogen"]);
        assert!(all.starting_with("", 10).is_empty() && all.starting_with("zzz", 10).is_empty());
    }

    #[test]
    fn what_folds_to_the_same_is_there_once() {
        let all = vocabulary();
        let found = all.starting_with("氢能", 10);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].origin, Origin::Tag);
    }

    #[test]
    fn misspelt_words_are_known() {
        let all = vocabulary();
        assert_eq!(texts(&all.like("请能", 3)), ["氢能"]);
        assert_eq!(texts(&all.like("qingneng", 3)), ["氢能"]);
        assert_eq!(texts(&all.like("hydrogem", 3)), ["Hydrogen"]);
        assert_eq!(texts(&all.like("燃料电齿", 3)), ["燃料电池"]);
        assert!(all.like("烟台", 3).is_empty());
    }
}
