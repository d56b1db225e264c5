"""The rules of the W3C feed validator for RSS 2.0 and Atom 1.0, as far as they can concern our feeds, errors and warnings.

Written from what that validator says about many feeds, since no package registry has it; test_rules.py keeps examples. The
names are its names. The rules are narrower where our feeds use less than it allows: an element or attribute that no table
has is reported, so that a new one gets its rules; every address is absolute and ASCII; a text has no character that HTML
refuses. One warning is accepted, that about the namespace of tombstones.
"""

import re

from .atom import feed
from .rss import rss
from .tree import Check, everything, namespaces, parse
from .value import characters

# The largest feed that the validator reads.
MAX_BYTES = 5_000_000


def served(check, root, content_type):
    """What the validator says about the head of the answer and the first line."""
    kind, _, charset = content_type.partition("; charset=")
    if kind != {"rss": "application/rss+xml", "atom:feed": "application/atom+xml"}.get(root.name):
        check.say("UnexpectedContentType", root, content_type)
    first = re.match(rb"<\?xml version=\"([^\"]*)\" encoding=\"([^\"]*)\"\?>", check.raw)
    if not first:
        return check.say("MissingEncoding", root)
    if first[1] != b"1.0":
        check.say("BadXmlVersion", root, first[1])
    if charset.lower() != first[2].decode().lower():
        check.say("EncodingMismatch", root, f"{content_type}, declared {first[2].decode()}")


def check_feed(raw, url, content_type):
    """All findings about one feed: its bytes, the address it was served at, its Content-Type."""
    check = Check(raw, url)
    if len(raw) > MAX_BYTES:
        check.say("ValidatorLimit", None, f"{len(raw)} bytes")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        check.say("UnicodeError", None, error)
    root = parse(check)
    if root is not None:
        check.is_rss = root.name == "rss"
        served(check, root, content_type)
        namespaces(check, root)
        for node in everything(root):
            characters(check, node)
        rules = {"rss": rss, "atom:feed": feed}.get(root.name)
        rules(check, root) if rules else check.say("UndefinedElement", root)
    return check.findings
