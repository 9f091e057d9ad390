"""A WebSocket is granted as nginx grants it where it stands before a server that speaks it, aiohttp's here."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests import real_servers, steady
from tests.beside.http_answers import Address

SERVER = """
import sys
from aiohttp import web

async def talk(request):
    answer = web.WebSocketResponse(protocols=("mqtt", "stomp"))
    await answer.prepare(request)
    async for _ in answer:
        pass
    return answer

app = web.Application()
app.router.add_get("/ws", talk)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
UPGRADE, VERSION = b"Upgrade: websocket\r\n", b"Sec-WebSocket-Version: 13\r\n"
CONNECTION = b"Connection: Upgrade\r\n"
GRANTED = {
    "usual": UPGRADE + CONNECTION + KEY + VERSION,
    "a sub-protocol": UPGRADE + CONNECTION + KEY + VERSION + b"Sec-WebSocket-Protocol: mqtt\r\n",
    "two sub-protocols": UPGRADE + CONNECTION + KEY + VERSION + b"Sec-WebSocket-Protocol: stomp, foo\r\n",
    "no connection": UPGRADE + KEY + VERSION,
    "another spelling": b"upgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n" + KEY + VERSION,
    "an older version": UPGRADE + CONNECTION + KEY + b"Sec-WebSocket-Version: 8\r\n",
}
REFUSED = {
    "no key": UPGRADE + CONNECTION + VERSION,
    "a short key": UPGRADE + CONNECTION + VERSION + b"Sec-WebSocket-Key: abc\r\n",
    "no version": UPGRADE + CONNECTION + KEY,
    "another version": UPGRADE + CONNECTION + KEY + b"Sec-WebSocket-Version: 99\r\n",
    "HTTP/2": CONNECTION + b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
}
"""By the server behind, in its own words: the trap answers these as any request to a page."""


def head(address: Address, fields: bytes, version: bytes = b"1.1") -> bytes:
    """Of the answer, without date and release."""
    with socket.create_connection(address, timeout=steady.PATIENCE) as sock:
        sock.sendall(b"GET /ws HTTP/%b\r\nHost: x\r\n%b\r\n" % (version, fields))
        said = b""
        while b"\r\n\r\n" not in said and (data := sock.recv(65_536)):
            said += data
    said = re.sub(rb"nginx(?:/[\d.]+)?(?: \(Ubuntu\))?", b"nginx", said.partition(b"\r\n\r\n")[0])
    return re.sub(rb"Date: [^\r]+", b"Date: *", said)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """nginx before aiohttp."""
    port = steady.free_port()
    behind = subprocess.Popen([sys.executable, "-c", SERVER, str(port)])
    try:
        with real_servers.nginx(tmp_path_factory.mktemp("nginx") / "one", b"", passes=port) as address:
            usual = GRANTED["usual"]
            steady.until(lambda: head(address, usual).startswith(b"HTTP/1.1 101"), "aiohttp does not answer")
            yield address
    finally:
        behind.terminate()
        behind.wait(steady.PATIENCE)


@pytest.mark.parametrize("case", GRANTED)
@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
def test_it_is_granted_as_by_nginx(front: Any, real: Address, case: str, version: bytes) -> None:
    said = head(front.address, GRANTED[case], version)
    assert said == head(real, GRANTED[case], version)
    assert said.startswith(
        b"HTTP/1.1 101 Switching Protocols\r\nServer: nginx\r\nDate: *\r\nConnection: upgrade\r\n"
    )


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_real_one_refuses_is_not_granted(front: Any, real: Address, case: str) -> None:
    assert head(real, REFUSED[case]).startswith(b"HTTP/1.1 400 ")
    assert not head(front.address, REFUSED[case]).startswith(b"HTTP/1.1 101 ")
