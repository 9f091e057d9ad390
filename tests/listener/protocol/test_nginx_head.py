"""Heads as nginx 1.18 reads them; the corpus beside a real one is in `test_http_beside_nginx.py`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.nginx_head import closes, is_host, overflows, read, refused

Headers = list[tuple[bytes, bytes]]
HOST: Headers = [(b"Host", b"x")]


@pytest.mark.parametrize(
    ("line", "status", "version", "target"),
    [
        (b"GET /a HTTP/1.1", 0, "1.1", b"/a"),
        (b"FOO-B_R  /a  HTTP/1.0 ", 0, "1.0", b"/a"),
        (b"GET /a b HTTP/1.7", 0, "1.1", b"/a b"),
        (b"GET /a", 0, "0.9", b"/a"),
        (b"GET /a\tHTTP/1.1", 0, "0.9", b"/a\tHTTP/1.1"),
        (b"POST /a", 400, "0.9", b"/a"),
        (b"GET http://h:80 HTTP/1.1", 0, "1.1", b"/"),
        (b"GET ftp://h/b?c HTTP/1.1", 0, "1.1", b"/b?c"),
        (b"GET http://a..b/ HTTP/1.1", 400, "1.0", b""),
        (b"GET /a Hb HTTP/1.1", 400, "1.0", b""),
        (b"GET / HTTP/2", 505, "1.0", b""),
        (b"GET / HTTP/1.", 400, "1.0", b""),
        (b"GET * HTTP/1.1", 400, "1.0", b""),
        (b"get / HTTP/1.1", 400, "1.0", b""),
    ],
)
def test_request_lines(line: bytes, status: int, version: str, target: bytes) -> None:
    found = read(line + b"\r\nHost: x\r\n\r\n")
    assert (found.status, found.version, found.target) == (status, version, target)


def test_header_lines_that_are_none_are_not_looked_at() -> None:
    found = read(b"GET / HTTP/1.1\r\nbad line\r\n A: b\r\nC_D: e\r\nF : g\r\nH:  i \r\r\n\r\n")
    assert (found.status, found.headers) == (0, [(b"H", b"i")])
    assert read(b"GET / HTTP/1.1\r\nA: b\rc\r\n\r\n").status == 400
    assert read(b"GET / HTTP/1.1\r\nA: \0\r\n\r\n").status == 400


@pytest.mark.parametrize(
    ("method", "target", "version", "headers", "status"),
    [
        ("GET", b"/", "1.1", HOST, 0),
        ("GET", b"/", "1.0", [], 0),
        ("GET", b"/", "1.1", [], 400),
        ("GET", b"/", "2", [], 400),
        ("GET", b"/", "1.1", HOST + HOST, 400),
        ("GET", b"/", "1.1", [(b"Host", b"a..b")], 400),
        ("GET", b"/", "1.1", [*HOST, (b"Cookie", b"a"), (b"cookie", b"b")], 0),
        ("GET", b"/", "1.1", [*HOST, (b"Expect", b"a"), (b"EXPECT", b"b")], 400),
        ("GET", b"/", "1.1", [*HOST, (b"Content-Length", b"+1")], 400),
        ("GET", b"/", "1.1", [*HOST, (b"Content-Length", b"9223372036854775808")], 400),
        ("GET", b"/", "1.1", [*HOST, (b"Transfer-Encoding", b"Chunked")], 0),
        ("GET", b"/", "1.1", [*HOST, (b"Transfer-Encoding", b"gzip, chunked")], 501),
        ("TRACE", b"/", "1.1", HOST, 405),
        ("GET", b"/" + b"a" * 9000, "1.1", HOST, 414),
        ("GET", b"/../x", "1.1", HOST, 400),
        ("GET", b"/%zz", "1.1", HOST, 400),
        ("GET", b"/?a=/../..", "1.1", HOST, 0),
    ],
)
def test_what_is_refused_before_anybody_looks(
    method: str, target: bytes, version: str, headers: Headers, status: int
) -> None:
    fields = {name.lower(): value for name, value in headers}
    assert refused(method, target, version, headers, fields) == status


def test_hosts() -> None:
    assert all(is_host(host) for host in (b"a", b"a.", b"a:b:c", b"[::1]", b"[::1", b"\xe9", b"a b"))
    assert not any(is_host(host) for host in (b"", b".", b"..", b"a/b", b":80", b"a\0"))


def _closes(headers: list[tuple[bytes, bytes]]) -> bool | None:
    return closes(headers, {name.lower(): value for name, value in headers})


def test_the_last_word_on_the_connection_counts() -> None:
    assert (
        _closes([(b"Connection", b"close"), (b"connection", b"Keep-Alive"), (b"Connection", b"foo")]) is False
    )
    assert _closes([(b"Connection", b"keep-alive, closed")]) is True
    assert _closes(HOST) is None


def test_what_does_not_fit_into_the_buffers() -> None:
    line = b"GET / HTTP/1.1\r\n"
    assert overflows(b"GET /" + b"a" * 9000) == 414
    assert overflows(line + b"A: " + b"a" * 9000) == 431
    assert overflows(line + (b"A: " + b"a" * 995 + b"\r\n") * 34) == 431
    assert overflows(line + (b"A: " + b"a" * 995 + b"\r\n") * 30) == 0


@given(st.binary(max_size=200))
def test_nothing_hostile_raises(data: bytes) -> None:
    for head in (data, b"GET " + data, b"GET /" + data + b" HTTP/1.1\r\nHost: " + data):
        found = read(head)
        assert found.status in (0, 400, 505)
        fields = {name.lower(): value for name, value in found.headers}
        assert refused(found.method, found.target, "1.1", found.headers, fields) in (0, 400, 405, 501)
        assert overflows(head) == 0
