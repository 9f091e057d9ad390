"""The entries of a case: each is opened and put together once, and kept for the formats, which read it several times.

What was opened is held in memory up to `IN_MEMORY` bytes, beyond that in a file of the home that has no name: memory is
bounded, and nothing is left when the process ends.
"""

from __future__ import annotations

import tempfile
import weakref
from array import array
from collections.abc import Sequence
from typing import IO, TYPE_CHECKING, Any

import msgspec

from canaries.ledger.entries import Entry, canonical

if TYPE_CHECKING:
    from canaries.installation.home import Home

IN_MEMORY = 16 << 20
"""Bytes of what is kept."""
_LEAF = 32
_said = msgspec.json.Decoder(tuple[str, str, str, str, dict[str, Any]]).decode
"""Of an entry: id, kind, time, author, body."""


class CaseLines:
    """Entries by id; those that were not put in are opened when they are asked for."""

    def __init__(self, home: Home) -> None:
        self._home = home
        spool: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY, dir=str(home.path))  # noqa: SIM115  closed below
        self._file = spool
        weakref.finalize(self, self._file.close)
        self._rows: dict[str, int] = {}
        self._starts, self._middles, self._places = array("q", [0]), array("q"), array("q")

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
        said = canonical((entry.id, entry.kind, entry.at, entry.by, entry.body))
        self._middles.append(_LEAF + len(entry.line))
        self._file.seek(self._starts[-1])
        self._file.write(entry.leaf + entry.line + said)
        self._starts.append(self._starts[-1] + self._middles[-1] + len(said))

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
        start, middle = self._starts[row], self._middles[row]
        self._file.seek(start)
        content = self._file.read(self._starts[row + 1] - start)
        return Entry(*_said(content[middle:]), content[_LEAF:middle], self._places[row], content[:_LEAF])

    def _line(self, row: int) -> bytes:
        self._file.seek(self._starts[row] + _LEAF)
        return self._file.read(self._middles[row] - _LEAF)
