"""What a proxy changes of MySQL's first packets: capabilities that it cannot follow, and packet numbers where TLS is on
one side alone.

"Protocol::HandshakeV10", "Protocol::HandshakeResponse41", "Protocol::SSLRequest". Compression, query attributes,
results without metadata and MariaDB's extensions are not offered to the client, which then does without them.
"""

from __future__ import annotations

from listener.wire_proxy.frames import WireError
from listener.wire_proxy.mysql_login import SSL

_COMPRESS, _NO_METADATA, _ZSTD, _ATTRIBUTES = 1 << 5, 1 << 25, 1 << 26, 1 << 27
_NOT_OFFERED = _COMPRESS | _NO_METADATA | _ZSTD | _ATTRIBUTES
_CLIENT_MYSQL = 1
"""Not set: a MariaDB, whose last four reserved bytes are capabilities as well."""
_BULK = 1 << 2
"""MARIADB_CLIENT_STMT_BULK_OPERATIONS: the only one of those that passes."""
_VERSION = 10
NO_TLS = b"\xff\x57\x0c#HY000Connections using insecure transport are prohibited."
"""ERR 3159 (ER_SECURE_TRANSPORT_REQUIRED)."""


def packet(number: int, body: bytes) -> bytes:
    """A packet that is shorter than 16 MiB."""
    return len(body).to_bytes(3, "little") + bytes([number & 0xFF]) + body


def greeting(body: bytes, *, tls: bool) -> tuple[bytes, bool]:
    """(the server's greeting for the client, whether the server speaks TLS). Raises WireError where it is none."""
    place = body.find(b"\0") + 1 + 4 + 8 + 1
    if body[:1] != bytes([_VERSION]) or len(body) < place + 18:
        raise WireError("the server's greeting is not that of protocol 10")
    flags = int.from_bytes(body[place : place + 2] + body[place + 5 : place + 7], "little")
    spoken = bool(flags & SSL)
    changed = (flags & ~_NOT_OFFERED & ~SSL) | (SSL if tls else 0)
    low, high = changed.to_bytes(4, "little")[:2], changed.to_bytes(4, "little")[2:]
    more = int.from_bytes(body[place + 14 : place + 18], "little")
    more = more if flags & _CLIENT_MYSQL else more & _BULK
    parts = (body[:place], low, body[place + 2 : place + 5], high, body[place + 7 : place + 14])
    return b"".join(parts) + more.to_bytes(4, "little") + body[place + 18 :], spoken


def wants_tls(body: bytes) -> bool:
    """Whether a client's first packet is an SSLRequest. Raises WireError for clients from before MySQL 4.1."""
    if len(body) < 32 or not body[1] & 0x02:  # CLIENT_PROTOCOL_41
        raise WireError("a client from before MySQL 4.1")
    return len(body) == 32 and bool(int.from_bytes(body[:4], "little") & SSL)


def response(body: bytes, *, tls: bool) -> bytes:
    """A HandshakeResponse for the server, to which the proxy speaks TLS or does not."""
    flags = int.from_bytes(body[:4], "little")
    return ((flags & ~SSL) | (SSL if tls else 0)).to_bytes(4, "little") + body[4:]


def tls_request(body: bytes) -> bytes:
    """An SSLRequest with what a HandshakeResponse says."""
    return response(body, tls=True)[:32]


class NumberShift:
    """Packets of the login numbered anew: TLS on one side alone takes one number more there."""

    def __init__(self, by: int) -> None:
        """``by``: how much higher the server's side counts."""
        self._by = by
        self._client, self._server = bytearray(), bytearray()
        self.done = by == 0
        """After the server's last packet of the login everything passes as it is."""

    def to_server(self, data: bytes) -> bytes:
        """What the client sends."""
        return (
            data
            if self.done and not self._client
            else self._shifted(self._client, data, self._by, last=False)
        )

    def to_client(self, data: bytes) -> bytes:
        """What the server sends."""
        return (
            data
            if self.done and not self._server
            else self._shifted(self._server, data, -self._by, last=True)
        )

    def _shifted(self, buffer: bytearray, data: bytes, by: int, *, last: bool) -> bytes:
        buffer += data
        out = bytearray()
        while not self.done and len(buffer) >= 4:
            end = 4 + int.from_bytes(buffer[:3], "little")
            if len(buffer) < end:
                break
            out += packet(buffer[3] + by, bytes(buffer[4:end]))
            self.done = last and bytes(buffer[4:5]) in (b"\x00", b"\xff")
            del buffer[:end]
        if self.done:
            out += buffer
            buffer.clear()
        return bytes(out)
