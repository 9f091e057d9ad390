"""The sealer: gives entries their order, and signs the head of the log.

Any number of writers insert entries as `unsealed`; whoever holds the lock moves them to `leaf`, in id order within a
batch, numbered without gaps. *Log order is sealing order*, not the order of receipt. (Numbering by the database's own
counter instead loses rows that commit late; measured: one in twenty.)

Before anything else the sealer holds the database against the copy of its last checkpoint outside. A database that is
behind it was restored from a backup; sealing on would give two histories to one log, so the sealer stops.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from itertools import chain

from sqlalchemy import Connection, func, insert, select, text

from canaries.core import clock, store
from canaries.core.errors import LedgerError, StoreAwayError
from canaries.ledger.checkpoints import Outside, Signed, log_verifier
from canaries.ledger.log_home import LogHome
from canaries.ledger.merkle import Frontier
from canaries.ledger.signed_note import Checkpoint, NoteError, open_checkpoint, sign_checkpoint

BATCH = 5_000
"""Entries a transaction: long enough to be fast, short enough that writers hardly wait."""

_NUMBER = text(
    "INSERT INTO leaf (seq, entry_id, hash) "
    "SELECT :base - 1 + row_number() OVER (ORDER BY entry_id), entry_id, hash "
    "FROM (SELECT entry_id, hash FROM unsealed ORDER BY entry_id LIMIT :batch) AS waiting"
)
_CLEAR = text("DELETE FROM unsealed WHERE entry_id IN (SELECT entry_id FROM leaf WHERE seq >= :base)")

_log = logging.getLogger(__name__)


class LogSealer:
    """One sealing process's part; any number may run, on any number of machines."""

    def __init__(self, home: LogHome, batch: int = BATCH) -> None:
        self._home, self._batch = home, batch
        self._key, self._verifier = home.keys.log, log_verifier(home)
        self._outside = Outside(home.path / "checkpoints", self._verifier)
        self._frontier = Frontier()
        self._signed = 0
        self._started = False

    def run(self, stop: threading.Event) -> None:
        """Seal and sign until ``stop``, once more at its end. Raises LedgerError; waits for a database that is away."""
        settings = self._home.settings.seal
        due = clock.monotonic()
        stopping = False
        while not stopping:
            stopping = stop.wait(settings.seconds)
            try:
                self.seal_once()
                if stopping or clock.monotonic() >= due:
                    self.checkpoint()
                    due = clock.monotonic() + settings.checkpoint_seconds
            except StoreAwayError as error:
                _log.warning("sealing waits: %s", error.sentence)

    def seal_once(self) -> int:
        """Order what waits now; how many entries that were. Raises LedgerError, StoreError."""
        self._start()
        total = 0
        while True:
            with self._home.store.write() as connection:
                if not self._home.store.lock(connection, "seal"):
                    return total  # another sealer is at it
                count = self._seal(connection)
            total += count
            if count < self._batch:
                return total

    def _seal(self, connection: Connection) -> int:
        base = _size(connection)
        if base < len(self._frontier):
            raise _behind(base, len(self._frontier))
        count = connection.execute(_NUMBER, {"base": base, "batch": self._batch}).rowcount
        if count:
            connection.execute(_CLEAR, {"base": base})
        return count

    def checkpoint(self) -> str | None:
        """Sign the log as it stands; the note, or None where there is nothing new. Raises LedgerError, StoreError.

        What is signed was read from committed rows only: a signature cannot be taken back, a transaction can.
        """
        self._start()
        with self._home.store.read() as connection:
            self._catch_up(connection)
        size = len(self._frontier)
        if size == self._signed:
            return None
        checkpoint = Checkpoint(self._verifier.name, size, self._frontier.root())
        note, at = sign_checkpoint(checkpoint, self._key), self._home.now()
        with self._home.store.write() as connection:
            if not self._home.store.lock(connection, "sign"):
                return None
            if not self._is_new(connection, checkpoint):
                self._signed = size
                return None
            self._outside.put(checkpoint, note, at)
            connection.execute(insert(store.checkpoint).values(size=size, at=at, note=note))
        self._signed = size
        return note

    def _is_new(self, connection: Connection, checkpoint: Checkpoint) -> bool:
        newest = self._newest(connection)
        if newest is None or newest.checkpoint.size < checkpoint.size:
            return True
        if newest.checkpoint.size == checkpoint.size and newest.checkpoint != checkpoint:
            raise _other_root(newest)
        return False

    def _start(self) -> None:
        """Once: the database against every head that is known to have been signed."""
        if self._started:
            return
        outside = self._outside.latest()
        with self._home.store.read() as connection:
            inside = self._newest(connection)
            known = [signed for signed in (outside, inside) if signed]
            self._catch_up(connection, known)
        if inside and (outside is None or outside.checkpoint.size < inside.checkpoint.size):
            self._outside.put(inside.checkpoint, inside.note, inside.at)
        self._signed = inside.checkpoint.size if inside else 0
        self._started = True

    def _catch_up(self, connection: Connection, known: Iterable[Signed] = ()) -> None:
        """Read the leaves that are new to this process; at the sizes of ``known`` the roots must agree."""
        wanted = {signed.checkpoint.size: signed for signed in known}
        frontier = Frontier() if wanted else self._frontier
        leaf = store.leaf
        query = select(leaf.c.seq, leaf.c.hash).where(leaf.c.seq >= len(frontier)).order_by(leaf.c.seq)
        rows = connection.execution_options(yield_per=10_000).execute(query)
        for seq, digest in chain.from_iterable(rows.partitions()):
            if seq != len(frontier):
                raise LedgerError(f"the log has a gap: entry {len(frontier)} is missing")
            frontier.append(digest)
            signed = wanted.get(len(frontier))
            if signed and signed.checkpoint.root != frontier.root():
                raise _other_root(signed)
        self._frontier = frontier
        size = _size(connection)
        largest = max([len(frontier), *wanted])
        if size < largest:
            raise _behind(size, largest)

    def _newest(self, connection: Connection) -> Signed | None:
        table = store.checkpoint
        row = connection.execute(select(table).order_by(table.c.size.desc()).limit(1)).first()
        if row is None:
            return None
        try:
            checkpoint = open_checkpoint(row.note, self._verifier)
        except NoteError as error:
            raise LedgerError(f"the database's checkpoint of size {row.size} was changed: {error}") from error
        return Signed(checkpoint, row.note, row.at, "the database")


def _size(connection: Connection) -> int:
    last = connection.execute(select(func.max(store.leaf.c.seq))).scalar_one_or_none()
    return 0 if last is None else last + 1


def _behind(size: int, signed: int) -> LedgerError:
    return LedgerError(
        f"the database holds {size} sealed entries, but {signed} were sealed before",
        hint="was it restored from a backup? Bring back the newest database; where there is none: "
        "trapline ledger continue",
    )


def _other_root(signed: Signed) -> LedgerError:
    return LedgerError(
        f"the log's first {signed.checkpoint.size} entries are not those that the checkpoint in {signed.where} signed",
        hint="sealed entries were changed or exchanged; run: trapline ledger verify",
    )
