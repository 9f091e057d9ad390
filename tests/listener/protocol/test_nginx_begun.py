"""A head that is not whole: refused where nginx refuses it, and nowhere earlier."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import nginx_head
from listener.protocol.nginx_begun import BegunHead, is_connect
from tests.beside.odd_http import CORPUS


def refused_at(head: bytes) -> tuple[int, int]:
    """After how many bytes, one at a time, and the status; (0, 0): not at all."""
    begun, came = BegunHead(), bytearray(b"\r\n")
    for count, byte in enumerate(head, 1):
        came.append(byte)
        if status := begun.refused(came, 2):
            return count, status
    return 0, 0


@pytest.mark.parametrize(
    ("head", "at", "status"),
    [
        (b"GET /../ HTTP/1.1\r\n", 19, 400),
        (b"GET \\nope", 5, 400),
        (b"GET /\0", 6, 400),
        (b"GET http:/a", 11, 400),
        (b"GET http://a_b", 13, 400),
        (b"GET http://[::1]:80/ HTTP/1.1\r\n", 0, 0),
        (b"GET / HTTP/1.1\rx", 16, 400),
        (b"GET / HTTP/1.1000", 17, 400),
        (b"GET / HTTP/2.0", 12, 505),
        (b"GET / HTTP/10", 13, 505),
        (b"GET /a Hb", 9, 400),
        (b"GET /a b HTTP/1.1\r\n", 0, 0),
        (b"GET / HTTP/1.1\r\nhost: a\r\nHost: b\r\n", 34, 400),
        (b"GET / HTTP/1.1\r\nHost: a..b\r\n", 28, 400),
        (b"GET / HTTP/1.1\r\nA: b\r\r\nB: \rc", 28, 400),
        (b"GET / HTTP/1.1\r\n\r\r", 18, 400),
        (b"GET / HTTP/1.1\r\nA\r\n: b\r\n()\r\nCookie: a\r\nCookie: b\r\n", 0, 0),
    ],
)
def test_it_is_refused_at_the_byte_that_is_wrong(head: bytes, at: int, status: int) -> None:
    assert refused_at(head) == (at, status)


def test_what_is_a_head_when_it_is_whole_was_not_refused_before() -> None:
    """Of all that is asked of a real server."""
    for name, request in CORPUS.items():
        head, end, _ = request.lstrip(b"\r\n").partition(b"\r\n\r\n")
        if end and len(head) < 1000 and nginx_head.read(head + end).status == 0 and refused_at(head)[1]:
            hosts = [line for line in head.split(b"\r\n") if line.lower().startswith(b"host:")]
            twice = name.startswith("two ") or "twice" in name
            odd_host = hosts and not nginx_head.is_host(hosts[0][5:].strip(b" "))
            assert twice or odd_host or b" /.." in head or b"%" in head or b"/../" in head, name


@given(st.binary(max_size=80), st.booleans())
def test_no_bytes_raise(data: bytes, headers: bool) -> None:
    assert refused_at((b"GET / HTTP/1.1\r\n" if headers else b"") + data)[1] in (0, 400, 505)


@pytest.mark.parametrize(
    ("head", "at", "status"),
    [
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n", 0, 0),
        (b"CONNECT [::1]:443 HTTP/1.0\r\nA: b\r\n", 0, 0),
        (b"CONNECT a:443\r\n", 15, 400),
        (b"CONNECT a/b", 10, 400),
        (b"CONNECT a:443 HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 42, 400),
    ],
)
def test_what_is_asked_of_a_proxy_is_waited_for(head: bytes, at: int, status: int) -> None:
    assert refused_at(head) == (at, status)
    assert is_connect(head[: head.find(b"\n") + 1]) == (b" HTTP/" in head)
