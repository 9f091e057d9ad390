"""What is stored beside the ledger, compared with the entries it is an index of: hits, raw requests, canaries, tokens.

Whoever may write to the database but not sign could hide a hit or disable a bait by deleting a row. The entries say
which rows there have to be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Set
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Row, select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.core.model import Canary, indexed
from canaries.crypto.token_tags import normal
from canaries.ledger.index_checks import IndexChecks
from canaries.ledger.regrouping import moved, regroupings

if TYPE_CHECKING:
    from canaries.ledger.entries import Entry, EntryReader

_COLUMNS = ("canary_id", "facet", "trap", "observed_at", "sighting")
_AT_ONCE = 500

_record = msgspec.json.Decoder(Canary)


class HitChecks:
    """Every hit has its row, its facts and its raw request. Sees each opened entry once, in any order."""

    def __init__(self, connection: Connection, reader: EntryReader) -> None:
        self._connection, self._reader = connection, reader
        self._rows = IndexChecks(connection)
        self._hits: list[Entry] = []
        self._facts: dict[str, tuple[str, str]] = {}
        """*derived* entries that no row has named yet: id to the hit and the incident in them."""
        self._awaited: dict[str, tuple[str, str]] = {}
        """The same of rows whose *derived* entry has not been seen yet."""
        self._without_raw: set[str] = set()
        self._elsewhere: dict[str, str] = {}
        """Hits whose row names another incident than their facts, and which."""
        self.raws = 0
        """Raw requests compared with the SHA-256 in their hit's entry."""

    def see(self, entry: Entry, *, believed: bool = True) -> None:
        """Take the next entry into account; ``believed``: it is by whom it names.

        Raises LedgerError naming what is missing or was changed.
        """
        self._rows.see(entry, believed=believed)
        if entry.kind == "hit":
            self._hits.append(entry)
            if len(self._hits) >= _AT_ONCE:
                self._look()
        elif entry.kind == "derived":
            said = str(entry.body.get("hit")), str(entry.body.get("incident"))
            if entry.id in self._awaited:
                self._compare(said, self._awaited.pop(entry.id))
            else:
                self._facts[entry.id] = said

    def finish(self, erased: Set[str], disbelieved: Set[str] = frozenset()) -> None:
        """What only the whole log shows. ``erased``: ids that an *erased* entry names; ``disbelieved``: of entries
        that are not by whom they name. Raises LedgerError."""
        self._look()
        for hit in sorted(self._without_raw - erased):
            raise LedgerError(f"the raw bytes of hit {hit} are gone, and no *erased* entry says so")
        for facts, (hit, _) in self._awaited.items():
            if facts in erased:
                continue
            there = self._connection.scalar(select(store.entry.c.sealed).where(store.entry.c.id == facts))
            if there is not None:  # another hit's row has named it
                raise LedgerError(f"hit {hit} has the facts or the incident of another")
            raise LedgerError(f"what was derived from hit {hit} is missing")
        for facts, (hit, _) in sorted(self._facts.items()):
            row = self._connection.execute(
                select(store.entry.c.sealed).where(store.entry.c.id == hit)
            ).first()
            if row is None:
                raise LedgerError(
                    f"the derived entry {facts} is about hit {hit!r}, which the ledger does not have"
                )
            if row.sealed is not None:  # of one whose content is gone, another check tells
                raise LedgerError(
                    f"the derived entry {facts} is about hit {hit}, which has another: it was added"
                )
        moves = regroupings(self._connection, self._reader)
        regrouped = moved(entry for entry in moves if entry.id not in disbelieved)
        for hit, incident in [*self._elsewhere.items(), *self._moved(list(regrouped))]:
            if regrouped.get(hit) != incident:
                raise LedgerError(f"hit {hit} has the facts or the incident of another")
        self._rows.finish()

    def _moved(self, hits: list[str]) -> Iterator[tuple[str, str]]:
        """(hit, incident of its row) of hits that operators moved."""
        table = store.hit
        for start in range(0, len(hits), _AT_ONCE):
            query = select(table.c.id, table.c.incident_id).where(
                table.c.id.in_(hits[start : start + _AT_ONCE])
            )
            yield from ((row.id, row.incident_id) for row in self._connection.execute(query))

    def _compare(self, said: tuple[str, str], row: tuple[str, str]) -> None:
        if said[0] != row[0]:
            raise LedgerError(f"hit {row[0]} has the facts or the incident of another")
        if said[1] != row[1]:
            self._elsewhere[row[0]] = row[1]

    def _look(self) -> None:
        hits, self._hits = self._hits, []
        hit, raw = store.hit, store.raw
        query = (
            select(hit, raw.c.sealed)
            .join(raw, raw.c.entry_id == hit.c.id, isouter=True)
            .where(hit.c.id.in_([entry.id for entry in hits]))
        )
        rows = {row.id: row for row in self._connection.execute(query)} if hits else {}
        for entry in hits:
            row = rows.get(entry.id)
            if row is None:
                raise LedgerError(f"hit {entry.id} is in the ledger, but not among the hits")
            _check_row(row, entry.body)
            said, facts = (row.id, row.incident_id), self._facts.pop(row.derived_id, None)
            if facts is None:
                self._awaited[row.derived_id] = said
            else:
                self._compare(facts, said)
            if row.sealed is None:
                self._without_raw.add(row.id)
                continue
            content = self._reader.open(row.sealed, row.id)
            if hashlib.sha256(content).hexdigest() != entry.body["raw_sha256"]:
                raise LedgerError(f"the raw bytes of hit {row.id} are not those that its entry names")
            if len(content) != entry.body["raw_len"]:
                raise LedgerError(f"the raw bytes of hit {row.id} are not as many as its entry says")
            self.raws += 1


def _check_row(row: Row[Any], said: dict[str, Any]) -> None:
    for name in _COLUMNS:
        if getattr(row, name) != said[name.removesuffix("_id")]:
            raise LedgerError(f"hit {row.id} has another {name} than its entry")


def check_canaries(
    connection: Connection, reader: EntryReader, tag: Callable[[bytes], bytes] | None, erased: Set[str]
) -> int:
    """Every canary that was minted has its record and, where there is a ``tag``, its tokens' tags; how many records.

    Raises LedgerError naming the first that is missing or was changed.
    """
    table, count, current = store.canary, 0, ""
    minted: dict[str, str] = {}
    awaited: dict[bytes, tuple[str, str]] = {}
    beside = (table.c.kind, table.c.created_at)
    query = select(table.c.id, table.c.entry_id, table.c.sealed, *beside).order_by(table.c.entry_id)
    with connection.execution_options(yield_per=1_000).execute(query) as rows:
        for row in rows:
            if row.entry_id != current:
                _none_left(minted, erased)
                current, minted = row.entry_id, _minted(connection, reader, row.entry_id)
            said = minted.pop(row.id, "")
            if row.sealed is None and row.id in erased:
                continue
            content = reader.open(row.sealed, row.id) if row.sealed is not None else b""
            if said != hashlib.sha256(content).hexdigest():
                raise LedgerError(f"the record of canary {row.id} is not the one that was minted")
            count += 1
            record = _record.decode(content)
            if (row.kind, row.created_at) != (record.kind, record.created_at):
                raise LedgerError(f"canary {row.id} is listed under another kind or date than its record's")
            if tag:
                for token in indexed(record.tokens):
                    awaited[tag(normal(token.value, folds=token.folds))] = (row.id, token.facet)
                if len(awaited) >= _AT_ONCE:
                    _check_tags(connection, awaited)
    _none_left(minted, erased)
    _check_tags(connection, awaited)
    _no_entry_left(connection, reader, erased)
    return count


def _none_left(minted: dict[str, str], erased: Set[str]) -> None:
    left = minted.keys() - erased
    if left:
        raise LedgerError(f"canary {min(left)} was minted, but is not among the canaries")


def _no_entry_left(connection: Connection, reader: EntryReader, erased: Set[str]) -> None:
    """No *minted* entry is without any canary."""
    entry = store.entry
    query = (
        select(entry.c.id)
        .where(entry.c.kind == "minted", entry.c.sealed.is_not(None))
        .where(entry.c.id.not_in(select(store.canary.c.entry_id)))
    )
    for entry_id in connection.execute(query).scalars().all():
        _none_left(_minted(connection, reader, entry_id), erased)


def _check_tags(connection: Connection, awaited: dict[bytes, tuple[str, str]]) -> None:
    table, tags = store.token, list(awaited)
    for start in range(0, len(tags), _AT_ONCE):
        query = select(table).where(table.c.tag.in_(tags[start : start + _AT_ONCE]))
        for row in connection.execute(query):
            if awaited.get(row.tag) == (row.canary_id, row.facet):
                del awaited[row.tag]
    for canary, facet in awaited.values():
        raise LedgerError(
            f"the {facet} of canary {canary} would not be recognised: the index does not have it"
        )


def _minted(connection: Connection, reader: EntryReader, entry_id: str) -> dict[str, str]:
    """Canary to the SHA-256 of its record, as one *minted* entry lists them."""
    found = reader.fetch(connection, [entry_id])
    return dict(found[entry_id].body["canaries"]) if entry_id in found else {}
