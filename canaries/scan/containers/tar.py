"""tar, in any of its forms; the compressed ones are opened by their own containers first."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable

_MAGIC_AT = 257


class TarContainer(Container):
    name = "tar"

    def fits(self, head: bytes) -> bool:
        return head[_MAGIC_AT : _MAGIC_AT + 5] == b"ustar"

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with tarfile.open(fileobj=source, mode="r|", errorlevel=2) as archive:  # type: ignore[call-overload]
            for info in archive:
                if info.isfile() and (stream := archive.extractfile(info)) is not None:
                    yield Member(info.name, stream)
