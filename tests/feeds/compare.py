"""Lets feed readers in four languages read each list in three formats, and asserts that they all see the same.

Usage: FEED_TOOLS=DIR compare.py FOLDER

FOLDER holds NAME.rss, NAME.atom and NAME.json for each list. FEED_TOOLS is what `install` filled. The readers print what
their library says, in one form (see readers/); what a library cannot tell is left out and not compared. Prints a table,
then every disagreement; ends with 1 if there is one.
"""

import html
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent / "readers"
TOOLS = Path(os.environ["FEED_TOOLS"]).resolve()
FORMATS = ("rss", "atom", "json")
ENVIRONMENT = {**os.environ, "FEED_TOOLS": str(TOOLS), "PYTHONUTF8": "1"}

READERS = {  # name: (command, formats that the library reads)
    "feedparser (Python)": ([TOOLS / "venv/bin/python", HERE / "feedparser_reader.py"], ("rss", "atom")),
    "fastfeedparser (Python)": ([TOOLS / "venv/bin/python", HERE / "fastfeedparser_reader.py"], FORMATS),
    "feedsmith (JavaScript)": (["node", HERE / "feedsmith.mjs"], FORMATS),
    "gofeed (Go)": ([TOOLS / "gofeed"], FORMATS),
    "XML::Feed (Perl)": (["perl", HERE / "xml_feed.pl"], ("rss", "atom")),
}
# A feed that no reader should take a second for; the limit is for one that hangs on it.
TIMEOUT_SECS = 300
# One mistake shows in every list; more of it tells nothing new.
MOST_SHOWN = 40


def read_all(names, folder):
    """{list name: {(reader, format): feed}}, with one process for each reader."""
    readings = defaultdict(dict)
    for reader, (command, formats) in READERS.items():
        files = [(name, form) for name in names for form in formats]
        paths = [folder / f"{name}.{form}" for name, form in files]
        done = subprocess.run(
            [*command, *paths], capture_output=True, encoding="utf-8", timeout=TIMEOUT_SECS, env=ENVIRONMENT
        )
        lines = done.stdout.split("\n")[:-1]  # not splitlines, which takes U+2028 in a text for an end
        if done.returncode or len(lines) != len(files):
            culprit = paths[len(lines)] if len(lines) < len(paths) else "after the last file"
            sys.exit(f"{reader} failed at {culprit}:\n{done.stderr}")
        for (name, form), line in zip(files, lines):
            readings[name][reader, form] = json.loads(line)
    return readings


def instant(text):
    """The second that a time names, whatever its zone or fraction."""
    return text and int(datetime.fromisoformat(re.sub(r"\.\d*", "", text).replace("Z", "+00:00")).timestamp())


def texts(record, key):
    """What the text may be: one reading, or two where the library does not tell a plain text from HTML."""
    if key in record:
        found = [record[key]]
    elif f"{key}_maybe_html" in record:
        raw = record[f"{key}_maybe_html"]
        found = [raw, html.unescape(raw or "") or None]
    else:
        return None
    # In RSS an end tag in a plain text cannot be written without a validator's warning, so ours has an invisible
    # word joiner in it, in every format. Readers show it as it is.
    return {text and text.replace("<\u2060/", "</") for text in found}


def observe(item, form):
    """{field: set of readings} of one item, for the fields that the reader knows of."""
    seen = {key: {item[key]} for key in ("id", "url", "content_html", "image") if key in item}
    seen |= {key: {instant(item[key])} for key in ("published", "updated") if key in item}
    seen |= {key: found for key in ("title", "summary") if (found := texts(item, key)) is not None}
    # A channel and a tag may have one name. feedparser does not repeat it, others do.
    seen["categories"] = {tuple(dict.fromkeys(item["categories"]))}
    if "authors" in item:
        seen["authors"] = {tuple(item["authors"])}
        seen["author"] = {item["authors"][0] if item["authors"] else None}
    elif "author" in item:  # only the first of them
        seen["author"] = {item["author"]}
    enclosures = [(e["url"], e["type"]) for e in item["enclosures"]]
    # Zero is how RSS, which wants a length, says that it is unknown.
    lengths = [e["length"] or None for e in item["enclosures"] if "length" in e]
    seen["enclosure"] = {enclosures[0] if enclosures else None}
    if len(lengths) == len(enclosures):
        seen["enclosure length"] = {lengths[0] if lengths else None}
    if form != "rss":  # RSS has one for each item
        seen["enclosures"] = {tuple(enclosures)}
        if len(lengths) == len(enclosures):
            seen["enclosure lengths"] = {tuple(lengths)}
    return seen


class Table:
    """Counts what was compared, and keeps what differed."""

    def __init__(self):
        self.values = Counter()
        self.readings = Counter()
        self.differences = []

    def compare(self, where, field, readings):
        """`readings`: {(reader, format): set of what it may have read}. They agree if one value is in every set."""
        if len(readings) < 2:
            return
        self.values[field] += 1
        self.readings[field] += len(readings)
        if not set.intersection(*readings.values()):
            by_value = defaultdict(list)
            for who, value in readings.items():
                by_value[tuple(sorted(map(repr, value)))].append(" ".join(who))
            lines = [f"    {' or '.join(value)[:600]}\n        {', '.join(who)}" for value, who in by_value.items()]
            self.differences.append(f"{where}: {field}\n" + "\n".join(lines))


def compare_list(name, feeds, table):
    table.compare(name, "feed title", {who: texts(feed, "title") for who, feed in feeds.items()})
    table.compare(name, "number of items", {who: {len(feed["items"])} for who, feed in feeds.items()})
    for position in range(min(len(feed["items"]) for feed in feeds.values())):
        seen = {who: observe(feed["items"][position], who[1]) for who, feed in feeds.items()}
        # RSS wants a description before the content. For an item without a summary it is of the feed's choice.
        if any(None in fields.get("summary", ()) for who, fields in seen.items() if who[1] == "json"):
            seen = {who: {f: v for f, v in s.items() if (f, who[1]) != ("summary", "rss")} for who, s in seen.items()}
        for field in sorted(set().union(*seen.values())):
            readings = {who: fields[field] for who, fields in seen.items() if field in fields}
            table.compare(f"{name}, item {position + 1}", field, readings)


def main(folder):
    names = sorted(path.stem for path in folder.glob("*.rss"))
    if not names:
        sys.exit(f"no feeds in {folder}")
    missing = [f"{name}.{form}" for name in names for form in FORMATS if not (folder / f"{name}.{form}").exists()]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}")
    readings = read_all(names, folder)
    table = Table()
    for name in names:
        compare_list(name, readings[name], table)

    print(f"{'reader':26}{'formats':18}feeds")
    for reader, (_, formats) in READERS.items():
        print(f"{reader:26}{', '.join(formats):18}{len(formats) * len(names)}")
    print(f"\n{'field':20}{'values':>8}{'readings':>10}")
    for field in sorted(table.values):
        print(f"{field:20}{table.values[field]:8}{table.readings[field]:10}")
    for difference in table.differences[:MOST_SHOWN]:
        print("\n" + difference)
    if len(table.differences) > MOST_SHOWN:
        print(f"\nand {len(table.differences) - MOST_SHOWN} more")
    values = sum(table.values.values())
    print(f"\n{len(names)} lists, {values} values, {sum(table.readings.values())} readings of them")
    print(f"compare: {values - len(table.differences)} passed, {len(table.differences)} failed")
    return 1 if table.differences else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
