"""A file that begins with a zlib stream (RFC 1950): a loose object of git, for one."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._inflated import begins_zlib
from canaries.scan.containers._members import ZlibUnpacker, members


class ZlibContainer(Container):
    name = "zlib"

    def fits(self, head: bytes) -> bool:
        return begins_zlib(head)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield from members(source, lambda: ZlibUnpacker(15), self.fits)
