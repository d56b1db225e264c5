"""The rules of JSON Feed 1.1: a schema, and what a schema cannot say."""

import json
from collections import Counter
from pathlib import Path

import jsonschema

from . import html
from .tree import Finding
from .value import same_address

SCHEMA = json.loads(Path(__file__).with_name("jsonfeed.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def error(rule, where, detail):
    return Finding("error", rule, 1, where, str(detail)[:200])


def no_twice(pairs):
    """The members of an object. A name twice is legal JSON for some parsers, and read differently by others."""
    counts = Counter(name for name, _ in pairs)
    if counts and max(counts.values()) > 1:
        raise ValueError(f"a member twice: {max(counts, key=counts.get)}")
    return dict(pairs)


def check_feed(raw, url, content_type):
    """All findings about one feed: its bytes, the address it was served at, its Content-Type."""
    if content_type != "application/feed+json; charset=utf-8":
        yield error("ContentType", "", content_type)
    try:
        feed = json.loads(raw.decode("utf-8"), object_pairs_hook=no_twice)
    except ValueError as problem:
        yield error("Json", "", problem)
        return
    for problem in VALIDATOR.iter_errors(feed):
        yield error("Schema", problem.json_path, problem.message)
    if isinstance(feed, dict):
        yield from beyond_schema(feed, url)


def beyond_schema(feed, url):
    if not same_address(str(feed.get("feed_url")), url):
        yield error("FeedUrl", "$.feed_url", f"{feed.get('feed_url')}, served at {url}")
    if "next_url" in feed and feed["next_url"] == feed.get("feed_url"):
        yield error("NextUrl", "$.next_url", "the feed itself")
    items = [item for item in feed.get("items", []) if isinstance(item, dict)]
    ids = Counter(item.get("id") for item in items)
    if ids and max(ids.values()) > 1:
        yield error("DuplicateId", "$.items", max(ids, key=ids.get))
    for number, item in enumerate(items):
        # The same text as in the other formats, so the same rules; there they stand in the validator's words.
        for rule, detail in html.check(item.get("content_html", "")):
            yield error(rule, f"$.items[{number}].content_html", detail)
