"""A file that is one zlib stream (RFC 1950): a loose object of git, for one."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._inflated import Inflated, begins_zlib

_CHUNK = 1 << 16


class ZlibContainer(Container):
    name = "zlib"

    def fits(self, head: bytes) -> bool:
        return begins_zlib(head)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Member("", Inflated(iter(lambda: source.read(_CHUNK), b"")))
