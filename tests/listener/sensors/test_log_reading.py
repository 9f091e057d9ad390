"""A record of a log is somebody else's word by somebody else's clock, and is marked as that."""

from __future__ import annotations

import msgspec

from listener.evidence.sighting import Sighting
from listener.sensors.reading import read_report
from tests.listener.logs.test_postgresql import SAID
from tests.listener.readers.test_mark import MARK, message

SEEN = Sighting(
    "0" * 32, "sensors", 0, ("127.0.0.1", 0), ("127.0.0.1", 0), "file", message(SAID).encode(), 9, "log-shop", 0, 0, {},
    notes={"sensor": "shop", "log": "postgresql", "path": "/var/log/p.log", "offset": 40},
)  # fmt: skip


def test_what_a_line_says_is_apart_from_what_was_seen() -> None:
    found = read_report(SEEN)
    assert found.observed == {
        "sensor": "shop",
        "log": {
            "source": "provider_log",
            "clock": "theirs",
            "type": "postgresql",
            "path": "/var/log/p.log",
            "offset": 40,
        },
        "request": "read SELECT 1 by account analyst",
        "user_agent": "psql",
        "reported": {
            "account": "analyst",
            "client": "10.0.0.9",
            "port": 50_123,
            "request": "SELECT 1",
            "database": "shop",
            "process": "7",
            "reason": "ticket 4",
            "application": "psql",
            "at": "2026-11-27T08:00:00Z",
        },
    }
    assert set(found.candidates) == {MARK.encode()}, "the statement's own words are context, not bait"


def test_a_sort_that_is_not_installed_and_a_line_that_is_none_are_looked_through() -> None:
    for notes, raw in (({"log": "gone"}, SEEN.raw), ({"log": "postgresql"}, b"LOG: a-token-of-bait")):
        found = read_report(msgspec.structs.replace(SEEN, notes=notes, raw=raw))
        assert found.candidates
        assert "reported" not in found.observed
