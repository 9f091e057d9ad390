"""A request is taken apart as far as it goes, and what the standard forbids is named."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.http.message import hostname, parse


def test_a_regular_request() -> None:
    message = parse(b"\r\nPOST /a?b=1 HTTP/1.1\r\nHost: x\r\nA: 1\r\na: 2\r\nContent-Length: 2\r\n\r\nhi")
    assert (message.method, message.target, message.version, message.body) == (
        "POST",
        "/a?b=1",
        "HTTP/1.1",
        b"hi",
    )
    assert (message.path, message.query, message.authority) == ("/a", "b=1", "")
    assert message.headers == [("Host", "x"), ("A", "1"), ("a", "2"), ("Content-Length", "2")]
    assert message.fields["a"] == "1"
    assert message.defects == []


@pytest.mark.parametrize(
    ("raw", "line", "defect"),
    [
        (b"GET /a b HTTP/1.1\r\n\r\n", ("GET", "/a b", "HTTP/1.1"), "the request line is malformed"),
        (b"GET /a\r\n\r\n", ("GET", "/a", ""), "the request line is malformed"),
        (b"\xff\n\n", ("\\xff", "", ""), "the request line is malformed"),
        (b"GET / HTTP/1.1\r\nHost: x", ("GET", "/", "HTTP/1.1"), "the header section has no end"),
        (b"GET / HTTP/1.1\r\nnonsense\r\n\r\n", ("GET", "/", "HTTP/1.1"), "a header line has no colon"),
        (b"GET / HTTP/1.1\r\na: b\r\n c\r\n\r\n", ("GET", "/", "HTTP/1.1"), "a header line is folded"),
    ],
)
def test_a_malformed_one_is_read_all_the_same(raw: bytes, line: tuple[str, ...], defect: str) -> None:
    message = parse(raw)
    assert (message.method, message.target, message.version) == line
    assert defect in message.defects


def test_bare_line_feeds_end_lines_too() -> None:
    message = parse(b"GET / HTTP/1.0\nHost: x\n\nbody")
    assert (message.headers, message.body) == ([("Host", "x")], b"body")


@pytest.mark.parametrize(
    ("target", "parts"),
    [
        ("http://u@Host:1/p?q#f", ("u@Host:1", "/p", "q#f")),
        ("https://host", ("host", "", "")),
        ("/p?http://x/", ("", "/p", "http://x/")),
        ("*", ("", "*", "")),
    ],
)
def test_targets(target: str, parts: tuple[str, ...]) -> None:
    message = parse(f"GET {target} HTTP/1.1\r\n\r\n".encode())
    assert (message.authority, message.path, message.query) == parts


@pytest.mark.parametrize(
    ("authority", "name"),
    [
        ("A.B.:80", "a.b"),
        ("u:p@h:1", "h"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("", ""),
        ("[", ""),
        (":", ""),
    ],
)
def test_host_names(authority: str, name: str) -> None:
    assert hostname(authority) == name


@pytest.mark.parametrize(
    ("body", "plain", "defects"),
    [
        (b"3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde", 0),
        (b"3\r\nabc\r\n5\r\nde", b"abcde", 0),
        (b"3\nabc\nzz\r\nrest", b"abczz\r\nrest", 1),
        (b"-3\r\nabc", b"-3\r\nabc", 1),
        (b"3", b"3", 1),
    ],
)
def test_chunks_are_put_together(body: bytes, plain: bytes, defects: int) -> None:
    message = parse(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + body)
    assert (message.body, len(message.defects)) == (plain, defects)


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"hello", mtime=0), zlib.compress(b"hello"), zlib.compress(b"hello")[2:-4]]
)
def test_compressed_bodies_are_unpacked(packed: bytes) -> None:
    coding = b"gzip" if packed[:2] == b"\x1f\x8b" else b"deflate"
    assert parse(b"POST / HTTP/1.1\r\nContent-Encoding: " + coding + b"\r\n\r\n" + packed).body == b"hello"


@given(st.binary(max_size=60))
def test_no_coding_breaks_it(body: bytes) -> None:
    for coding in (b"Transfer-Encoding: chunked", b"Content-Encoding: gzip", b"Content-Encoding: deflate"):
        parse(b"POST / HTTP/1.1\r\n" + coding + b"\r\n\r\n" + body)
