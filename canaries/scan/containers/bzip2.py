"""bzip2, of one stream or several."""

from __future__ import annotations

import bz2
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable


class Bzip2Container(Container):
    name = "bzip2"

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"BZh")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Member("", bz2.BZ2File(source))  # type: ignore[call-overload]
