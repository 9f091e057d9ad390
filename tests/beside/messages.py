"""Messages of some protocols, well formed and not, for corpora."""

from __future__ import annotations

import struct


def lines(*texts: str) -> list[bytes]:
    return [f"{text}\r\n".encode() for text in texts]


def startup(*values: str, version: int = 196_608) -> bytes:
    """PostgreSQL's StartupMessage."""
    body = struct.pack(">I", version) + b"".join(value.encode() + b"\0" for value in values) + b"\0"
    return struct.pack(">I", 4 + len(body)) + body


def postgres(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">I", 4 + len(body)) + body


def connect(
    level: int,
    *,
    name: bytes = b"MQTT",
    flags: int = 0xC2,
    client: bytes = b"c",
    login: tuple[bytes, ...] = (),
) -> bytes:
    """MQTT's CONNECT."""
    texts = b"".join(struct.pack(">H", len(text)) + text for text in (client, *login))
    body = (
        struct.pack(">H", len(name))
        + name
        + bytes([level, flags, 0, 60])
        + (b"\0" if level == 5 else b"")
        + texts
    )
    return b"\x10" + bytes([len(body)]) + body


def ldap(number: int, operation: bytes) -> bytes:
    body = b"\x02\x01" + bytes([number]) + operation
    return b"\x30" + bytes([len(body)]) + body


def bind(name: bytes, password: bytes, version: int = 3) -> bytes:
    body = (
        b"\x02\x01"
        + bytes([version])
        + b"\x04"
        + bytes([len(name)])
        + name
        + b"\x80"
        + bytes([len(password)])
        + password
    )
    return b"\x60" + bytes([len(body)]) + body
