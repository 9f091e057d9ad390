"""Going on after an honest restore.

A database that is put back is behind the checkpoints that were signed since its backup, and the sealer stops: sealing
on would give one log two histories. After a loss there is no other way, so an operator may say so. That act is an
entry, *restored*, at the very place where the log goes on:

    {"what": "restore", "size": N, "root": ..., "known": {"size": K, "root": ...} | null, "reason": ..., "backup": ...}

``size`` is the entry's own place, ``root`` that of the entries before it. ``known`` is the largest checkpoint of what
was lost: signed sizes above N and up to K belong to the lost entries and are explained; the one of K must have that
root, and one above K is a contradiction as before. Nobody can go on in silence: every later verification says
it, and an operator who has enrolled a key signs it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.ledger.checkpoints import Outside, Signed, log_verifier
from canaries.ledger.entries import Draft, Entry, EntryWriter, Kind
from canaries.ledger.log_home import LogHome
from canaries.ledger.merkle import Frontier
from canaries.ledger.signed_note import Checkpoint, sign_checkpoint

KIND: Final = "restored"


class Continuations:
    """The *restored* entries of a log, met in log order; explains the checkpoints of what was lost before them."""

    def __init__(self) -> None:
        self._lost: list[tuple[int, int, str]] = []
        self._claimed: list[tuple[int, int, str]] = []
        """Of those that are not by whom they name: whoever rolled the log back could have written them."""

    def see(self, entry: Entry, *, believed: bool = True) -> None:
        """Take the next entry into account. Raises LedgerError where it claims another place than its own."""
        if entry.kind != KIND or entry.seq is None:
            return
        if entry.seq != entry.body["size"]:
            raise LedgerError(f"the entry at {entry.seq} says that the log went on at {entry.body['size']}")
        if known := entry.body["known"]:
            (self._lost if believed else self._claimed).append((entry.seq, known["size"], known["root"]))

    def explains(self, checkpoint: Checkpoint) -> bool:
        """Whether it is one of entries that were lost before a restore."""
        return _is_within(checkpoint, self._lost)

    def hint(self, checkpoint: Checkpoint, otherwise: str | None) -> str | None:
        """What to say of one that is not explained."""
        claimed = "a restored entry explains it, but is not signed by the operator whom it names"
        return claimed if _is_within(checkpoint, self._claimed) else otherwise


def _is_within(checkpoint: Checkpoint, spans: Iterable[tuple[int, int, str]]) -> bool:
    return any(
        first < checkpoint.size < known or (checkpoint.size, checkpoint.root.hex()) == (known, root)
        for first, known, root in spans
    )


def sentence(entry: Entry) -> str:
    """What a *restored* entry says, for those who read a verification."""
    body = entry.body
    known = body["known"]
    lost = (
        f"entries {body['size']} to {known['size'] - 1} of before are lost"
        if known
        else "no checkpoint of lost entries was known"
    )
    return f"the log went on at {entry.seq} after a restore, by {entry.by}, {entry.at}: {lost} ({body['reason']})"


def is_behind(home: LogHome, kept: tuple[Signed, ...] = ()) -> bool:
    """Whether the last checkpoint outside, or one of ``kept``, has a larger size than the log."""
    latest = Outside(home.path / "checkpoints", log_verifier(home)).latest()
    sizes = [item.checkpoint.size for item in (*kept, *([latest] if latest else []))]
    with home.store.read() as connection:
        last = connection.execute(select(func.max(store.leaf.c.seq))).scalar_one_or_none()
    return max(sizes, default=0) > (0 if last is None else last + 1)


def continue_log(
    home: LogHome,
    writer: EntryWriter,
    act: Callable[[Kind, Mapping[str, Any]], Draft],
    reason: str,
    kept: tuple[Signed, ...] = (),
    backup: Mapping[str, Any] | None = None,
) -> Entry:
    """Write *restored* at the end of the sealed log and sign the log with it; the entry, without its line.

    ``act`` writes what an operator does, and signs it where they have a key. ``kept``: checkpoints from outside the
    restored copy. No sealer may run. Raises LedgerError where the log is not what a checkpoint at or below its size
    signed.
    """
    log = log_verifier(home)
    outside = Outside(home.path / "checkpoints", log)
    signed, earlier = [*outside.all(), *kept], _earlier(home)
    with home.store.write() as connection:
        frontier = _alone(home, connection, signed, earlier)
    size, root = len(frontier), frontier.root()
    known = max(
        (item for item in signed if item.checkpoint.size > size),
        key=lambda item: item.checkpoint.size,
        default=None,
    )
    body = {
        "what": "restore",
        "size": size,
        "root": root.hex(),
        "known": {"size": known.checkpoint.size, "root": known.checkpoint.root.hex()} if known else None,
        "reason": reason,
        "backup": dict(backup or {}),
    }
    said = act(KIND, body)  # outside a transaction: a key may wait for a finger
    with home.store.write() as connection:
        frontier = _alone(home, connection, signed, earlier)
        if (len(frontier), frontier.root()) != (size, root):
            raise LedgerError("the log has grown meanwhile", hint="stop its listener, and try again")
        writer.put(connection, said)
        frontier.append(_place(connection, said.id, size))
        head = Checkpoint(log.name, size + 1, frontier.root())
        note = sign_checkpoint(head, home.keys.log)
        connection.execute(insert(store.checkpoint).values(size=size + 1, at=said.at, note=note))
        if known:
            outside.keep(known, said.at)
        outside.go_on(head, note, said.at)
    return Entry(said.id, KIND, said.at, said.by, body, b"", size)


def _alone(
    home: LogHome, connection: Connection, signed: Sequence[Signed], earlier: Continuations
) -> Frontier:
    """The log as it is, while nobody else seals it."""
    if not (home.store.lock(connection, "seal") and home.store.lock(connection, "sign")):
        raise LedgerError("another process seals this log", hint="stop its listener first")
    return _frontier(connection, signed, earlier)


def _earlier(home: LogHome) -> Continuations:
    found = Continuations()
    with home.store.read() as connection:
        for entry in home.reader.entries(connection, KIND):
            found.see(entry)
    return found


def _frontier(connection: Connection, signed: Sequence[Signed], earlier: Continuations) -> Frontier:
    """All sealed entries; at each size that was signed the root must be the one that was signed."""
    frontier, wanted = Frontier(), defaultdict[int, list[Signed]](list)
    for item in signed:
        wanted[item.checkpoint.size].append(item)
    leaf = store.leaf
    query = select(leaf.c.seq, leaf.c.hash).order_by(leaf.c.seq)
    for seq, digest in connection.execute(query, execution_options={"yield_per": 10_000}):
        if seq != len(frontier):
            raise LedgerError(f"the log has a gap: entry {len(frontier)} is missing")
        frontier.append(digest)
        for item in wanted.get(len(frontier), ()):
            if item.checkpoint.root != frontier.root() and not earlier.explains(item.checkpoint):
                raise LedgerError(
                    f"the first {len(frontier)} entries are not those that the checkpoint in {item.where} signed",
                    hint="this is no older state of the log, but another one",
                )
    return frontier


def _place(connection: Connection, entry_id: str, seq: int) -> bytes:
    """Give a fresh entry its place at once, before whatever waits for one; its leaf hash."""
    waiting, leaf = store.unsealed, store.leaf
    query = select(waiting.c.hash).where(waiting.c.entry_id == entry_id)
    digest: bytes = connection.execute(query).scalar_one()
    connection.execute(delete(waiting).where(waiting.c.entry_id == entry_id))
    connection.execute(insert(leaf).values(seq=seq, entry_id=entry_id, hash=digest))
    return digest
