"""What the W3C feed validator asks of HTML in a feed, and a little more. The names of the rules are the validator's.

Not for XHTML (`type="xhtml"`): our feeds have none.
"""

import re

import html5lib

# Every element of HTML up to 5.x that the validator knows; an end tag of one of them in a plain text counts as HTML.
KNOWN = set(
    """a abbr acronym address applet area article aside audio b base basefont bdi bdo big blockquote body br button canvas
    caption center cite code col colgroup command comment data datagrid datalist dd del details dfn dialog dir div dl dt em
    embed eventsource fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html
    i iframe img input ins isindex kbd label legend li link listing m main map mark menu meta meter nav noframes noscript
    object ol optgroup option output p param picture plaintext pre progress q rp rt ruby s samp script section select slot
    small source span strike strong style sub summary sup table tbody td template textarea tfoot th thead time title tr track
    tt u ul var video wbr xmp""".split()
)
# Those that it warns about although it knows them: what runs, frames, or speaks for the whole page.
RISKY = set(
    """applet base basefont bdo body comment embed frame frameset head html iframe isindex link listing meta noframes object
    param plaintext script slot style title xmp""".split()
)
# A part of its list of properties, those an article may want; of the values only those that it takes for every property.
STYLE = re.compile(
    r"(\s*(text-align|color|background-color|font-weight|font-style|text-decoration|text-indent|vertical-align|width|height)"
    r"\s*:\s*([a-z]+|#[0-9a-f]{3,6}|\d{1,3}(px|em|%)?)\s*(;|$))*",
    re.IGNORECASE,
)
ADDRESSES = {"href", "src", "poster", "cite", "data-src"}
ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def parse(text):
    """The elements of the text and None, or nothing and why the validator would not read it."""
    try:
        fragment = html5lib.HTMLParser(strict=True).parseFragment(text)
    except html5lib.html5parser.ParseError as error:
        return [], str(error)
    # Comments have no name; the first is the fragment itself.
    return [element for element in fragment.iter() if isinstance(element.tag, str)][1:], None


def check(text):
    """(rule, detail) of everything the validator would say about the text as HTML."""
    elements, refused = parse(text)
    if refused:
        yield "NotHtml", refused
    for element in elements:
        tag = element.tag.split("}")[-1]
        if tag not in KNOWN:
            yield "NotHtml", f"element {tag}"
        elif tag in RISKY:
            yield "SecurityRisk", f"element {tag}"
        for name, value in element.attrib.items():
            if name == "style" and not STYLE.fullmatch(value):
                yield "DangerousStyleAttr", value
            elif name.startswith("on"):
                yield "SecurityRiskAttr", name
            # The validator looks at links and pictures of RSS only. A reader that shows a text elsewhere than on its page
            # has nothing to resolve any address against, whatever the element and format.
            elif name in ADDRESSES and not ABSOLUTE.match(value.strip()):
                yield "ContainsRelRef", f"{tag} {name}={value}"
            elif name == "srcset" and any(not ABSOLUTE.match(part.strip()) for part in re.split(r",\s", value)):
                yield "ContainsRelRef", f"{tag} srcset={value}"
