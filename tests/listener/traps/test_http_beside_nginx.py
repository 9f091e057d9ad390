"""One corpus to the HTTP trap and to a real nginx of the release that it says it is: every difference has a reason."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from listener.protocol.identity import Identity
from tests import real_servers, steady

HOST = b"Host: x\r\nConnection: close\r\n"
CORPUS = {
    "root": b"GET / HTTP/1.1\r\n%b\r\n" % HOST,
    "missing page": b"GET /nope HTTP/1.1\r\n%b\r\n" % HOST,
    "HEAD of a missing page": b"HEAD /nope HTTP/1.1\r\n%b\r\n" % HOST,
    "HTTP/1.0": b"GET /nope HTTP/1.0\r\n\r\n",
    "HTTP/1.0 keep-alive": b"GET /nope HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /nope HTTP/1.0\r\n\r\n",
    "no Host": b"GET / HTTP/1.1\r\n\r\n",
    "two Hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "TRACE": b"TRACE / HTTP/1.1\r\n%b\r\n" % HOST,
    "POST to the root": b"POST / HTTP/1.1\r\n%bContent-Length: 3\r\n\r\nabc" % HOST,
    "POST elsewhere": b"POST /nope HTTP/1.1\r\n%bContent-Length: 3\r\n\r\nabc" % HOST,
    "PUT": b"PUT /nope HTTP/1.1\r\n%bContent-Length: 3\r\n\r\nabc" % HOST,
    "DELETE": b"DELETE /nope HTTP/1.1\r\n%b\r\n" % HOST,
    "out of the root": b"GET /../../etc/passwd HTTP/1.1\r\n%b\r\n" % HOST,
    "NUL in the path": b"GET /%%00 HTTP/1.1\r\n%b\r\n" % HOST,
    "no HTTP": b"\x01\x02\r\n\r\n",
    "a method in lower case": b"get / HTTP/1.1\r\n%b\r\n" % HOST,
    "HTTP/2.0 as a version": b"GET / HTTP/2.0\r\n%b\r\n" % HOST,
    "a long line": b"GET /%b HTTP/1.1\r\n%b\r\n" % (b"a" * 9000, HOST),
    "long headers": b"GET / HTTP/1.1\r\n%bX: %b\r\n\r\n" % (HOST, b"a" * 70_000),
    "no colon": b"GET / HTTP/1.1\r\nHost: x\r\nbad header\r\nConnection: close\r\n\r\n",
    "two lengths": b"POST /nope HTTP/1.1\r\n%bContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc" % HOST,
    "a script": b"GET /a.js HTTP/1.1\r\n%b\r\n" % HOST,
    "what other decoys answer": b"GET /.git/HEAD HTTP/1.1\r\n%b\r\n" % HOST,
    "a URL": b"GET http://h/nope HTTP/1.1\r\n%b\r\n" % HOST,
    "CONNECT": b"CONNECT a:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "OPTIONS": b"OPTIONS / HTTP/1.1\r\n%b\r\n" % HOST,
    "PROPFIND": b"PROPFIND /nope HTTP/1.1\r\n%b\r\n" % HOST,
    "a method of no standard": b"FOO /nope HTTP/1.1\r\n%b\r\n" % HOST,
    "a bad chunk": b"POST /nope HTTP/1.1\r\n%bTransfer-Encoding: chunked\r\n\r\nzz\r\n" % HOST,
}
DIFFERENCES = {
    "what other decoys answer": "git asks for a login there: bait of several kinds leads to such paths",
    "a URL": "a bait may be a forward proxy, which asks for a login",
    "CONNECT": "a bait may be a forward proxy, which asks for a login",
    "OPTIONS": "WebDAV clients begin so, and go away unless they are asked for a login",
    "PROPFIND": "a bait may be a WebDAV folder, which asks for a login",
    "a method of no standard": "the parser knows the methods that there are, and refuses others as bad requests",
    "a bad chunk": "nothing is answered before the body is on record, so that what is wrong with it is seen",
}
"""What differs from a real nginx, and why it has to."""


@pytest.fixture(scope="module")
def real_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    index = Identity(bytes(32)).host.welcome()[1]
    with real_servers.nginx(tmp_path_factory.mktemp("nginx") / "one", index) as address:
        yield address


def said(address: tuple[str, int], request: bytes) -> str:
    """Status, headers in their order and body; dates, validators and the release taken out."""
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        sock.sendall(request)
        sock.shutdown(socket.SHUT_WR)
        text = b"".join(iter(lambda: sock.recv(65_536), b"")).decode("latin-1")
    text = re.sub(r"(?m)^(Date|Last-Modified|ETag): [^\r]+", r"\1: *", text)
    text = re.sub(r"(?m)^Content-Length: \d+", "Content-Length: *", text)
    return re.sub(r"nginx(?:/[\d.]+)?(?: \(Ubuntu\))?", "nginx", text)


@pytest.fixture(scope="module")
def trap(start_front: Any) -> Any:
    """A front whose root is the package's page."""
    key = next(key for key in (bytes([one]) * 32 for one in range(256)) if Identity(key).host.root == 200)
    return start_front(prepare=lambda home: (home.keys.folder / "front").write_text(key.hex()))


@pytest.mark.parametrize("name", CORPUS)
def test_it_answers_as_nginx_does_or_says_why_not(trap: Any, real_nginx: tuple[str, int], name: str) -> None:
    ours, real = said(trap.address, CORPUS[name]), said(real_nginx, CORPUS[name])
    if name in DIFFERENCES:
        assert ours != real, "it need not be listed any more"
    else:
        assert ours == real
