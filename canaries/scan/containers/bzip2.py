"""bzip2, of one stream or several."""

from __future__ import annotations

import bz2
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import members


class Bzip2Container(Container):
    name = "bzip2"

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"BZh")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield from members(source, bz2.BZ2Decompressor, self.fits)
