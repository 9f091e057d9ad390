"""The entries of a case: each is opened and put together once, and kept for the formats, which read it several times.

What was opened is held in memory up to `IN_MEMORY` bytes, beyond that in a file of the home that has no name: memory is
bounded, and nothing is left when the process ends.

Kept of an entry: its leaf hash, its line, and what that says as ``[id, kind, time, author, body]`` in canonical JSON,
so that whoever writes a body out again, or reads a field of it, need not put the parts together.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from canaries.ledger.entries import Entry, canonical

if TYPE_CHECKING:
    from canaries.installation.home import Home

IN_MEMORY = 16 << 20
"""Bytes of what is kept."""
_PIECE = 1 << 16
"""Bytes that are read at once, of a file that is mostly read from its beginning to its end."""
_LEAF = 32
_said = msgspec.json.Decoder(tuple[str, str, str, str, dict[str, Any]]).decode
"""Of an entry: id, kind, time, author, body."""


class CaseLines:
    """Entries by id; those that were not put in are opened when they are asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._kept = _Kept(home.path)
        self._rows: dict[str, int] = {}
        self._starts, self._middles, self._bodies = array("q", [0]), array("q"), array("q")
        self._places = array("q")

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, entry_id: str) -> bool:
        return entry_id in self._rows

    def put(self, entry: Entry) -> None:
        """Keep an entry that was opened and has its place in the log."""
        if entry.seq is None or entry.id in self._rows:
            return
        self._rows[entry.id] = len(self._rows)
        self._places.append(entry.seq)
        head, body = canonical((entry.id, entry.kind, entry.at, entry.by)), canonical(entry.body)
        self._middles.append(self._starts[-1] + _LEAF + len(entry.line))
        self._bodies.append(self._middles[-1] + len(head))
        self._kept.append(b"".join((entry.leaf, entry.line, head[:-1], b",", body, b"]")))
        self._starts.append(self._bodies[-1] + len(body) + 1)

    def lines(self, ids: Sequence[str]) -> dict[str, bytes]:
        """The exact bytes of these entries; erased ones are missing. Raises LedgerError where a record was changed."""
        opened = self._open(ids)
        kept = {name: self._line(self._rows[name]) for name in ids if name in self._rows}
        return kept | {name: entry.line for name, entry in opened.items()}

    def fetch(self, ids: Sequence[str]) -> dict[str, Entry]:
        """These entries; erased ones are missing, and those that were kept come without header.

        Raises LedgerError where a record was changed.
        """
        opened = self._open(ids)
        return {name: self._entry(name) for name in ids if name in self._rows} | opened

    def bodies(self, ids: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """(place in the log, body as canonical JSON) of these entries; erased and unsealed ones are missing.

        Raises LedgerError where a record was changed.
        """
        self._open(ids)
        rows = [(name, self._rows[name]) for name in ids if name in self._rows]
        kept, bodies, starts = self._kept.read, self._bodies, self._starts
        return {name: (self._places[row], kept(bodies[row], starts[row + 1] - 1)) for name, row in rows}

    def _open(self, ids: Sequence[str]) -> dict[str, Entry]:
        """Those that are not kept; they are from now on, where they are sealed."""
        wanted = [name for name in ids if name not in self._rows]
        if not wanted:
            return {}
        with self._home.store.read() as connection:
            found = self._home.reader.fetch(connection, wanted)
        for entry in found.values():
            self.put(entry)
        return found

    def _entry(self, name: str) -> Entry:
        row = self._rows[name]
        start = self._starts[row]
        middle, content = self._middles[row] - start, self._kept.read(start, self._starts[row + 1])
        return Entry(*_said(content[middle:]), content[_LEAF:middle], self._places[row], content[:_LEAF])

    def _line(self, row: int) -> bytes:
        return self._kept.read(self._starts[row] + _LEAF, self._middles[row])


class _Kept:
    """Bytes by their places: in memory, from more than `IN_MEMORY` on in a file without name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._newest, self._before = bytearray(), 0
        self._file: IO[bytes] | None = None
        self._piece, self._at = b"", 0  # what was read last, and from where

    def append(self, content: bytes) -> None:
        """Keep this behind what is there."""
        self._newest += content
        if len(self._newest) > (_PIECE if self._file else IN_MEMORY):
            self._file = self._file or self._nameless()
            self._file.write(self._newest)
            self._file.flush()
            self._before += len(self._newest)
            self._newest = bytearray()

    def _nameless(self) -> IO[bytes]:
        file = tempfile.TemporaryFile(dir=str(self._folder))  # noqa: SIM115  closed with this object
        weakref.finalize(self, file.close)
        return file

    def read(self, start: int, end: int) -> bytes:
        """From one place to another, both within what was appended at once."""
        if not self._file or start >= self._before:
            return bytes(self._newest[start - self._before : end - self._before])
        if not self._at <= start <= end <= self._at + len(self._piece):
            self._piece, self._at = os.pread(self._file.fileno(), max(_PIECE, end - start), start), start
        return self._piece[start - self._at : end - self._at]
