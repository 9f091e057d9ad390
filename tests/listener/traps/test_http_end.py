"""What comes behind the last request of a connection is not answered, and yet it may be bait."""

from __future__ import annotations

from typing import Any

from tests import steady

LAST = b"GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_what_came_with_the_last_request_is_a_sighting(start_front: Any) -> None:
    front = start_front()
    assert front.ask(LAST + b"GET /TOKEN HTTP/1.1\r\nHost: x\r\n\r\n").count(b"HTTP/1.1 404") == 1
    steady.until(lambda: len(front.sightings()) == 2)
    assert [one.raw[:10] for one in front.sightings()] == [b"GET /nope ", b"GET /TOKEN"]
