"""A TLS ClientHello taken apart (RFC 8446, section 4.1.2), and the texts that a client may fill in as it likes.

Tolerant: a hello that ends too soon gives what was there. Raises on no bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

CLIENT_HELLO = 1
_SNI, _ALPN = 0, 16
_SHARED_KEYS, _COOKIE = 41, 44
_NUMBERS = frozenset((5, 10, 11, 13, 17, 22, 23, 27, 28, 34, 43, 45, 49, 50, 51, 17_513, 65_037, 65_281))
"""Extensions of numbers, keys and what is encrypted (IANA, "TLS ExtensionType Values")."""
GREASE = frozenset(0x0A0A + 0x1010 * step for step in range(16))
"""RFC 8701: values clients put in to keep servers tolerant; JA4 leaves them out everywhere."""


def texts(records: bytes) -> list[bytes]:
    """What a client may fill in as it likes, each without the length before it: names of servers and protocols as they
    came, tickets and identities of sessions, extensions of no known sort. Keys and lists of numbers are left out."""
    message = handshake(records)
    if len(message) < 38 or message[0] != CLIENT_HELLO:
        return []
    body = memoryview(message)[4:]
    at = 34
    found = [bytes(body[at + 1 : at + 1 + uint(body, at, 1)])]
    at += 1 + uint(body, at, 1)
    at += 2 + uint(body, at, 2)
    at += 1 + uint(body, at, 1)
    for kind, data in extensions(body[at + 2 :]):
        if kind == _SNI:
            found.append(bytes(data[5 : 5 + uint(data, 3, 2)]))
        elif kind == _ALPN:
            found += protocols(data)
        elif kind == _SHARED_KEYS:
            found.append(bytes(data[4 : 4 + uint(data, 2, 2)]))
        elif kind == _COOKIE:
            found.append(bytes(data[2:]))
        elif kind not in _NUMBERS and kind not in GREASE:
            found.append(bytes(data))
    return [text for text in found if any(text)]


def handshake(records: bytes) -> bytes:
    """The first handshake message, put together from as many records as it takes, as far as it came."""
    message = bytearray()
    at = 0
    while records[at : at + 1] == b"\x16" and len(records) - at > 5:
        length = int.from_bytes(records[at + 3 : at + 5], "big")
        message += records[at + 5 : at + 5 + length]
        at += 5 + length
        if len(message) >= 4 + int.from_bytes(message[1:4], "big"):
            return bytes(message[: 4 + int.from_bytes(message[1:4], "big")])
    return bytes(message)


def uint(data: memoryview, at: int, width: int) -> int:
    """A number of ``width`` bytes."""
    return int.from_bytes(data[at : at + width], "big")


def extensions(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """(type, content) of each, in their order."""
    at = 0
    while at + 4 <= len(data):
        length = uint(data, at + 2, 2)
        yield uint(data, at, 2), data[at + 4 : at + 4 + length]
        at += 4 + length


def protocols(data: memoryview) -> Iterator[bytes]:
    """RFC 7301, section 3.1: list length, then each name behind its length byte."""
    at = 2
    while at < len(data):
        length = data[at]
        yield bytes(data[at + 1 : at + 1 + length])
        at += 1 + length
