"""PDF (ISO 32000-2): its deflated streams. Text that a document writes letter by letter is not put together."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._inflated import Inflated, begins_zlib
from canaries.scan.containers._mapped import mapped

_STREAM = re.compile(rb"stream\r?\n(?=x)")
_CHUNK = 1 << 16
_UNREAD = (b"LZWDecode", b"ASCII85Decode", b"RunLengthDecode")
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
            for filter_name in _UNREAD:
                if content.find(b"/" + filter_name) >= 0:
                    yield Unreadable("", f"its streams of {filter_name.decode()} are not opened")
            if encrypted:
                yield Unreadable("", "the document is encrypted")


def _from(content: mmap.mmap, start: int) -> Iterator[bytes]:
    for place in range(start, len(content), _CHUNK):
        yield content[place : place + _CHUNK]
