//! Which agents are robots, by the list of the `isbot` project, which is kept up to date there and taken along at each build.

use std::sync::{LazyLock, Mutex, PoisonError};

use fancy_regex::Regex;
use quick_cache::unsync::Cache;
use xxhash_rust::xxh3::xxh3_64;

/// The patterns, a line each; letters of any case.
static PATTERNS: &str = include_str!(concat!(env!("OUT_DIR"), "/robots.txt"));

/// Few patterns look around, which costs every text; the others are one automaton.
static ROBOTS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let looks = |pattern: &&str| ["(?<", "(?=", "(?!"].iter().any(|sign| pattern.contains(sign));
    let (looking, plain): (Vec<&str>, Vec<&str>) = PATTERNS.lines().filter(|line| !line.is_empty()).partition(looks);
    let one = |pattern: &str| Regex::new(&format!("(?i){pattern}")).expect("the list holds patterns");
    let mut all = vec![one(&format!("(?:{})", plain.join("|")))];
    all.extend(looking.into_iter().map(one));
    all
});

/// Longest agent that is looked at; browsers' are a quarter of it.
const LONGEST: usize = 1_024;

/// Verdicts that are kept: the same few hundred agents come again and again.
static KNOWN: LazyLock<Mutex<Cache<u64, bool>>> = LazyLock::new(|| Mutex::new(Cache::new(4_096)));

/// Whether `agent` (of the header `User-Agent`) says that nobody reads: a robot's name, a library's, or nothing.
pub fn is_robot(agent: &str) -> bool {
    let agent = agent.trim();
    if agent.is_empty() || agent.len() > LONGEST {
        return true;
    }
    let key = xxh3_64(agent.as_bytes());
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known().get(&key) {
        return *found;
    }
    // A text on which a pattern gives up is not one that a browser sends.
    let found = ROBOTS.iter().any(|robot| robot.is_match(agent).unwrap_or(true));
    known().insert(key, found);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_are_told_from_readers() {
        for robot in [
            "",
            " ",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
            "Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)",
            "curl/8.5.0",
            "python-requests/2.32.0",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0.0.0 Safari/537.36",
        ] {
            assert!(is_robot(robot), "{robot}");
            assert!(is_robot(robot), "{robot}, from memory");
        }
        for reader in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.53(0x18003531) NetType/WIFI Language/zh_CN",
            "Mozilla/5.0 (Linux; Android 14; HUAWEI) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/114.0.5735.196 Mobile Safari/537.36 UCBrowser/16.5",
            "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36 NewsArticle/9.9.2",
            "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/116.0.0.0 Mobile Safari/537.36 SogouMSE,SogouMobileBrowser/7.9.5",
            "Mozilla/5.0 (Linux; Android 10; CUBOT_X18) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0",
        ] {
            assert!(!is_robot(reader), "{reader}");
        }
    }
}
