"""Reads feeds with Python's fastfeedparser (RSS, Atom, JSON Feed): one line of JSON for each file named, in their order.

No summary: where a feed has none, the library makes one from the content and does not say so.
"""

import json
import sys

import fastfeedparser


def enclosures(entry):
    """It lists the enclosures of RSS and JSON Feed; those of Atom are among its links, without their length."""
    if "enclosures" in entry:
        return [{"url": e["url"], "type": e.get("type"), "length": e.get("length")} for e in entry.enclosures]
    links = [link for link in entry.get("links", []) if link["rel"] == "enclosure"]
    return [{"url": link["href"], "type": link.get("type")} for link in links]


def item(entry):
    pictures = [media for media in entry.get("media_content", []) if media.get("medium") == "image"]
    content = entry.get("content")
    return {
        "id": entry.id,
        "url": entry.get("link"),
        "title_maybe_html": entry.get("title"),
        "published": entry.get("published"),
        "updated": entry.get("updated"),
        "author": entry.get("author"),
        "categories": [tag.get("label") or tag["term"] for tag in entry.get("tags", [])],
        "content_html": content[0]["value"] if content else None,
        "enclosures": enclosures(entry),
        "image": entry.get("image") or (pictures[0]["url"] if pictures else None),
    }


def read(path):
    with open(path, "rb") as file:
        feed = fastfeedparser.parse(file.read())
    return {"title_maybe_html": feed.feed.title, "items": [item(entry) for entry in feed.entries]}


for path in sys.argv[1:]:
    print(json.dumps(read(path), ensure_ascii=False))
