"""The whole log as a dossier shows it: the hash of every entry, and of each that is withheld why, with its header."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from canaries.core import store
from listener.dossier.case_records import Leaf

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.parts import EntryHeader

DISCLOSED = "disclosed"
_HASH = 32
_AT_ONCE = 500
"""Headers read at a time."""


class CaseLeaves:
    """Places ``0`` to ``size`` of the log."""

    def __init__(
        self,
        home: Home,
        size: int,
        disclosed: Sequence[int],
        *,
        erased: Set[bytes],
        left: Set[bytes],
        dropped: Set[int],
        own: Set[int],
        late: Set[int],
    ) -> None:
        """``disclosed``: places, ascending; ``dropped``: places of entries of the case that this version does not show.

        ``erased``: leaf hashes that *erased* entries name. ``left``: of what was derived from hits that operators moved
        into another incident. ``own``, ``late``: as in `listener.dossier.proof.CaseProof`.
        """
        self._home, self._size, self._disclosed = home, size, disclosed
        self._erased, self._left, self._dropped, self._own, self._late = erased, left, dropped, own, late

    def __iter__(self) -> Iterator[Leaf]:
        """Every place, in order; other matters as bare hashes."""
        hashes, statuses = self._log
        for seq, status in enumerate(statuses):
            yield Leaf(seq, hashes[_HASH * seq : _HASH * (seq + 1)], status)

    @property
    def hashes(self) -> bytes:
        """All leaf hashes, one behind the other."""
        return self._log[0]

    @property
    def withheld(self) -> Mapping[str, int]:
        """How many entries are withheld, by reason."""
        counts = Counter(self._log[1])
        return {status.partition(":")[2]: count for status, count in counts.items() if status != DISCLOSED}

    def headers(self) -> Iterator[tuple[int, EntryHeader]]:
        """(place, header) of each entry that is withheld and has one. Raises LedgerError."""
        waiting = ((seq, entry_id) for seq, entry_id, _, status in self._places() if status != DISCLOSED)
        while some := list(islice(waiting, _AT_ONCE)):
            with self._home.store.read() as connection:
                found = self._home.reader.headers(connection, [entry_id for _, entry_id in some])
            yield from ((seq, found[entry_id]) for seq, entry_id in some if entry_id in found)

    @cached_property
    def _log(self) -> tuple[bytes, list[str]]:
        """Leaf hashes of the whole log, one behind the other, and what is disclosed of them."""
        hashes, statuses = bytearray(), []
        for _, _, digest, status in self._places():
            hashes += digest
            statuses.append(sys.intern(status))
        return bytes(hashes), statuses

    def _places(self) -> Iterator[tuple[int, str, bytes, str]]:
        """(place, id of the entry, leaf hash, status)."""
        disclosed = iter(self._disclosed)
        mine = next(disclosed, -1)
        leaf = store.leaf
        query = (
            select(leaf.c.seq, leaf.c.entry_id, leaf.c.hash)
            .where(leaf.c.seq < self._size)
            .order_by(leaf.c.seq)
        )
        with self._home.store.read() as connection:
            rows = connection.execution_options(yield_per=10_000).execute(query)
            for seq, entry_id, digest in chain.from_iterable(rows.partitions()):
                if seq == mine:
                    status, mine = DISCLOSED, next(disclosed, -1)
                elif digest in self._erased:
                    status = "withheld:erased"
                elif seq in self._dropped or (seq in self._own and digest not in self._left):
                    status = "withheld:held-back"
                else:
                    status = "withheld:no-header" if seq in self._late else "withheld:other-matter"
                yield seq, entry_id, digest, status
