"""Reading logs that come as whole documents, such as CloudTrail's files: each file once, each record in it once.

A file that cannot be read yet, because it is still being written, is tried again with the next look; one that stays as
it is and still cannot be read is told, and passed over.
"""

from __future__ import annotations

import glob
import hashlib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from canaries.core import clock
from listener.following.log_reader import LogLook, LogTaker, sighting
from listener.following.positions import LogPositions
from listener.logs import Places

if TYPE_CHECKING:
    from canaries.core.store import Store
    from listener.following.log_settings import FollowedLog

LARGEST = 64 << 20
"""Bytes of a document, unpacked."""
_GZIP = b"\x1f\x8b"


class DocumentReader:
    """Follows one folder, or what fits one pattern. Not thread safe."""

    def __init__(self, log: FollowedLog, database: Store, taker: LogTaker, places: Places) -> None:
        """``places``: the search for canaries. Raises StoreError."""
        self._log, self._taker, self._places = log, taker, places
        self._positions = LogPositions(database, log.name)
        self._unread: set[str] = set()
        """What could not be read the last time."""

    @property
    def counts(self) -> tuple[int, int]:
        """(records, documents that could not be read) since the log was first read."""
        return self._positions.counts

    def look(self) -> LogLook:
        """Read the documents that are new. Raises StoreError."""
        look, known, failed = LogLook(), [], set[str]()
        first = not self._positions.seen_at
        for path in _documents(self._log.path):
            try:
                found = path.stat()
                name = _name(path, found.st_size, found.st_mtime_ns)
                known.append(name)
                if self._positions.get(name) is not None:
                    continue
                if first and not self._log.from_start:
                    self._positions.save({name: 0})
                    continue
                self._document(path, name, look)
            except OSError as error:
                look.problems.append(f"{path} cannot be read: {error.strerror}")
            except ValueError as error:
                failed.add(name)
                if name in self._unread:
                    look.problems.append(f"{path} is passed over: {error}")
                    look.malformed += 1
                    self._positions.save({name: 0})
        self._unread = failed
        if first and not Path(self._log.path).exists() and not known:
            look.problems.append(f"{self._log.path} is not there")
        elif look.read or look.malformed or first:
            self._positions.looked(int(clock.micros() / 1e6), look.lines, look.malformed)
            self._positions.keep_only(known)
        return look

    def _document(self, path: Path, name: str, look: LogLook) -> None:
        """Raises OSError, ValueError: it is none, or not whole yet."""
        content = _unpacked(path)
        records = self._log.source.split(content)
        found = []
        if any(True for _ in self._places(content)):  # one search for all of it, and mostly the only one
            for number, raw in enumerate(records):
                if any(True for _ in self._places(raw)):
                    found.append(sighting(self._log, raw, str(path), number, ()))
        if found:
            look.hits += self._taker.ingest(found, self._positions.segment(name), len(content))
            self._positions.moved(name, len(content))
        else:
            self._positions.save({name: len(content)})
        look.lines += len(records)
        look.read += len(content)


def _documents(where: str) -> Iterator[Path]:
    """Files in a folder and below it, or what fits a pattern; by name, which is by time where programs name them so."""
    path = Path(where)
    found = path.rglob("*") if path.is_dir() else map(Path, glob.iglob(where, recursive=True))  # noqa: PTH207  absolute patterns
    return iter(sorted(one for one in found if one.is_file() and not one.name.startswith(".")))


def _name(path: Path, size: int, mtime: int) -> str:
    return hashlib.sha256(f"{path} {size} {mtime}".encode("utf-8", "surrogateescape")).hexdigest()[:24]


def _unpacked(path: Path) -> bytes:
    """Its content, out of gzip too. Raises OSError, ValueError."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if content.startswith(_GZIP):
        unpacker = zlib.decompressobj(wbits=31)
        try:
            content = unpacker.decompress(content, LARGEST + 1)
        except zlib.error:
            raise ValueError("it is no whole gzip file") from None
        if len(content) <= LARGEST and not unpacker.eof:
            raise ValueError("it is no whole gzip file")
    if len(content) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST >> 20} MiB")
    return content
