//! Every address that the program answers, in one table; those of articles are in the database, and `redirect` knows them.

/// What stands at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The portal for people.
    Front,
    /// The API.
    Graphql,
    /// The API's text.
    Schema,
    /// Where queries are tried out.
    Playground,
    /// Where editors work.
    Desk,
    /// What is read, in figures.
    Stats,
    /// Where pages say what is read.
    View,
    /// Feeds.
    Feed,
    /// Sitemaps, and what robots may look at.
    Sitemap,
    /// Widgets for others' pages.
    Embed,
    /// What others' editors ask about an address.
    Oembed,
    /// A channel for people.
    Channel,
    /// What pages look like.
    Style,
    /// The demo's pictures.
    DemoMedia,
    /// The process runs.
    Health,
    /// It may get traffic.
    Ready,
    /// Counters.
    Metrics,
}

/// One that ends in `*` has more below it.
const ROUTES: &[(&str, Page)] = &[
    ("/", Page::Front),
    ("/graphql", Page::Graphql),
    ("/schema.graphql", Page::Schema),
    ("/playground*", Page::Playground),
    ("/desk*", Page::Desk),
    ("/stats*", Page::Stats),
    ("/v/*", Page::View),
    ("/feed*", Page::Feed),
    ("/robots.txt", Page::Sitemap),
    ("/sitemap.xml", Page::Sitemap),
    ("/sitemap/*", Page::Sitemap),
    ("/embed/*", Page::Embed),
    ("/oembed", Page::Oembed),
    ("/c/*", Page::Channel),
    ("/page.css", Page::Style),
    ("/media/demo/*", Page::DemoMedia),
    ("/health", Page::Health),
    ("/ready", Page::Ready),
    ("/metrics", Page::Metrics),
];

/// What stands at `path`, under which pattern, and what of the path lies below it.
fn find(path: &str) -> Option<(&'static str, Page, &str)> {
    ROUTES.iter().find_map(|(pattern, page)| {
        let prefix = pattern.trim_end_matches('*');
        let rest = path.strip_prefix(prefix)?;
        // `/playgrounds` is another address.
        let is_below = pattern.ends_with('*') && (rest.starts_with('/') || prefix.ends_with('/'));
        (rest.is_empty() || is_below).then_some((prefix, *page, rest))
    })
}

/// What stands at `path`, and what of the path lies below its address.
pub fn page_at(path: &str) -> Option<(Page, &str)> {
    find(path).map(|(_, page, rest)| (page, rest))
}

/// The address that `path` belongs to, for counters: never the client's text.
pub fn label(path: &str) -> &'static str {
    find(path).map_or("other", |(address, ..)| address)
}

/// Every address, for whoever looks at all of them.
pub fn addresses() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().map(|(pattern, _)| pattern.trim_end_matches('*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_belong_to_one_address() {
        assert_eq!(page_at("/"), Some((Page::Front, "")));
        assert_eq!(page_at("/desk"), Some((Page::Desk, "")));
        assert_eq!(page_at("/desk/assets/a.js"), Some((Page::Desk, "/assets/a.js")));
        assert_eq!(page_at("/media/demo/1.png"), Some((Page::DemoMedia, "1.png")));
        for other in ["/desks", "/graphql/", "/graphql/x", "/a/QQE", "/health/x", "//"] {
            assert_eq!(page_at(other), None, "{other}");
            assert_eq!(label(other), "other");
        }
        assert_eq!(label("/playground/x"), "/playground");
    }
}
