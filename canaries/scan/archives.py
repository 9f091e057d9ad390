"""Reading dumps of any size: files, folders, compressed files and the members of archives, a piece at a time.

Memory stays flat: a piece is at most `PIECE` bytes plus the `OVERLAP` that it repeats of the one before, so that
whatever is shorter than the overlap stands whole in one of them.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

PIECE = 4 * 1024 * 1024
OVERLAP = 2048

_PACKED: tuple[tuple[bytes, Callable[..., Any]], ...] = (
    (b"\x1f\x8b", gzip.open),  # RFC 1952, 2.3.1
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\0", lzma.open),
)
_ZIP = b"PK\x03\x04"
_BROKEN = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
)
"""What reading a damaged, encrypted or unreadable file raises."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a dump."""

    path: str
    """Of the file; of a member ``archive.zip!member``."""
    content: bytes
    offset: int
    """Of its first byte in the (unpacked) file."""
    line: int
    """Number of the line its first byte is in, from 1."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or the rest of one, that could not be read."""

    path: str
    reason: str


def read_pieces(path: Path) -> Iterator[Piece | Unreadable]:
    """All of the file or folder at ``path``; ``-`` is standard input. What cannot be read is said, never skipped."""
    if str(path) == "-":
        yield from _pieces("-", sys.stdin.buffer)
        return
    for file in _files(path):
        try:
            yield from _file(file)
        except _BROKEN as error:
            yield Unreadable(str(file), _reason(error))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):  # follows no links to folders
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file():  # no pipes or devices: they never end
                yield file


def _file(path: Path) -> Iterator[Piece | Unreadable]:
    with path.open("rb") as file:
        start = file.read(6)
        if start.startswith(_ZIP) and zipfile.is_zipfile(path):
            yield from _members(path)
            return
        unpack = next((opener for magic, opener in _PACKED if start.startswith(magic)), None)
        if unpack is None:
            file.seek(0)
            yield from _pieces(str(path), file)
            return
    with unpack(path) as stream:
        yield from _pieces(str(path), stream)


def _members(path: Path) -> Iterator[Piece | Unreadable]:
    """Of a zip, and so of office documents and the like; archives within archives are not opened."""
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            name = f"{path}!{member.filename}"
            try:
                with archive.open(member) as stream:
                    yield from _pieces(name, stream)
            except _BROKEN as error:  # encrypted, or packed in a way Python does not know
                yield Unreadable(name, _reason(error))


def _pieces(name: str, stream: IO[bytes]) -> Iterator[Piece]:
    tail, offset, line = b"", 0, 1
    while fresh := stream.read(PIECE):
        content = tail + fresh
        yield Piece(name, content, offset, line)
        keep = content[-OVERLAP:]
        line += content.count(b"\n") - keep.count(b"\n")
        offset += len(content) - len(keep)
        tail = keep


def _reason(error: BaseException) -> str:
    said = (
        error.strerror
        if isinstance(error, OSError) and error.strerror
        else str(error) or type(error).__name__
    )
    return said.lower()
