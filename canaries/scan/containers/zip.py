"""zip, and so office documents, packages of many languages and the like."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import IO

from canaries.scan.containers import BROKEN, Container, Member, Packed, Unreadable

_CUT = b"PK\x07\x08PK\x03\x04"
"""What was cut into parts and joined again (APPNOTE, 8.5.3)."""
_LOCAL, _LENGTHS = b"PK\x03\x04", 30


class ZipContainer(Container):
    name = "zip"

    def fits(self, head: bytes) -> bool:
        return head.startswith((b"PK\x03\x04", b"PK\x05\x06", _CUT))

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        with source.file() as file, _directory(file) as archive:
            if source.head.startswith(_CUT):
                _find_again(archive.infolist(), file)
            yield Member("(names)", io.BytesIO(_names(archive)))
            for info in archive.infolist():
                if info.is_dir():
                    continue
                try:
                    with archive.open(info) as stream:
                        yield Member(info.filename, stream)
                except BROKEN as error:  # encrypted, or packed in a way Python does not know
                    yield Unreadable(info.filename, str(error))


def _directory(file: IO[bytes]) -> zipfile.ZipFile:
    """Raises BadZipFile."""
    try:
        return zipfile.ZipFile(file)
    except ValueError as error:  # from a seek
        raise zipfile.BadZipFile("its directory points to where nothing is") from error


def _names(archive: zipfile.ZipFile) -> bytes:
    """Names and comments: they tell as much as the content."""
    infos = archive.infolist()
    names = "\n".join(info.filename for info in infos).encode("utf-8", "surrogateescape")
    return b"\n".join((names, archive.comment, *(info.comment for info in infos if info.comment)))


def _find_again(infos: list[zipfile.ZipInfo], file: IO[bytes]) -> None:
    """Set where each member begins: the directory counts from the beginning of the part that it was in."""
    place = len(_CUT) - len(_LOCAL)
    for info in infos:
        place = _next_local(file, place)
        file.seek(place)
        head = file.read(_LENGTHS)
        info.header_offset = place
        place += _LENGTHS + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        place += info.compress_size


def _next_local(file: IO[bytes], place: int) -> int:
    """Where from ``place`` on a member begins: at most a data descriptor is before it. Raises BadZipFile."""
    file.seek(place)
    found = file.read(64).find(_LOCAL)
    if found < 0:
        raise zipfile.BadZipFile("its members are not where they should be")
    return place + found
