"""Putting bytes between the bytes of a file, and taking the same ones out again, in place.

The file keeps its inode, links, owner, ACLs and times (a replaced file is as young as its replacement). It is written
only while it still is what was planned for, by one call from the first byte that changes; a call that fails is undone.

What was put in is remembered as it stands there (`SplicedPiece`), so that it comes out exactly, also after others have
edited elsewhere. What has changed inside a piece is somebody's own now, and is left alone.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from canaries.core.errors import PlantError
from canaries.plant.formats._text import ByteSplice, spliced

_AROUND = 48
"""Bytes of the surroundings that tell one of two equal pieces from the other."""


@dataclass(frozen=True, slots=True)
class SplicedPiece:
    """What was put in at one place."""

    at: int
    """Its first byte in the file as planted."""
    added: bytes
    before: bytes
    """What stood right before it."""
    behind: bytes
    """What stood right behind it."""

    def as_dict(self) -> dict[str, Any]:
        """For a placement's box."""
        found = {
            name: base64.b64encode(getattr(self, name)).decode() for name in ("added", "before", "behind")
        }
        return {"at": self.at, **found}


def pieces(before: bytes, splices: Sequence[ByteSplice]) -> tuple[SplicedPiece, ...]:
    """``splices`` as they stand in the file afterwards."""
    after, shift, found = spliced(before, splices), 0, []
    for splice in splices:
        at = splice.at + shift
        end = at + len(splice.added)
        found.append(
            SplicedPiece(at, splice.added, after[max(0, at - _AROUND) : at], after[end : end + _AROUND])
        )
        shift += len(splice.added)
    return tuple(found)


def piece_of(saved: dict[str, Any]) -> SplicedPiece:
    """Back from a placement's box."""
    return SplicedPiece(
        saved["at"], *(base64.b64decode(saved[name]) for name in ("added", "before", "behind"))
    )


def digest(content: bytes) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def rewrite(path: Path, old: bytes, new: bytes) -> None:
    """Make ``old`` into ``new`` in place. Raises PlantError where the file is not ``old`` any more: it stays so."""
    with _sentences(path), _opened(path) as descriptor:
        status = os.fstat(descriptor)
        if status.st_size != len(old) or os.pread(descriptor, len(old) + 1, 0) != old:
            raise PlantError(
                f"{path} is being changed by another program", hint="nothing was written; try again"
            )
        first = _first_difference(old, new)
        try:
            _write(descriptor, new[first:], first)
            if len(new) < len(old):
                os.ftruncate(descriptor, len(new))
            os.fsync(descriptor)
        except BaseException:
            with contextlib.suppress(OSError):
                _write(descriptor, old[first:], first)
                os.ftruncate(descriptor, len(old))
            raise
        finally:
            with contextlib.suppress(
                PermissionError
            ):  # writable, but another owner's: its age shows the edit
                os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns))


def take_out(path: Path, saved: Sequence[SplicedPiece], planted: str) -> None:
    """Take every piece out of the file, whatever others have written around it. Raises PlantError."""
    with _sentences(path):
        current = path.read_bytes()
    rewrite(path, current, without(current, saved, planted))


def without(current: bytes, saved: Sequence[SplicedPiece], planted: str) -> bytes:
    """``current`` with every piece taken out. Raises PlantError where one of them is not as it was.

    ``planted`` is the SHA-256 of the file as planted: where it still is that, the pieces are where they were.
    """
    untouched = digest(current) == planted
    places = [(one.at, len(one.added)) if untouched else _found(current, one) for one in saved]
    places.sort()
    for (start, length), (following, _) in itertools.pairwise(places):
        if start + length > following:
            raise PlantError("what was planted cannot be told apart any more", hint="take it out by hand")
    left, at = [], 0
    for start, length in places:
        left.append(current[at:start])
        at = start + length
    return b"".join((*left, current[at:]))


def _found(current: bytes, piece: SplicedPiece) -> tuple[int, int]:
    """Where ``piece`` stands now: the only place, or the one whose surroundings are most like those it had."""
    places, start = [], current.find(piece.added)
    while start >= 0:
        places.append(start)
        start = current.find(piece.added, start + 1)
    if not places and piece.added.endswith(b"\n") and current.endswith(piece.added.rstrip(b"\r\n")):
        bare = len(
            piece.added.rstrip(b"\r\n")
        )  # it stands last, and somebody's editor took the final newline
        return len(current) - bare, bare
    size = len(piece.added)
    scored = sorted((_fit(current, at, at + size, piece), at) for at in places)
    if len(places) == 1 or (scored and scored[-1][0] > scored[-2][0]):
        return scored[-1][1], size
    state = "is not there any more as it was planted" if not places else "stands there several times"
    raise PlantError(
        f"the bait {state}", hint="what was edited is somebody's own now: take the rest out by hand"
    )


def _fit(current: bytes, start: int, end: int, piece: SplicedPiece) -> int:
    """How many bytes before and behind are those that stood there."""
    return _alike(current[:start][::-1], piece.before[::-1]) + _alike(current[end:], piece.behind)


def _alike(text: bytes, wanted: bytes) -> int:
    """How many of the first bytes of ``wanted`` ``text`` begins with."""
    return _first_difference(text[: len(wanted)], wanted)


def _first_difference(old: bytes, new: bytes) -> int:
    low, high = 0, min(len(old), len(new))
    while low < high:  # the common beginning, by halves
        middle = (low + high + 1) // 2
        if old[:middle] == new[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _write(descriptor: int, content: bytes, at: int) -> None:
    while content:
        written = os.pwrite(descriptor, content, at)
        if not written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        content, at = content[written:], at + written


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise PlantError(f"{path} cannot be written: {reason}", hint="nothing was left behind") from error
