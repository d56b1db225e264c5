//! The pattern of the portal's article addresses, matched against addresses in the one form they are compared in.

use crate::text::normalise_address;

/// Stand for the placeholders while the pattern is normalised: letters that no step of it changes.
const TOKENS: [(&str, &str, Name); 2] = [("{id}", "0tidings0id0", Name::Id), ("{slug}", "0tidings0slug0", Name::Slug)];

/// What a part of an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The public id.
    Id,
    /// The slug.
    Slug,
}

#[derive(Debug, PartialEq)]
enum Piece {
    Literal(String),
    Name(Name),
}

/// The pattern.
#[derive(Debug, Default)]
pub struct AddressPattern {
    pieces: Vec<Piece>,
    host: String,
    has_query: bool,
}

impl AddressPattern {
    /// The pattern of a portal at `site` (its address) whose articles stand at `path`, with `{id}` or `{slug}` in it.
    pub fn new(site: &str, path: &str) -> Self {
        let sample = TOKENS.iter().fold(path.to_owned(), |path, (placeholder, token, _)| path.replace(placeholder, token));
        let host = normalise_address(site).unwrap_or_default();
        let Some(mut rest) = normalise_address(&format!("{site}{sample}")) else { return Self::default() };
        let has_query = rest.contains('?');
        let mut pieces = Vec::new();
        while let Some((at, token, name)) =
            TOKENS.iter().filter_map(|(_, t, n)| Some((rest.find(t)?, *t, *n))).min_by_key(|f| f.0)
        {
            pieces.push(Piece::Literal(rest[..at].to_owned()));
            pieces.push(Piece::Name(name));
            rest.drain(..at + token.len());
        }
        pieces.push(Piece::Literal(rest));
        Self { pieces, host, has_query }
    }

    /// What `address`, which is normalised, names: the id where it stands in it, else the slug. Nothing for other addresses.
    pub fn read<'a>(&self, address: &'a str) -> Option<(Name, &'a str)> {
        // Shared links carry where they were shared.
        let address = if self.has_query { address } else { address.split('?').next().unwrap_or(address) };
        let address = address.trim_end_matches('/');
        let mut rest = address.strip_suffix("/index.html").unwrap_or(address);
        let is_path = rest.starts_with('/');
        let mut found: Vec<(Name, &str)> = Vec::new();
        for (number, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Literal(text) => {
                    let text = if number == 0 && is_path { text.strip_prefix(&self.host)? } else { text };
                    rest = rest.strip_prefix(text)?;
                }
                Piece::Name(name) => {
                    let end = match self.pieces.get(number + 1) {
                        Some(Piece::Literal(next)) if !next.is_empty() => rest.find(next.as_str())?,
                        _ => rest.len(),
                    };
                    let (value, after) = rest.split_at(end);
                    if value.is_empty() || value.contains(['/', '?', '&']) {
                        return None;
                    }
                    found.push((*name, value));
                    rest = after;
                }
            }
        }
        let by_name = |wanted: Name| found.iter().find(|(name, _)| *name == wanted).copied();
        by_name(Name::Id).or_else(|| by_name(Name::Slug)).filter(|_| rest.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portals_own_addresses_are_known_under_any_pattern() {
        for path in [
            "/a/{id}",
            "/a/{slug}",
            "/news/{id}/",
            "/news/{id}.html",
            "/show.php?itemid={id}",
            "/{slug}/index.html",
            "/%E6%96%87/{id}",
            "/文/{id}",
            "/{slug}/{id}",
            "/{id}-{slug}.html",
            "/{id}",
            "/a/{id}/{slug}?from=x",
        ] {
            let pattern = AddressPattern::new("https://www.Portal.example:443/zh", path);
            let filled = path.replace("{id}", "QQE").replace("{slug}", "my-news");
            let expected = if path.contains("{id}") { (Name::Id, "QQE") } else { (Name::Slug, "my-news") };
            for address in [format!("https://www.portal.example/zh{filled}"), format!("portal.example/zh{filled}#top")] {
                let address = normalise_address(&address).expect("an address");
                assert_eq!(pattern.read(&address), Some(expected), "{path} {address}");
            }
        }
    }

    #[test]
    fn paths_and_shared_links_are_known_too_and_others_are_not() {
        let pattern = AddressPattern::new("https://portal.example", "/a/{id}");
        for known in ["/a/QQE", "portal.example/a/QQE?utm_source=x", "portal.example/a/QQE/"] {
            assert_eq!(pattern.read(known), Some((Name::Id, "QQE")), "{known}");
        }
        for other in ["other.example/a/QQE", "/b/QQE", "/a/", "/a/QQE/more", "portal.example", ""] {
            assert_eq!(pattern.read(other), None, "{other}");
        }
        assert_eq!(AddressPattern::new("https://portal.example", "/a#{id}").read("portal.example/a"), None);
    }
}
