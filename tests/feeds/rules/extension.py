"""Elements that RSS and Atom share: links, persons and texts of Atom, Media RSS, Dublin Core, paging, tombstones."""

import re
from collections import Counter

from .tree import MANY, leaf, required, tree, walk
from .value import (
    RFC_3339,
    absolute,
    html,
    is_absolute,
    language,
    media_type,
    nonblank,
    not_negative,
    plain,
    positive,
    rfc_3339,
    same_address,
)

# Relations of links; `canonical` and `prev` are not among them.
RELATIONS = set(
    """alternate current describedby edit edit-media enclosure first hub last license next next-archive payment prev-archive
    previous related replies search self service up via""".split()
)
PAGING = {"current", "first", "last", "next", "next-archive", "prev-archive", "previous"}
# A part of the EBU's roles, those a newsroom has.
ROLES = set("author editor reporter photographer illustrator producer director correspondent translation".split())


# --- links and texts of Atom

LINK = ("rel", "href", "type", "title", "hreflang", "length")


def relation(node):
    return node.attrs.get("rel", "alternate")


def link(check, node):
    rel = relation(node)
    if "href" not in node.attrs:
        check.say("MissingHref", node)
    if rel not in RELATIONS and not re.match(r"[a-z][a-z0-9+.-]*:", rel):
        check.say("UnregisteredAtomLinkRel", node, rel)
    if rel in PAGING and node.parent.name == "atom:entry":
        check.say("FeedHistoryRelInEntry", node, rel)
    if "type" in node.attrs:
        media_type(check, node, "InvalidMIMEType")
    if "length" in node.attrs:
        not_negative(check, node, node.attrs["length"])
    if "hreflang" in node.attrs:
        language(check, node, node.attrs["hreflang"])
    if "title" in node.attrs:
        plain(check, node, node.attrs["title"])
        if not node.attrs["title"].strip():
            check.say("AttrNotBlank", node, "title")
    if node.children or node.text.strip():
        check.say("AtomLinkNotEmpty", node)
    is_right = is_absolute(
        check, node, node.attrs.get("href", "x:y"), "RelativeSelf" if rel == "self" else "InvalidLink"
    )
    if rel == "self" and node.parent.name in ("channel", "atom:feed"):
        if node.attrs.get("type", "application/rss+xml").split(";")[0] not in (
            "application/rss+xml",
            "application/atom+xml",
        ):
            check.say("SelfNotAtom", node, node.attrs["type"])
        if is_right and not same_address(node.attrs["href"], check.url):
            check.say("SelfDoesntMatchLocation", node, f"{node.attrs['href']}, served at {check.url}")


def alternates(check, node):
    seen = Counter(
        (n.attrs.get("type", ""), n.attrs.get("hreflang", ""))
        for n in node.all("atom:link")
        if relation(n) == "alternate"
    )
    if seen and max(seen.values()) > 1:
        check.say("DuplicateAtomLink", node, max(seen, key=seen.get))


def paging(check, node):
    """RFC 5005: a list has no page before its first and none after its last; a complete feed has no pages."""
    found = {relation(n): n for n in node.all("atom:link")}
    for end, beyond in (("first", "previous"), ("last", "next")):
        if end in found and beyond in found and same_address(found[end].attrs.get("href", ""), check.url):
            check.say("LinkPastEnd", found[beyond])
    for rel in PAGING - {"current"}:
        if node.has("fh:complete") and rel in found:
            check.say("FeedRelInCompleteFeed", found[rel])
    if node.has("fh:archive") and not node.has("fh:complete"):
        if "current" not in found:
            check.say("MissingCurrentInArchive", node)
        if not found.keys() & {"prev-archive", "next-archive"}:
            check.say("ArchiveIncomplete", node)


def text_construct(check, node):
    kind = node.attrs.get("type", "text")
    if kind == "html":
        html(check, node)
    elif kind == "text":
        plain(check, node, rule="ContainsUndeclaredHTML")
    else:
        check.say("InvalidTextType", node, f"{kind}: our feeds have text and html")
    nonblank(check, node)


def person(check, node):
    if not node.has("atom:name"):
        check.say("MissingElement", node, "name")
    walk(
        check,
        node,
        {"atom:name": leaf(plain, nonblank, no_mail), "atom:uri": leaf(absolute), "atom:email": leaf(bare_mail)},
    )


def no_mail(check, node):
    if re.search(r"<[^<>\s]+@[^<>\s]+>", node.text):
        check.say("ContainsEmail", node, node.text)


def bare_mail(check, node):
    if not re.fullmatch(r"[^@\s<>]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+", node.text):
        check.say("InvalidContact", node, node.text)


def atom_category(check, node):
    if not node.attrs.get("term", "").strip():
        check.say("MissingAttribute" if "term" not in node.attrs else "NotBlank", node, "term")
    if "scheme" in node.attrs:
        is_absolute(check, node, node.attrs["scheme"])
    plain(check, node, node.attrs.get("label", ""))


def generator(check, node):
    nonblank(check, node)
    plain(check, node)
    if "uri" in node.attrs:
        is_absolute(check, node, node.attrs["uri"])


# --- Media RSS


def media_text(check, node):
    kind = node.attrs.get("type", "plain")
    if kind not in ("plain", "html"):
        check.say("InvalidMediaTextType", node, kind)
    elif kind == "html":
        html(check, node)
    else:
        plain(check, node, rule="ContainsUndeclaredHTML")


def credit(check, node):
    if node.attrs.get("role", "author") not in ROLES or node.attrs.get("scheme", "urn:ebu") != "urn:ebu":
        check.say("InvalidCreditRole", node, node.attrs)


def thumbnail(check, node):
    required(check, node, "url")
    sized(check, node)


def sized(check, node):
    if "url" in node.attrs:
        is_absolute(check, node, node.attrs["url"])
    for name in ("width", "height", "fileSize"):
        if name in node.attrs:
            positive(check, node, node.attrs[name])


def media_content(check, node):
    required(check, node, "url")  # or a player, which we never have
    sized(check, node)
    if node.attrs.get("medium", "image") not in ("image", "audio", "video", "document", "executable"):
        check.say("InvalidMediaMedium", node, node.attrs["medium"])
    if "type" in node.attrs:
        media_type(check, node)
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", node.attrs.get("duration", "0")):
        check.say("InvalidFloat", node, node.attrs["duration"])
    if "lang" in node.attrs:
        language(check, node, node.attrs["lang"])
    walk(check, node, MEDIA)


def media_group(check, node):
    if len(node.all("media:content")) < 2:
        check.say("MediaGroupWithoutAlternatives", node)
    walk(check, node, MEDIA | {"media:content": ITEM_MEDIA["media:content"]})


MEDIA = {
    "media:title": leaf(media_text, attrs=("type",)),
    "media:description": leaf(media_text, attrs=("type",)),
    "media:credit": leaf(credit, most=MANY, attrs=("role", "scheme")),
    "media:copyright": leaf(plain, attrs=("url",)),
    "media:keywords": leaf(),
    "media:thumbnail": tree(thumbnail, most=MANY, attrs=("url", "width", "height")),
}
ITEM_MEDIA = MEDIA | {
    "media:content": tree(
        media_content,
        most=MANY,
        attrs="url fileSize type medium isDefault duration width height lang".split(),
    ),
    "media:group": tree(media_group, most=MANY),
}


# --- what a list may say besides


def tombstone(check, node):
    """RFC 6721, section 3; the validator does not know it."""
    required(check, node, "ref", "when")
    is_absolute(check, node, node.attrs.get("ref", "x:y"))
    if not RFC_3339.fullmatch(node.attrs.get("when", "")):
        check.say("InvalidRFC3339Date", node, node.attrs.get("when"))
    walk(
        check,
        node,
        {"at:comment": leaf(attrs=("type",)), "at:by": tree(most=MANY), "atom:link": tree(link, most=MANY, attrs=LINK)},
    )


DUBLIN_CORE = {name: leaf(most=MANY) for name in ("dc:creator", "dc:publisher", "dc:subject", "dc:contributor")}
DUBLIN_CORE |= {"dc:source": leaf(), "dc:identifier": leaf(), "dc:rights": leaf(plain), "dc:language": leaf(language), "dc:date": leaf(rfc_3339)}
DUBLIN_CORE |= {"dcterms:modified": leaf(rfc_3339), "dcterms:created": leaf(rfc_3339), "dcterms:issued": leaf(rfc_3339)}
TOMBSTONE = {"at:deleted-entry": tree(tombstone, most=MANY, attrs=("ref", "when"))}
# Of a list that is searched or paged.
LIST = {
    **{f"opensearch:{name}": leaf(not_negative) for name in ("totalResults", "startIndex", "itemsPerPage")},
    "fh:complete": tree(),
    "fh:archive": tree(),
}
