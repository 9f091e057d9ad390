"""tar, in any of its forms; the compressed ones are opened by their own containers first."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

from canaries.scan.containers import Container, Member, Packed, Unreadable
from canaries.scan.containers._members import Behind

_MAGIC_AT = 257
_BLOCK = 1 << 16


class TarContainer(Container):
    name = "tar"

    def fits(self, head: bytes) -> bool:
        return head[_MAGIC_AT : _MAGIC_AT + 5] == b"ustar"

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        names: list[str] = []
        with tarfile.open(fileobj=source, mode="r|", errorlevel=2) as archive:  # type: ignore[call-overload]
            for info in archive:
                names += (info.name, info.linkname, *info.pax_headers.values())
                known = info.type in tarfile.SUPPORTED_TYPES  # else its data are as those of a file
                if (info.isfile() or not known) and (stream := archive.extractfile(info)) is not None:
                    yield Member(info.name, stream)
        yield Member("(names)", io.BytesIO("\n".join(names).encode("utf-8", "surrogateescape")))
        if behind := source.read(_BLOCK).lstrip(b"\0"):
            yield Member("(behind the end)", Behind(behind, source))
