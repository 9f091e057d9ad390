"""What lies beside the ledger, held against the entries that name its SHA-256: raw requests and canaries' records."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from canaries import store
from canaries.errors import LedgerError

if TYPE_CHECKING:
    from canaries.ledger import Reader


def check_raw(connection: Connection, reader: Reader) -> int:
    """Every raw request that was kept; how many. Raises LedgerError naming the first that was changed."""
    raw, entry = store.raw, store.entry
    query = (
        select(raw.c.entry_id, raw.c.sealed, entry.c.hash, entry.c.sealed.label("line"))
        .join(entry, entry.c.id == raw.c.entry_id)
        .where(raw.c.sealed.is_not(None), entry.c.sealed.is_not(None))
    )
    count = 0
    for row in connection.execution_options(yield_per=1_000).execute(query):
        hit = reader.entry(row.entry_id, row.line, row.hash)
        content = reader.open(row.sealed, row.entry_id)
        if hashlib.sha256(content).hexdigest() != hit.body.get("raw_sha256"):
            raise LedgerError(f"the raw bytes of hit {row.entry_id} are not those that its entry names")
        count += 1
    return count


def check_canaries(connection: Connection, reader: Reader) -> int:
    """Every canary's record that was kept; how many. Raises LedgerError naming the first that was changed."""
    table = store.canary
    query = select(table.c.id, table.c.entry_id, table.c.sealed).where(table.c.sealed.is_not(None))
    count, current, minted = 0, "", {}
    for row in connection.execution_options(yield_per=1_000).execute(query.order_by(table.c.entry_id)):
        if row.entry_id != current:
            current, minted = row.entry_id, _minted(connection, reader, row.entry_id)
        content = reader.open(row.sealed, row.id)
        if minted.get(row.id) != hashlib.sha256(content).hexdigest():
            raise LedgerError(f"the record of canary {row.id} is not the one that was minted")
        count += 1
    return count


def _minted(connection: Connection, reader: Reader, entry_id: str) -> dict[str, str]:
    """Canary to the SHA-256 of its record, as one *minted* entry lists them."""
    found = reader.fetch(connection, [entry_id])
    return dict(found[entry_id].body["canaries"]) if entry_id in found else {}
