"""Atom 1.0."""

from .extension import (
    DUBLIN_CORE,
    ITEM_MEDIA,
    LINK,
    LIST,
    MEDIA,
    TOMBSTONE,
    alternates,
    atom_category,
    generator,
    link,
    paging,
    person,
    relation,
    text_construct,
)
from .tree import MANY, attributes, leaf, no_text, tree, unique, walk
from .value import absolute, canonical_id, nonblank, rfc_3339

METADATA = {
    "atom:id": leaf(canonical_id),
    "atom:title": leaf(text_construct, attrs=("type",)),
    "atom:subtitle": leaf(text_construct, attrs=("type",)),
    "atom:rights": leaf(text_construct, attrs=("type",)),
    "atom:updated": leaf(rfc_3339),
    "atom:author": tree(person, most=MANY),
    "atom:contributor": tree(person, most=MANY),
    "atom:category": tree(atom_category, most=MANY, attrs=("term", "scheme", "label")),
    "atom:link": tree(link, most=MANY, attrs=LINK),
    "atom:generator": leaf(generator, attrs=("uri", "version")),
    "atom:icon": leaf(nonblank, absolute),
    "atom:logo": leaf(nonblank, absolute),
}


def lacks(check, node, names, rule):
    for name in names:
        if not node.has(f"atom:{name}"):
            check.say(rule, node, name)


def atom_source(check, node):
    walk(check, node, METADATA)
    lacks(check, node, ("id", "title", "updated"), "MissingSourceElement")
    alternates(check, node)


ENTRY = {
    **{
        name: rule
        for name, rule in METADATA.items()
        if name not in ("atom:subtitle", "atom:generator", "atom:icon", "atom:logo")
    },
    **ITEM_MEDIA,
    **DUBLIN_CORE,
    "atom:published": leaf(rfc_3339),
    "atom:summary": leaf(text_construct, attrs=("type",)),
    "atom:content": leaf(text_construct, attrs=("type",)),
    "atom:source": tree(atom_source),
}


def entry(check, node):
    walk(check, node, ENTRY)
    lacks(check, node, ("id", "title", "updated"), "MissingElement")
    owners = [node, node.parent, *node.all("atom:source")]
    if not any(owner.has("atom:author") for owner in owners):
        check.say("MissingElement", node, "author")
    if not node.has("atom:content"):
        if not node.has("atom:summary"):
            check.say("MissingTextualContent", node)
        if not any(relation(child) == "alternate" for child in node.all("atom:link")):
            check.say("MissingContentOrAlternate", node)
    alternates(check, node)


FEED = {**METADATA, **MEDIA, **DUBLIN_CORE, **LIST, **TOMBSTONE, "atom:entry": tree(entry, most=MANY)}


def feed(check, root):
    attributes(check, root, ())
    no_text(check, root)
    walk(check, root, FEED)
    lacks(check, root, ("id", "title", "updated"), "MissingElement")
    if not any(relation(child) == "self" for child in root.all("atom:link")):
        check.say("MissingSelf", root)
    is_past_entries = False
    for child in root.children:
        is_past_entries |= child.name == "atom:entry"
        if is_past_entries and child.name not in ("atom:entry", "at:deleted-entry"):
            check.say("MisplacedMetadata", child, "after the first entry")
    entries = root.all("atom:entry")
    unique(check, [found for one in entries for found in one.all("atom:id")], "DuplicateEntries")
    # As written: the same instant in two spellings is not a warning.
    unique(check, [found for one in entries for found in one.all("atom:updated")], "DuplicateUpdated")
    alternates(check, root)
    paging(check, root)
