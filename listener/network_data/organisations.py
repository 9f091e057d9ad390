"""What sort of organisation a network's holder is, by the words of its registered name: the weakest evidence.

The words are a table (``data/organisation-words.csv``), asked in its order: an "Army Medical University" is military
before it is education. A legal form (Inc, GmbH) says nothing.
"""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache

from listener.network_data.datasets import SHIPPED

TABLE = "organisation-words.csv"


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    with (SHIPPED / TABLE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple((row["class"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)


@lru_cache(8192)
def sort_of(organisation: str) -> tuple[str, str]:
    """The class and the words that say so; both empty where none does."""
    name = organisation[:200]
    for kind, pattern in _rules():
        found = pattern.search(name)
        if found:
            return kind, found[0].strip()
    return "", ""
