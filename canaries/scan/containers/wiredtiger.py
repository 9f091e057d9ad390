"""MongoDB's own files (WiredTiger): searched as they are, and named, since most of their blocks are packed."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable

_TABLE = b"\x41\xd8\x01\0\x01\0"
"""The magic number 120897 and the major version 1, the lowest byte first (WiredTiger's ``block.h``)."""
_LOG, _LOG_AT = b"\x64\x10\x10\0", 16
"""The magic number 0x101064 behind the head of the log's first record (``log.h``)."""


class WiredTigerContainer(Container):
    name = "wiredtiger"
    raw = True
    complete = False

    def fits(self, head: bytes) -> bool:
        return head.startswith(_TABLE) or head[_LOG_AT:].startswith(_LOG)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Unreadable("", "its blocks may be packed: run mongodump, and scan what that writes")
