"""What a client of TLS says before any protocol, and what it says inside."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Callable

from tests.carried import Door, anything, carries


def _block(data: bytes, width: int) -> bytes:
    return len(data).to_bytes(width, "big") + data


def _hello(*extensions: tuple[int, bytes]) -> bytes:
    """A ClientHello (RFC 8446, section 4.1.2)."""
    body = b"\3\3" + bytes(range(32)) + _block(bytes(32), 1) + _block(b"\x13\x01\xc0\x2f", 2) + b"\x01\0"
    told = (
        (43, _block(b"\3\4\3\3", 1)),
        (10, _block(b"\0\x1d", 2)),
        (13, _block(b"\4\3\x08\4", 2)),
        *extensions,
    )
    body += _block(b"".join(struct.pack(">H", kind) + _block(data, 2) for kind, data in told), 2)
    return b"\x16\3\1" + _block(b"\x01" + _block(body, 3), 2)


def _named(data: bytes) -> bytes:
    return _hello((0, _block(b"\0" + _block(data, 2), 2)))


@carries("http server name of TLS", anything)
def _(data: bytes, door: Door) -> bytes:
    return _named(data)


@carries("http protocol of TLS", lambda data: 0 < len(data) < 256)
def _(data: bytes, door: Door) -> bytes:
    return _hello((16, _block(_block(b"h2", 1) + _block(data, 1), 2)))


@carries("http ticket of TLS", anything)
def _(data: bytes, door: Door) -> bytes:
    return _hello((35, data))


@carries("http identity of a shared key of TLS", lambda data: len(data) < 8000)
def _(data: bytes, door: Door) -> bytes:
    return _hello((41, _block(_block(data, 2) + bytes(4), 2) + _block(_block(bytes(32), 1), 2)))


@carries("http unknown extension of TLS", anything)
def _(data: bytes, door: Door) -> bytes:
    return _hello((4711, data))


def _asks(sock: socket.socket, said: bytes) -> bytes:
    """PostgreSQL's way: ask for TLS in clear, and wait for the one letter that grants it."""
    sock.sendall(struct.pack(">II", 8, 80877103))
    assert sock.recv(1) == b"S"
    return said


@carries("postgres server name of TLS", anything, opens=_asks)
def _(data: bytes, door: Door) -> bytes:
    return _named(data)


def _inside(
    before: Callable[[socket.socket, bytes], bytes] | None,
) -> Callable[[socket.socket, bytes], bytes]:
    """All that is said goes through TLS, after ``before``."""

    def opens(sock: socket.socket, said: bytes) -> bytes:
        if before:
            before(sock, b"")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context.wrap_bio(came, goes, server_hostname="a.example")
        while True:
            try:
                session.do_handshake()
            except ssl.SSLWantReadError:
                sock.sendall(goes.read())
                came.write(sock.recv(65_536))
            else:
                break
        session.write(said)
        with_end = goes.read()
        try:
            session.unwrap()
        except ssl.SSLWantReadError:
            with_end += goes.read()
        return with_end

    return opens


@carries("http body over TLS", anything, opens=_inside(None))
def _(data: bytes, door: Door) -> bytes:
    head = b"POST /api HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    return head % len(data) + data


@carries(
    "postgres password over TLS",
    lambda data: anything(data) and b"\0" not in data,
    opens=_inside(_asks),
)
def _(data: bytes, door: Door) -> bytes:
    startup = struct.pack(">I", 3 << 16) + b"user\0bob\0\0"
    return (
        struct.pack(">I", len(startup) + 4) + startup + b"p" + struct.pack(">I", len(data) + 5) + data + b"\0"
    )
