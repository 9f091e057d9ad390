"""What is stored beside the ledger, compared with the entries it is an index of: hits, raw requests, canaries, tokens.

Whoever may write to the database but not sign could hide a hit or disable a bait by deleting a row. The entries say
which rows there have to be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Set
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, Row, select

from canaries.core import store
from canaries.core.errors import LedgerError
from canaries.core.model import Canary, indexed
from canaries.crypto.token_tags import normal
from canaries.ledger.regrouping import moved, regroupings

if TYPE_CHECKING:
    from canaries.ledger.entries import EntryReader

_COLUMNS = ("canary_id", "facet", "trap", "observed_at", "sighting")
_AT_ONCE = 500

_record = msgspec.json.Decoder(Canary)


def check_hits(connection: Connection, reader: EntryReader, erased: Set[str]) -> int:
    """Every hit has its row, its facts and its raw request; how many of those. ``erased``: ids that an *erased* entry
    names. Raises LedgerError naming the first that is missing or was changed."""
    entry, hit, raw, derived = store.entry, store.hit, store.raw, store.entry.alias()
    query = (
        select(entry.c.id, entry.c.hash, entry.c.sealed, raw.c.sealed.label("raw"))
        .add_columns(hit.c.id.label("row"), hit.c.incident_id, *(hit.c[name] for name in _COLUMNS))
        .add_columns(
            derived.c.id.label("derived"), derived.c.hash.label("leaf"), derived.c.sealed.label("facts")
        )
        .join(hit, hit.c.id == entry.c.id, isouter=True)
        .join(derived, derived.c.id == hit.c.derived_id, isouter=True)
        .join(raw, raw.c.entry_id == entry.c.id, isouter=True)
        .where(entry.c.kind == "hit", entry.c.sealed.is_not(None))
    )
    count, regrouped = 0, moved(regroupings(connection, reader))
    with connection.execution_options(yield_per=1_000).execute(query) as rows:
        for row in rows:
            said = reader.entry(row.id, row.sealed, row.hash).body
            _check_row(row, said)
            _check_derived(row, reader, erased, regrouped.get(row.id))
            if row.raw is None and row.id in erased:
                continue
            _check_raw(row, reader, said["raw_sha256"])
            count += 1
    return count


def _check_row(row: Row[Any], said: dict[str, Any]) -> None:
    if row.row is None:
        raise LedgerError(f"hit {row.id} is in the ledger, but not among the hits")
    for name in _COLUMNS:
        if getattr(row, name) != said[name.removesuffix("_id")]:
            raise LedgerError(f"hit {row.id} has another {name} than its entry")


def _check_derived(row: Row[Any], reader: EntryReader, erased: Set[str], moved_to: str | None) -> None:
    if row.facts is None:
        if row.derived in erased:
            return
        raise LedgerError(f"what was derived from hit {row.id} is missing")
    body = reader.entry(row.derived, row.facts, row.leaf).body
    if (body.get("hit"), moved_to or body.get("incident")) != (row.id, row.incident_id):
        raise LedgerError(f"hit {row.id} has the facts or the incident of another")


def _check_raw(row: Row[Any], reader: EntryReader, said: str) -> None:
    if row.raw is None:
        raise LedgerError(f"the raw bytes of hit {row.id} are gone, and no *erased* entry says so")
    if hashlib.sha256(reader.open(row.raw, row.id)).hexdigest() != said:
        raise LedgerError(f"the raw bytes of hit {row.id} are not those that its entry names")


def check_canaries(
    connection: Connection, reader: EntryReader, tag: Callable[[bytes], bytes] | None, erased: Set[str]
) -> int:
    """Every canary that was minted has its record and, where there is a ``tag``, its tokens' tags; how many records.

    Raises LedgerError naming the first that is missing or was changed.
    """
    table, count, current = store.canary, 0, ""
    minted: dict[str, str] = {}
    awaited: dict[bytes, tuple[str, str]] = {}
    query = select(table.c.id, table.c.entry_id, table.c.sealed).order_by(table.c.entry_id)
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
            if tag:
                for token in indexed(_record.decode(content).tokens):
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
