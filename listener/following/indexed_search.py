"""The search for canaries in the blocks of logs, by the home's scan index, which is never older than the block.

Bait is minted before it is planted, and planted before it is used: so the question what was minted is asked after a
block was read, and what was minted since is in the index before the block is searched. That needs the vault's key.
Where it is elsewhere, the index is taken from the file, and what it does not know is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from canaries.core.errors import HomeError, LedgerError, ScanError
from canaries.core.text import counted
from canaries.mint.minting import last_epoch
from canaries.scan import index, known
from canaries.scan.index import ScanIndex
from listener.sensors import installed

if TYPE_CHECKING:
    from canaries.installation.home import Home

_ELSEWHERE = "where the vault's key is: trapline scan --write-index FILE, then put it here as"


class IndexedSearch:
    """Not thread safe."""

    def __init__(self, home: Home) -> None:
        self._home, self._path = home, home.path / known.FILE
        self._names: tuple[bytes, ...] = ()
        self._minted = -1
        """The last minting transaction that was looked at."""
        self._stamp: tuple[int, int] | None = None
        self._index: ScanIndex | None = None
        self.problem = ""
        """A sentence; empty: every canary is looked for."""

    def refresh(self) -> None:
        """Take up what was minted since, and which tables were made to be read by nobody. Raises StoreError."""
        self._names = tuple(
            name.encode() for one in installed.read_all(self._home).values() for name in one.names
        )
        minted = last_epoch(self._home)
        if self._home.keys.has("vault"):
            if minted != self._minted:
                self._make()
        else:
            self._take(minted)
        self._minted = minted

    def _make(self) -> None:
        try:
            self._index = known.current(self._home)
        except (HomeError, LedgerError) as error:
            self.problem = f"what was minted is not looked for: {error.sentence}"
        else:
            self.problem = ""

    def _take(self, minted: int) -> None:
        """From the file, where that is another one."""
        try:
            found = self._path.stat()
            stamp = (found.st_ino, found.st_mtime_ns)
            if self._index is None or self._stamp != stamp:
                self._index = index.read(self._path)
            elif minted == self._minted:
                return
        except OSError:
            self.problem = f"{self._path.name} is not there; make one {_ELSEWHERE} {self._path}"
            return
        except ScanError as error:
            self.problem = error.sentence
            return
        self._stamp = stamp
        lacking = known.missing(self._home, self._index)
        since = f"{counted(lacking, 'canary', 'canaries')} minted since {self._path.name} was made are not looked for"
        self.problem = f"{since}; make it anew {_ELSEWHERE} {self._path}" if lacking else ""

    def places(self, block: bytes) -> Iterator[tuple[int, int]]:
        """(start, length) of each string of a canary, and of the name of each such table. Raises StoreError."""
        self.refresh()
        for name in self._names:
            place = block.find(name)
            while place >= 0:
                yield place, len(name)
                place = block.find(name, place + 1)
        if self._index is None:
            return
        yield from ((match.place, match.length) for match in self._index.matches(block) if not match.weak)
        starts, lines = _escaped_lines(block)
        if lines:
            plain = unquote_to_bytes(b"\n".join(lines))
            for match in self._index.matches(plain):
                if not match.weak:
                    yield starts[plain.count(b"\n", 0, match.place)], 1


def _escaped_lines(block: bytes) -> tuple[list[int], list[bytes]]:
    """Where each line with a percent sign begins, and these lines; an escape for a line's end is left out of them."""
    starts, lines = list[int](), list[bytes]()
    place = block.find(b"%")
    while place >= 0:
        end = block.find(b"\n", place)
        end = len(block) if end < 0 else end
        starts.append(block.rfind(b"\n", 0, place) + 1)
        line = block[starts[-1] : end]
        lines.append(line.replace(b"%0A", b"%20").replace(b"%0a", b"%20"))
        place = block.find(b"%", end)
    return starts, lines
