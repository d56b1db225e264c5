//! The best of many, kept up to date change by change: the cost follows what changes, not how many there are.
//!
//! Some more are kept than are shown, and the best score that any of the others may have (`floor`). What stands above the floor is
//! certain. When too little is left above it, because what stood there has fallen, the list is made anew from all.

/// How many are shown.
pub const SHOWN: usize = 100;

/// How many are kept.
pub const KEPT: usize = 3 * SHOWN;

/// A score and an article: of equal scores the younger article, which has the greater number, is better.
pub type Entry = (u64, i64);

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Top {
    /// Best first.
    entries: Vec<Entry>,
    /// The best that may stand outside; none if nobody does. What is offered at it stands outside too.
    floor: Option<Entry>,
}

impl Top {
    /// Takes one of all, which come in any order and none twice; [`Self::cut`] follows the last.
    pub fn offer(&mut self, entry: Entry) {
        if self.floor.is_some_and(|floor| entry < floor) {
            return;
        }
        self.entries.push(entry);
        if self.entries.len() >= 2 * KEPT {
            self.cut();
        }
    }

    /// Puts what was offered in order.
    pub fn cut(&mut self) {
        self.entries.sort_unstable_by(|a, b| b.cmp(a));
        if let Some(best) = self.entries.get(KEPT).copied() {
            self.floor = self.floor.max(Some(best));
            self.entries.truncate(KEPT);
        }
    }

    /// The score of `article` was `old` and is `new`; 0: it has none.
    pub fn set(&mut self, article: i64, old: u64, new: u64) {
        if let Ok(place) = self.place((old, article)) {
            self.entries.remove(place);
        }
        if new == 0 {
            return;
        }
        let entry = (new, article);
        if let Err(place) = self.place(entry) {
            if place >= KEPT {
                self.floor = self.floor.max(Some(entry));
                return;
            }
            self.entries.insert(place, entry);
        }
        if self.entries.len() > KEPT {
            self.floor = self.floor.max(self.entries.pop());
        }
    }

    fn place(&self, entry: Entry) -> Result<usize, usize> {
        self.entries.binary_search_by(|own| entry.cmp(own))
    }

    /// The best, best first.
    pub fn shown(&self) -> &[Entry] {
        let certain = self.certain();
        &certain[..certain.len().min(SHOWN)]
    }

    /// What is certain, best first.
    fn certain(&self) -> &[Entry] {
        let end = self.floor.map_or(self.entries.len(), |floor| self.entries.partition_point(|entry| *entry > floor));
        &self.entries[..end]
    }

    /// Whether nothing is in it, and nothing outside.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.floor.is_none()
    }

    /// Whether less is certain than is shown, though more may stand outside.
    pub fn is_short(&self) -> bool {
        self.floor.is_some() && self.certain().len() < SHOWN
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    fn best(all: &HashMap<i64, u64>) -> Vec<Entry> {
        let mut list: Vec<Entry> =
            all.iter().map(|(article, score)| (*score, *article)).filter(|(score, _)| *score > 0).collect();
        list.sort_unstable_by(|a, b| b.cmp(a));
        list
    }

    fn anew(all: &HashMap<i64, u64>) -> Top {
        let mut top = Top::default();
        all.iter().filter(|(_, score)| **score > 0).for_each(|(article, score)| top.offer((*score, *article)));
        top.cut();
        top
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_is_certain_is_what_sorting_everything_says(
            changes in prop::collection::vec((0_i64..600, 0_u64..50), 1..2_000),
            starts in prop::collection::vec(1_u64..50, 0..900),
        ) {
            let mut all: HashMap<i64, u64> = (0_i64..).zip(starts).collect();
            let mut top = anew(&all);
            for (number, (article, score)) in changes.into_iter().enumerate() {
                let old = all.insert(article, score).unwrap_or(0);
                top.set(article, old, score);
                if top.is_short() {
                    top = anew(&all);
                }
                if number % 7 == 0 {
                    let (certain, best) = (top.certain(), best(&all));
                    prop_assert_eq!(certain, &best[..certain.len()]);
                    prop_assert!(certain.len() >= SHOWN.min(best.len()));
                }
            }
        }
    }
}
