"""New hits as server-sent events (WHATWG HTML, 9.2).

    : waiting                      every `BEAT` seconds, so that both ends notice when the other has gone
    id: 0199…                      the hit's id; the browser sends it back as Last-Event-ID and misses nothing
    event: hit
    data: {"id":…,"text":…}        one line of JSON; every text in it already visible, the page puts it in as text only

Hits that several processes take in at once may become visible out of order; so a stream begins, and goes on after each
comment, `OVERLAP_MS` before where it was. It sends none twice; after a reconnection the page skips what it shows.

Each stream holds a thread of the server, so there are only so many; a tab that is out of sight closes its own.
"""

from __future__ import annotations

import itertools
import json
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

MOST_STREAMS = 8
POLL = 1.0
"""Seconds between two looks."""
BEAT = 15
"""Looks between two comments."""
OVERLAP_MS = 10_000

Read = Callable[[str, Callable[[], bool]], Iterable[dict[str, Any]]]
"""Values after an id, as they come, until the pause between two looks answers True."""

_ID = re.compile(r"[0-9a-f]{32}")


class Slots:
    """Counts what may be open at a time."""

    def __init__(self, count: int = MOST_STREAMS) -> None:
        self._free = threading.BoundedSemaphore(count)

    def acquire(self) -> Callable[[], None] | None:
        """A function that gives the slot back, once however often it is called; None where all are taken."""
        if not self._free.acquire(blocking=False):
            return None
        ticket = itertools.count()
        return lambda: self._free.release() if next(ticket) == 0 else None


def position(*candidates: str | None) -> str:
    """The first candidate that is a hit's id; empty: from the beginning."""
    return next((item for item in candidates if item and _ID.fullmatch(item)), "")


def message(value: dict[str, Any]) -> str:
    """One *hit* event. JSON without raw line ends cannot break out of its line."""
    return f"id: {value['id']}\nevent: hit\ndata: {json.dumps(value, separators=(',', ':'))}\n\n"


def follow(read: Read, after_id: str, over: Callable[[float], bool]) -> Iterator[str]:
    """The events after ``after_id``, until ``over``, which sleeps that many seconds, answers True."""
    yield ": welcome\n\n"
    last, shown = after_id, {after_id}
    while not over(0.0):
        start = _earlier(last)
        shown = {seen for seen in shown if seen >= start}
        for value in read(start, _pauses(over)):
            if value["id"] in shown:
                continue
            shown.add(value["id"])
            last = max(last, value["id"])
            yield message(value)
        yield ": waiting\n\n"


def _pauses(over: Callable[[float], bool]) -> Callable[[], bool]:
    """A pause that answers True when it is over, or time for a comment."""
    looks = itertools.count(1)
    return lambda: over(POLL) or next(looks) >= BEAT


def _earlier(hit_id: str) -> str:
    """The smallest UUIDv7 of `OVERLAP_MS` before this one: its first 48 bits are milliseconds (RFC 9562, 5.7)."""
    return f"{max(0, int(hit_id[:12], 16) - OVERLAP_MS):012x}{0:020x}" if hit_id else ""
