//! How words are typed in Latin letters: 烟台 as `yantai`, or `yt`.

use pinyin::ToPinyinMulti;

/// A character of several readings has its first ones; a word has so many spellings in all.
const READINGS: usize = 3;
const SPELLINGS: usize = 12;

/// One way to spell a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// The syllables without tones: `yantai`; ü is `v`.
    pub whole: String,
    /// Their first letters: `yt`.
    pub initials: String,
}

/// The readings of `c` without tones, the usual one first.
fn readings(c: char) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = reading.plain().replace('ü', "v");
        if !found.contains(&plain) {
            found.push(plain);
        }
    }
    found.truncate(READINGS);
    found
}

/// How `word`, which is folded, may be spelt, the usual way first; nothing for words without an ideograph.
pub fn spellings(word: &str) -> Vec<Spelling> {
    let mut found = vec![Spelling::default()];
    let mut has_reading = false;
    for c in word.chars() {
        let readings = if c.is_ascii_alphanumeric() { vec![c.to_string()] } else { readings(c) };
        has_reading |= !c.is_ascii() && !readings.is_empty();
        // The usual readings of all first, whatever is cut off.
        let longer = readings.iter().flat_map(|reading| {
            found.iter().map(move |spelling| Spelling {
                whole: spelling.whole.clone() + reading,
                initials: spelling.initials.clone() + reading.get(..1).unwrap_or(""),
            })
        });
        let mut longer: Vec<Spelling> = longer.collect();
        if !longer.is_empty() {
            longer.truncate(SPELLINGS);
            found = longer;
        }
    }
    if has_reading { found } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(word: &str, whole: &str, initials: &str) -> bool {
        spellings(word).contains(&Spelling { whole: whole.into(), initials: initials.into() })
    }

    #[test]
    fn words_are_spelt_whole_and_by_initials() {
        assert!(has("烟台", "yantai", "yt"));
        assert!(has("5g网络", "5gwangluo", "5gwl"));
        assert!(has("绿色", "lvse", "ls"));
        assert!(spellings("hydrogen").is_empty());
    }

    #[test]
    fn characters_of_several_readings_have_them() {
        assert!(has("重庆", "chongqing", "cq"));
        assert!(has("银行", "yinhang", "yh"));
        assert!(has("长春", "changchun", "cc"));
        assert!(spellings("重重重重重重重重重重").len() <= SPELLINGS);
    }
}
