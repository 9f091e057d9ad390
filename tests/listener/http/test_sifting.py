"""What is sifted holds every candidate that a full reading holds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.evidence.sighting import Sighting
from listener.http.reading import read_request
from listener.http.sifting import sift_request

KEY = "sk-proj-Zk3_9aX-Q7vT2mLw8RtYb4"
HEAD = (
    "Host: bucket.label7.example.net\r\nUser-Agent: curl/8.5.0\r\n"
    "Authorization: Basic dXNlcjpsb25nLXBhc3N3b3JkLTE=\r\n"
)


def sighting(raw: bytes, **more: Any) -> Sighting:
    return Sighting(
        id="0" * 32, trap="http", observed_at=0, peer=("127.0.0.1", 1), local=("127.0.0.1", 2), transport="tcp",
        raw=raw, size=len(raw), front="f", number=1, connection=1, clock={}, **more,
    )  # fmt: skip


def sifted(seen: Sighting) -> set[bytes]:
    found = sift_request(seen)
    return set(found.candidates) | found.shared


def whole(seen: Sighting) -> set[bytes]:
    """Without what spans several lines, or a whole first line: no token does."""
    found = read_request(seen).candidates
    return {one for one in found if b"\n" not in one and b"\r" not in one and b" http/" not in one.lower()}


@pytest.mark.parametrize(
    "raw",
    [
        f"GET /{KEY}/x HTTP/1.1\r\n{HEAD}\r\n",
        f"GET /x?q={KEY}&r=%73k%2Dproj HTTP/1.1\r\n{HEAD}\r\n",
        f"GET http://user:{KEY}@a.label8.example.net/x HTTP/1.1\r\n{HEAD}\r\n",
        f"CONNECT a.label8.example.net:443 HTTP/1.1\r\n{HEAD}\r\n",
        f"GET /x?X-Amz-Credential=AKIAABCDEFGHIJKLMNOP%2F2026%2Fs3 HTTP/1.1\r\n{HEAD}\r\n",
        f"GET /x HTTP/1.1\r\n{HEAD}Cookie: a={KEY}; b=%73k\r\n\r\n",
        f"GET /x HTTP/1.1\r\n{HEAD}X-Long: a\r\n {KEY}\r\n\r\n",
        f"POST /x HTTP/1.1\r\n{HEAD}\r\nkey={KEY}",
        f"GET /{KEY}",
        f"\r\n\r\nGET /{KEY} HTTP/1.0\n\n",
        "",
    ],
)
def test_it_holds_every_candidate_of_a_full_reading(raw: str) -> None:
    seen = sighting(raw.encode(), tls={"sni": "a.label9.example.net"})
    assert whole(seen) <= sifted(seen)


def test_a_head_is_read_once_for_all_requests_that_have_it() -> None:
    one, other = (sift_request(sighting(f"GET /{n} HTTP/1.1\r\n{HEAD}\r\n".encode())) for n in (1, 2))
    assert one.shared is other.shared
    assert b"long-password-1" in one.shared
    assert one.sifted


@pytest.mark.parametrize(
    "raw",
    [
        f"GET /x HTTP/1.1\r\n{HEAD}X-Long: a\r\n {KEY}\r\n\r\n",
        f"GET /x HTTP/1.1\r\n\t{KEY}\r\n{HEAD}\r\n",
        f"GET /x HTTP/1.1\r\nHost: a\0b\r\n{HEAD}\r\n",
        f"GET /x\0 HTTP/1.1\r\n{HEAD}\r\n",
        f"SSH-2.0-x y\r\n{HEAD}\r\n",
        f"POST /x HTTP/1.1\r\n{HEAD}\r\nkey={KEY}",
    ],
)
def test_what_is_not_read_line_by_line_is_read_whole(raw: str) -> None:
    assert sift_request(sighting(f"GET /x HTTP/1.1\r\n{HEAD}\r\n".encode())).sifted
    assert not sift_request(sighting(raw.encode())).sifted


@given(st.binary(max_size=300))
def test_no_bytes_raise(raw: bytes) -> None:
    assert whole(sighting(raw)) <= sifted(sighting(raw))
