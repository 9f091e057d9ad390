"""Reading journal segments: whole frames, and where a frame is damaged the next sound one.

    segment = <microseconds since the epoch>-<16 hex>.journal    frame = length (4, big endian) | CRC-32 (4) | box

A damaged frame costs that frame only. Behind it the reader looks for bytes that begin like a box and takes the first
frame there that its checksum and its box confirm. Nobody without the journal's public key can make such a box, and
what a visitor sends is encrypted inside of one, so no visitor's bytes can pass for a frame.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from canaries.crypto.sealed_box import BEGINS, BEGINS_BYTES, BoxError, BoxOpener
from listener.evidence import sighting as sightings
from listener.evidence.sighting import Sighting
from listener.journal.chain import FrameLink

SUFFIX = ".journal"
BULK_SUFFIX = ".bulk.journal"
"""Of segments that are drained when nothing waits in the others."""
HEAD = struct.Struct(">II")
LARGEST_FRAME = 256 << 20
_link = msgspec.msgpack.Decoder(FrameLink)
_WINDOW = 1 << 20
"""Bytes searched at a time."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame, or a piece of a segment that is none."""

    start: int
    end: int
    """Its bytes in the segment."""
    sightings: list[Sighting] = field(default_factory=list)
    link: FrameLink | None = None
    """What binds it to its front; None in a journal of release 0.1."""
    content: bytes = b""
    """The sightings as they are encoded and signed."""
    problem: str = ""
    """``damaged``, ``torn`` (its end was not written, or its length is damaged), ``foreign`` (another key's)."""
    lost: int | None = None
    """Sightings of the damaged piece, by the numbers of those around it; None: nothing tells."""


def segments(folder: Path) -> list[Path]:
    """The segments in ``folder``, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def is_bulk(path: Path) -> bool:
    """Whether the others go first."""
    return path.name.endswith(BULK_SUFFIX)


def held(folder: Path) -> int:
    """Bytes of all segments. The back removes finished ones during the count."""
    total = 0
    for path in segments(folder):
        with contextlib.suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


def closed(path: Path) -> bool:
    """Whether nobody will write to this segment any more."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def frames(path: Path, opener: BoxOpener, offset: int = 0, *, complete: bool = False) -> Iterator[Frame]:
    """Frames from ``offset`` on.

    Without ``complete`` it stops where no sound frame follows: the one there may be in the making.
    """
    with path.open("rb") as file:
        reader = _Reader(file.fileno(), opener)
        while frame := reader.at(offset) or reader.around_damage(offset, complete=complete):
            yield frame
            offset = frame.end


class _Reader:
    def __init__(self, descriptor: int, opener: BoxOpener) -> None:
        self._descriptor, self._opener = descriptor, opener
        self._number: int | None = None
        """The highest number of a sighting before this place; None: not known."""

    def at(self, offset: int) -> Frame | None:
        """The frame that begins at ``offset``, where its checksum is right."""
        head = self._bytes(offset, offset + HEAD.size)
        if len(head) < HEAD.size:
            return None
        length, check = HEAD.unpack(head)
        end = offset + HEAD.size + length
        if not BEGINS_BYTES <= length <= LARGEST_FRAME or end > self._size():
            return None
        box = self._bytes(offset + HEAD.size, end)
        if zlib.crc32(box) != check:
            return None
        found = self._open(offset, end, box)
        if found is None:
            return Frame(offset, end, problem="foreign")
        self._number = max((one.number for one in found.sightings), default=self._number)
        return found

    def around_damage(self, offset: int, *, complete: bool) -> Frame | None:
        """What stands between ``offset`` and the next sound frame, or the segment's end where it is complete."""
        before, following = self._number, self._next_sound(offset)
        end = following.start if following else self._size() if complete else offset
        if end <= offset:
            return None
        found = self._open(offset, end, self._bytes(offset + HEAD.size, end))
        if found and found.sightings:  # only length or checksum are damaged
            return found
        lost = None
        if following and before is not None:
            lost = max(0, min(one.number for one in following.sightings) - before - 1)
        problem = "torn" if following is None and self._unfinished(offset, end) else "damaged"
        return Frame(offset, end, problem=problem, lost=lost)

    def _next_sound(self, offset: int) -> Frame | None:
        """The first frame behind ``offset`` that opens and has sightings."""
        start = offset + 1 + HEAD.size
        while window := self._bytes(start, start + _WINDOW + BEGINS_BYTES - 1):
            for begin in BEGINS.finditer(window):
                frame = self.at(start + begin.start() - HEAD.size)
                if frame and frame.sightings:
                    return frame
            start += _WINDOW
        return None

    def _unfinished(self, offset: int, end: int) -> bool:
        head = self._bytes(offset, min(offset + HEAD.size, end))
        return len(head) < HEAD.size or HEAD.unpack(head)[0] > end - offset - HEAD.size

    def _open(self, start: int, end: int, box: bytes) -> Frame | None:
        try:
            content, link = sightings.part(self._opener.open(box))
            bound = _link.decode(link) if link else None
            return Frame(start, end, sightings.decode_content(content), bound, content)
        except (BoxError, ValueError):
            return None

    def _bytes(self, start: int, end: int) -> bytes:
        return os.pread(self._descriptor, max(0, end - start), start)

    def _size(self) -> int:
        return os.fstat(self._descriptor).st_size
