"""What a client sends through a tunnel that was granted to it: the first bytes, and there it ends.

Nothing is forwarded, and TLS inside is not terminated: the names that are asked for through a proxy are other people's,
and so is what would be said to them. The ClientHello, or the head of a request in clear, is what the client volunteers.
"""

from __future__ import annotations

from listener.net import client_hello
from listener.net.connection import Connection, ExpiredError

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
"""In the words of most proxies; no length and no body (RFC 9110, section 9.3.6)."""

KEPT = 16_384
"""Bytes."""


async def opening(connection: Connection, begun: bytes, seconds: float) -> bytes:
    """The first bytes of the tunnel, ``begun`` among them: whole where they are a ClientHello or the head of a request.

    Empty where the client waits for the other side to speak first, or goes.
    """
    data = begun
    connection.deadline = connection.now() + seconds
    try:
        while not complete(data):
            more = await connection.read()
            if not more:
                break
            data += more
    except ExpiredError:
        pass
    return data[:KEPT]


def complete(data: bytes) -> bool:
    """Whether more bytes would say no more of who speaks."""
    if not data or len(data) >= KEPT:
        return bool(data)
    if data[0] == client_hello.HANDSHAKE:
        try:
            return client_hello.length(data) is not None
        except client_hello.HelloError:
            return True
    return b"\n\r\n" in data or not data[:3].isalpha() or not data[:3].isupper()
