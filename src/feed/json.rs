//! JSON Feed 1.1 (jsonfeed.org), with an extension `_tidings` for tombstones, source and canonical address.

use serde_json::{Map, Value, json};

use super::address::encoded;
use super::atom::{instant, known_language};
use super::item::{Feed, Image, Item, Tombstone};
use super::text::{clean, headline, person};

/// The feed as JSON Feed.
pub fn json(feed: &Feed) -> Vec<u8> {
    let mut top = Map::new();
    let mut put = |name: &str, value: Value| top.insert(name.to_owned(), value);
    put("version", json!("https://jsonfeed.org/version/1.1"));
    put("title", json!(headline(&feed.title)));
    put("home_page_url", json!(encoded(&feed.page)));
    put("feed_url", json!(feed.links.formats[2]));
    put("description", json!(headline(&feed.description)));
    if let Some(next) = &feed.links.next {
        put("next_url", json!(next));
    }
    put("authors", json!([{ "name": person(&feed.publisher), "url": encoded(&feed.home) }]));
    if let Some(language) = known_language(&feed.language) {
        put("language", json!(language));
    }
    put("items", feed.items.iter().map(item).collect());
    let mut extension = json!({
        "first_url": feed.links.first,
        "updated": instant(&feed.updated),
        "tombstones": feed.tombstones.iter().map(tombstone).collect::<Vec<_>>(),
    });
    if let Some(previous) = &feed.links.previous {
        extension["previous_url"] = json!(previous);
    }
    put("_tidings", extension);
    serde_json::to_vec(&Value::Object(top)).expect("JSON can be written")
}

fn item(item: &Item) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| out.insert(name.to_owned(), value);
    put("id", json!(item.id));
    put("url", json!(encoded(&item.url)));
    if let Some(original) = &item.original {
        put("external_url", json!(encoded(original)));
    }
    put("title", json!(item.title));
    put("summary", json!(clean(&item.summary)));
    put("content_html", json!(item.content));
    if let Some(Image { url, .. }) = &item.image {
        put("image", json!(encoded(url)));
    }
    put("date_published", json!(instant(&item.published)));
    put("date_modified", json!(instant(&item.updated)));
    if !item.authors.is_empty() {
        put("authors", item.authors.iter().map(|name| json!({ "name": person(name) })).collect());
    }
    if !item.categories.is_empty() {
        put("tags", item.categories.iter().map(|name| json!(headline(name))).collect());
    }
    if let Some(language) = known_language(&item.language) {
        put("language", json!(language));
    }
    if !item.enclosures.is_empty() {
        let attachment = |file: &super::item::Enclosure| {
            let mut out = json!({ "url": encoded(&file.url), "mime_type": file.mime_type, "title": headline(&file.title) });
            if let Some(length) = file.length {
                out["size_in_bytes"] = json!(length);
            }
            out
        };
        put("attachments", item.enclosures.iter().map(attachment).collect());
    }
    let mut extension = json!({ "canonical_url": encoded(&item.canonical) });
    if let Some(source) = &item.source {
        let fields = [
            ("name", Some(headline(&source.name))),
            ("url", source.url.as_deref().map(encoded)),
            ("licence", source.licence.as_deref().map(headline)),
            ("attribution", source.attribution.as_deref().map(clean)),
        ];
        let known = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))));
        extension["source"] = Value::Object(known.collect());
    }
    if let Some(rights) = &item.rights {
        extension["rights"] = json!(headline(rights));
    }
    if let Some(image) = &item.image {
        let mut out = json!({ "width": image.width, "height": image.height });
        for (name, value) in [("alt", &image.alt), ("credit", &image.credit)] {
            if let Some(text) = value {
                out[name] = json!(headline(text));
            }
        }
        extension["image"] = out;
    }
    put("_tidings", extension);
    Value::Object(out)
}

fn tombstone(tombstone: &Tombstone) -> Value {
    let mut out = json!({ "id": tombstone.id, "deleted_at": instant(&tombstone.at) });
    if let Some(notice) = &tombstone.notice {
        out["notice"] = json!(clean(notice));
    }
    out
}
