"""The whole ledger, checked against itself, its checkpoints and the copy outside the database.

One pass in log order: numbering without gaps, each leaf's entry in place, each box opening to the very line whose hash
is in the log, and at each size that was ever signed the root that was signed. The first contradiction is raised.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

from sqlalchemy import Connection, func, select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.crypto.token_tags import tagger
from canaries.ledger.absences import Absences
from canaries.ledger.box_checks import HitChecks, check_canaries
from canaries.ledger.checkpoints import Outside, Signed, log_verifier
from canaries.ledger.continuation import Continuations
from canaries.ledger.entries import Entry
from canaries.ledger.log_home import LogHome
from canaries.ledger.merkle import Frontier
from canaries.ledger.oddities import Oddities
from canaries.ledger.operators import Register
from canaries.ledger.parts import CaseKeys, mistagged
from canaries.ledger.signed_note import NoteError, Verifier, open_checkpoint


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What was checked, where nothing was wrong."""

    entries: int
    """Sealed entries."""
    unsealed: int
    """Entries that wait for the sealer."""
    erased: int
    """Entries whose content is gone, each named by an *erased* entry."""
    opened: int
    """Boxes opened and compared with their hash; 0 where the vault's key is not here."""
    raws: int
    """Raw requests compared with the SHA-256 in their hit's entry."""
    canaries: int
    """Records of canaries compared with the SHA-256 in their *minted* entry."""
    checkpoints: int
    """Sizes at which the log was signed; signature and root were compared in each copy."""
    outside: int
    """How many checkpoints were in the logs of the days, outside the database."""
    root: str
    """Of all sealed entries, hexadecimal."""
    origin: str
    """Name of the log."""
    oddities: tuple[str, ...] = ()
    """What is possible, but asks for an explanation: each a sentence."""
    operators: tuple[str, ...] = ()
    """Who has enrolled a key at the end of the log."""
    signed: int = 0
    """Entries that operators signed, each signature checked."""
    unsigned: int = 0
    """Entries of operators without a key: anybody with a shell could have written them."""
    absent: tuple[str, ...] = ()
    """What entries say was there, and is not: each a sentence."""
    forged: tuple[str, ...] = ()
    """Entries that are not by the operator whom they name, or lack a second one: each a sentence."""

    def as_dict(self) -> dict[str, Any]:
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()
        }


def verify(
    home: LogHome,
    visit: Callable[[Entry], None] | None = None,
    kept: Sequence[Signed] = (),
    told: Mapping[str, str] | None = None,
) -> LedgerReport:
    """Check everything, also against checkpoints ``kept`` elsewhere and hits that messages ``told`` of (leaf hash,
    hexadecimal, to where it stands); ``visit`` sees each entry once it is proven, but for moves of hits that are not by
    whom they name: nothing follows from them.

    Raises LedgerError naming the first contradiction. Without the vault's key no entry can be opened or visited.
    """
    log = log_verifier(home)
    outside = list(Outside(home.path / "checkpoints", log).all())
    latest = Outside(home.path / "checkpoints", log).latest()
    with home.store.read() as connection:
        signed = [*_stored(connection, log), *outside, *([latest] if latest else []), *kept]
        hits = HitChecks(connection, home.reader) if home.keys.has("vault") else None
        walk = _Walk(home, signed, visit, told or {}, hits)
        for row in _rows(connection):
            walk.leaf(*row)
        walk.finish()
        unsealed = _unsealed(connection, walk)
        canaries = _canaries(home, connection, walk, hits)
        total = connection.execute(select(func.count()).select_from(store.entry)).scalar_one()
        absent = tuple(walk.absences.found(connection))
    if total != len(walk.frontier) + unsealed:
        raise LedgerError(
            f"{total - len(walk.frontier) - unsealed} entries are neither sealed nor waiting to be"
        )
    if walk.opened and (unnamed := walk.erased - walk.erasures):
        raise LedgerError(f"the content of {min(unnamed)} is gone, and no *erased* entry says so")
    return LedgerReport(
        entries=len(walk.frontier),
        unsealed=unsealed,
        erased=len(walk.erased),
        opened=walk.opened,
        raws=hits.raws if hits else 0,
        canaries=canaries,
        checkpoints=len({item.checkpoint.size for item in signed}),
        outside=len(outside),
        root=walk.frontier.root().hex(),
        origin=log.name,
        oddities=tuple(walk.oddities.found),
        operators=tuple(sorted(walk.register.keys)),
        signed=walk.register.signed,
        unsigned=walk.register.unsigned,
        absent=absent,
        forged=tuple(walk.register.forged),
    )


def _canaries(home: LogHome, connection: Connection, walk: _Walk, hits: HitChecks | None) -> int:
    """How many records of canaries were compared, once the hits are."""
    if hits is None:
        return 0
    hits.finish(walk.erasures, walk.disbelieved)
    tag = tagger(home.keys.lookup) if home.keys.has("lookup") else None
    return check_canaries(connection, home.reader, tag, walk.erasures)


_RESTORED = "was the database restored from a backup? See: trapline ledger continue --help"
_SEALED = "after a restore only the vault's key tells"


class _Walk:
    """The state of the pass: the growing tree, and which signed sizes are still to come."""

    def __init__(
        self,
        home: LogHome,
        signed: list[Signed],
        visit: Callable[[Entry], None] | None,
        told: Mapping[str, str],
        hits: HitChecks | None,
    ) -> None:
        self.frontier = Frontier()
        self.oddities = Oddities(signed)
        self._continuations = Continuations()
        self.register = Register(home.origin)
        self.absences = Absences(told)
        self._visit, self._hits = visit, hits
        self.opened = 0
        self.erased: set[str] = set()
        self.erasures: set[str] = set()
        self.disbelieved: set[str] = set()
        """Entries that are not by whom they name."""
        self._cases = CaseKeys(home.keys.lookup) if home.keys.has("lookup") else None
        self._reader = home.reader if home.keys.has("vault") else None
        self._wanted: dict[int, list[Signed]] = defaultdict(list)
        for item in signed:
            self._wanted[item.checkpoint.size].append(item)

    def leaf(
        self,
        seq: int,
        entry_id: str,
        leaf: bytes,
        kind: str,
        at: str,
        digest: bytes | None,
        sealed: bytes | None,
    ) -> None:
        """One place in the log, and the record there, as `_rows` has them."""
        index = len(self.frontier)
        if seq != index:
            raise LedgerError(f"the log has a gap: entry {index} is missing")
        if digest is None:
            raise LedgerError(f"entry {index} ({entry_id}) is in the log, but its record is missing")
        if digest != leaf:
            raise LedgerError(f"entry {index} ({entry_id}) has another hash than its place in the log")
        self.content(entry_id, kind, at, digest, sealed, index)
        self.frontier.append(leaf)
        for item in self._wanted.pop(index + 1, ()):
            if item.checkpoint.root != self.frontier.root() and not self._continuations.explains(
                item.checkpoint
            ):
                raise LedgerError(
                    f"entries 0 to {index} are not those that the checkpoint in {item.where} signed",
                    hint=self._continuations.hint(item.checkpoint, None if self._reader else _SEALED),
                )

    def content(
        self, entry_id: str, kind: str, at: str, digest: bytes, sealed: bytes | None, seq: int | None
    ) -> None:
        """One record: its box opens, holds the line of that hash, and the columns beside it say the same."""
        if sealed is None:
            self.erased.add(entry_id)
            self.absences.see_hash(kind, digest)
        elif self._reader:
            entry = self._reader.entry(entry_id, sealed, digest, seq)
            self.opened += 1
            if (entry.id, entry.kind, entry.at) != (entry_id, kind, at):
                raise LedgerError(
                    f"{self._name(entry)} ({entry_id}) is another than the database's columns say"
                )
            if self._cases and entry.header and mistagged(entry.header, entry.body, self._cases):
                raise LedgerError(f"{self._name(entry)} ({entry_id}) is tagged as one of another case")
            try:
                self._take_in(entry)
            except (
                KeyError,
                TypeError,
                ValueError,
                AttributeError,
            ) as error:  # whoever writes to the database wrote it
                raise LedgerError(
                    f"{self._name(entry)} ({entry_id}) is not what a {kind} entry is"
                ) from error

    def _take_in(self, entry: Entry) -> None:
        """What an entry means for those around it. Raises KeyError, TypeError, ValueError where it is malformed."""
        if believed := self.register.see(entry):
            self.erasures.update(_erasures(entry))
        else:
            self.disbelieved.add(entry.id)
        self._continuations.see(entry, believed=believed)
        self.oddities.see(entry)
        self.absences.see(entry)
        if self._hits:
            self._hits.see(entry, believed=believed)
        if self._visit and (believed or entry.kind != "regrouped"):
            self._visit(entry)

    @staticmethod
    def _name(entry: Entry) -> str:
        return "the waiting entry" if entry.seq is None else f"entry {entry.seq}"

    def finish(self) -> None:
        for size, items in sorted(self._wanted.items(), reverse=True):
            for item in items:
                if not self._continuations.explains(item.checkpoint):
                    raise LedgerError(
                        f"the database holds {len(self.frontier)} sealed entries, but {item.where} signed {size}",
                        hint=self._continuations.hint(item.checkpoint, _RESTORED),
                    )


def _erasures(entry: Entry) -> Iterator[str]:
    """What an *erased* entry names: body ``{"entries": [id, ...], "canaries": [id, ...], ...}``, a hit's entry also
    where its raw bytes alone are gone."""
    if entry.kind == "erased":
        yield from entry.body.get("entries", ())
        yield from entry.body.get("canaries", ())


def _rows(connection: Connection) -> Iterator[Sequence[Any]]:
    leaf, entry = store.leaf, store.entry
    query = (
        select(leaf.c.seq, leaf.c.entry_id, leaf.c.hash.label("leaf"))
        .add_columns(entry.c.kind, entry.c.at, entry.c.hash, entry.c.sealed)
        .join(entry, entry.c.id == leaf.c.entry_id, isouter=True)
        .order_by(leaf.c.seq)
    )
    rows = connection.execution_options(yield_per=2_000).execute(query)
    yield from chain.from_iterable(rows.partitions())


def _stored(connection: Connection, log: Verifier) -> Iterator[Signed]:
    for row in connection.execute(select(store.checkpoint).order_by(store.checkpoint.c.size)):
        where = f"the database's checkpoint of size {row.size}"
        try:
            checkpoint = open_checkpoint(row.note, log)
        except NoteError as error:
            raise LedgerError(f"{where} was changed: {error}") from error
        if checkpoint.size != row.size:
            raise LedgerError(f"{where} is one of size {checkpoint.size}")
        yield Signed(checkpoint, row.note, row.at, where)


def _unsealed(connection: Connection, walk: _Walk) -> int:
    waiting, entry = store.unsealed, store.entry
    query = (
        select(waiting.c.entry_id, waiting.c.hash.label("leaf"))
        .add_columns(entry.c.kind, entry.c.at, entry.c.hash, entry.c.sealed)
        .join(entry, entry.c.id == waiting.c.entry_id, isouter=True)
        .order_by(waiting.c.entry_id)
    )
    count = 0
    for row in connection.execution_options(yield_per=2_000).execute(query):
        if row.hash != row.leaf:
            raise LedgerError(f"the waiting entry {row.entry_id} has no record of its hash")
        walk.content(row.entry_id, row.kind, row.at, row.hash, row.sealed, None)
        count += 1
    return count
