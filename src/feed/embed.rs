//! Widgets for others' pages: small documents for a frame that look right before and without any script, set no cookie and ask for
//! nothing from elsewhere. What they look like is in `web/embed/frame.css`, which also says how high they are.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

use super::item::Instant;
use super::words::Words;

const STYLE: &str = include_str!("../../web/embed/frame.css");
const SCRIPT: &str = include_str!("../../web/embed/frame.js");

/// What kind of widget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The newest articles of a list.
    List,
    /// The most read.
    Ranking,
    /// One article.
    Card,
}

impl Kind {
    /// As addresses write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Ranking => "ranking",
            Self::Card => "card",
        }
    }

    /// The one of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::List, Self::Ranking, Self::Card].into_iter().find(|kind| kind.word() == word)
    }
}

/// How a widget looks: what its address says, read and bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// `auto`, `light` or `dark`.
    pub scheme: &'static str,
    /// Custom properties of CSS, each with its value.
    pub variables: Vec<(&'static str, String)>,
    /// Pixels.
    pub font_px: i64,
}

impl Default for Theme {
    fn default() -> Self {
        Self { scheme: "auto", variables: Vec::new(), font_px: 16 }
    }
}

/// Parameters that are colours, with their properties.
const COLOURS: [(&str, &str); 5] = [
    ("accent", "--tidings-accent"),
    ("background", "--tidings-background"),
    ("text", "--tidings-text"),
    ("muted", "--tidings-muted"),
    ("border", "--tidings-border"),
];

impl Theme {
    /// The theme that parameters say. What cannot be read counts as not said: values come from the style sheets of others' pages.
    pub fn read<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Self {
        let mut theme = Self::default();
        if let Some(scheme) =
            value("theme").and_then(|word| ["auto", "light", "dark"].into_iter().find(|known| *known == word.trim()))
        {
            theme.scheme = scheme;
        }
        for (name, property) in COLOURS {
            theme.variables.extend(value(name).and_then(colour).map(|colour| (property, colour)));
        }
        let pixels = |name: &str, from: i64, to: i64| {
            let number = value(name)?.trim().trim_end_matches("px").trim().parse::<i64>().ok()?;
            (from..=to).contains(&number).then_some(number)
        };
        if let Some(radius) = pixels("radius", 0, 24) {
            theme.variables.push(("--tidings-radius", format!("{radius}px")));
        }
        if let Some(size) = pixels("font-size", 12, 20) {
            theme.variables.push(("--tidings-font-size", format!("{size}px")));
            theme.font_px = size;
        }
        theme
    }

    fn style(&self) -> String {
        let mut style = STYLE.to_owned();
        if !self.variables.is_empty() {
            style.push_str(":root{");
            for (property, value) in &self.variables {
                let _ = write!(style, "{property}:{value};");
            }
            style.push('}');
        }
        style
    }
}

/// A colour in hexadecimal digits, with its sign.
fn colour(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.strip_prefix('#').unwrap_or(text);
    let is_colour = matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_colour.then(|| format!("#{}", digits.to_ascii_lowercase()))
}

/// How high a card with letters of `font_px` is, in pixels: the numbers of `web/embed/frame.css`.
pub fn card_height(font_px: i64) -> i64 {
    6 * font_px + 60 + 44
}

/// What all widgets have.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// How it looks.
    pub theme: &'a Theme,
    /// What it says besides.
    pub words: &'static Words,
    /// The portal's name.
    pub site: &'a str,
    /// The portal's address.
    pub home: &'a str,
    /// What must be shown.
    pub attribution: Option<&'a str>,
}

/// An article in a widget.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Where a click leads.
    pub url: String,
    /// Plain text.
    pub title: String,
    /// Plain text.
    pub summary: Option<String>,
    /// Name of its source.
    pub source: Option<String>,
    /// When it was published.
    pub published: Instant,
    /// Its cover: address, text, pixels.
    pub cover: Option<(String, String, i64, i64)>,
    /// BCP 47 tag.
    pub language: Option<String>,
}

/// Articles in a widget.
#[derive(Clone, Debug)]
pub struct CardList {
    /// Whether it is a ranking.
    pub is_ranking: bool,
    /// What stands above them.
    pub heading: String,
    /// The articles, each with its rank.
    pub cards: Vec<(i64, Card)>,
}

/// A list or a ranking. Returns the document and the hashes of its style and its script, for [`content_policy`].
pub fn list(frame: &Frame<'_>, list: &CardList) -> (String, [String; 2]) {
    let kind = if list.is_ranking { "embed-ranking" } else { "embed-list" };
    let body = html! {
        main class={ "embed " (kind) } {
            header { h1 { a href=(frame.home) target="_blank" rel="noopener" { (list.heading) } } }
            @if list.cards.is_empty() {
                p class="empty" { (frame.words.empty) }
            } @else {
                ol {
                    @for (rank, card) in &list.cards {
                        li {
                            @if list.is_ranking { span class="rank" { (rank) } }
                            a class="title" href=(card.url) title=(card.title) lang=[card.language.as_deref()] target="_blank" rel="noopener" { (card.title) }
                            (meta(frame, card))
                        }
                    }
                }
            }
            (footer(frame))
        }
    };
    document(frame, &list.heading, &body)
}

/// One article. Returns as [`list`] does.
pub fn card(frame: &Frame<'_>, card: &Card) -> (String, [String; 2]) {
    let body = html! {
        main class="embed embed-card" {
            article lang=[card.language.as_deref()] {
                @if let Some((url, alt, width, height)) = &card.cover {
                    img class="cover" src=(url) alt=(alt) width=(width) height=(height) decoding="async";
                }
                div class="text" {
                    h1 class="title" { a href=(card.url) title=(card.title) target="_blank" rel="noopener" { (card.title) } }
                    @if let Some(summary) = &card.summary { p class="summary" title=(summary) { (summary) } }
                    (meta(frame, card))
                }
            }
            (footer(frame))
        }
    };
    document(frame, &card.title, &body)
}

/// A widget that says why there is nothing to see. Returns as [`list`] does.
pub fn message(frame: &Frame<'_>, text: &str, reason: Option<&str>) -> (String, [String; 2]) {
    let body = html! {
        main class="embed embed-card" {
            p class="empty" title=[reason] { (text) }
            (footer(frame))
        }
    };
    document(frame, text, &body)
}

fn meta(frame: &Frame<'_>, card: &Card) -> Markup {
    html! {
        p class="meta" {
            @if let Some(source) = &card.source { span class="source" title=(source) { (source) } }
            time datetime=(super::atom::instant(&card.published)) { (card.published.format(frame.words.day)) }
        }
    }
}

fn footer(frame: &Frame<'_>) -> Markup {
    html! {
        footer {
            a href=(frame.home) target="_blank" rel="noopener" { (frame.site) }
            @if let Some(attribution) = frame.attribution { span class="attribution" title=(attribution) { (attribution) } }
        }
    }
}

fn document(frame: &Frame<'_>, title: &str, body: &Markup) -> (String, [String; 2]) {
    let style = frame.theme.style();
    let text = html! {
        (DOCTYPE)
        html lang=(frame.words.language) data-theme=(frame.theme.scheme) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (title) }
                style { (PreEscaped(&style)) }
            }
            body {
                (body)
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    (text.into_string(), [hash(&style), hash(SCRIPT)])
}

/// A source expression for what stands in an element (CSP 3 §2.3.1).
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The policy of a document with these hashes: pictures come from `pictures`, pages of `ancestors` may show it.
pub fn content_policy([style, script]: &[String; 2], pictures: &str, ancestors: &str) -> String {
    format!(
        "default-src 'none'; style-src {style}; script-src {script}; img-src {pictures}; base-uri 'none'; form-action 'none'; \
         frame-ancestors {ancestors}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Theme {
        Theme::read(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| *value))
    }

    #[test]
    fn themes_take_colours_and_nothing_else() {
        let theme = read(&[("theme", "dark"), ("accent", "#C00"), ("border", "aabbcc"), ("radius", "8px"), ("font-size", "14")]);
        assert_eq!((theme.scheme, theme.font_px), ("dark", 14));
        let own = ":root{--tidings-accent:#c00;--tidings-border:#aabbcc;--tidings-radius:8px;--tidings-font-size:14px;}";
        assert!(theme.style().ends_with(own));
        for (name, value) in [
            ("theme", "blue"),
            ("accent", "red"),
            ("accent", "#c00;}body{display:none"),
            ("text", "</style><script>"),
            ("radius", "25"),
            ("radius", "-1"),
            ("font-size", "11"),
            ("accent", " "),
        ] {
            assert_eq!(read(&[(name, value)]), Theme::default(), "{name} {value}");
        }
    }

    #[test]
    fn what_is_typed_stays_text() {
        let published = chrono::DateTime::parse_from_rfc3339("2021-05-17T09:00:00+08:00").expect("an instant");
        let theme = Theme::default();
        let frame =
            Frame { theme: &theme, words: Words::of("zh"), site: "<海岬>", home: "https://p.example/\"x", attribution: None };
        let title = "</main><script>alert(1)</script>".to_owned();
        let one =
            Card { url: "/embed/go/QQE".into(), title, summary: None, source: None, published, cover: None, language: None };
        let (text, [style, script]) = list(&frame, &CardList { is_ranking: true, heading: "热".into(), cards: vec![(1, one)] });
        assert_eq!(text.matches("<script>").count(), 1);
        assert!(text.contains("&lt;海岬&gt;") && text.contains("https://p.example/&quot;x") && text.contains(">5月17日<"));
        let policy = content_policy(&[style, script], "'self'", "https://partner.example");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'sha256-")
                && policy.ends_with("frame-ancestors https://partner.example")
        );
    }
}
