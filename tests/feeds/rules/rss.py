"""RSS 2.0."""

import re

from .extension import DUBLIN_CORE, ITEM_MEDIA, LINK, LIST, MEDIA, TOMBSTONE, link, paging, person, relation
from .tree import MANY, attributes, leaf, required, same_meaning, tree, unique, walk
from .value import (
    URI_CHARS,
    absolute,
    html,
    is_absolute,
    language,
    mailbox,
    media_type,
    nonblank,
    plain,
    positive,
    rfc_2822,
    rfc_3339,
)

HOST_WITH_DOT = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?(/|$)", re.IGNORECASE)


def guid(check, node):
    text, is_permalink = node.text.strip(), node.attrs.get("isPermaLink", "true")
    if is_permalink not in ("true", "false"):
        check.say("InvalidBooleanAttribute", node, is_permalink)
    elif is_permalink == "true":
        if is_absolute(check, node, text, "InvalidHttpGUID") and not text.startswith("http"):
            check.say("InvalidPermalink", node, text)
    elif len(text) < 9 and text.isdigit():
        check.say("NotSufficientlyUnique", node, text)
    nonblank(check, node)


def enclosure(check, node):
    required(check, node, "url", "length", "type")
    if "length" in node.attrs and not re.fullmatch(r"[0-9]+", node.attrs["length"]):
        check.say(
            "UseZeroForUnknown" if node.attrs["length"] == "-1" else "InvalidIntegerAttribute",
            node,
            node.attrs["length"],
        )
    if "type" in node.attrs:
        media_type(check, node)
    url = node.attrs.get("url", "http://a.b/")
    # A host without a dot, as localhost, counts as none.
    if not HOST_WITH_DOT.match(url) or not URI_CHARS.fullmatch(url):
        check.say("InvalidURLAttribute", node, url)


def source(check, node):
    required(check, node, "url")
    is_absolute(check, node, node.attrs.get("url", "x:y"))
    plain(check, node)


def content_encoded(check, node):
    before = node.parent.children[: node.parent.children.index(node)]
    if not any(child.name == "description" for child in before):
        check.say("NeedDescriptionBeforeContent", node)


ITEM = {
    **ITEM_MEDIA,
    **DUBLIN_CORE,
    "title": leaf(plain, nonblank),
    "link": leaf(absolute),
    "description": leaf(html),
    "content:encoded": leaf(html, content_encoded),
    "guid": leaf(guid, attrs=("isPermaLink",)),
    "pubDate": leaf(rfc_2822),
    "author": leaf(mailbox),
    "category": leaf(plain, nonblank, most=MANY, attrs=("domain",)),
    "comments": leaf(absolute),
    "enclosure": tree(enclosure, attrs=("url", "length", "type")),
    "source": leaf(source, attrs=("url",)),
    "atom:link": tree(link, most=MANY, attrs=LINK),
    "atom:author": tree(person),
    "atom:updated": leaf(rfc_3339),
}


def item(check, node):
    walk(check, node, ITEM)
    if not node.has("title") and not node.has("description"):
        check.say("ItemMustContainTitleOrDescription", node)
    if not node.has("guid"):
        check.say("MissingGuid", node)
    same_meaning(
        check,
        node,
        ("author", "dc:creator"),
        ("category", "dc:subject"),
        ("pubDate", "dc:date"),
        ("source", "dc:source"),
    )


def image(check, node):
    walk(check, node, IMAGE)
    for name in ("url", "title", "link"):
        if not node.has(name):
            check.say({"title": "MissingTitle", "link": "MissingLink"}.get(name, "MissingElement"), node, name)
    for name, rule in (("title", "ImageTitleDoesntMatch"), ("link", "ImageLinkDoesntMatch")):
        ours, channels = node.all(name), node.parent.all(name)
        if ours and channels and ours[0].text != channels[0].text:
            check.say(rule, ours[0], f"{ours[0].text}, channel: {channels[0].text}")


def picture(check, node):
    absolute(check, node)
    ending = node.text.split(".")[-1].lower()
    if ending.isalnum() and ending not in ("jpg", "jpeg", "gif", "png"):
        check.say("ImageUrlFormat", node, node.text)


def at_most(limit, rule):
    def bounded(check, node):
        if not node.text.isdigit() or not 0 < int(node.text) <= limit:
            check.say(rule, node, node.text)

    return bounded


IMAGE = {
    "url": leaf(picture),
    "title": leaf(plain, nonblank),
    "link": leaf(absolute),
    "width": leaf(at_most(144, "InvalidWidth")),
    "height": leaf(at_most(400, "InvalidHeight")),
    "description": leaf(plain),
}
CHANNEL = {
    **MEDIA,
    **DUBLIN_CORE,
    **LIST,
    **TOMBSTONE,
    "title": leaf(plain, nonblank),
    "link": leaf(absolute),
    "description": leaf(plain),
    "language": leaf(language),
    "copyright": leaf(plain),
    "managingEditor": leaf(mailbox),
    "webMaster": leaf(mailbox),
    "pubDate": leaf(rfc_2822),
    "lastBuildDate": leaf(rfc_2822),
    "category": leaf(plain, most=MANY, attrs=("domain",)),
    "generator": leaf(),
    "docs": leaf(absolute),
    "ttl": leaf(positive),
    "image": tree(image),
    "atom:link": tree(link, most=MANY, attrs=LINK),
    "atom:id": leaf(absolute),
    "atom:updated": leaf(rfc_3339),
    "item": tree(item, most=MANY),
}


def rss(check, root):
    attributes(check, root, {"version"})
    if root.attrs.get("version") != "2.0":
        check.say("InvalidRSSVersion", root, root.attrs.get("version"))
    walk(check, root, {"channel": tree(channel)})
    if not root.has("channel"):
        check.say("MissingElement", root, "channel")


def channel(check, node):
    walk(check, node, CHANNEL)
    for name, rule in (("title", "MissingTitle"), ("link", "MissingLink"), ("description", "MissingDescription")):
        if not node.has(name):
            check.say(rule, node)
    if not any(relation(child) == "self" for child in node.all("atom:link")):
        check.say("MissingAtomSelfLink", node)
    is_past_items = False
    for child in node.children:
        is_past_items |= child.name == "item"
        if is_past_items and child.name not in ("item", "at:deleted-entry"):
            check.say("MisplacedItem", child, "after the first item")
    unique(check, [found for entry in node.all("item") for found in entry.all("guid")], "DuplicateValue")
    paging(check, node)
    same_meaning(
        check,
        node,
        ("language", "dc:language"),
        ("copyright", "dc:rights"),
        ("pubDate", "dc:date"),
        ("managingEditor", "dc:creator"),
        ("webMaster", "dc:publisher"),
        ("category", "dc:subject"),
        ("lastBuildDate", "dcterms:modified"),
    )
