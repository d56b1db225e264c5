//! Traditional characters as simplified ones, one for one: what is written in either script is found by the other. `OpenCC`'s
//! table of characters (`TSCharacters`) is asked for each character alone, so that a part of a text becomes a part of its
//! conversion; phrases, whose conversion depends on their neighbours, are left out on purpose.

use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// The ideographs of the basic plane (Unicode 17, blocks "CJK Unified Ideographs" and its extension A).
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// The simplified character of each, by its distance from [`FIRST`].
static TABLE: LazyLock<Vec<char>> = LazyLock::new(|| {
    let all: String = (FIRST..=LAST).filter_map(char::from_u32).flat_map(|c| [c, '\n']).collect();
    let converted = OpenCC::from_config(BuiltinConfig::T2s).map(|converter| converter.convert(&all)).unwrap_or_default();
    // A line each: where one character were converted into several, the first counts, and the others stay in their line.
    let lines: Vec<char> = converted.lines().filter_map(|line| line.chars().next()).collect();
    if lines.len() == all.chars().count() / 2 { lines } else { (FIRST..=LAST).filter_map(char::from_u32).collect() }
});

/// The simplified form of `c`, which is itself if it has none.
pub fn simplified(c: char) -> char {
    let number = c as u32;
    if !(FIRST..=LAST).contains(&number) {
        return c;
    }
    usize::try_from(number - FIRST).ok().and_then(|at| TABLE.get(at)).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_characters_have_their_simplified_ones() {
        let text: String = "煙臺經濟技術開發區發佈氫能產業規劃，後續項目裡程碑".chars().map(simplified).collect();
        assert_eq!(text, "烟台经济技术开发区发布氢能产业规划，后续项目里程碑");
    }

    #[test]
    fn simplified_characters_stay() {
        let text = "皇后大道东的干部与乾隆、emoji 😀 和 𠮷";
        let text_again: String = text.chars().map(simplified).collect::<String>();
        assert_eq!(text_again.replace('干', "乾"), text.replace('干', "乾"));
        for c in text_again.chars() {
            assert_eq!(simplified(c), c, "twice is once");
        }
    }
}
