"""MySQL's packets, and the compressed ones around them (the server's documentation, "Compression").

A compressed packet holds any part of what would have been sent: several packets, one, or less.
"""

from __future__ import annotations

import zlib

COMPRESSES = 1 << 5
"""A capability: what both sides have is used behind the login. Servers offer Zstandard too, clients do without."""
_HEAD, _OUTER_HEAD = 4, 7
_SHORTEST = 50
"""Bytes that are compressed at least (``MIN_COMPRESS_LENGTH``)."""


class PacketStream:
    """The packets of one connection, numbered on in either direction."""

    def __init__(self, longest: int) -> None:
        """``longest``: bytes of a packet that is taken, and of what a compressed one holds."""
        self._longest = longest
        self._compressed = False
        self._plain = bytearray()
        self._number = self._outer = 0

    def take(self, came: bytearray) -> bytes | None:
        """The body of the next packet, taken out of the bytes that ``came``; None as long as it is not complete.

        Raises ValueError where one is too long or not what it says, zlib.error where it is not compressed.
        """
        if not self._compressed:
            return self._packet(came)
        while (body := self._packet(self._plain)) is None:
            part = self._part(came)
            if part is None:
                return None
            self._plain += part
        return body

    def packets(self, *bodies: bytes) -> bytes:
        """Bodies as the client is sent them."""
        out = b""
        for body in bodies:
            out += len(body).to_bytes(3, "little") + bytes([self._number & 0xFF]) + body
            self._number += 1
        if not self._compressed:
            return out
        packed, plain = (zlib.compress(out), len(out)) if len(out) >= _SHORTEST else (out, 0)
        self._outer += 1
        number = bytes([self._outer - 1 & 0xFF])
        return len(packed).to_bytes(3, "little") + number + plain.to_bytes(3, "little") + packed

    def compress(self) -> None:
        """From here on."""
        self._compressed = True

    def _packet(self, buffer: bytearray) -> bytes | None:
        if len(buffer) < _HEAD:
            return None
        size = self._checked(int.from_bytes(buffer[:3], "little"))
        if len(buffer) < _HEAD + size:
            return None
        self._number = buffer[3] + 1
        body = bytes(buffer[_HEAD : _HEAD + size])
        del buffer[: _HEAD + size]
        return body

    def _part(self, came: bytearray) -> bytes | None:
        """What the next compressed packet holds."""
        if len(came) < _OUTER_HEAD:
            return None
        size = self._checked(int.from_bytes(came[:3], "little"))
        plain = self._checked(int.from_bytes(came[4:7], "little"))
        if len(came) < _OUTER_HEAD + size:
            return None
        self._outer = came[3] + 1
        part = bytes(came[_OUTER_HEAD : _OUTER_HEAD + size])
        del came[: _OUTER_HEAD + size]
        if not plain:
            return part
        unpacked = zlib.decompressobj().decompress(part, plain + 1)
        if len(unpacked) != plain:
            raise ValueError("a compressed packet holds another number of bytes than it says")
        return unpacked

    def _checked(self, size: int) -> int:
        if size > self._longest:
            raise ValueError("the packet is too long")
        return size
