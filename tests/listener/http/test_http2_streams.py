"""One request of HTTP/2: what nginx refuses in it is named, and all of it is written down."""

from __future__ import annotations

import pytest

from listener.http.http2_streams import Http2Stream

PSEUDO = {b":method": b"POST", b":scheme": b"https", b":path": b"/x", b":authority": b"a.example"}


def stream(*more: tuple[bytes, bytes], ended: bool = True, **other: bytes) -> Http2Stream:
    found = Http2Stream(1, ended)
    for name, value in PSEUDO.items():
        if value := other.get(name[1:].decode(), value):
            found.take(name, value)
    for name, value in more:
        found.take(name, value)
    found.finish()
    return found


@pytest.mark.parametrize(
    ("found", "status", "reset"),
    [
        (stream(), 0, 0),
        (stream((b"content-length", b"0")), 0, 0),
        (stream(path=b"nope"), 400, 0),
        (stream(path=b"/../x"), 400, 0),
        (stream(scheme=b"9x"), 400, 0),
        (stream(method=b"get"), 400, 0),
        (stream(method=b""), 400, 0),
        (stream((b":path", b"/x")), 400, 0),
        (stream((b":foo", b"x")), 400, 0),
        (stream((b"Name", b"x")), 0, 1),
        (stream((b"name", b"x\ny")), 0, 1),
        (stream((b"content-length", b"3")), 400, 0),
    ],
)
def test_what_nginx_refuses(found: Http2Stream, status: int, reset: int) -> None:
    assert (found.status, found.reset, bool(found.wrong)) == (status, reset, bool(status or reset))


def test_all_fields_are_written_down_also_those_behind_what_was_refused() -> None:
    found = stream((b":foo", b"k1"), (b":path", b"/k2"), (b"Name", b"k3"), (b"name", b"k4"))
    message = found.message(found.wrong, b"", 10_000)
    assert message.raw == (
        b"POST /x HTTP/2\r\nhost: a.example\r\n:foo: k1\r\n:path: /k2\r\nName: k3\r\nname: k4\r\n\r\n"
    )
    assert message.status == 400
    assert not message.fields


def test_a_body_that_is_read_first_is_as_long_as_it_says() -> None:
    for said, came, ends, wrong in (
        (b"3", b"abc", True, False),
        (b"3", b"ab", True, True),
        (b"3", b"abcd", False, True),
    ):
        found = stream((b"content-length", said), ended=False)
        found.buffered = True
        found.add(came, len(came), 1000, ends=ends)
        assert bool(found.wrong) is wrong
        assert found.message("", b"", 1000).body == came


def test_a_tunnel_has_neither_scheme_nor_path() -> None:
    found = Http2Stream(1, ended=False)
    found.take(b":method", b"CONNECT")
    found.take(b":authority", b"a.example:443")
    found.finish()
    assert not found.wrong
    assert found.message("", b"", 1000).target == b"a.example:443"
