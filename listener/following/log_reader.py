"""Reading one log: whole lines from where reading stopped, over rotation, each taken in exactly once.

A block of lines is searched as a whole; only the lines in which something was found are read on their own. Their
sightings and the position behind the block are committed together. A line that comes again all the same (its file was
copied, or the position was lost) has the same sighting id, and is passed over.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from canaries.core import clock
from listener.evidence.shapes import Via
from listener.evidence.sighting import Sighting
from listener.following.positions import LogPositions, beside, fingerprint
from listener.logs import LONGEST_RECORD, LogRecord, Places
from listener.net.addresses import normal

if TYPE_CHECKING:
    from canaries.core.store import Store
    from listener.following.log_settings import FollowedLog

BLOCK = 4 << 20
"""Bytes searched at a time."""
_SETTLE_SECONDS = 0.1
_LONGEST_LINE = 1 << 20
"""A line that is longer is cut here."""
ANSWER = "log"
"""What stands in a sighting in place of a trap's answer."""


class LogTaker(Protocol):
    """What intake does."""

    def ingest(self, sightings: Sequence[Sighting], segment: str, offset: int | None) -> int: ...


@dataclass(slots=True)
class LogLook:
    """What one look came to."""

    lines: int = 0
    malformed: int = 0
    read: int = 0
    """Bytes."""
    hits: int = 0
    problems: list[str] = field(default_factory=list)


class LogReader:
    """Follows one log. Not thread safe."""

    def __init__(self, log: FollowedLog, database: Store, taker: LogTaker, places: Places) -> None:
        """``places``: the search for canaries in a block. Raises StoreError."""
        self._log, self._taker, self._places = log, taker, places
        self._positions = LogPositions(database, log.name)

    @property
    def counts(self) -> tuple[int, int]:
        """(lines, malformed ones) since the log was first read."""
        return self._positions.counts

    def look(self) -> LogLook:
        """Read what is new in the log and in what it was renamed to. Raises StoreError."""
        look, path, first = LogLook(), Path(self._log.path), not self._positions.seen_at
        _settle(path)
        now, known = int(clock.micros() / 1e6), []
        for one in beside(path):
            try:
                file = one.open("rb")
            except OSError as error:
                look.problems.append(f"{one} cannot be read: {error.strerror}")
                continue
            with file:
                known.append(self._file(file, one, one == path, look))
        if not known and not look.problems:
            look.problems.append(f"{path} is not there")
        if look.read or (first and not look.problems):
            self._positions.looked(now, look.lines, look.malformed)
            if path.is_file():
                self._positions.keep_only(known)
        return look

    def _file(self, file: BinaryIO, path: Path, live: bool, look: LogLook) -> str:
        name, first_line = fingerprint(file)
        if not name:
            return name
        size = os.fstat(file.fileno()).st_size
        offset = self._positions.get(name)
        if offset is None:
            if not live and not self._missed(file):
                return name
            offset = 0 if self._positions.seen_at or self._log.from_start else size
            self._positions.save({name: offset})
        for block, start in _blocks(file, min(offset, size), live=live):
            self._block(block, start, (name, first_line), path, look)
        return name

    def _missed(self, file: BinaryIO) -> bool:
        """Whether a renamed file was written to after the last look: it came and went while nobody followed."""
        return 0 < self._positions.seen_at < os.fstat(file.fileno()).st_mtime

    def _block(self, block: bytes, start: int, file: tuple[str, str], path: Path, look: LogLook) -> None:
        source, name = self._log.source, file[0]
        lines = block.count(b"\n") + (not block.endswith(b"\n"))
        found = []
        for begin, end in _lines_at(block, source.interesting(block, self._places)):
            raw = block[begin:end]
            seen = read_line(self._log, raw, start + begin, file[1], str(path))
            if seen is not None:
                found.append(seen)
        end = start + len(block)
        if found:
            look.hits += self._taker.ingest(found, self._positions.segment(name), end)
            self._positions.moved(name, end)
        else:
            self._positions.save({name: end})
        look.lines += lines
        look.malformed += max(0, lines - source.sound(block))
        look.read += len(block)


def _settle(path: Path) -> None:
    """Wait a moment where the log is being written to: what one statement wrote is then taken in, and told, at once."""
    with contextlib.suppress(OSError):
        if 0 <= clock.micros() / 1e6 - path.stat().st_mtime < _SETTLE_SECONDS:
            time.sleep(_SETTLE_SECONDS)


def read_line(log: FollowedLog, raw: bytes, offset: int, first_line: str, path: str) -> Sighting | None:
    """The sighting of one record."""
    raw = raw.rstrip(b"\r\n")
    if not raw:
        return None
    return sighting(log, raw, path, offset, (first_line.encode(), str(offset).encode()))


def sighting(log: FollowedLog, raw: bytes, path: str, offset: int, place: tuple[bytes, ...]) -> Sighting:
    """Of one record. ``place``: what makes it another record than one that reads the same elsewhere."""
    record = log.source.record(raw[:LONGEST_RECORD]) or LogRecord("malformed")
    via = Via(how="provider_log", chain=[log.name])
    with contextlib.suppress(ValueError):
        via["client"] = [str(normal(record.client)), record.port]
    number = hashlib.sha256(b"\n".join([log.name.encode(), *place, raw])).hexdigest()
    return Sighting(
        number[:32],
        "sensors",
        clock.micros(),
        ("127.0.0.1", 0),
        ("127.0.0.1", 0),
        "file",
        raw[:LONGEST_RECORD],
        len(raw),
        f"log-{log.name}",
        0,
        0,
        clock.quality().as_dict(),
        None,
        via,
        ANSWER,
        {"sensor": log.name, "log": log.source.name, "path": path, "offset": offset},
    )


def _lines_at(block: bytes, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """(start, end) of each line that one of ``places`` is in, once."""
    behind = 0
    for place in sorted(places):
        if place < behind:
            continue
        begin = block.rfind(b"\n", 0, place) + 1
        end = block.find(b"\n", place)
        behind = len(block) if end < 0 else end + 1
        yield begin, behind


def _blocks(file: BinaryIO, offset: int, *, live: bool) -> Iterator[tuple[bytes, int]]:
    """(whole lines, where they begin). A last line without its end waits, where more may come to a ``live`` file."""
    while True:
        file.seek(offset)
        block = file.read(BLOCK)
        if not block:
            return
        cut = block.rfind(b"\n") + 1
        if not cut:
            if len(block) < _LONGEST_LINE and live:
                return
            cut = min(len(block), _LONGEST_LINE)
        if len(block) < BLOCK and not live:
            cut = len(block)
        yield block[:cut], offset
        offset += cut
