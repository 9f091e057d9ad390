"""gzip (RFC 1952), of one member or several."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable


class GzipContainer(Container):
    name = "gzip"

    def fits(self, head: bytes) -> bool:
        return head.startswith(b"\x1f\x8b\x08")

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        yield Member("", gzip.GzipFile(fileobj=source))  # type: ignore[call-overload]
