#!/usr/bin/env python3
"""load.py [DIR] : the bench's tables (DIR/*.tsv, PostgreSQL COPY text; default $DATA) as Tidings' import lines on stdout.

The ids are kept. Boards of kind "hot" are left out: Tidings ranks by viewCount itself. Related articles are pinned; many
of them stand later in the file than the article that names them, which the import knows how to deal with.

Memory does not grow with the number of articles: article_tag and article_related are read beside article, all three in
the order of article ids (load.sh and the generator write them so)."""
import itertools
import json
import os
import sys

DIR = sys.argv[1] if len(sys.argv) > 1 else os.environ["DATA"]
SITE = "https://portal.example"
ESCAPES = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}


def value(v):
    if v == "\\N":
        return None
    if "\\" not in v:
        return v
    out, i = [], 0
    while i < len(v):
        if v[i] == "\\":
            out.append(ESCAPES[v[i:i + 2]])
            i += 2
        else:
            out.append(v[i])
            i += 1
    return "".join(out)


def rows(table):
    with open(os.path.join(DIR, table + ".tsv"), encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield [value(v) for v in line.rstrip("\n").split("\t")]


def write(line):
    sys.stdout.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def emit(kind, prefix, number, **fields):
    line = {"kind": kind, "externalId": f"{prefix}{number}", "id": int(number)}
    line.update((k, v) for k, v in fields.items() if v is not None)
    write(line)


def by_article(table):
    """(article, third columns in order of position) for each article that has rows, in order of articles."""
    last = 0
    for key, group in itertools.groupby(rows(table), key=lambda r: int(r[1])):
        if key <= last:
            sys.exit(f"{table}.tsv is not in the order of articles")
        last = key
        yield key, [r[2] for r in sorted(group, key=lambda r: int(r[3]))]


class Beside:
    """The rows of a table that belong to an article, when asked in the order of articles."""

    def __init__(self, table):
        self.rest = by_article(table)
        self.head = next(self.rest, None)

    def of(self, article):
        while self.head and self.head[0] < article:
            self.head = next(self.rest, None)
        return self.head[1] if self.head and self.head[0] == article else []


def articles(tags):
    tagged, pinned, last = Beside("article_tag"), Beside("article_related"), 0
    for number, slug, channel, title, summary, body, source, author, cover, published, views in rows("article"):
        n = int(number)
        if n <= last:
            sys.exit("article.tsv is not in the order of ids")
        last = n
        emit(
            "article", "a", number,
            slug=slug,
            title=title,
            summary=summary,
            body=body,
            publishedAt=published.replace(" ", "T").replace("+00", "+00:00"),
            channel=f"c{channel}",
            tags=[tags[t] for t in tagged.of(n)],
            source=f"s{source}",
            authors=[f"u{author}"],
            cover=cover and f"m{cover}",
            viewCount=int(views),
            related=[f"a{r}" for r in pinned.of(n)],
        )


def main():
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    write({"kind": "site", "externalId": "site", "name": "Side by side", "language": "zh-Hans",
           "timeZone": "Asia/Shanghai", "url": SITE})
    for number, parent, slug, name, sort in rows("channel"):
        emit("channel", "c", number, slug=slug, name=name, parent=parent and f"c{parent}", position=int(sort))
    for number, name in rows("source"):
        emit("source", "s", number, slug=f"s{number}", name=name)
    for number, name in rows("author"):
        emit("author", "u", number, slug=f"u{number}", name=name)
    tags = {}
    for number, name in rows("tag"):
        tags[number] = name
        emit("tag", "t", number, slug=f"t{number}", name=name)
    if len(set(tags.values())) != len(tags):
        sys.exit("two tags have the same name: articles name their tags by name")
    for number, url, width, height in rows("media"):
        emit("media", "m", number, url=url, width=int(width), height=int(height))
    articles(tags)
    entries = {}
    for _, board, position, article in rows("board_entry"):
        entries.setdefault(board, []).append((int(position), article))
    for number, kind, channel in rows("board"):
        if kind != "hot":
            items = [{"article": f"a{article}"} for _, article in sorted(entries.get(number, []))]
            emit("placement", "b", number, slot=kind, channel=channel and f"c{channel}", items=items)


main()
