//! Names in addresses.

/// Letters, digits, `-`, `_` and `.` of any script, 1 to 100 characters, not only digits (those are ids).
pub fn is_slug(text: &str) -> bool {
    let length = text.chars().count();
    (1..=100).contains(&length)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
        && !text.chars().all(|c| c.is_ascii_digit())
        && !text.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers() {
        assert!(is_slug("qing-neng_2021.a"));
        assert!(is_slug("氢能"));
        for bad in ["", "123", "a/b", "a b", "..", &"x".repeat(101)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
