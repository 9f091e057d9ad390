"""The list of self-declared robots: crawler-user-agents, as a small table of pattern, sort and a name for people.

The package's JSON: ``[{"pattern", "instances": [user agents], "tags": [...]}]``. The name is what the pattern
matches in its first instance, less punctuation: never the pattern itself.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

PACKAGE = "crawler-user-agents"
VERSION = "1.67.0"
SHA256 = "438880782e9689d953f850846bb7a425dd444de02be2b7c3e1bf2dd636b65d8c"
LICENCE = "MIT"
CREDIT = "monperrus/crawler-user-agents"

_FILE = Path("crawleruseragents/crawler-user-agents.json")

_SORTS = (
    # tag, sort; the first tag that a row has decides
    ("ai-crawler", "ai_crawler"),
    ("social-preview", "preview"),
    ("scanner", "scanner"),
    ("monitoring", "monitor"),
    ("http-library", "http_library"),
    ("browser-automation", "automation"),
    ("feed-reader", "feed_reader"),
    ("search-engine", "crawler"),
    ("seo", "crawler"),
    ("advertising", "crawler"),
    ("archiver", "crawler"),
    ("academic", "crawler"),
)


def rows(data: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """(sort, name, pattern); rows whose pattern names nothing are left out."""
    found = []
    for item in data:
        sort = next((sort for tag, sort in _SORTS if tag in item.get("tags", ())), "crawler")
        name = _name(str(item["pattern"]), [str(text) for text in item.get("instances", ())])
        if name:
            found.append((sort, name, str(item["pattern"])))
    return found


def _name(pattern: str, instances: list[str]) -> str:
    for text in instances:
        match = re.search(pattern, text)
        if not match:
            continue
        before = re.search(r"[\w.-]*$", text[: match.start()])
        after = re.match(r"[\w.-]*", text[match.end() :]) if re.search(r"\w$", match[0]) else None
        whole = (before[0] if before else "") + match[0] + (after[0] if after else "")
        name = re.sub(r"[^\w .!-]+", " ", whole).strip(" .-_")
        name = re.sub(r"\s+", " ", name)[:40]
        if len(name) >= 2 and re.search(r"[A-Za-z]{2}", name):
            return name
    return ""


def table(folder: Path) -> str:
    """The table as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("sort", "family", "pattern"))
    writer.writerows(rows(json.loads((folder / _FILE).read_text(encoding="utf-8"))))
    return out.getvalue()


def date(folder: Path) -> str:
    """The day of its newest row."""
    data = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    return max(str(item.get("addition_date", "")).replace("/", "-") for item in data)
