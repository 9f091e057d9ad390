"""lz4's frames, by its package (extra ``archives``); named where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.core import extras
from canaries.core.errors import MissingExtraError
from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import members

_FRAME = b"\x04\x22\x4d\x18"


class Lz4Container(Container):
    name = "lz4"

    def fits(self, head: bytes) -> bool:
        return head.startswith(_FRAME)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        try:
            extras.require("lz4.frame", "archives", "reading what lz4 packed")
        except MissingExtraError:
            yield Unreadable("", "packed with lz4: unpack it first, or pip install 'trapline[archives]'")
            return
        from lz4.frame import LZ4FrameDecompressor

        yield from members(source, LZ4FrameDecompressor, self.fits)
