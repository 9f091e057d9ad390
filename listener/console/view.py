"""How templates show things: filters, and one rule that no template can forget.

The rule: every text that a template prints has its control, bidirectional and zero-width characters made visible
(Jinja's *finalize* hook), then it is escaped (autoescape, for every template whatever its name). Only `lines` keeps
line ends, for baits, notes and raw requests; it makes the rest of each line visible all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Flask, g
from jinja2 import StrictUndefined
from markupsafe import Markup, escape

from canaries.core.clock import Clock, parse_rfc3339
from canaries.core.text import visible
from listener.incidents.rendering import listed

_STEPS = ((60, 1, "second"), (3600, 60, "minute"), (86400, 3600, "hour"), (float("inf"), 86400, "day"))
_MOST_RAW = 8192
"""Bytes of a raw request that a page shows; the dossier has them all."""


def ago(moment: datetime, now: datetime) -> str:
    """``3 minutes ago``, ``in 2 days``: a hint beside the exact time, never in its place."""
    seconds = (now - moment).total_seconds()
    size = abs(seconds)
    if size < 5:
        return "just now"
    unit, name = next((unit, name) for below, unit, name in _STEPS if size < below)
    count = int(size // unit)
    words = f"{count} {name}{'' if count == 1 else 's'}"
    return f"{words} ago" if seconds > 0 else f"in {words}"


def lines(value: str) -> Markup:
    """A text of several lines, each made visible; for use inside ``<pre>``."""
    return Markup("\n").join(escape(visible(line)) for line in value.split("\n"))


def printable(raw: bytes) -> str:
    """Raw bytes for reading: text where they are UTF-8, ``\\xNN`` where not; clipped, and says so."""
    text = raw[:_MOST_RAW].replace(b"\r\n", b"\n").decode("utf-8", "backslashreplace")
    missing = len(raw) - _MOST_RAW
    return text if missing <= 0 else f"{text}\n… {missing} more bytes: see the dossier"


def pairs(value: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A nested object as (dotted name, text) rows, nothing left out."""
    return [row for name, item in value.items() for row in _rows(name, item)]


def _rows(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        return [row for key, item in value.items() for row in _rows(f"{name}: {key}", item)]
    if _is_list(value) and any(_is_list(item) or isinstance(item, Mapping) for item in value):
        return [row for number, item in enumerate(value, 1) for row in _numbered(f"{name} {number}", item)]
    if name.endswith("_us") and type(value) is int:
        return [(name[:-3].replace("_", " "), _interval(value))]
    return [(name.replace("_", " "), _word(value))]


def _numbered(name: str, value: Any) -> list[tuple[str, str]]:
    """One of many: a pair of words, as headers come, reads ``name: value``."""
    if (
        _is_list(value)
        and len(value) == 2
        and not any(_is_list(item) or isinstance(item, Mapping) for item in value)
    ):
        return [(name.replace("_", " "), ": ".join(map(_word, value)))]
    return _rows(name, value)


def _is_list(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _interval(micros: int) -> str:
    """``1 d 2 h 3 min 4 s (93784000001 µs)``: entries hold no floats, readers no microseconds."""
    left = abs(micros) // 1_000_000
    parts = []
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    exact = f"{micros} µs"
    return f"{'-' if micros < 0 else ''}{' '.join(parts)} ({exact})" if parts else exact


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value in ("", [], {}):
        return "none"
    return listed(map(_word, value), ", ") if _is_list(value) else str(value)


def _finalize(value: Any) -> Any:
    if value is None:
        return ""
    return visible(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def install(app: Flask, clock: Clock) -> None:
    """Teach ``app``'s templates the above."""
    app.jinja_options = app.jinja_options | {
        "autoescape": True,
        "finalize": _finalize,
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    filters = app.jinja_env.filters
    filters["visible"] = lambda value, limit=None: visible(str(value), limit=limit)
    filters["lines"] = lines
    filters["printable"] = printable
    filters["pairs"] = pairs
    filters["said"] = lambda fact: {
        name: item for name, item in fact.items() if name not in ("source", "date")
    }
    filters["twice"] = lambda values: [(value, value) for value in values]
    filters["ago"] = lambda value: ago(parse_rfc3339(value), clock.now())
    filters["past"] = lambda value: bool(value) and parse_rfc3339(value) <= clock.now()

    @app.context_processor
    def _csrf() -> dict[str, Any]:
        session = g.get("session")
        return {"csrf": session.csrf if session else "", "inside": session is not None}
