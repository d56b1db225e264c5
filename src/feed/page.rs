//! The pages of articles, channels and the portal, for those who come from a feed, an embed or a search engine: one document that can be read without any
//! script, with what machines look for (`OpenGraph`, schema.org, alternates).

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::{Value, json};

use super::address::encoded;
use super::atom::instant;
use super::item::{Enclosure, Image, Instant, SourceNote};
use super::words::Words;

/// A link with its text.
#[derive(Clone, Debug, PartialEq)]
pub struct PageLink {
    /// Absolute.
    pub url: String,
    /// Plain text.
    pub text: String,
}

/// What every page says of the portal.
#[derive(Clone, Debug, PartialEq)]
pub struct PageSite {
    /// Plain text.
    pub name: String,
    /// Its address.
    pub home: String,
    /// Where a complaint goes.
    pub contact: Option<String>,
    /// Numbers under which it is registered, each with where they can be looked up.
    pub filings: Vec<PageLink>,
    /// The style of its pages.
    pub stylesheet: String,
}

/// Everything that the page of an article shows.
#[derive(Clone, Debug)]
pub struct PageArticle {
    /// Where it stands.
    pub url: String,
    /// The address that search engines shall prefer.
    pub canonical: String,
    /// BCP 47 tag.
    pub language: String,
    /// Plain text.
    pub title: String,
    /// Plain text.
    pub subtitle: Option<String>,
    /// Plain text.
    pub summary: String,
    /// Whether it is shown above the text.
    pub shows_summary: bool,
    /// Each page's title and sanitised HTML.
    pub pages: Vec<(Option<String>, String)>,
    /// When it was published.
    pub published: Instant,
    /// Last change that readers should notice.
    pub updated: Option<Instant>,
    /// Last change of any kind.
    pub modified: Instant,
    /// Names.
    pub authors: Vec<String>,
    /// Where it comes from.
    pub source: Option<SourceNote>,
    /// Where it was taken from.
    pub original: Option<String>,
    /// Its cover.
    pub cover: Option<Image>,
    /// Pictures with their captions.
    pub gallery: Vec<(Image, Option<String>)>,
    /// Its files.
    pub files: Vec<Enclosure>,
    /// The way to it.
    pub breadcrumbs: Vec<PageLink>,
    /// Names.
    pub tags: Vec<String>,
    /// What readers were told of changes: when, what.
    pub corrections: Vec<(Instant, String)>,
    /// What must be said under it.
    pub disclaimer: Option<String>,
    /// About the same.
    pub related: Vec<PageLink>,
    /// Words in its text.
    pub word_count: i64,
    /// The portal.
    pub site: PageSite,
    /// Feeds: title, media type, address.
    pub feeds: Vec<(String, &'static str, String)>,
    /// oEmbed: media type, address.
    pub oembed: Vec<(&'static str, String)>,
    /// The picture that says that somebody reads.
    pub beacon: String,
}

/// The page.
pub fn article_page(article: &PageArticle) -> String {
    let words = Words::of(&article.language);
    let head = html! {
        title { (article.title) " - " (article.site.name) }
        meta name="description" content=(article.summary);
        link rel="canonical" href=(encoded(&article.canonical));
        @for (title, kind, url) in &article.feeds {
            link rel="alternate" type=(kind) title=(title) href=(url);
        }
        @for (kind, url) in &article.oembed {
            link rel="alternate" type=(kind) title=(article.title) href=(url);
        }
        (open_graph(article))
        script type="application/ld+json" { (PreEscaped(json_ld(article))) }
    };
    let body = html! {
        (site_header(&article.site, &article.breadcrumbs, words))
        main {
            article {
                h1 { (article.title) }
                @if let Some(subtitle) = &article.subtitle { p class="subtitle" { (subtitle) } }
                (byline(article, words))
                @if article.shows_summary { p class="summary" { strong { (words.summary) } " " (article.summary) } }
                @if let Some(cover) = &article.cover { (picture(cover, None, "cover")) }
                @for (title, page) in &article.pages {
                    section {
                        @if let Some(title) = title { h2 { (title) } }
                        (PreEscaped(page))
                    }
                }
                @for (image, caption) in &article.gallery { (picture(image, caption.as_deref(), "gallery")) }
                @if !article.files.is_empty() {
                    aside class="files" { h2 { (words.files) }
                        ul { @for file in &article.files { li { a href=(encoded(&file.url)) { (file.title) } } } }
                    }
                }
                @if !article.corrections.is_empty() {
                    aside class="corrections" { h2 { (words.corrections) }
                        ul { @for (at, note) in &article.corrections { li { time datetime=(instant(at)) { (at.format("%Y-%m-%d")) } " " (note) } } }
                    }
                }
                @if !article.tags.is_empty() { ul class="tags" { @for tag in &article.tags { li { (tag) } } } }
            }
            @if !article.related.is_empty() {
                aside class="related" { h2 { (words.related) }
                    ul { @for link in &article.related { li { a href=(encoded(&link.url)) { (link.text) } } } }
                }
            }
        }
        (site_footer(&article.site, article.disclaimer.as_deref(), words))
        img class="beacon" src=(article.beacon) alt="" width="1" height="1";
    };
    document(words, &article.language, &article.site, &head, &body)
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct ListPage {
    /// Plain text; none for the portal itself.
    pub title: Option<String>,
    /// Plain text.
    pub description: Option<String>,
    /// BCP 47 tag.
    pub language: String,
    /// The way to it.
    pub path: Vec<PageLink>,
    /// Channels below it.
    pub channels: Vec<PageLink>,
    /// Articles: link, summary, time of publication.
    pub items: Vec<(PageLink, String, Instant)>,
    /// Where the next page stands.
    pub next: Option<String>,
    /// Where this page of it stands.
    pub url: String,
    /// Whether the list begins here.
    pub is_first: bool,
    /// The portal.
    pub site: PageSite,
    /// Feeds: title, media type, address.
    pub feeds: Vec<(String, &'static str, String)>,
}

/// The page of a list.
pub fn list_page(list: &ListPage) -> String {
    let words = Words::of(&list.language);
    let head = html! {
        title { @if let Some(title) = &list.title { (title) " - " } (list.site.name) }
        @if let Some(description) = &list.description { meta name="description" content=(description); }
        link rel="canonical" href=(encoded(&list.url));
        @for (title, kind, url) in &list.feeds { link rel="alternate" type=(kind) title=(title) href=(url); }
        @if let Some(next) = &list.next { link rel="next" href=(encoded(next)); }
    };
    let body = html! {
        @if list.title.is_some() || !list.is_first { (site_header(&list.site, &list.path, words)) }
        main {
            h1 { (list.title.as_ref().unwrap_or(&list.site.name)) }
            @if let Some(description) = &list.description { p class="subtitle" { (description) } }
            @if !list.channels.is_empty() {
                nav aria-label=(words.channels) {
                    ul class="tags" { @for link in &list.channels { li { a href=(encoded(&link.url)) { (link.text) } } } }
                }
            }
            @if list.items.is_empty() { p { (words.empty) } }
            ul class="list" {
                @for (link, summary, at) in &list.items {
                    li {
                        a href=(encoded(&link.url)) { (link.text) }
                        p { (summary) }
                        p class="byline" { time datetime=(instant(at)) { (at.format("%Y-%m-%d %H:%M")) } }
                    }
                }
            }
            @if let Some(next) = &list.next { p { a href=(encoded(next)) rel="next" { (words.more) } } }
        }
        (site_footer(&list.site, None, words))
    };
    document(words, &list.language, &list.site, &head, &body)
}

/// A page that says that there is nothing to read, and why.
pub fn message_page(language: &str, site: &PageSite, title: &str, text: Option<&str>) -> String {
    let words = Words::of(language);
    let head = html! {
        title { (title) " - " (site.name) }
        meta name="robots" content="noindex";
    };
    let body = html! {
        (site_header(site, &[], words))
        main { article { h1 { (title) } @if let Some(text) = text { p { (text) } } p { a href=(encoded(&site.home)) { (words.home) } } } }
        (site_footer(site, None, words))
    };
    document(words, language, site, &head, &body)
}

/// The portal's name, which leads home, and the way from there.
fn site_header(site: &PageSite, path: &[PageLink], words: &Words) -> Markup {
    html! {
        header class="site" {
            a href=(encoded(&site.home)) { (site.name) }
            @if !path.is_empty() {
                nav aria-label=(words.path) { ol { @for link in path { li { a href=(encoded(&link.url)) { (link.text) } } } } }
            }
        }
    }
}

/// What must be said at the end.
fn site_footer(site: &PageSite, disclaimer: Option<&str>, words: &Words) -> Markup {
    html! {
        footer class="site" {
            @if let Some(disclaimer) = disclaimer { p { strong { (words.disclaimer) } " " (disclaimer) } }
            @if let Some(contact) = &site.contact { p { (words.complain) "：" (contact) } }
            @if !site.filings.is_empty() {
                p { @for link in &site.filings { a href=(link.url) rel="noopener" { (link.text) } " " } }
            }
        }
    }
}

fn document(words: &Words, language: &str, site: &PageSite, head: &Markup, body: &Markup) -> String {
    let language = super::atom::known_language(language).unwrap_or(words.language);
    let text = html! {
        (DOCTYPE)
        html lang=(language) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                link rel="stylesheet" href=(site.stylesheet);
                (head)
            }
            body { (body) }
        }
    };
    text.into_string()
}

fn byline(article: &PageArticle, words: &Words) -> Markup {
    html! {
        p class="byline" {
            time datetime=(instant(&article.published)) { (article.published.format("%Y-%m-%d %H:%M")) }
            @if let Some(source) = &article.source {
                span { (words.source) "："
                    @match &source.url {
                        Some(url) => { a href=(encoded(url)) rel="noopener" { (source.name) } }
                        None => { (source.name) }
                    }
                }
            }
            @if !article.authors.is_empty() { span { (words.author) "：" (article.authors.join("、")) } }
            @if let Some(at) = &article.updated {
                span { (words.updated) " " time datetime=(instant(at)) { (at.format("%Y-%m-%d %H:%M")) } }
            }
            @if let Some(original) = &article.original { a href=(encoded(original)) rel="noopener" { (words.original) } }
        }
        @if let Some(attribution) = article.source.as_ref().and_then(|source| attribution(source, words)) {
            p class="attribution" { (attribution) }
        }
    }
}

/// What the source wants to be said, unless the line above says just that.
fn attribution<'a>(source: &'a SourceNote, words: &Words) -> Option<&'a str> {
    source.attribution.as_deref().filter(|line| *line != format!("{}：{}", words.source, source.name))
}

fn picture(image: &Image, caption: Option<&str>, class: &str) -> Markup {
    let (width, height) = (Some(image.width).filter(|px| *px > 0), Some(image.height).filter(|px| *px > 0));
    html! {
        figure class=(class) {
            img src=(encoded(&image.url)) alt=(image.alt.as_deref().unwrap_or_default()) width=[width] height=[height] decoding="async";
            @if caption.is_some() || image.credit.is_some() {
                figcaption { (caption.unwrap_or_default()) @if let Some(credit) = &image.credit { small { " " (credit) } } }
            }
        }
    }
}

/// A language as `OpenGraph` names it, with the territory that most of its readers live in.
fn territory(language: &str) -> String {
    let of = |start: &str| language == start || language.starts_with(&format!("{start}-"));
    match language {
        _ if of("zh-Hant") => "zh_TW".into(),
        "zh" | "zh-Hans" => "zh_CN".into(),
        "en" => "en_US".into(),
        other => other.replace("-Hans", "").replace('-', "_"),
    }
}

/// `OpenGraph` (ogp.me), and what X takes besides.
fn open_graph(article: &PageArticle) -> Markup {
    let mut pairs = vec![
        ("og:type", "article".to_owned()),
        ("og:title", article.title.clone()),
        ("og:description", article.summary.clone()),
        ("og:url", encoded(&article.url)),
        ("og:site_name", article.site.name.clone()),
        ("og:locale", territory(&article.language)),
        ("article:published_time", instant(&article.published)),
        ("article:modified_time", instant(&article.modified)),
    ];
    if let Some(section) = article.breadcrumbs.last() {
        pairs.push(("article:section", section.text.clone()));
    }
    pairs.extend(article.authors.iter().map(|name| ("article:author", name.clone())));
    pairs.extend(article.tags.iter().map(|tag| ("article:tag", tag.clone())));
    if let Some(cover) = &article.cover {
        pairs.push(("og:image", encoded(&cover.url)));
        if cover.width > 0 && cover.height > 0 {
            pairs.extend([("og:image:width", cover.width.to_string()), ("og:image:height", cover.height.to_string())]);
        }
        pairs.extend(cover.alt.iter().map(|alt| ("og:image:alt", alt.clone())));
    }
    let card = if article.cover.is_some() { "summary_large_image" } else { "summary" };
    html! {
        @for (name, value) in &pairs { meta property=(name) content=(value); }
        meta name="twitter:card" content=(card);
    }
}

/// schema.org's `NewsArticle`, with the rights of its source.
fn json_ld(article: &PageArticle) -> String {
    let mut out = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "mainEntityOfPage": encoded(&article.canonical),
        "url": encoded(&article.url),
        "headline": article.title,
        "description": article.summary,
        "inLanguage": article.language,
        "datePublished": instant(&article.published),
        "dateModified": instant(&article.modified),
        "isAccessibleForFree": true,
        "publisher": { "@type": "NewsMediaOrganization", "name": article.site.name, "url": encoded(&article.site.home) },
    });
    let people =
        |names: &[String]| -> Vec<Value> { names.iter().map(|name| json!({ "@type": "Person", "name": name })).collect() };
    let mut put = |name: &str, value: Value| out[name] = value;
    match (&article.authors[..], &article.source) {
        ([], Some(source)) => put("author", json!([{ "@type": "Organization", "name": source.name }])),
        ([], None) => put("author", json!([{ "@type": "Organization", "name": article.site.name }])),
        (names, _) => put("author", Value::Array(people(names))),
    }
    if article.word_count > 0 {
        put("wordCount", json!(article.word_count));
    }
    if let Some(section) = article.breadcrumbs.last() {
        put("articleSection", json!(section.text));
    }
    if !article.tags.is_empty() {
        put("keywords", json!(article.tags));
    }
    if let Some(cover) = &article.cover {
        let mut image =
            json!({ "@type": "ImageObject", "url": encoded(&cover.url), "width": cover.width, "height": cover.height });
        if let Some(credit) = &cover.credit {
            image["creditText"] = json!(credit);
        }
        put("image", json!([image]));
    }
    if let Some(source) = &article.source {
        let mut holder = json!({ "@type": "Organization", "name": source.name });
        if let Some(url) = &source.url {
            holder["url"] = json!(encoded(url));
        }
        put("copyrightHolder", holder.clone());
        put("sourceOrganization", holder);
        if let Some(attribution) = &source.attribution {
            put("creditText", json!(attribution));
        }
        if let Some(licence) = &source.licence {
            // An address if it is one, else in words.
            put(if licence.starts_with("https://") { "license" } else { "usageInfo" }, json!(licence));
        }
    }
    if let Some(original) = &article.original {
        put("isBasedOn", json!(encoded(original)));
    }
    if !article.corrections.is_empty() {
        let note =
            |(at, note): &(Instant, String)| json!({ "@type": "CorrectionComment", "text": note, "datePublished": instant(at) });
        put("correction", article.corrections.iter().map(note).collect());
    }
    // Nothing in it may end the element that it stands in.
    out.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}
