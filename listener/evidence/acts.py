"""What was done on a connection that had shown a canary, in words: a line each, and all of it in one.

All of it comes from outside: hostile text, cut but not made harmless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from listener.evidence import observed
from listener.evidence.shapes import Observed

LONGEST = 120
"""Characters of one line of several."""
WHOLE = 1_000
"""Characters of a line that stands alone."""
NAMED = 4
"""Different things that a summary names; the others are counted."""
_ABOUT = (
    "command",
    "query",
    "topic",
    "topics",
    "filter",
    "database",
    "folder",
    "path",
    "target",
    "recipients",
)
"""What an act is about, where a trap noted it: the first of these that is there."""
_SPOKEN = ("command", "query", "search", "method")
"""Requests that say nothing beside what they are about."""


def line(seen: Observed, longest: int = LONGEST) -> str:
    """One act in one line: ``PUB alerts.send``, ``SELECT 1``, ``GET /v1/x``, ``subscribe alerts/#``.

    ``longest``: its most characters.
    """
    request = observed.request(seen)
    if seen.get("target"):
        return request[:longest]
    about = next((text for name in _ABOUT if (text := _text(seen.get(name)))), "")
    said = about if request in _SPOKEN and about else f"{request} {about}"
    return " ".join(said.split())[:longest]


def summary(lines: Sequence[str], more: int = 0) -> str:
    """``PUB alerts.send, SELECT 1 (3 times) and 2 more``; ``more``: acts that are counted and not among the lines."""
    counts = Counter(filter(None, lines))
    said = [text if count == 1 else f"{text} ({count} times)" for text, count in counts.items()]
    left = more + sum(list(counts.values())[NAMED:]) + sum(1 for text in lines if not text)
    named = ", ".join(said[:NAMED])
    if not left:
        return named
    return f"{named} and {left} more" if named else f"{left} more"


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return " ".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(
            f"{name} {item}" for name, item in value.items() if not isinstance(item, Mapping | list)
        )
    return ""
