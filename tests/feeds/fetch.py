"""Fetches every list of a running Tidings in three formats and checks how they are served.

Usage: fetch.py BASE_URL FOLDER PUBLIC_URL SLOT...

Which lists there are the server's GraphQL tells, but for the placement slots, which it tells editors only. Into FOLDER go
NAME.rss, NAME.atom, NAME.json for each list, and manifest.tsv for validate.py, with addresses as the public sees them.
Checked here: Content-Type, ETag and 304, HEAD, gzip and Brotli, and that the pages of the site's list, joined, are the
GraphQL list. What is in a feed is for validate.py and compare.py.
"""

import gzip
import http.client
import json
import re
import sys
import zlib
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit
from xml.etree import ElementTree

import brotli

TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
ATOM = "{http://www.w3.org/2005/Atom}"
UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}
# Smaller bodies the server does not pack.
PACKED_FROM_BYTES = 1024
# The largest page and one that makes the site's list several pages long.
LIMITS = (100, 30)
# Readers go on reading while this runs, so a ranking may move between two formats. Then all three are fetched anew.
TRIES = 5


class Server:
    """One kept connection to a server, as a client that does what it is told and nothing on its own."""

    def __init__(self, base, public):
        parts = urlsplit(base)
        connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self.connection = connect(parts.netloc, timeout=60)
        self.prefix, self.public = parts.path.rstrip("/"), public.rstrip("/")

    def ask(self, path, method="GET", **headers):
        """Status, headers by their lower-case names, body."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        # Without a word about it, the library asks for the identity coding.
        self.connection.putrequest(method, self.prefix + path, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body

    def query(self, query, **variables):
        parameters = urlencode({"query": query, "variables": json.dumps(variables)})
        status, _, body = self.ask(f"/graphql?{parameters}")
        answer = json.loads(body)
        if status != 200 or answer.get("errors"):
            sys.exit(f"GraphQL answered {status}: {body.decode()[:500]}")
        return answer["data"]

    def path_of(self, url):
        """The path to ask for, of an address that the public sees."""
        return url.removeprefix(self.public) if url.startswith(self.public + "/") else None


class Report:
    """Counts what held, prints what did not."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, holds, what, detail=""):
        if holds:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {what}: {str(detail)[:400]}")
        return holds


def lists(server, slots, articles):
    """{name: path without the ending, and query} of every list that has a feed."""
    data = server.query(
        "{ channels(kind: CHANNEL) { slug } parks: channels(kind: PARK) { slug } site { sources { slug } topics { slug } } }"
    )
    tags = [{"slug": slug} for slug in sorted({tag["slug"] for article in articles for tag in article["tags"]})]
    found = {"site": ("/feed/site", ""), "ranking": ("/feed/ranking", "")}
    found["search"] = ("/feed/search", "?" + urlencode({"q": "氢能"}))
    for kind, nouns in (
        ("channel", data["channels"] + data["parks"]),
        ("tag", tags),
        ("topic", data["site"]["topics"]),
        ("source", data["site"]["sources"]),
        ("placement", [{"slug": slot} for slot in slots]),
    ):
        for slug in (quote(noun["slug"], safe="") for noun in nouns):
            found[f"{kind}-{slug}"] = (f"/feed/{kind}/{slug}", "")
            if kind == "channel":
                found[f"channel-{slug}-ranking"] = (f"/feed/channel/{slug}/ranking", "")
    return found


def all_articles(server):
    """The portal's list as GraphQL has it, in its order."""
    found, after = [], None
    while True:
        page = server.query(
            "query($after: String) { articles(first: 100, after: $after)"
            " { nodes { url tags { slug } } pageInfo { hasNextPage endCursor } } }",
            after=after,
        )["articles"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def settled(server, path, query):
    """{ending: (status, headers, body)} of one list, of a time when none of the three changed."""
    bodies = None
    for _ in range(TRIES):
        answers = {ending: server.ask(f"{path}.{ending}{query}", Accept_Encoding="identity") for ending in TYPES}
        before, bodies = bodies, [body for _, _, body in answers.values()]
        if bodies == before:
            break
    return answers


def serve(server, report, url, ending, answer):
    """How one feed is served: everything that is not about its content."""
    status, headers, body = answer
    if not report.check(status == 200, f"{url} is there", f"{status} {body[:200]!r}"):
        return
    report.check(headers.get("content-type") == TYPES[ending], f"{url} Content-Type", headers.get("content-type"))
    tag = headers.get("etag", "")
    report.check(re.fullmatch(r'"[\x21\x23-\x7e]+"', tag), f"{url} strong ETag", tag)
    report.check("content-encoding" not in headers, f"{url} is plain for who wants it plain", headers)

    head_status, head, head_body = server.ask(url, "HEAD", Accept_Encoding="identity")
    kept = [{name: value for name, value in h.items() if name not in ("date", "x-request-id")} for h in (headers, head)]
    report.check((head_status, head_body) == (200, b""), f"{url} HEAD", head_status)
    report.check(kept[0] == kept[1], f"{url} HEAD has the headers of GET", f"{kept[1]}, not {kept[0]}")

    for condition in (tag, f'"another", {tag}', f"W/{tag}"):
        status_304, headers_304, body_304 = server.ask(url, Accept_Encoding="identity", If_None_Match=condition)
        what = f"{url} If-None-Match: {condition}"
        report.check((status_304, body_304) == (304, b""), what, status_304)
        report.check(headers_304.get("etag") == tag, f"{what} keeps the ETag", headers_304.get("etag"))
    changed, _, again = server.ask(url, Accept_Encoding="identity", If_None_Match='"another"')
    report.check((changed, again) == (200, body), f"{url} is sent to who has another", changed)

    for coding in ("gzip", "br"):
        _, packed_headers, packed = server.ask(url, Accept_Encoding=coding)
        used = packed_headers.get("content-encoding")
        is_packed = used == coding or (used is None and len(body) < PACKED_FROM_BYTES)
        report.check(is_packed, f"{url} {coding}", used)
        report.check(UNPACK.get(used, bytes)(packed) == body, f"{url} {coding} unpacks to the same bytes", f"{len(packed)} bytes")
        report.check(
            "accept-encoding" in packed_headers.get("vary", "").lower(),
            f"{url} {coding} Vary",
            packed_headers.get("vary"),
        )
        same = packed_headers.get("etag", "")
        status_304, _, _ = server.ask(url, Accept_Encoding=coding, If_None_Match=same)
        report.check(status_304 == 304, f"{url} {coding} If-None-Match: {same}", status_304)


def urls_and_next(ending, body):
    """The address of each item, and of the next page or None."""
    if ending == "json":
        feed = json.loads(body)
        return [item.get("url") for item in feed["items"]], feed.get("next_url")
    root = ElementTree.fromstring(body)
    parent = root.find("channel") if ending == "rss" else root
    following = [link.get("href") for link in parent.findall(f"{ATOM}link") if link.get("rel") == "next"]
    if ending == "rss":
        urls = [item.findtext("link") for item in parent.findall("item")]
    else:
        urls = [
            next(
                (
                    link.get("href")
                    for link in entry.findall(f"{ATOM}link")
                    if link.get("rel", "alternate") == "alternate"
                ),
                None,
            )
            for entry in parent.findall(f"{ATOM}entry")
        ]
    return urls, following[0] if following else None


def pages(server, report, save, limit, ending, wanted):
    """Follows the site's list to its end and holds it against GraphQL's."""
    path, found = f"/feed/site.{ending}?limit={limit}", []
    what = f"pages of /feed/site.{ending}?limit={limit}"
    for number in range(1, len(wanted) // limit + 3):
        status, headers, body = server.ask(path, Accept_Encoding="identity")
        if not report.check(status == 200, f"{what}: page {number}", f"{status} at {path}"):
            return
        save(f"site-by-{limit}-page-{number}", ending, path, headers, body)
        urls, following = urls_and_next(ending, body)
        report.check(
            len(urls) == limit if following else len(urls) <= limit,
            f"{what}: page {number} is full",
            f"{len(urls)} items",
        )
        found += urls
        if following is None:
            break
        path = server.path_of(following)
        if not report.check(path, f"{what}: next page is ours", following):
            return
    report.check(following is None, f"{what} end", f"not after {number}")
    report.check(
        len(set(found)) == len(found), f"{what} repeat nothing", [url for url in found if found.count(url) > 1]
    )
    differing = [pair for pair in zip(found, wanted) if pair[0] != pair[1]]
    report.check(
        found == wanted,
        f"{what}, joined, are GraphQL's list",
        f"{len(found)} items, not {len(wanted)}; first: {differing[:1]}",
    )


def main(base, folder, public, *slots):
    folder = Path(folder)
    server, report, manifest = Server(base, public), Report(), []

    def save(name, ending, path, headers, body):
        # A file's name has 255 bytes at most; what is cut off is told apart by its sum.
        if len(name) > 120:
            name = f"{name[:100]}-{zlib.crc32(name.encode()):08x}"
        file = folder / f"{name}.{ending}"
        file.write_bytes(body)
        manifest.append(f"{file}\t{server.public}{path}\t{headers.get('content-type')}\n")

    articles = all_articles(server)
    found = lists(server, slots, articles)
    for name, (path, query) in found.items():
        answers = settled(server, path, query)
        for ending, answer in answers.items():
            serve(server, report, f"{path}.{ending}{query}", ending, answer)
        if all(answer[0] == 200 for answer in answers.values()):
            for ending, (_, headers, body) in answers.items():
                save(name, ending, f"{path}.{ending}{query}", headers, body)
    for limit in LIMITS:
        for ending in TYPES:
            pages(server, report, save, limit, ending, [article["url"] for article in articles])
    (folder / "manifest.tsv").write_text("".join(manifest), "utf-8")
    print(f"{len(found)} lists, {len(manifest)} feeds saved")
    print(f"fetch: {report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
