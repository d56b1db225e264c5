"""Rules for the texts and attributes of a feed: plain texts, addresses, times, languages, numbers."""

import re
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from html.entities import name2codepoint
from urllib.parse import unquote, urlsplit, urlunsplit

from . import html as html_rules

# ISO 639-1, and what the validator knows besides. What follows the first hyphen (zh-Hans, zh-CN) is not looked at.
LANGUAGES = set(
    """aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
    et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk
    kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc
    oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn
    to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu mul und x""".split()
)
MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+(;\s*[\w-]+=[\w.+-]+)*", re.ASCII)
URI_CHARS = re.compile(r"[0-9a-zA-Z;/?:@&=+$.\-_!~*'()%,#]*")
RFC_2822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d\d[03]0)")
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def characters(check, node):
    """What every text and attribute must not have. XML itself refuses the other control characters."""
    for text in (node.text, *node.attrs.values()):
        bad = [
            c
            for c in text
            if "\x7f" <= c <= "\x9f" or c == "\ufffd" or "\ufdd0" <= c <= "\ufdef" or ord(c) & 0xFFFE == 0xFFFE
        ]
        if bad:
            check.say("BadCharacters", node, f"U+{ord(bad[0]):04X}")
        elif re.search("[\xc2\xc3][\x80-\xbf]", text) and text.isprintable() and all(ord(c) < 256 for c in text):
            check.say("BadCharacters", node, "UTF-8 encoded twice")


def plain(check, node, text=None, rule="ContainsHTML"):
    """A text that is not HTML must not look like it, unless written as the RSS Profile wants."""
    text = node.text if text is None else text
    tags = [tag for tag in re.findall(r"</(\w+)>", text) if tag.lower() in html_rules.KNOWN]
    entities = [e for e in re.findall(r"&(#?\w+)", text) if e in name2codepoint or e == "apos" or not e.isalpha()]
    if tags:
        check.say(rule, node, f"</{tags[0]}>")
    elif entities and not check.is_hex_line(node):
        check.say(rule, node, f"&{entities[0]}")
    elif re.search(r"<[/a-zA-Z]", text) and check.is_rss and not check.is_hex_line(node):
        check.say("CharacterData", node, text)


def nonblank(check, node):
    if not node.text.strip():
        check.say("NotBlank", node)


def html(check, node):
    for rule, detail in html_rules.check(node.text):
        check.say(rule, node, detail)


def is_absolute(check, node, text, rule="InvalidFullLink"):
    """Whether the text is an absolute URI in ASCII; says what is wrong if not."""
    scheme = text.split(":")[0].lower()
    if scheme == "tag":
        wrong = (
            None if re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d(-\d\d)?)?:" + URI_CHARS.pattern, text) else "InvalidTAG"
        )
    elif text.lower().startswith("urn:uuid:"):
        wrong = (
            None if re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text, re.I) else "InvalidUUID"
        )
    elif scheme == "urn":
        wrong = (
            None if re.fullmatch(r"urn:[a-z0-9][a-z0-9-]{1,31}:[a-z0-9()+,.:=@;$_!*'%-]+", text, re.I) else "InvalidURN"
        )
    elif not text.isascii():
        wrong = "UriNotIri"
    elif not URI_CHARS.fullmatch(text):
        wrong = "InvalidUriChar"
    elif not re.match(r"[a-zA-Z][0-9a-zA-Z+.-]*:(//)?.", text) or re.match(r"https?:(?!//[^/])", text):
        wrong = rule
    else:
        wrong = None
    if wrong:
        check.say(wrong, node, text)
    return wrong is None


def absolute(check, node):
    is_absolute(check, node, node.text.strip())


# Escapes of letters, digits and `-._~`, which need none.
NEEDLESS_ESCAPE = re.compile("%(2D|2E|3[0-9]|4[1-9A-F]|5[0-9A]|5F|6[1-9A-F]|7[0-9A]|7E)")


def canonical(text):
    """The form of an address in which two of the same kind are the same letters (RFC 3986, 6.2.2 and 6.2.3)."""
    text = re.sub("%[0-9a-fA-F]{2}", lambda match: match[0].upper(), text)
    text = NEEDLESS_ESCAPE.sub(lambda match: unquote(match[0]), text)
    parts = urlsplit(text)
    if not parts.netloc:
        return text
    default_port = {"http": ":80", "https": ":443"}.get(parts.scheme, ":")
    host = parts.netloc.lower().removesuffix(default_port).removesuffix(":")
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, parts.fragment))


def same_address(one, other):
    return canonical(one) == canonical(other)


def canonical_id(check, node):
    text = node.text
    if text != text.strip():
        check.say("UnexpectedWhitespace", node)
    elif is_absolute(check, node, text) and canonical(text) != text:
        check.say("NonCanonicalURI", node, f"{text}, not {canonical(text)}")


def language(check, node, text=None):
    text = node.text if text is None else text
    if text.split("-")[0].lower() not in LANGUAGES:
        check.say("InvalidLanguage", node, text)


def positive(check, node, text=None):
    text = node.text if text is None else text
    if not re.fullmatch(r"[0-9]+", text) or int(text) == 0:
        check.say("InvalidPositiveInteger", node, text)


def not_negative(check, node, text=None):
    text = node.text if text is None else text
    if not re.fullmatch(r"[0-9]+", text):
        check.say("InvalidNonNegativeInteger", node, text)


def plausible(check, node, moment):
    if moment.year < 1990 or moment > datetime.now(timezone.utc) + timedelta(minutes=10):
        check.say("ImplausibleDate", node, node.text)


def rfc_2822(check, node):
    """The one form that we write of those that are allowed."""
    try:
        if not RFC_2822.fullmatch(node.text):
            raise ValueError
        moment = parsedate_to_datetime(node.text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)  # -0000
    except (ValueError, TypeError):
        return check.say("InvalidRFC2822Date", node, node.text)
    if moment.strftime("%a") != node.text[:3]:
        return check.say("IncorrectDOW", node, node.text)
    plausible(check, node, moment)


def rfc_3339(check, node):
    try:
        if not RFC_3339.fullmatch(node.text):
            raise ValueError
        moment = datetime.fromisoformat(re.sub(r"\.\d+", "", node.text).replace("Z", "+00:00"))
    except ValueError:
        return check.say("InvalidRFC3339Date", node, node.text)
    plausible(check, node, moment)


def media_type(check, node, rule="InvalidMIMEAttribute"):
    if not MEDIA_TYPE.fullmatch(node.attrs.get("type", "")):
        check.say(rule, node, node.attrs.get("type"))


def mailbox(check, node):
    """RSS wants an address with the name in brackets; a bare name belongs into dc:creator."""
    if not re.fullmatch(r"[^@\s<>]+@[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+ \(.+\)", node.text):
        check.say("InvalidContact", node, node.text)
