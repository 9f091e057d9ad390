"""zip, and so office documents, packages of many languages and the like."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from canaries.scan.containers import BROKEN, Container, Member, Packed, Unreadable


class ZipContainer(Container):
    name = "zip"

    def fits(self, head: bytes) -> bool:
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with source.file() as file, zipfile.ZipFile(file) as archive:
            yield Member("(names)", io.BytesIO(_names(archive)))
            for info in archive.infolist():
                if info.is_dir():
                    continue
                try:
                    with archive.open(info) as stream:
                        yield Member(info.filename, stream)
                except BROKEN as error:  # encrypted, or packed in a way Python does not know
                    yield Unreadable(info.filename, str(error))


def _names(archive: zipfile.ZipFile) -> bytes:
    """Names and comments: they tell as much as the content."""
    infos = archive.infolist()
    names = "\n".join(info.filename for info in infos).encode("utf-8", "surrogateescape")
    return b"\n".join((names, archive.comment, *(info.comment for info in infos if info.comment)))
