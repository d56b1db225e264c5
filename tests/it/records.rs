//! Builders of import lines. Each sets only what every record of its kind must have; a test adds what it is about.

use serde_json::{Map, Value, json};

/// One line of an import.
#[derive(Clone, Debug)]
pub struct Record(Map<String, Value>);

impl Record {
    fn new(kind: &str, name: &str) -> Self {
        Self(Map::from_iter([("kind".to_owned(), json!(kind)), ("externalId".to_owned(), json!(name))]))
    }

    /// Sets any field.
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.0.insert(field.to_owned(), value.into());
        self
    }

    pub fn published(self, at: &str) -> Self {
        self.set("publishedAt", at)
    }

    pub fn channel(self, name: &str) -> Self {
        self.set("channel", name)
    }

    pub fn parent(self, name: &str) -> Self {
        self.set("parent", name)
    }

    pub fn views(self, count: i64) -> Self {
        self.set("viewCount", count)
    }

    pub fn tags(self, names: &[&str]) -> Self {
        self.set("tags", json!(names))
    }

    pub fn related(self, names: &[&str]) -> Self {
        self.set("related", json!(names))
    }

    /// A field's value; null where it is not set.
    pub fn get(&self, field: &str) -> &Value {
        self.0.get(field).unwrap_or(&Value::Null)
    }

    /// The record's name.
    pub fn name(&self) -> &str {
        self.0["externalId"].as_str().unwrap_or_default()
    }
}

/// Lines of an import.
pub fn ndjson(records: &[Record]) -> String {
    records.iter().map(|r| Value::Object(r.0.clone()).to_string() + "\n").collect()
}

/// The portal itself, at `https://portal.example`.
pub fn site() -> Record {
    Record::new("site", "site").set("name", "海岬科技资讯").set("url", "https://portal.example")
}

pub fn channel(name: &str) -> Record {
    Record::new("channel", name).set("slug", name).set("name", name)
}

pub fn tag(name: &str) -> Record {
    Record::new("tag", name).set("slug", name).set("name", name)
}

pub fn topic(name: &str) -> Record {
    Record::new("topic", name).set("slug", name).set("title", name)
}

pub fn source(name: &str) -> Record {
    Record::new("source", name).set("slug", name).set("name", name)
}

pub fn author(name: &str) -> Record {
    Record::new("author", name).set("slug", name).set("name", name)
}

pub fn media(name: &str) -> Record {
    Record::new("media", name).set("url", format!("/media/{name}.jpg")).set("width", 1200).set("height", 675)
}

pub fn page(name: &str) -> Record {
    Record::new("page", name).set("slug", name).set("title", name).set("body", "<p>海岬科技资讯是一个科技新闻门户。</p>")
}

pub fn navigation(name: &str) -> Record {
    Record::new("navigation", name).set("label", name)
}

/// An article of the channel `news`, published on 1 February 2026; its name is its slug.
pub fn article(name: &str) -> Record {
    let article = Record::new("article", name).set("slug", name).set("title", format!("园区氢能示范项目投运：{name}"));
    article.channel("news").published("2026-02-01T08:00:00Z")
}

/// An article that every list of a portal shows which has the tag 氢能, the topic `t`, the source `s` and the picture `m`.
pub fn everywhere(name: &str) -> Record {
    article(name)
        .tags(&["氢能"])
        .set("topics", json!(["t"]))
        .set("source", "s")
        .set("cover", "m")
        .set("legacyId", format!("legacy-{name}"))
        .set("oldUrls", json!([format!("/old/{name}.html")]))
        .views(1_000)
}

/// What stands in `slot` of the site: articles by name.
pub fn placement(slot: &str, articles: &[&str]) -> Record {
    let items: Vec<Value> = articles.iter().map(|name| json!({ "article": name })).collect();
    Record::new("placement", &format!("{slot}-{}", articles.join("-"))).set("slot", slot).set("items", items)
}

pub fn redirect(name: &str, url: &str, article: &str) -> Record {
    Record::new("redirect", name).set("url", url).set("article", article)
}

/// The site and one channel, `news`: what every portal of these tests has.
pub fn basics() -> Vec<Record> {
    vec![site(), channel("news").set("name", "园区新闻")]
}

/// [`basics`] and more.
pub fn portal(more: impl IntoIterator<Item = Record>) -> Vec<Record> {
    basics().into_iter().chain(more).collect()
}
