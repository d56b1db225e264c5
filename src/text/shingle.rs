//! How much of one text stands in another: sets of overlapping runs of characters (shingles), and a small signature of such a set by which
//! texts that share much are found among many (`MinHash` with bands: Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive
//! Datasets, 3.3 and 3.4).

use std::collections::HashSet;

use xxhash_rust::xxh3::xxh3_64;

use super::fold::fold;

/// Characters of a shingle: so many that phrases which everybody uses are few among them.
const LENGTH: usize = 5;

/// Texts of fewer shingles say too little to be the same.
const FEWEST: usize = 40;

/// Bands of a signature, and numbers in each. Two texts that share the part s of all their shingles have a band in common with the
/// probability 1 − (1 − s²)⁴⁸: 0.95 for 0.25, 0.999 for 0.37.
pub const BANDS: usize = 48;
const ROWS: usize = 2;

/// A text is no repost of one that is so many times as long: a digest is not the same as one of its items.
const LONGER: usize = 3;

/// The shingles of a text, each as a number; the same in either script, width and case, whatever stands between letters.
#[derive(Clone, Debug, Default)]
pub struct Shingles(HashSet<u64>);

impl Shingles {
    /// Of `text`; none if it says too little.
    pub fn of(text: &str) -> Option<Self> {
        let all = shingles(text);
        (all.len() >= FEWEST).then_some(Self(all))
    }

    /// How many there are: about as many as the text has letters.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The part of the smaller text that stands in the other, 0 to 1: what was cut off or put before it does not count. 0 where one
    /// is far longer.
    #[expect(clippy::cast_precision_loss, reason = "numbers of characters")]
    pub fn likeness(&self, other: &Self) -> f64 {
        let (small, large) = if self.0.len() < other.0.len() { (self, other) } else { (other, self) };
        if large.0.len() > small.0.len() * LONGER {
            return 0.0;
        }
        let shared = small.0.iter().filter(|number| large.0.contains(number)).count();
        shared as f64 / small.0.len() as f64
    }

    /// The signature: texts that share much have a band in common.
    pub fn bands(&self) -> Vec<u64> {
        let mut least = [u64::MAX; BANDS * ROWS];
        for number in &self.0 {
            let mut state = *number;
            for least in &mut least {
                // SplitMix64 (Steele, Lea, Flood 2014): each step is another hash of the number.
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                let mut mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                *least = (*least).min(mixed ^ (mixed >> 31));
            }
        }
        let band = |(band, rows): (usize, &[u64])| {
            let numbers = std::iter::once(band as u64).chain(rows.iter().copied());
            xxh3_64(&numbers.flat_map(u64::to_le_bytes).collect::<Vec<u8>>())
        };
        least.chunks(ROWS).enumerate().map(band).collect()
    }
}

fn letters(text: &str) -> Vec<char> {
    fold(text).chars.into_iter().filter(|c| c.is_alphanumeric()).collect()
}

fn shingles(text: &str) -> HashSet<u64> {
    let letters = letters(text);
    let mut bytes = Vec::with_capacity(LENGTH * 4);
    let mut number = |run: &[char]| {
        bytes.clear();
        for c in run {
            bytes.extend(u32::from(*c).to_le_bytes());
        }
        xxh3_64(&bytes)
    };
    letters.windows(LENGTH).map(&mut number).collect()
}

/// The sentences of `text` that do not stand in `other`, as they are written, in order: more than half of their shingles are missing there.
pub fn passages_not_in<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let (there, letters_there) = (shingles(other), letters(other));
    let is_missing = |sentence: &&str| {
        let (own, letters) = (shingles(sentence), letters(sentence));
        if own.is_empty() {
            return !letters.is_empty() && !letters_there.windows(letters.len()).any(|run| run == letters);
        }
        own.iter().filter(|number| !there.contains(number)).count() * 2 > own.len()
    };
    let sentences = text.split_inclusive(['。', '！', '？', '；', '!', '?', '\n']).map(str::trim);
    sentences.filter(|sentence| !sentence.is_empty()).filter(is_missing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWS: &str = "盐碱地里的耐盐水稻今天开始测产。专家组认为，品种已经成熟，可以在沿海各县推广种植。明年的面积要翻一番。\
                        种子公司说，订单已经排到了后年。农户王师傅种了三十亩，他打算再租二十亩。";

    fn likeness(one: &str, other: &str) -> f64 {
        let [one, other] = [one, other].map(|text| Shingles::of(text).expect("long enough"));
        assert!((one.likeness(&other) - other.likeness(&one)).abs() < 1e-9, "whichever is asked");
        one.likeness(&other)
    }

    #[test]
    fn what_was_cut_or_added_does_not_count() {
        assert!(Shingles::of("太短的一句话。").is_none());
        assert!((likeness(NEWS, NEWS) - 1.0).abs() < 1e-9);
        let cut = &NEWS[..NEWS.find("种子公司").expect("a place")];
        assert!(likeness(NEWS, cut) > 0.99);
        assert!(likeness(NEWS, &format!("本报讯（记者某某）{NEWS}免责声明：本文来自网络，与本站立场无关。")) > 0.99);
        assert!(likeness(NEWS, &NEWS.replace('，', " , ").replace("专家组", "專家組").replace("沿海", "沿 海")) > 0.99);
        let other =
            "深远海的风机今天完成吊装。叶片长度超过百米，单机容量创下纪录。码头上还有三台等待天气窗口，年底全部并网发电。";
        assert!(likeness(NEWS, other) < 0.05);
        let others: Vec<String> = (0..60).map(|i| format!("第{i}条：今天还有别的消息{}。", i * 7919)).collect();
        let digest = format!("{NEWS}{}", others.concat());
        assert!(likeness(NEWS, &digest).abs() < 1e-9, "a digest is not one of its items");
    }

    #[test]
    fn texts_that_share_much_share_a_band() {
        let bands = |text: &str| Shingles::of(text).expect("long enough").bands();
        let shared = |one: &str, other: &str| {
            let (one, other) = (bands(one), bands(other));
            one.iter().filter(|band| other.contains(band)).count()
        };
        assert_eq!(shared(NEWS, NEWS), BANDS);
        let changed =
            NEWS.replace("明年的面积要翻一番。", "后年的面积要翻两番。").replace("农户王师傅种了三十亩", "农户李师傅只种了十亩");
        assert!(shared(NEWS, &changed) > BANDS / 4);
        let other =
            "深远海的风机今天完成吊装，叶片长度超过百米，单机容量创下纪录。码头上还有三台等待天气窗口，年底全部并网发电。";
        assert_eq!(shared(NEWS, other), 0);
    }

    #[test]
    fn passages_that_differ_are_told_as_they_are_written() {
        let other = NEWS.replace("明年的面积要翻一番。", "訂單已經排到了後年。").replace("种子公司说，订单已经排到了后年。", "");
        assert_eq!(passages_not_in(NEWS, &other), ["明年的面积要翻一番。"]);
        assert_eq!(passages_not_in(NEWS, NEWS), Vec::<&str>::new());
        assert_eq!(passages_not_in("新的一段。\n\n", NEWS), ["新的一段。"]);
    }
}
