"""A feed as a tree of elements, the findings about it, and how tables of elements are walked."""

from collections import Counter, namedtuple
from xml.parsers import expat

from .value import is_absolute, language

Finding = namedtuple("Finding", "level rule line where detail")

XML = "http://www.w3.org/XML/1998/namespace"
ATOM = "http://www.w3.org/2005/Atom"
# Of RFC 6721.
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
# The prefix that the validator wants for each namespace. Atom is the default one in an Atom feed, and must be.
PREFIXES = {
    ATOM: "atom",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://a9.com/-/spec/opensearch/1.1/": "opensearch",
    TOMBSTONES: "at",
    XML: "xml",
}

# Anything else is a warning.
ERRORS = set(
    """SAXError UnicodeError ValidatorLimit InvalidRSSVersion UndefinedElement UnexpectedAttribute UnexpectedText
    UnexpectedWhitespace MissingAttribute MissingElement MissingTitle MissingLink MissingDescription
    ItemMustContainTitleOrDescription MissingContentOrAlternate MissingNamespace DuplicateElement DuplicateValue
    DuplicateAtomLink MisplacedMetadata MissingHref InvalidFullLink InvalidLink UriNotIri InvalidUriChar InvalidTAG InvalidURN InvalidUUID
    InvalidHttpGUID InvalidPermalink InvalidBooleanAttribute InvalidURLAttribute InvalidIntegerAttribute UseZeroForUnknown
    InvalidMIMEAttribute InvalidMIMEType InvalidLanguage InvalidContact InvalidRFC2822Date InvalidRFC3339Date IncorrectDOW
    InvalidPositiveInteger InvalidNonNegativeInteger InvalidWidth InvalidHeight InvalidCreditRole InvalidMediaTextType
    InvalidMediaMedium InvalidFloat MediaGroupWithoutAlternatives MediaRssNamespace InvalidTextType LinkPastEnd FeedRelInCompleteFeed
    BadXmlVersion""".split()
)


class Node:
    """An element: its name with the usual prefix (none for RSS), attributes likewise, children, text, first line."""

    def __init__(self, name, attrs, line, parent):
        self.name, self.attrs, self.line, self.parent = name, attrs, line, parent
        self.children, self.text = [], ""

    def all(self, name):
        return [child for child in self.children if child.name == name]

    def has(self, name):
        return any(child.name == name for child in self.children)

    def path(self):
        return f"{self.parent.path()}/{self.name}" if self.parent else self.name


class Check:
    """One feed under the rules: where it was served, its lines, and what was found."""

    def __init__(self, raw, url):
        self.raw, self.url, self.findings = raw, url, []
        self.lines = raw.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.declared = []  # (prefix, namespace, whether on the root)
        self.is_rss = False

    def say(self, rule, node=None, detail=""):
        level = "error" if rule in ERRORS else "warning"
        where, line = (node.path(), node.line) if node else ("", 1)
        self.findings.append(Finding(level, rule, line, where, str(detail)[:200]))

    def is_hex_line(self, node):
        """Whether the line of the start tag writes markup as the RSS Profile wants: `&#x26;`, not `&amp;`."""
        return "&#x" in self.lines[node.line - 1]


def name_of(expanded):
    """`prefix:local` for what expat calls `namespace local`."""
    namespace, _, local = expanded.rpartition(" ")
    if not namespace:
        return local
    return f"{PREFIXES.get(namespace, namespace)}:{local}"


def parse(check):
    """The root, or None when it is not well-formed."""
    parser = expat.ParserCreate(namespace_separator=" ")
    stack, roots = [], []

    def start(expanded, attrs):
        attrs = {name_of(key): value for key, value in attrs.items()}
        node = Node(name_of(expanded), attrs, parser.CurrentLineNumber, stack[-1] if stack else None)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)

    def text(data):
        stack[-1].text += data

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = text
    parser.StartNamespaceDeclHandler = lambda prefix, uri: check.declared.append((prefix, uri, not stack))
    parser.StartDoctypeDeclHandler = lambda *_: check.say("ContainsSystemEntity", None, "a document type")
    try:
        parser.Parse(check.raw, True)
    except (expat.ExpatError, LookupError) as error:  # the latter for an encoding that nobody knows
        check.findings.append(Finding("error", "SAXError", parser.CurrentLineNumber, "", str(error)))
        return None
    return roots[0]


def namespaces(check, root):
    """What the validator says about the declared prefixes."""
    is_atom = root.name == "atom:feed"
    has_tombstones = any(node.name == "at:deleted-entry" for node in everything(root))
    for prefix, uri, is_on_root in check.declared:
        wanted = PREFIXES.get(uri)
        if uri == "http://search.yahoo.com/mrss":
            check.say("MediaRssNamespace", root, "without its slash")
        elif wanted is None:
            check.say("ReservedPrefix" if prefix in PREFIXES.values() else "UnknownNamespace", root, uri)
        elif uri == TOMBSTONES:
            # The validator does not know RFC 6721 and warns at every declaration. That one warning our feeds accept, if a
            # tombstone is there to need it.
            if not (has_tombstones and is_on_root and prefix == "at"):
                check.say("UnknownNamespace", root, "tombstones: declared without need, or not once and on the root")
        elif uri == ATOM and is_atom:
            if prefix:
                check.say("AvoidNamespacePrefix", root, prefix)
        elif prefix != wanted:
            check.say("NonstdPrefix", root, f"{prefix} for {uri}")  # to the validator a mere hint


def everything(node):
    """The node and all below it."""
    yield node
    for child in node.children:
        yield from everything(child)


# --- tables: {element: (how many at most, attributes, rules)}; what is not in a table is not in our feeds


def leaf(*rules, most=1, attrs=()):
    """An element with text only."""
    return most, set(attrs), (no_children, *rules)


def tree(*rules, most=1, attrs=()):
    """An element with elements, or only attributes."""
    return most, set(attrs), (no_text, *rules)


MANY = 10**9


def no_children(check, node):
    for child in node.children:
        check.say("UndefinedElement", child)


def no_text(check, node):
    if node.text.strip():
        check.say("UnexpectedText", node, node.text.strip())


def walk(check, node, table):
    """Everything right below the node, by its table."""
    seen = Counter()
    for child in node.children:
        seen[child.name] += 1
        if child.name not in table:
            # An element of a namespace that nobody knows is the namespace's fault, which has been told.
            if child.name.split(":")[0] in PREFIXES.values() or ":" not in child.name:
                check.say("UndefinedElement", child)
            continue
        most, attrs, rules = table[child.name]
        if seen[child.name] > most:
            check.say("DuplicateEnclosure" if child.name == "enclosure" else "DuplicateElement", child)
        attributes(check, child, attrs)
        for rule in rules:
            rule(check, child)


def attributes(check, node, allowed):
    for name, value in node.attrs.items():
        if name == "xml:lang":
            language(check, node, value)
        elif name == "xml:base":
            is_absolute(check, node, value)
        elif ":" in name and name not in ("xml:space", "xml:id"):
            check.say("UseOfExtensionAttr", node, name)
        elif ":" not in name and name not in allowed:
            check.say("UnexpectedAttribute", node, name)


def required(check, node, *names):
    for name in names:
        if name not in node.attrs:
            check.say("MissingAttribute", node, name)


def same_meaning(check, node, *pairs):
    """Two elements of one parent that say the same thing in two vocabularies."""
    for core, extension in pairs:
        if node.has(core) and node.has(extension):
            check.say(
                "DuplicateItemSemantics" if node.name == "item" else "DuplicateSemantics", node, f"{core}, {extension}"
            )


def unique(check, nodes, rule):
    """No two of the nodes with the same text."""
    seen = Counter()
    for node in nodes:
        seen[node.text] += 1
        if seen[node.text] == 2:
            check.say(rule, node, node.text)
