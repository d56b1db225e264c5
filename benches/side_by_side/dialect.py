"""Tidings' side of the side-by-side bench: its GraphQL for the bench's questions, and the way back from its answers to
the bench's canonical form. Loaded by the bench (BENCH_OWN_DIALECT), which provides the module `dialects`.

The bench counts in integers. The import keeps them as ids, so a public id is: base64url, without padding, of one byte
for the kind and the number as the fewest big-endian bytes."""
import base64

import dialects
from dialects import body, h, when

SITE = "https://portal.example"  # the site URL that load.py writes: links in answers may carry it
ABSENT = {"Q5": "search", "Q6": "writes", "W6": "writes"}


def encode(kind, number):
    raw = kind.encode() + number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(kind, public):
    raw = base64.urlsafe_b64decode(public + "=" * (-len(public) % 4))
    if raw[:1] != kind.encode():
        raise ValueError(f"{public} is not an id of kind {kind}")
    return int.from_bytes(raw[1:], "big")


def article(a):
    return decode("A", a["id"])


def channel(c):
    return decode("C", c["id"])


def tag(t):
    return decode("T", t["id"])


def card(a):
    return [article(a), a["title"], h(a["summary"]), when(a["publishedAt"])]


def cover(a):
    return a["cover"] and a["cover"]["url"].removeprefix(SITE)


def ranked(ranking):
    """Articles of a ranking. The bench's data has a few articles with equal view counts, and it lists those by id."""
    rows = [e["article"] for e in ranking["entries"]]
    views = [a["viewCount"] for a in rows]
    if views == sorted(views, reverse=True):  # otherwise the answer is wrong, and stays so
        rows.sort(key=lambda a: (-a["viewCount"], article(a)))
    return [[article(a), a["title"]] for a in rows]


class Dialect(dialects.Own):
    path = "/graphql"
    RANKING = "ranking(window: ALL, first: 10) { entries { article { id title viewCount } } }"
    Q = {
        "Q1": """query Q1($id: ID!) {
            article(by: {id: $id}) {
                id title summary body { html } publishedAt viewCount
                source { name } authors { name } cover { url width height }
                channel { id name path { id name } """ + RANKING + """ }
                tags { id name } related(first: 8) { article { id title cover { url } } }
            }
            recommended: placement(slot: "rec_news", first: 6) { items { article { id title } } }
        }""",
        "Q2": """query Q2($ids: [ID!]!) {
            channels(ids: $ids) {
                id name
                articles(first: 10) {
                    nodes { id title summary publishedAt cover { url } channel { name } tags { name } }
                }
            }
            """ + RANKING + """
            pics: placement(slot: "rec_pic", first: 6) { items { article { id title cover { url } } } }
        }""",
        "Q3": """query Q3($channel: ID!, $after: String) {
            channel(by: {id: $channel}) {
                id
                articles(first: 20, after: $after) {
                    nodes { id title summary publishedAt cover { url } channel { id name } tags { id name } }
                }
            }
        }""",
        "Q4": "query Q4($id: ID!) { article(by: {id: $id}) { id title } }",
    }
    WALK = """query Walk($channel: ID!, $after: String) {
        channel(by: {id: $channel}) {
            articles(first: 100, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
        }
    }"""

    def prepare(self, call, params):
        """Cursors for Q3, found as a reader's client finds them: page by page from the top of each channel."""
        wanted = {}
        for p in params["q3"]:
            wanted.setdefault(p["channel"], {})[p["offset"]] = p["afterId"]
        self.cursor = {}
        for c, places in wanted.items():
            seen, after, last = 0, None, max(places)
            while seen < last:
                answer = call(body(self.WALK, "Walk", {"channel": encode("C", c), "after": after}))
                if not answer.get("data"):
                    raise SystemExit(f"channel {c} after {seen} articles: {str(answer)[:300]}")
                page = answer["data"]["channel"]["articles"]
                for e in page["edges"]:
                    seen += 1
                    if seen in places:
                        if article(e["node"]) != places[seen]:
                            raise SystemExit(f"channel {c}, article {seen}: {article(e['node'])}, not {places[seen]}")
                        self.cursor[c, places[seen]] = e["cursor"]
                if not page["pageInfo"]["hasNextPage"]:
                    break
                after = page["pageInfo"]["endCursor"]
            if seen < last:
                raise SystemExit(f"channel {c} has {seen} articles, {last} expected")

    def req(self, op, p):
        if op in ABSENT:
            raise SystemExit(f"{op}: Tidings has no {ABSENT[op]} yet, run with --ops Q1,Q2,Q3,Q4")
        if op == "Q2":
            variables = {"ids": [encode("C", c) for c in p]}
        elif op == "Q3":
            variables = {"channel": encode("C", p["channel"]), "after": self.cursor[p["channel"], p["afterId"]]}
        else:
            variables = {"id": encode("A", p)}
        return body(self.Q[op], op, variables)

    def canon(self, op, d):
        if op == "Q1":
            a = d["article"]
            c = a["channel"]
            related = [r["article"] for r in a["related"]]
            recommended = [i["article"] for i in d["recommended"]["items"]]
            return [
                card(a),
                h(a["body"]["html"]),
                a["source"]["name"],
                a["authors"][0]["name"],
                cover(a),
                a["cover"] and a["cover"]["width"],
                [[channel(x), x["name"]] for x in c["path"]],
                ranked(c["ranking"]),
                [[tag(t), t["name"]] for t in a["tags"]],
                [[article(x), x["title"], cover(x)] for x in related],
                [[article(x), x["title"]] for x in recommended],
            ]
        if op == "Q2":
            pics = [i["article"] for i in d["pics"]["items"]]
            return [
                [
                    [channel(c), c["name"],
                     [[*card(a), cover(a), a["channel"]["name"], [t["name"] for t in a["tags"]]]
                      for a in c["articles"]["nodes"]]]
                    for c in d["channels"]
                ],
                ranked(d["ranking"]),
                [[article(x), x["title"], cover(x)] for x in pics],
            ]
        if op == "Q3":
            return [[*card(a), cover(a), channel(a["channel"]), [tag(t) for t in a["tags"]]]
                    for a in d["channel"]["articles"]["nodes"]]
        if op == "Q4":
            return [article(d["article"]), d["article"]["title"]]
        raise SystemExit(f"{op}: Tidings has no {ABSENT.get(op, 'such question')} yet")
