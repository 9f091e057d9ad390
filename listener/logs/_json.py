"""Records that are JSON objects, one a line: what stands where, without ever raising."""

from __future__ import annotations

from typing import Any

import msgspec

from listener.logs._line_shape import line_counter

_count = line_counter(rb"\{\".*\}[^\S\n]*+(?![^\n])")
_decoder = msgspec.json.Decoder()


def parsed(raw: bytes) -> dict[str, Any] | None:
    """The object in ``raw``; None where it holds none."""
    try:
        found = _decoder.decode(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def sound(block: bytes) -> int:
    """How many lines look like an object."""
    return _count(block)


def at(record: object, *names: str) -> Any:
    """What stands below these names, one in the other; None where one of them is missing."""
    for name in names:
        record = record.get(name) if isinstance(record, dict) else None
    return record


def text(record: object, *names: str, limit: int = 1024) -> str:
    """The same as text; empty where it is neither text nor a number."""
    found = at(record, *names)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found)[:limit]


def port(record: object, *names: str) -> int:
    """The same as a port; 0 where it is none."""
    found = text(record, *names)
    return int(found) if found.isascii() and found.isdigit() and int(found[:6]) <= 65_535 else 0
