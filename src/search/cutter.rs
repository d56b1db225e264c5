//! Cuts folded text into words: runs of letters and digits whole (5g, c919, gb/t), ideographs by dictionary. What words are decides about
//! relevance only; whether a document is found at all never depends on it.

use std::sync::{Arc, LazyLock, OnceLock};

use jieba_rs::{Jieba, TokenizeMode};
use xxhash_rust::xxh3::xxh3_64;

use crate::text::is_ideograph;

/// The dictionary that comes with the library: some 350,000 words of general Chinese. One for all, since it takes 0.2 s and 33 MB.
static GENERAL: LazyLock<Arc<Jieba>> = LazyLock::new(|| Arc::new(Jieba::new()));

/// How often a word of the portal's own counts as read: enough that it is not cut, as a rule.
const OWN_FREQUENCY: usize = 50_000;

/// Longer runs of letters are no words.
const LONGEST: usize = 64;

/// What stands between letters and digits of one word: gb/t, covid-19, 3.5, r&d.
fn joins(c: char) -> bool {
    matches!(c, '.' | '-' | '_' | '/' | '&' | '\'' | '+' | '·')
}

/// Letters whose standards are quoted with a number behind a space: ISO 9001, GB 50016.
const STANDARDS: [&str; 8] = ["gb", "iso", "iec", "ieee", "din", "astm", "jis", "itu"];

/// Words that say nothing of what a text is about; they are not needed where others are.
const EMPTY: &str = "的 了 和 与 及 或 而 且 但 在 是 为 于 以 对 将 从 把 被 由 向 到 就 也 都 还 又 等 其 之 所 这 那 此 个 中 上 下 有 不 一 着 地 得 让 \
    给 使 并 则 因 如 若 吗 呢 吧 啊 我 你 他 她 它 们 我们 他们 一个 这个 那个 什么 怎么 哪些 有哪些 如何 可以 进行 以及 因为 所以 但是 如果 \
    the a an of and or in on at to for with by from is are was were be as it this that";

static EMPTY_WORDS: LazyLock<std::collections::HashSet<&'static str>> = LazyLock::new(|| EMPTY.split_whitespace().collect());

/// A word in a folded text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Its first character, from 0.
    pub from: usize,
    /// Behind its last character.
    pub to: usize,
}

/// How finely to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grain {
    /// Each character belongs to one word.
    Coarse,
    /// With the words inside of words: 高端装备制造业 also holds 装备.
    Fine,
}

/// A dictionary. It is put together when it is asked for first: a program that starts does not wait for it.
#[derive(Clone)]
pub struct Cutter {
    own: Arc<[String]>,
    jieba: Arc<OnceLock<Arc<Jieba>>>,
    version: u64,
}

impl Cutter {
    /// The general dictionary with the portal's `own` words, which are folded.
    pub fn new(own: &[String]) -> Self {
        let mut own: Vec<String> = own.iter().filter(|word| word.chars().count() > 1).cloned().collect();
        own.sort_unstable();
        own.dedup();
        let list: String = own.iter().flat_map(|word| [word.as_str(), "\n"]).collect();
        Self { own: own.into(), jieba: Arc::default(), version: xxh3_64(list.as_bytes()) }
    }

    fn jieba(&self) -> &Jieba {
        self.jieba.get_or_init(|| {
            if self.own.is_empty() {
                return Arc::clone(&GENERAL);
            }
            let mut jieba = Jieba::clone(&GENERAL);
            for word in self.own.iter() {
                jieba.add_word(word, Some(OWN_FREQUENCY), None);
            }
            Arc::new(jieba)
        })
    }

    /// Differs where the portal's own words differ.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// How common `word` is: how often it stands in the sixty million words from which the dictionary was made; 0 for unknown ones.
    pub fn frequency(&self, word: &str) -> u64 {
        if self.jieba().has_word(word) { self.jieba().suggest_freq(word) as u64 } else { 0 }
    }

    /// Whether `word` says nothing of what a text is about.
    pub fn is_empty_word(word: &str) -> bool {
        EMPTY_WORDS.contains(word)
    }

    /// The words in `chars`, a folded text, in order of their first characters.
    pub fn words(&self, chars: &[char], grain: Grain) -> Vec<Word> {
        let mut words = Vec::with_capacity(chars.len() / 2);
        let mut at = 0;
        while at < chars.len() {
            let rest = &chars[at..];
            if is_ideograph(rest[0]) {
                let length = rest.iter().position(|c| !is_ideograph(*c)).unwrap_or(rest.len());
                self.cut(&rest[..length], at, grain, &mut words);
                at += length;
            } else if rest[0].is_alphanumeric() {
                let length = run(rest);
                letters(&rest[..length], at, grain, &mut words);
                if grain == Grain::Fine {
                    standard(chars, at, length, &mut words);
                }
                at += length;
            } else {
                at += 1;
            }
        }
        words
    }

    fn cut(&self, chars: &[char], at: usize, grain: Grain, words: &mut Vec<Word>) {
        let text: String = chars.iter().collect();
        let mode = if grain == Grain::Fine { TokenizeMode::Search } else { TokenizeMode::Default };
        let tokens = self.jieba().tokenize(&text, mode, true);
        words.extend(tokens.into_iter().map(|t| Word { text: t.word.to_owned(), from: at + t.start, to: at + t.end }));
    }
}

/// How long the run of letters and digits is that `chars` begins with.
fn run(chars: &[char]) -> usize {
    let is_letter = |c: &char| c.is_alphanumeric() && !is_ideograph(*c);
    let mut length = 0;
    while length < chars.len() {
        let inside = joins(chars[length]) && length > 0 && chars.get(length + 1).is_some_and(is_letter);
        if !is_letter(&chars[length]) && !inside {
            break;
        }
        length += 1;
    }
    // c++, c#
    length + chars[length..].iter().take(2).take_while(|c| matches!(c, '+' | '#')).count()
}

/// A run of letters as a word, and the parts that it is joined of.
fn letters(chars: &[char], at: usize, grain: Grain, words: &mut Vec<Word>) {
    if chars.len() <= LONGEST {
        words.push(Word { text: chars.iter().collect(), from: at, to: at + chars.len() });
    }
    if grain == Grain::Coarse && chars.len() <= LONGEST {
        return;
    }
    let mut from = 0;
    for part in chars.split(|c| joins(*c)) {
        if !part.is_empty() && part.len() < chars.len() && part.len() <= LONGEST {
            words.push(Word { text: part.iter().collect(), from: at + from, to: at + from + part.len() });
        }
        from += part.len() + 1;
    }
}

/// A standard with its number, where the letters at `at` are followed by one: gb/t 7714 as gb/t7714.
fn standard(chars: &[char], at: usize, length: usize, words: &mut Vec<Word>) {
    let body: String = chars[at..at + length].iter().collect();
    let is_standard = STANDARDS.contains(&body.split('/').next().unwrap_or(""));
    let behind = &chars[at + length..];
    if !is_standard || behind.first() != Some(&' ') || !behind.get(1).is_some_and(char::is_ascii_digit) {
        return;
    }
    let number: String = behind[1..].iter().take_while(|c| c.is_ascii_digit() || **c == '.').collect();
    let to = at + length + 1 + number.chars().count();
    words.push(Word { text: body + &number, from: at, to });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;

    fn words(text: &str, grain: Grain) -> Vec<String> {
        Cutter::new(&[]).words(&fold(text).chars, grain).into_iter().map(|w| w.text).collect()
    }

    #[test]
    fn models_and_standards_stay_whole() {
        assert_eq!(words("5G网络与C919大飞机", Grain::Coarse), ["5g", "网络", "与", "c919", "大", "飞机"]);
        let standards = words("按 GB/T 7714 著录", Grain::Fine);
        assert!(["gb/t", "7714", "gb/t7714", "著录"].iter().all(|w| standards.contains(&(*w).to_owned())), "{standards:?}");
        assert_eq!(words("C++ 与 COVID-19 的 3.5%", Grain::Coarse), ["c++", "与", "covid-19", "的", "3.5"]);
    }

    #[test]
    fn traditional_text_is_cut_as_simplified() {
        assert_eq!(words("煙臺氫能產業發展規劃", Grain::Coarse), words("烟台氢能产业发展规划", Grain::Coarse));
    }

    #[test]
    fn words_inside_of_words_are_found_too() {
        assert!(words("中华人民共和国", Grain::Fine).contains(&"共和国".to_owned()));
        assert_eq!(words("中华人民共和国", Grain::Coarse), ["中华人民共和国"]);
    }

    #[test]
    fn a_portal_has_words_of_its_own() {
        let name = "蓝鲸氢舟".to_owned();
        let text = fold("蓝鲸氢舟落户烟台");
        let own = Cutter::new(std::slice::from_ref(&name));
        assert_eq!(own.words(&text.chars, Grain::Coarse)[0].text, name);
        assert_ne!(Cutter::new(&[]).words(&text.chars, Grain::Coarse)[0].text, name);
        assert_ne!(own.version(), Cutter::new(&[]).version());
    }
}
