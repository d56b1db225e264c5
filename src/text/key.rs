//! The fingerprint by which reposts of one text are found.

use xxhash_rust::xxh3::xxh3_64;

/// Texts with fewer letters and digits say too little to be the same.
const FEWEST: usize = 40;

/// Equal for texts whose letters and digits are the same, whatever stands between them; 0 for short ones.
pub fn text_key(text: &str) -> i64 {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if letters.chars().count() < FEWEST {
        return 0;
    }
    match i64::from_le_bytes(xxh3_64(letters.as_bytes()).to_le_bytes()) {
        // Which means too short.
        0 => 1,
        key => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_the_same_text() {
        let text = "科学家在实验室里发现了一种新的材料，它在室温下就能导电，而且价格便宜。研究成果发表在本周的期刊上。";
        let repost = text.replace('，', ", ").replace('。', ".\n　");
        assert_eq!(text_key(text), text_key(&repost));
        assert_ne!(text_key(text), 0);
        assert_ne!(text_key(text), text_key(&text.replace("便宜", "昂贵")));
        assert_eq!(text_key("快讯。"), 0);
    }
}
