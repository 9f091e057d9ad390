"""Whether the ClientHello at the beginning of a connection has all come (RFC 8446, sections 4.1.2 and 5.1).

The acceptor must not begin a handshake before: the peeked bytes are the evidence, and they decide the answer.
"""

from __future__ import annotations

from listener.net.peek import PEEK_LIMIT, Peek

HANDSHAKE = 22
"""ContentType of the first record of every TLS connection."""

_RECORD_LIMIT = 16_384 + 256
_HELLO_LIMIT = 65_000


class HelloError(ValueError):
    """These bytes are no ClientHello, nor can more bytes make them one."""


def length(data: bytes) -> int | None:
    """How many bytes the records of the ClientHello take, None where more are needed. Raises HelloError."""
    position, have, wanted = 0, 0, 0
    while position + 5 < len(data):
        size = int.from_bytes(data[position + 3 : position + 5], "big")
        if data[position] != HANDSHAKE or data[position + 1] != 3 or not 0 < size <= _RECORD_LIMIT:
            raise HelloError("not a TLS handshake record")
        if position == 0:
            if data[5] != 1:
                raise HelloError("not a ClientHello")
            if (
                size < 4
            ):  # a header cut over records: legal, never seen from a client, not worth a state machine
                raise HelloError("the ClientHello begins with a fragment")
            if len(data) < 9:
                return None
            wanted = 4 + int.from_bytes(data[6:9], "big")
            if wanted > _HELLO_LIMIT:
                raise HelloError("the ClientHello is too long")
        have += size
        position += 5 + size
        if have >= wanted:
            return position if position <= len(data) else None
    return None


async def collect(peek: Peek) -> tuple[bytes, bool]:
    """The raw ClientHello and whether OpenSSL may have it: also where it is none, for OpenSSL to refuse it."""
    data = b""
    while True:
        more = await peek.beyond(len(data))
        grown = len(more) > len(data)
        data = more
        try:
            end = length(data)
        except HelloError:
            return data, True
        if end is not None:
            return data[:end], True
        if not grown or len(data) >= PEEK_LIMIT:
            return data, False
