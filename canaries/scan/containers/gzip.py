"""gzip (RFC 1952), of one member or several."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import ZlibUnpacker, members


class GzipContainer(Container):
    name = "gzip"

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"\x1f\x8b\x08")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield from members(source, lambda: ZlibUnpacker(31), self.fits)
