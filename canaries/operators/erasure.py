"""Erasing one record: content and nonce go, the leaf stays; an *erased* entry says what, why, by whom, who approved.

Without the 16-byte nonce nobody can tell from the hash what it was the hash of, so every proof of the log still holds.
A record that is gone without its *erased* entry is tampering, and every check says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select, update

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.ledger.entries import Draft
from canaries.operators import holds, proposals

if TYPE_CHECKING:
    from canaries.installation.home import Home

ERASABLE = ("hit", "noted", "assessed", "looked-up")
_BLANK = bytes(16)


def erase(home: Home, entry_id: str, reason: str, *, raw_only: bool = False) -> str:
    """Erase the record of an entry (a hit with its facts and raw bytes, a note, an assessment, a look-up), or the raw
    bytes of a hit alone. Where there are two operators it is proposed: that id comes back, else nothing.

    Raises TraplineError, also where what it belongs to is under legal hold.
    """
    if not reason.strip():
        raise TraplineError("erasing needs a reason", hint="add: --reason 'request of ..., basis ...'")
    body = _body(home, entry_id, raw_only=raw_only) | {"reason": reason.strip()}
    with home.store.read() as connection:
        holds.refuse(connection, body)
    if proposals.count_operators(home) >= 2:
        return proposals.propose(home, body)
    said = home.act("erased", body)
    with home.store.write() as connection:
        carry_out(home, connection, said, body)
    return ""


def carry_out(home: Home, connection: Connection, said: Draft, body: dict[str, Any]) -> None:
    """The entry, and the content gone, in the caller's transaction. Raises TraplineError where a hold forbids it."""
    holds.refuse(connection, body)
    home.writer.put(connection, said)
    hit = body["entries"][0] if body.get("hits") else ""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    if body["what"] == "raw":
        connection.execute(
            update(store.raw).where(store.raw.c.entry_id.in_(body["entries"])).values(sealed=None)
        )
        return
    if hit:
        connection.execute(update(store.raw).where(store.raw.c.entry_id == hit).values(sealed=None))
    connection.execute(update(store.entry).where(store.entry.c.id.in_(body["entries"])).values(sealed=None))
    if hit:
        connection.execute(update(store.hit).where(store.hit.c.id == hit).values(source_tag=_BLANK))


def _body(home: Home, entry_id: str, *, raw_only: bool) -> dict[str, Any]:
    table = store.entry
    with home.store.read() as connection:
        row = connection.execute(select(table).where(table.c.id == entry_id.strip().lower())).first()
        hit = connection.execute(select(store.hit).where(store.hit.c.id == entry_id.strip().lower())).first()
        if row is None or row.sealed is None:
            raise NotFoundError(f"there is no record {entry_id} to erase", hint="see: trapline hits --json")
        if row.kind not in ERASABLE or (raw_only and hit is None):
            raise TraplineError(
                f"the content of a {row.kind} entry is not erased", hint="hits, notes, assessments, look-ups"
            )
        found = home.reader.entry(row.id, row.sealed, row.hash)
        if hit is None:
            named = {"incident": found.body.get("incident", "")}
            return {"what": "record", "entries": [row.id], "leaves": [row.hash.hex()], **named}
        named = {"incident": hit.incident_id, "canary": hit.canary_id}
        if raw_only:
            return {"what": "raw", "entries": [row.id], "leaves": [], **named}
        facts = connection.scalar(select(table.c.hash).where(table.c.id == hit.derived_id))
    leaves = [row.hash.hex(), *([facts.hex()] if facts else [])]
    return {
        "what": "record",
        "entries": [row.id, hit.derived_id],
        "leaves": leaves,
        "hits": [row.hash.hex()],
        **named,
    }
