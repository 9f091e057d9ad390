"""Lines of HAProxy: HTTP and TCP, with and without the head of syslog."""

from __future__ import annotations

import pytest

from listener.logs.haproxy import HaproxyLog

HTTP = (
    b"203.0.113.7:33317 [27/Nov/2026:12:14:14.655] http-in~ static/srv1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0"
    b' {1wt.eu} {} "GET /index.html?q=\\"x HTTP/1.1"'
)
TCP = b"203.0.113.7:33313 [27/Nov/2026:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0"


@pytest.mark.parametrize("head", [b"", b"Nov 27 12:14:14 lb haproxy[14389]: "])
def test_a_request(head: bytes) -> None:
    found = HaproxyLog().record(head + HTTP)
    assert found is not None
    assert (found.event, found.client, found.port) == ("request", "203.0.113.7", 33317)
    assert found.request == 'GET /index.html?q=\\"x HTTP/1.1'
    assert found.at == "27/Nov/2026:12:14:14.655"
    assert found.facts == {"frontend": "http-in~", "backend": "static/srv1", "status": "200"}
    assert HaproxyLog().sound(b"\n".join([head + HTTP, b"noise", head + TCP])) == 2


def test_a_connection_and_what_is_none() -> None:
    found = HaproxyLog().record(TCP.replace(b"203.0.113.7", b"::ffff:203.0.113.7"))
    assert found is not None
    assert (found.event, found.client, found.request) == ("connection", "203.0.113.7", "")
    assert HaproxyLog().record(b"Nov 27 12:14:14 lb haproxy[14389]: Proxy http-in started.") is None
