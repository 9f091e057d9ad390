"""The contract of a container: one file in this folder opens one sort of file that holds others.

A container says by a file's first bytes whether it can open it, and yields what is within as streams; they are looked
into in turn. What it cannot open it names: a part that was not read is never passed over.
"""

from __future__ import annotations

import lzma
import tarfile
import tempfile
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import IO, ClassVar, Protocol

from canaries.core import plugins

FOLDER = __name__
HEAD = 1024
"""Bytes of a file's beginning that `Container.fits` is shown."""
BROKEN: tuple[type[Exception], ...] = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""What reading a damaged, encrypted or unreadable file raises."""
_IN_MEMORY = 16 << 20
_CHUNK = 1 << 20


class Stream(Protocol):
    """What `Container.members` reads from, and yields."""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a container."""

    name: str
    """Empty where a container holds one file without a name."""
    stream: Stream


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or the rest of one, that could not be read."""

    path: str
    reason: str


class Packed:
    """A file's bytes, read once from the beginning."""

    def __init__(self, stream: Stream, *, alone: bool = False) -> None:
        """``alone``: of packed streams one behind the other only the first is wanted, and nothing behind its end."""
        self._stream, self.alone = stream, alone
        self.head = self._stream.read(HEAD)
        while 0 < len(self.head) < HEAD and (more := self._stream.read(HEAD - len(self.head))):
            self.head += more
        self._waiting = self.head

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all; none at the end."""
        if size < 0:
            return self._take(len(self._waiting)) + self._stream.read()
        return self._take(size) or self._stream.read(size)

    def file(self) -> IO[bytes]:
        """All of it as a file in which one can go back and forth; big ones are put on the disk meanwhile."""
        spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
        while part := self.read(_CHUNK):
            spool.write(part)
        spool.seek(0)
        return spool

    def _take(self, size: int) -> bytes:
        part, self._waiting = self._waiting[:size], self._waiting[size:]
        return part


def exactly(source: Stream, size: int) -> bytes:
    """``size`` bytes; fewer at the end."""
    found = []
    while size > 0 and (more := source.read(size)):
        found.append(more)
        size -= len(more)
    return b"".join(found)


class Container(ABC):
    """One sort of file that holds others. Has no state."""

    name: ClassVar[str]
    raw: ClassVar[bool] = False
    """Whether its own bytes are searched too, beside what it holds."""
    complete: ClassVar[bool] = True
    """Whether `members` gives all that is packed in it: else packed streams are looked for in its own bytes as well."""

    @abstractmethod
    def fits(self, head: bytes) -> bool:
        """Whether a file that begins with ``head``, at most `HEAD` bytes, is of this sort."""

    @abstractmethod
    def members(self, source: Packed) -> Iterator[Member | Unreadable]:
        """What is within. An `Unreadable` has the member's name for a path. May raise one of `BROKEN`."""


def container_of(head: bytes) -> Container | None:
    """The container that can open a file which begins so; None for a plain file."""
    return next((one for one in _all() if one.fits(head)), None)


@lru_cache(maxsize=1)
def _all() -> tuple[Container, ...]:
    found: list[Callable[[], Container]] = [
        kind
        for _, kind in sorted(plugins.classes(FOLDER, Container).items())  # type: ignore[type-abstract]
    ]
    return tuple(make() for make in found)


__all__ = [
    "BROKEN",
    "FOLDER",
    "HEAD",
    "Container",
    "Member",
    "Packed",
    "Stream",
    "Unreadable",
    "container_of",
]
