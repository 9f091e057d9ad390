"""Members of zip archives (PKWARE's APPNOTE 6.3.10), read from their local headers: also where the archive's end, with
its directory, is missing, or where something stands before it."""

from __future__ import annotations

import bz2
import struct
import zlib
from typing import Any

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import GOES_ON
from canaries.decoders._unpacking import Inflater, unpacked

_MAGIC = b"PK\x03\x04"
_HEADER = struct.Struct("<4sHHHHHIIIHH")
"""APPNOTE, section 4.3.7."""
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
_MOST = 10_000


class ZipDecoder(Decoder):
    """``.zip``, office documents, ``.jar``."""

    name = "zip"
    signs = ((b"UEsDB", rb"UEsDB" + GOES_ON),)
    holds = (_MAGIC,)

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        start = data.find(_MAGIC)
        for _ in range(_MOST):
            if start < 0 or not found.room:
                return
            end = self._member(data, start, found)
            start = data.find(_MAGIC, max(end, start + 4))
        found.note("fields")

    @staticmethod
    def _member(data: bytes, start: int, found: Found) -> int:
        """Give what the member at ``start`` holds; where it ends, as far as that is known."""
        if len(data) - start < _HEADER.size:
            return start
        flags: int
        method: int
        size: int
        name: int
        extra: int
        _, _, flags, method, _, _, _, size, _, name, extra = _HEADER.unpack_from(data, start)
        body = start + _HEADER.size + name + extra
        if flags & 1:
            found.note("encrypted")
            return body
        if method == _STORED:
            end = body + size if size and not flags & 8 else data.find(b"PK", body)
            end = end if 0 <= end <= len(data) else len(data)
            found.add(data[body:end], data[start : start + 64])
            return end
        program = _program(method)
        if program is None or body >= len(data):
            return body
        plain, end, _ = unpacked(program, data, body, found, (zlib.error, OSError), 1)
        found.add(plain, data[start : start + 64])
        return end


def _program(method: int) -> Any:
    if method == _DEFLATED:
        return lambda: Inflater(-15)
    return bz2.BZ2Decompressor if method == _BZIP2 else None
