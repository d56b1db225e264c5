"""Reads feeds with Python's feedparser (RSS, Atom): one line of JSON for each file named, in their order.

Like every reader here: a key is left out where the library cannot tell, and null or empty where the feed says nothing.
"""

import html
import json
import sys
from datetime import datetime, timezone

import feedparser


def instant(parsed):
    """feedparser's struct_time, which is UTC, as RFC 3339."""
    return parsed and datetime(*parsed[:6], tzinfo=timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def plain(entry, key, is_rss):
    """A text as a person reads it.

    feedparser calls an RSS title HTML when it looks like it, but RSS says plain text and the value is as written; a
    description of RSS is always HTML. The type is not asked for there: a media:description overwrites it.
    """
    text = entry.get(key)
    if f"{key}_detail" not in entry:
        return None  # for an entry without a summary it answers with the content
    is_html = key == "summary" if is_rss else entry[f"{key}_detail"].type == "text/html"
    return html.unescape(text) if text and is_html else text


def item(entry, is_rss):
    links = entry.get("links", [])
    pictures = [media for media in entry.get("media_content", []) if media.get("medium") == "image"]
    thumbnails = entry.get("media_thumbnail") or pictures
    return {
        "id": entry.get("id"),
        "url": next((link.href for link in links if link.rel == "alternate"), None),
        "title": plain(entry, "title", is_rss),
        "published": instant(entry.get("published_parsed")),
        "updated": instant(entry.get("updated_parsed")) if "updated" in entry else None,
        "authors": [author.name for author in entry.get("authors", []) if author.get("name")],
        "categories": [tag.label or tag.term for tag in entry.get("tags", [])],
        "summary": plain(entry, "summary", is_rss) or None,
        "content_html": entry.content[0].value if entry.get("content") else None,
        "enclosures": [
            {"url": link.href, "type": link.get("type"), "length": int(link.get("length") or 0)}
            for link in links
            if link.rel == "enclosure"
        ],
        "image": thumbnails[0].get("url") if thumbnails else None,
    }


def read(path):
    with open(path, "rb") as file:
        # As written: feedparser otherwise cleans HTML and rewrites addresses in it.
        feed = feedparser.parse(file.read(), sanitize_html=False, resolve_relative_uris=False)
    if feed.bozo:
        raise ValueError(f"{path}: {feed.bozo_exception}")
    is_rss = feed.version.startswith("rss")
    return {"title": plain(feed.feed, "title", is_rss), "items": [item(entry, is_rss) for entry in feed.entries]}


for path in sys.argv[1:]:
    print(json.dumps(read(path), ensure_ascii=False))
