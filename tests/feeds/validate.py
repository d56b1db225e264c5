"""Checks feeds by the W3C feed validator's rules (rules/), JSON Feeds by a schema; prints every error and warning.

Usage: validate.py MANIFEST

MANIFEST has a line for each feed: its file, the address it was served at and its Content-Type, with tabs between. Ends
with 1 if there is any finding.
"""

import sys
from collections import Counter
from pathlib import Path

import rules
from rules import json_feed


def main(manifest):
    kinds, levels, bad = Counter(), Counter(), 0
    for line in Path(manifest).read_text("utf-8").splitlines():
        path, url, content_type = line.split("\t")
        kind = path.rpartition(".")[2]
        check = json_feed.check_feed if kind == "json" else rules.check_feed
        findings = list(check(Path(path).read_bytes(), url, content_type))
        for found in findings:
            print(f"{path}:{found.line}: {found.level} {found.rule} at {found.where}: {found.detail}")
        kinds[kind] += 1
        levels.update(found.level for found in findings)
        bad += bool(findings)
    checked = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items())) or "no feeds"
    print(f"{checked}: {levels['error']} errors, {levels['warning']} warnings")
    # No feed at all is no success.
    print(f"validate: {sum(kinds.values()) - bad} passed, {bad or int(not kinds)} failed")
    return 1 if bad or not kinds else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
