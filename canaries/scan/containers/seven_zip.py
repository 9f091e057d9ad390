"""7z archives, by py7zr (extra ``archives``); named where it is not installed."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Iterator
from typing import IO, Any

from canaries.core import extras
from canaries.core.errors import MissingExtraError
from canaries.scan.containers import Container, Member, Packed, Unreadable

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_IN_MEMORY = 16 << 20
MOST = 4 << 30
"""Bytes that an archive may unpack to: they are put on the disk meanwhile."""


class SevenZipContainer(Container):
    name = "7z"

    def fits(self, head: bytes) -> bool:
        return head.startswith(_MAGIC)

    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        try:
            extras.require("py7zr", "archives", "reading a 7z archive")
        except MissingExtraError:
            yield Unreadable("", "a 7z archive: unpack it first, or pip install 'trapline[archives]'")
            return
        with source.file() as file, tempfile.SpooledTemporaryFile(_IN_MEMORY) as room:
            contents = Contents(room, MOST)
            names, reason = _unpack(file, contents)
            yield Member("(names)", io.BytesIO("\n".join(names).encode("utf-8", "surrogatepass")))
            for name, parts in contents.members():
                yield Member(name, _Parts(room, parts))
            if reason:
                yield Unreadable("", reason)


def _unpack(file: IO[bytes], contents: Contents) -> tuple[list[str], str]:
    """Fill ``contents``: the members' names, and why not all could be read."""
    import py7zr

    names: list[str] = []
    try:
        with py7zr.SevenZipFile(file) as archive:
            names = archive.namelist()
            archive.extractall(factory=contents)
    except py7zr.exceptions.PasswordRequired:
        return names, "an encrypted 7z archive"
    except _TooMuchError:
        return names, f"a 7z archive that unpacks to more than {MOST >> 30} GB: unpack it first"
    except Exception as error:  # noqa: BLE001  what a damaged archive raises is nowhere written down
        return names, f"a damaged 7z archive: {error or type(error).__name__}"
    return names, ""


class _TooMuchError(Exception):
    """An archive unpacks to more than it may."""


class Contents:
    """What comes out of an archive, in one file: py7zr's factory of writers. It may write several members at a time."""

    def __init__(self, room: IO[bytes], most: int) -> None:
        self._room, self._left, self._end = room, most, 0
        self._lock = threading.Lock()
        self._members: list[tuple[str, list[tuple[int, int]]]] = []

    def create(self, filename: str) -> Any:
        """A writer for the next member."""
        parts: list[tuple[int, int]] = []
        with self._lock:
            self._members.append((filename, parts))
        return _Writer(self, parts)

    def put(self, data: bytes) -> tuple[int, int]:
        """Keep ``data``; where it is, and its length. Raises _TooMuchError."""
        with self._lock:
            self._left -= len(data)
            if self._left < 0:
                raise _TooMuchError
            start, self._end = self._end, self._end + len(data)
            self._room.seek(start)
            self._room.write(data)
            return start, len(data)

    def members(self) -> list[tuple[str, list[tuple[int, int]]]]:
        """Names, each with where its parts are and how long."""
        return self._members


class _Writer:
    """One member, as py7zr writes it (`py7zr.io.Py7zIO`, which checks no types)."""

    def __init__(self, contents: Contents, parts: list[tuple[int, int]]) -> None:
        self._contents, self._parts = contents, parts

    def write(self, data: bytes | bytearray) -> int:
        self._parts.append(self._contents.put(bytes(data)))
        return len(data)

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        return

    def size(self) -> int:
        return sum(size for _, size in self._parts)

    def close(self) -> None:
        return


class _Parts:
    """The bytes of one member."""

    def __init__(self, room: IO[bytes], parts: list[tuple[int, int]]) -> None:
        self._room, self._parts = room, list(reversed(parts))

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all; none at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while self._parts:
            start, length = self._parts.pop()
            if length > size:
                self._parts.append((start + size, length - size))
            self._room.seek(start)
            if data := self._room.read(min(size, length)):
                return data
        return b""
