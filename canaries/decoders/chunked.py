"""The chunked transfer coding (RFC 9112, section 7.1), as far as it goes; also AWS's signed chunks."""

from __future__ import annotations

import re

from canaries.decoders import Decoder, Found, Layer

_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]{0,1000})?[ \t]*\r?\n")

_ESCAPED = re.compile(rb"[0-9A-Fa-f]{0,8}[\\%&=]")
"""A size that is yet to be undone, or the end of its line."""
_BEHIND_HEAD = re.compile(rb"\n\r?\n[0-9A-Fa-f]{1,8}[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
"""A body that begins so, behind the head of a message or of a part of one."""


class ChunkedDecoder(Decoder):
    """``Transfer-Encoding: chunked``."""

    name = "chunked"
    signs = ((b"hunked", rb"hunked[ \t]*\r?\n"),)
    begins = tuple(bytes([digit]) for digit in b"123456789abcdefABCDEF0")
    sieved = True
    cost = 2

    def starts(self, part: bytes) -> bool:
        return _SIZE.match(part) is not None or _ESCAPED.match(part) is not None

    def counted(self, text: bytes) -> bool:
        return _SIZE.match(text) is not None or _BEHIND_HEAD.search(text) is not None

    def decode(self, layer: Layer, found: Found) -> None:
        data, at = layer.data, 0
        chunks: list[bytes] = []
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
                    return
                chunks.append(data[at:])
                break
        found.add(b"".join(chunks), data[:64])
