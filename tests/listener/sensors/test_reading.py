"""The back half: the application's word is marked as that, and what is no report may hold bait all the same."""

from __future__ import annotations

import json

from listener.evidence.sighting import Sighting
from listener.sensors.reading import read_report


def sighting(body: bytes) -> Sighting:
    raw = b"POST /report HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    return Sighting(
        "0" * 32, "sensors", 0, ("127.0.0.1", 0), ("127.0.0.1", 0), "unix", raw, len(raw), "f", 1, 1, {},
        notes={"sensor": "web"},
    )  # fmt: skip


def test_the_applications_word_is_apart_from_what_was_seen() -> None:
    facts = {"account": "7", "user_agent": "Mozilla/5.0", "route": "/search"}
    body = {"id": "01234567", "at": "2026-11-27T08:00:00Z", "event": "search", "dropped": 3, "facts": facts}
    found = read_report(sighting(json.dumps({**body, "found": [{"value": "Jane@Example.net"}]}).encode()))
    assert found.observed == {
        "sensor": "web",
        "event": "search",
        "request": "search /search by account 7",
        "user_agent": "Mozilla/5.0",
        "reported": {**facts, "at": "2026-11-27T08:00:00Z"},
        "found": [("", "Jane@Example.net")],
        "dropped": 3,
    }
    assert {b"Jane@Example.net", b"jane@example.net"} <= set(found.candidates)


def test_what_is_no_report_is_looked_through() -> None:
    assert b"a-token-of-bait" in set(read_report(sighting(b"a-token-of-bait")).candidates)
