"""zlib streams (RFC 1950) as files."""

from __future__ import annotations

import zlib
from collections.abc import Iterator


class Inflated:
    """What a zlib stream unpacks to. Bytes behind its end are left alone."""

    def __init__(self, packed: Iterator[bytes]) -> None:
        """``packed`` gives the stream in pieces of any size."""
        self._packed = packed
        self._inflate = zlib.decompressobj()

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, 0 is as many as there are room for; none at the end. Raises zlib.error, EOFError."""
        limit = max(0, size)
        while not self._inflate.eof:
            waiting = self._inflate.unconsumed_tail or next(self._packed, b"")
            if plain := self._inflate.decompress(waiting, limit):
                return plain
            if not waiting:
                raise EOFError("the packed bytes end too early")
        return b""


def begins_zlib(head: bytes) -> bool:
    """Whether ``head`` is the beginning of a zlib stream that unpacks to something."""
    if head[:1] != b"x" or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        return bool(zlib.decompressobj().decompress(head, 16))
    except zlib.error:
        return False
