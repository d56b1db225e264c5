//! How much of an article may be passed on, and what a source's licence says of it.

use crate::db::Source;

/// How much of an article. Each has what those before it have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fields {
    /// Nothing: the article is not there.
    None,
    /// Headline, address, times, names.
    Headline,
    /// And second headline, summary, cover.
    Summary,
    /// And text, pictures, files.
    Full,
}

impl Fields {
    /// All, the least first.
    pub const ALL: [Self; 4] = [Self::None, Self::Headline, Self::Summary, Self::Full];

    /// As the database, the settings and addresses write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Headline => "headline",
            Self::Summary => "summary",
            Self::Full => "full",
        }
    }

    /// The one of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fields| fields.word() == word)
    }
}

/// Licences that let anybody pass a text on, as SPDX names them without their versions. Those that forbid commercial use are not among
/// them: whether a partner's is, only people can tell.
const OPEN: [&str; 8] = ["CC0", "CC-BY", "CC-BY-SA", "CC-BY-ND", "PDDL", "ODC-BY", "OGL-UK", "CC-PDDC"];

/// What may be passed on of the articles of `source`: what its record says, else what its licence says. Who grants nothing keeps the
/// right to what goes beyond a quotation, so that is what is left. The portal's own articles (no source) are its own.
pub fn rights(source: Option<&Source>) -> Fields {
    let Some(source) = source else { return Fields::Full };
    let said = source.syndication.as_deref().and_then(Fields::from_word);
    said.unwrap_or_else(|| if source.licence.as_deref().is_some_and(is_open) { Fields::Full } else { Fields::Summary })
}

/// Whether a licence is one of [`OPEN`], with or without a version and a country behind: `CC-BY-4.0`, `CC BY-SA 3.0 DE`.
fn is_open(licence: &str) -> bool {
    let words = licence.trim().to_ascii_uppercase().replace([' ', '_'], "-");
    let name = words.split('-').take_while(|part| !part.starts_with(|c: char| c.is_ascii_digit())).collect::<Vec<_>>().join("-");
    OPEN.contains(&name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_read() {
        for open in ["CC-BY-4.0", "CC BY 4.0", "cc-by-sa-3.0-de", "CC0-1.0", "CC0", "OGL-UK-3.0", "CC-BY-ND-4.0"] {
            assert!(is_open(open), "{open}");
        }
        for closed in ["", "CC-BY-NC-4.0", "CC-BY-NC-SA-3.0", "MIT", "all rights reserved", "未经授权不得转载", "CC"] {
            assert!(!is_open(closed), "{closed}");
        }
    }

    #[test]
    fn more_is_more() {
        assert!(Fields::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(Fields::ALL.into_iter().all(|fields| Fields::from_word(fields.word()) == Some(fields)));
    }
}
