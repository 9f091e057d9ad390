"""xz, and the older lzma form."""

from __future__ import annotations

import lzma
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import members


class XzContainer(Container):
    name = "xz"

    def fits(self, head: bytes) -> bool:
        return head.startswith((b"\xfd7zXZ\0", b"\x5d\0\0\x80\0", b"\x5d\0\0\x00\x04"))

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield from members(source, lzma.LZMADecompressor, self.fits)
