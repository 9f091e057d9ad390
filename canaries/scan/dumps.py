"""Reading dumps of any size: files, folders, and what is packed in them at any depth, a piece at a time.

Memory stays flat: a piece is at most `PIECE` bytes plus the `OVERLAP` that it repeats of the one before, so that
whatever is shorter than the overlap stands whole in one of them. What cannot be read is named, never skipped.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from canaries.scan import embedded, endings, parts
from canaries.scan.containers import BROKEN, Container, Packed, Stream, Unreadable, container_of
from canaries.scan.noise import NoiseShare, is_media, noise
from canaries.scan.presence import Presence, line_ends

PIECE = 4 * 1024 * 1024
OVERLAP = 2048
DEEPEST = 8
"""Containers within containers."""
MOST = 8 << 30
"""Bytes that one file may unpack to, beside `MOST_EACH` for each of its own."""
MOST_EACH = 100

_CHUNK = 1 << 14
"""Bytes asked for at a time: what is damaged costs no more than these."""

_CHUNK_AHEAD = 1 << 17
"""Bytes that unpacking may have read beyond what it needed."""

_PACKED_TEXT = re.compile(rb"H4sI[A-Za-z0-9+/\r\n]{40,}={0,2}")
"""gzip in Base64."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a dump."""

    path: str
    """Of the file; of what it holds ``archive.zip!member``."""
    content: bytes
    offset: int
    """Of its first byte in the (unpacked) file."""
    line: int
    """Number of the line its first byte is in, from 1."""
    overlap: int
    """How many of its first bytes the piece before had too."""
    present: Presence
    """What stands in it."""


def read_pieces(path: Path) -> Iterator[Piece | Unreadable]:
    """All of the file or folder at ``path``; ``-`` is standard input."""
    if str(path) == "-":
        yield from DumpReading(MOST).file("-", sys.stdin.buffer)
        return
    for file in _files(path):
        try:
            if isinstance(file, parts.CutFile):
                yield from _joined(file)
                continue
            with file.open("rb") as stream:
                yield from DumpReading(MOST + MOST_EACH * os.fstat(stream.fileno()).st_size).file(
                    str(file), stream
                )
        except OSError as error:
            yield Unreadable(str(file), _reason(error))


def _files(path: Path) -> Iterator[Path | parts.CutFile]:
    if not path.is_dir():
        yield (parts.whole(path) if path.is_file() else None) or path
        return
    for folder, folders, names in os.walk(path):  # follows no links to folders
        folders.sort()
        for file in parts.gathered(Path(folder), names):
            if isinstance(file, parts.CutFile) or file.is_file():  # no pipes or devices: they never end
                yield file


def _joined(file: parts.CutFile) -> Iterator[Piece | Unreadable]:
    with contextlib.closing(parts.JoinedParts(file.parts)) as stream:
        yield from DumpReading(MOST + MOST_EACH * file.size).file(str(file.path), stream)
    if file.missing:
        yield Unreadable(str(file.path), f"its part {file.missing} is missing, and what comes behind it")


class DumpReading:
    """One file of the dump, with all it holds."""

    def __init__(self, room: int) -> None:
        self._room = room

    def file(
        self, name: str, stream: Stream, depth: int = 0, *, apart: bool = True, within: bool = False
    ) -> Iterator[Piece | Unreadable]:
        """The pieces of ``stream``, or of what it holds. ``apart``: it is a file, and not a part of one.

        ``within``: it begins somewhere in a file that is read as well, so that nothing is lost behind its end.
        """
        try:
            yield from self._opened(name, Packed(stream, alone=within), depth, apart)
        except BROKEN as error:
            yield Unreadable(name, _reason(error))

    def _opened(self, name: str, source: Packed, depth: int, apart: bool) -> Iterator[Piece | Unreadable]:
        container = container_of(source.head)
        if container is None:
            yield from self._pieces(name, source, depth, apart=apart)
            return
        if depth == DEEPEST:
            yield Unreadable(name, f"packed more than {DEEPEST} times over")
            return
        if container.raw:
            with source.file() as copy:
                yield from self._pieces(name, copy, depth, apart=not container.complete)
                copy.seek(0)
                yield from self._members(name, container, Packed(copy, alone=source.alone), depth)
        else:
            yield from self._members(name, container, source, depth)

    def _members(
        self, name: str, container: Container, source: Packed, depth: int
    ) -> Iterator[Piece | Unreadable]:
        for member in container.members(source):
            if isinstance(member, Unreadable):
                inner = f"{name}!{member.path}" if member.path else name
                yield Unreadable(inner, member.reason.lower())
            else:
                inner = f"{name}!{member.name}" if member.name else name
                yield from self.file(inner, member.stream, depth + 1, apart=not container.raw)

    def _pieces(self, name: str, stream: Stream, depth: int, *, apart: bool) -> Iterator[Piece | Unreadable]:
        tail, offset, line = b"", 0, 1
        reading, share = _Filling(stream), NoiseShare()
        counted = False
        while len(content := reading.next(tail)) > len(tail):
            if depth:
                self._room -= len(content) - len(tail)
                if self._room < 0:
                    yield Unreadable(name, "the rest was left: the file unpacks to too much")
                    return
            present = Presence(content)
            yield Piece(name, content, offset, line, len(tail), present)
            if present.holds(b"H4sI"):
                yield from self._packed_text(name, content, depth)
            if apart:
                if not offset:
                    reason = _strange(name, content)
                    if reason:
                        yield Unreadable(name, reason)
                    counted = not reason and not is_media(content)
                explained = list[tuple[int, int]]()
                yield from self._embedded(name, content, present, len(tail), offset, depth, explained)
                if counted:
                    share.add(content, len(tail), explained)
            tail = content[-OVERLAP:]
            line += line_ends(content, 0, len(content) - len(tail))
            offset += len(content) - len(tail)
        if apart and (said := endings.strange(tail)):
            yield Unreadable(name, said)
        if counted and share.large:
            yield Unreadable(
                name,
                f"of its {share.filled} blocks {share.noisy} look encrypted, or packed in a way that is not known",
            )

    def _embedded(
        self,
        name: str,
        content: bytes,
        present: Presence,
        start: int,
        offset: int,
        depth: int,
        explained: list[tuple[int, int]],
    ) -> Iterator[Piece | Unreadable]:
        """What is packed within a file that is no container: blobs of databases, images with a file behind them."""
        if depth == DEEPEST:
            return
        done = start
        for place in embedded.places(content, start, present):
            if place < done:
                continue
            inner = f"{name}!at {offset + place}"
            if written := embedded.unquoted(content, place):
                whole = True
                for one in self.file(inner, io.BytesIO(written), depth + 1, apart=False, within=True):
                    whole = whole and isinstance(one, Piece)
                    if isinstance(one, Piece):
                        yield one
                if whole:
                    continue
            part, seen = _Rest(content, place), False
            for one in self.file(inner, part, depth + 1, apart=False, within=True):
                seen = seen or isinstance(one, Piece)
                if isinstance(one, Piece) or seen or embedded.certain(content, place):
                    yield one
            done = place + max(1, part.taken - _CHUNK_AHEAD) if seen else place + 1
            if seen:
                explained.append((offset + place, offset + place + part.taken))

    def _packed_text(self, name: str, content: bytes, depth: int) -> Iterator[Piece | Unreadable]:
        if depth == DEEPEST:
            return
        for found in _PACKED_TEXT.finditer(content):
            text = found[0].translate(None, b"\r\n=")
            try:
                packed = base64.b64decode(text + b"=" * (-len(text) % 4))
            except binascii.Error:  # of a length that Base64 never has
                continue
            for inner in self.file(f"{name}!base64", io.BytesIO(packed), depth + 1):
                if isinstance(inner, Piece):  # that it was cut off, or no gzip at all, says nothing
                    yield inner


class _Rest:
    """The bytes of ``content`` from a place on, without a copy of them."""

    def __init__(self, content: bytes, place: int) -> None:
        self._content, self._place = content, place
        self.taken = 0
        """Bytes that were read."""

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes, or all; none at the end."""
        start = self._place + self.taken
        part = self._content[start : start + size] if size >= 0 else self._content[start:]
        self.taken += len(part)
        return part


class _Filling:
    """A stream in pieces of `PIECE` bytes, though containers give what they have.

    What came before a damaged place is given first, and the error raised by the call after that.
    """

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._error: Exception | None = None

    def next(self, tail: bytes) -> bytes:
        """``tail`` and the next piece, shorter only at the end or before the damage; no more than ``tail`` behind the
        end. Raises one of `BROKEN`."""
        if self._error is not None:
            raise self._error
        parts, missing = [tail], PIECE
        try:
            while missing and (part := self._stream.read(min(missing, _CHUNK))):
                parts.append(part)
                missing -= len(part)
        except BROKEN as error:
            if missing == PIECE:
                raise
            self._error = error
        return b"".join(parts)


def _strange(name: str, content: bytes) -> str:
    """Why nobody may take a file that begins with ``content`` for read; empty where it is."""
    if parts.is_part(name, content):
        return "a part of a file that was cut: the parts before it are not beside it"
    return "it looks encrypted, or packed in a way that is not known" if noise(content) else ""


def _reason(error: BaseException) -> str:
    said = (
        error.strerror
        if isinstance(error, OSError) and error.strerror
        else str(error) or type(error).__name__
    )
    return said.lower()
