"""Basic in office documents, as [MS-OVBA] 2.4.1 packs it: copies of what came before, and bytes for themselves."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator

_MODULE = re.compile(rb"\x01.[\xb0-\xbf]\0Attribut", re.DOTALL)
"""Where a module begins: the mark, the head of its first chunk, and the word that every module begins with."""
_CHUNK = 4096


def modules(content: bytes | mmap.mmap) -> Iterator[tuple[bytes, bool]]:
    """What each module in ``content`` says, and whether that is all of it."""
    for found in _MODULE.finditer(content):
        yield _unpacked(content, found.start() + 1)


def _unpacked(content: bytes | mmap.mmap, place: int) -> tuple[bytes, bool]:
    """The chunks that begin at ``place``; false where one is damaged."""
    texts: list[bytes] = []
    while place + 2 <= len(content):
        head = int.from_bytes(content[place : place + 2], "little")
        if head >> 12 & 7 != 3:
            break
        end = place + (head & 0xFFF) + 3
        text, sound = _chunk(content[place + 2 : end]) if head >> 15 else (content[place + 2 : end], True)
        texts.append(text)
        if not sound or len(text) < _CHUNK:  # only the last one is shorter
            return b"".join(texts), sound
        place = end
    return b"".join(texts), True


def _chunk(packed: bytes) -> tuple[bytes, bool]:
    out, at = bytearray(), 0
    while at < len(packed):
        flags, at = packed[at], at + 1
        for bit in range(8):
            if at >= len(packed):
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            token, at = int.from_bytes(packed[at : at + 2], "little"), at + 2
            wide = 16 - max(4, (len(out) - 1).bit_length())
            start, length = len(out) - (token >> wide) - 1, (token & (1 << wide) - 1) + 3
            if start < 0 or len(out) + length > _CHUNK:
                return bytes(out), False
            for source in range(start, start + length):
                out.append(out[source])
    return bytes(out), True
