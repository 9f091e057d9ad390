"""Lines of web servers: as they are documented, with hostile names and requests, and what is none."""

from __future__ import annotations

import pytest

from listener.logs._combined import combined, sound

LINE = (
    b'203.0.113.7 - alice [27/Nov/2026:09:00:00 +0100] "GET /x?a=%22 HTTP/1.1" 200 512'
    b' "https://a.test/" "curl/8 \\"x\\""'
)


def test_every_part() -> None:
    found = combined(LINE)
    assert found is not None
    assert (found.client, found.account, found.request) == ("203.0.113.7", "alice", "GET /x?a=%22 HTTP/1.1")
    assert found.at == "2026-11-27T08:00:00.000000Z"
    assert found.user_agent == 'curl/8 \\"x\\"'
    assert found.facts == {"status": "200", "bytes": "512", "referer": "https://a.test/"}


def test_common_format_and_more_behind() -> None:
    for raw in (LINE.partition(b' "https')[0], LINE + b' "1.2.3.4" 0.003'):
        found = combined(raw)
        assert found is not None
        assert found.client == "203.0.113.7"


@pytest.mark.parametrize(
    ("part", "by", "account", "asked"),
    [
        (b"alice", b"a b [c] d", "a b [c] d", "GET /x?a=%22 HTTP/1.1"),
        (b"GET /x?a=%22 HTTP/1.1", b"", "alice", ""),
        (b"GET /x?a=%22 HTTP/1.1", b"\\x16\\x03\\x01", "alice", "\\x16\\x03\\x01"),
        (b"27/Nov/2026:09:00:00 +0100", b"99/Nov/2026:09:00:00 +0100", "alice", "GET /x?a=%22 HTTP/1.1"),
    ],
)
def test_hostile_parts(part: bytes, by: bytes, account: str, asked: str) -> None:
    found = combined(LINE.replace(part, by))
    assert found is not None
    assert (found.account, found.request) == (account, asked)


def test_what_is_none() -> None:
    for raw in (b"", b"noise", LINE[:60], b'- - - [x] "GET / HTTP/1.1" 200 5'):
        assert combined(raw) is None
    assert sound(b"\n".join([LINE, b"noise", LINE, b"{}"])) == 2
    assert sound(LINE + b"\n" + LINE.replace(b"alice", b"a[b") + b"\n" + LINE) == 3, "a closer look"
    assert sound(LINE + b"\n" + LINE + b"\n") == 2
