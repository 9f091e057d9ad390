"""PDF (ISO 32000-2): its streams, deflated, in ASCII85 or in hexadecimal (7.4). Text that a document writes letter by
letter is not put together."""

from __future__ import annotations

import base64
import binascii
import io
import mmap
import re
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._inflated import Inflated, begins_zlib
from canaries.scan.containers._mapped import mapped

_STREAM = re.compile(rb"stream\r?\n(?=x)")
_IN_LETTERS = re.compile(rb"/(?:ASCII85Decode|A85|ASCIIHexDecode|AHx)\b[^>]{0,400}>>\s{0,9}stream\r?\n")
_CHUNK = 1 << 16
_LONGEST = 64 << 20
_UNREAD = (b"LZWDecode", b"RunLengthDecode")
"""Filters of text that are not undone; those of pictures (DCTDecode and its like) hold none."""


class PdfContainer(Container):
    name = "pdf"
    raw = True

    def fits(self, head: bytes) -> bool:
        return head.lstrip(b"\0\xef\xbb\xbf \t\r\n").startswith(b"%PDF-")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with mapped(source) as content:
            encrypted = content.find(b"/Encrypt") >= 0
            for number, found in enumerate(_STREAM.finditer(content), 1):
                if begins_zlib(content[found.end() : found.end() + _CHUNK]):
                    yield Member(f"stream {number}", Inflated(_from(content, found.end())))
            yield from _in_letters(content)
            for filter_name in _UNREAD:
                if content.find(b"/" + filter_name) >= 0:
                    yield Unreadable("", f"its streams of {filter_name.decode()} are not opened")
            if encrypted:
                yield Unreadable("", "the document is encrypted")


def _from(content: mmap.mmap, start: int) -> Iterator[bytes]:
    for place in range(start, len(content), _CHUNK):
        yield content[place : place + _CHUNK]


def _in_letters(content: mmap.mmap) -> Iterator[Member | Unreadable]:
    """Streams that were made text of."""
    for number, found in enumerate(_IN_LETTERS.finditer(content), 1):
        name, end = f"stream {number} in letters", content.find(b"endstream", found.end())
        if end < 0 or end - found.end() > _LONGEST:
            yield Unreadable(name, "it has no end, or is longer than 64 MB")
            continue
        said = content[found.end() : end]
        try:
            data = _letters(said, hexadecimal=b"Hex" in found[0] or b"/AHx" in found[0])
        except ValueError:
            yield Unreadable(name, "it is not what its filter makes")
            continue
        yield Member(name, Inflated(iter((data,))) if begins_zlib(data[:_CHUNK]) else io.BytesIO(data))


def _letters(said: bytes, *, hexadecimal: bool) -> bytes:
    """What ASCII85 or hexadecimal stands for, up to its end mark. Raises ValueError."""
    said = b"".join(said.split())
    if hexadecimal:
        digits = said.partition(b">")[0]
        return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
    return base64.a85decode(said.partition(b"~>")[0])
