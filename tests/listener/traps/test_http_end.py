"""What comes behind the last request of a connection is not answered, and yet it may be bait."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests import steady

LAST = b"GET /nope HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def test_what_came_with_the_last_request_is_a_sighting(start_front: Any) -> None:
    front = start_front()
    assert front.ask(LAST + b"GET /TOKEN HTTP/1.1\r\nHost: x\r\n\r\n").count(b"HTTP/1.1 404") == 1
    steady.until(lambda: len(front.sightings()) == 2)
    assert [one.raw[:10] for one in front.sightings()] == [b"GET /nope ", b"GET /TOKEN"]


@pytest.mark.parametrize("request_line", [b"GET /\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n"])
def test_a_token_that_is_cut_behind_the_last_request_is_whole_on_record(
    start_front: Any, request_line: bytes
) -> None:
    """Of a request of HTTP/0.9, and of one that is refused, the bytes behind it belong to its record."""
    front = start_front()
    with socket.create_connection(front.address, steady.PATIENCE) as sock:
        sock.sendall(request_line + b"glpat-GrFrWu7")
        assert sock.recv(1)
        sock.sendall(b"XcRt9faBWz97X")
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65_536):
            pass
    steady.until(lambda: any(b"glpat-GrFrWu7XcRt9faBWz97X" in one.raw for one in front.sightings()))
