"""Members of zip archives (PKWARE's APPNOTE 6.3.10), read from their local headers: also where the archive's end, with
its directory, is missing, or where something stands before it."""

from __future__ import annotations

import bz2
import lzma
import struct
import zlib
from typing import Any

from canaries.decoders import Decoder, Found, Layer
from canaries.decoders._runs import GOES_ON
from canaries.decoders._unpacking import Inflater, unpacked

_MAGIC = b"PK\x03\x04"
_HEADER = struct.Struct("<4sHHHHHIIIHH")
"""APPNOTE, section 4.3.7."""
_STORED, _DEFLATED, _BZIP2, _LZMA, _ZSTD, _XZ = 0, 8, 12, 14, 93, 95
"""Section 4.4.5; zstd and xz are found by their own marks as well."""
_LZMA_HEAD = struct.Struct("<HHBI")
"""A version, the size of what follows, LZMA's properties, the size of its dictionary (section 5.8.8)."""
_MEMORY = 32 << 20
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
        """Give what the member at ``start`` holds; where it ends; ``start`` where it is not sound, perhaps a decoy."""
        if len(data) - start < _HEADER.size:
            return start
        flags: int
        method: int
        size: int
        name: int
        extra: int
        _, _, flags, method, _, _, check, size, _, name, extra = _HEADER.unpack_from(data, start)
        body = start + _HEADER.size + name + extra
        if flags & 1:
            found.note("encrypted")
            return start
        if method == _STORED:
            end = body + size if size and not flags & 8 else data.find(b"PK", body)
            end = end if 0 <= end <= len(data) else len(data)
            found.add(data[body:end], data[start : start + 64])
            return end if zlib.crc32(data[body:end]) == check else start
        if method == _LZMA:
            size = _LZMA_HEAD.size
            program, body = _lzma(data[body : body + size]), body + size
        elif method in (_ZSTD, _XZ):
            return start
        else:
            program = _program(method)
        if program is None or body >= len(data):
            return start
        plain, end, whole = unpacked(program, data, body, found, (zlib.error, OSError, lzma.LZMAError), 1)
        found.add(plain, data[start : start + 64])
        return end if whole else start


def _program(method: int) -> Any:
    if method == _DEFLATED:
        return lambda: Inflater(-15)
    return bz2.BZ2Decompressor if method == _BZIP2 else None


def _lzma(head: bytes) -> Any:
    if len(head) < _LZMA_HEAD.size:
        return None
    _, _, properties, dictionary = _LZMA_HEAD.unpack(head)
    rest, lc = divmod(properties, 9)
    pb, lp = divmod(rest, 5)
    if pb > 4 or lc + lp > 4 or dictionary > _MEMORY:
        return None
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": max(4096, dictionary), "lc": lc, "lp": lp, "pb": pb}]
    return lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)
