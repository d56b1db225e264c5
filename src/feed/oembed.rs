//! oEmbed 1.0 (oembed.com): what somebody else's editor needs to show an article.

use serde_json::json;

use super::xml::Xml;

/// An answer of type `rich`.
#[derive(Clone, Debug, PartialEq)]
pub struct Oembed {
    /// Plain text.
    pub title: String,
    /// Plain text; none if nobody is named.
    pub author: Option<String>,
    /// The portal's name.
    pub provider: String,
    /// The portal's address.
    pub provider_url: String,
    /// The frame to show.
    pub html: String,
    /// Pixels.
    pub width: i64,
    /// Pixels.
    pub height: i64,
    /// How long it may be kept.
    pub cache_age_secs: i64,
    /// Address of a picture with its width and height in pixels, if there is one.
    pub thumbnail: Option<(String, i64, i64)>,
}

/// As JSON (oembed.com §2.3.4.1).
pub fn oembed_json(answer: &Oembed) -> Vec<u8> {
    let mut out = json!({
        "version": "1.0",
        "type": "rich",
        "title": answer.title,
        "provider_name": answer.provider,
        "provider_url": answer.provider_url,
        "cache_age": answer.cache_age_secs,
        "html": answer.html,
        "width": answer.width,
        "height": answer.height,
    });
    if let Some(author) = &answer.author {
        out["author_name"] = json!(author);
    }
    if let Some((url, width, height)) = &answer.thumbnail {
        out["thumbnail_url"] = json!(url);
        out["thumbnail_width"] = json!(width);
        out["thumbnail_height"] = json!(height);
    }
    serde_json::to_vec(&out).expect("JSON can be written")
}

/// As XML (oembed.com §2.3.4.2).
pub fn oembed_xml(answer: &Oembed) -> Vec<u8> {
    let mut xml = Xml::new(None);
    xml.start("oembed", &[]);
    let (width, height, age) = (answer.width.to_string(), answer.height.to_string(), answer.cache_age_secs.to_string());
    let mut fields = vec![
        ("version", "1.0"),
        ("type", "rich"),
        ("title", answer.title.as_str()),
        ("provider_name", &answer.provider),
        ("provider_url", &answer.provider_url),
        ("cache_age", &age),
        ("html", &answer.html),
        ("width", &width),
        ("height", &height),
    ];
    fields.extend(answer.author.as_deref().map(|author| ("author_name", author)));
    let thumbnail = answer.thumbnail.as_ref().map(|(url, width, height)| (url, width.to_string(), height.to_string()));
    if let Some((url, width, height)) = &thumbnail {
        fields.extend([("thumbnail_url", url.as_str()), ("thumbnail_width", width), ("thumbnail_height", height)]);
    }
    for (name, value) in fields {
        xml.text(name, &[], value);
    }
    xml.end("oembed");
    xml.finish()
}
