"""Zstandard (RFC 8878), frames that are to be skipped included."""

from __future__ import annotations

from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import members
from canaries.scan.containers._zstd import ZstandardFrame

_FRAME = b"\x28\xb5\x2f\xfd"
_SKIPPED = b"\x2a\x4d\x18"
"""Behind one of sixteen first bytes (section 3.1.2)."""


class ZstandardContainer(Container):
    name = "zstandard"

    def fits(self, head: bytes) -> bool:
        return head.startswith(_FRAME) or (head[1:4] == _SKIPPED and 0x50 <= head[0] <= 0x5F)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield from members(source, ZstandardFrame, self.fits)
