"""The chunked transfer coding (RFC 9112, section 7.1), as far as it goes; also AWS's signed chunks. It is known by
where it begins, and anywhere else where a chunk has the size that it says."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]{0,1000})?[ \t]*\r?\n")

_ESCAPED = re.compile(rb"[0-9A-Fa-f]{0,8}[\\%&=]")
"""A size that is yet to be undone, or the end of its line."""
_BEHIND_HEAD = re.compile(rb"\n\r?\n[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
"""A body that begins so, behind the head of a message or of a part of one."""

_AT_END = re.compile(rb"(?<![0-9A-Fa-f])([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\Z")
_LONGEST, _MOST = 200, 10_000
"""Bytes of a line that ends in a size, and the lines of a text that are looked at."""


class ChunkedDecoder(Decoder):
    """``Transfer-Encoding: chunked``."""

    name = "chunked"
    signs = ((b"hunked", rb"hunked[ \t]*\r?\n"),)
    holds = (b"\r\n",)
    begins = tuple(bytes([digit]) for digit in b"123456789abcdefABCDEF0")
    sieved = True
    cost = 2

    def starts(self, part: bytes) -> bool:
        return _SIZE.match(part) is not None or _ESCAPED.match(part) is not None

    def counted(self, text: bytes) -> bool:
        return _SIZE.match(text) is not None or _BEHIND_HEAD.search(text) is not None

    def decode(self, layer: Layer, found: Found) -> None:
        data = layer.data
        _give(_chunks(data, 0)[0], data, 0, found)
        behind = place = 0
        for _ in range(_MOST):
            place = data.find(b"\r\n", place) + 1
            if not place:
                break
            start = max(data.rfind(b"\n", 0, place - 1) + 1, place - 1 - _LONGEST)
            size = _AT_END.search(data, start, place - 1)
            if size is None or not (at := size.start()) or at < behind or not int(size[1], 16):
                continue
            end = place + 1 + int(size[1], 16)
            if data[end : end + 2] == b"\r\n" and _SIZE.match(data, end + 2):  # another one follows
                joined, behind = _chunks(data, at)
                _give(joined, data, at, found)


def _give(joined: bytes, data: bytes, at: int, found: Found) -> None:
    if joined:
        found.add(joined, data[at : at + 64])


def _chunks(data: bytes, at: int) -> tuple[bytes, int]:
    """What the chunks from ``at`` on hold, and where they end; nothing where there is none."""
    chunks = list[bytes]()
    while match := _SIZE.match(data, at):
        size = int(match[1], 16)
        if size == 0:
            break
        chunks.append(data[match.end() : match.end() + size])
        at = match.end() + size
        if data[at : at + 2] == b"\r\n":
            at += 2
        elif data[at : at + 1] == b"\n":
            at += 1
        elif at < len(data):  # not a chunk after all, or broken: the rest as it is
            if len(chunks) == 1:
                return b"", at
            chunks.append(data[at:])
            break
    return b"".join(chunks), at
