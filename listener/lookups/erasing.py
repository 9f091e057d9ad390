"""Old look-ups erased: their contents go, an entry says so, and their places and hashes in the log stay.

That is an operator's act, and with two operators a proposal to the other one, as every erasure is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from canaries.core import store
from canaries.core.errors import TraplineError
from canaries.operators import erasure, proposals

if TYPE_CHECKING:
    from canaries.installation.home import Home

_AT_ONCE = 500
"""Look-ups an entry."""


def erase_before(home: Home, before: str, reason: str) -> tuple[int, list[str]]:
    """Erase the look-ups of before then (RFC 3339, the database's clock): (how many entries, ids of proposals).

    What waits for another operator already is not proposed twice. Raises TraplineError without a reason.
    """
    if not reason.strip():
        raise TraplineError("erasing needs a reason", hint="add: --reason 'kept for half a year, as agreed'")
    found = _due(home, before)
    proposed = []
    for start in range(0, len(found), _AT_ONCE):
        part = found[start : start + _AT_ONCE]
        body: dict[str, Any] = {
            "what": "record",
            "entries": [entry for entry, _ in part],
            "leaves": [leaf.hex() for _, leaf in part],
            "incident": "",
            "reason": reason.strip(),
        }
        if proposals.count_operators(home) >= 2:
            proposed.append(proposals.propose(home, body))
            continue
        said = home.act("erased", body)
        with home.store.write() as connection:
            erasure.carry_out(home, connection, said, body)
    return len(found), proposed


def _due(home: Home, before: str) -> list[tuple[str, bytes]]:
    """(entry, its leaf hash), oldest first."""
    waiting = {name for one in proposals.pending(home) for name in one.body.get("entries", ())}
    entry, table = store.entry, store.looked_up
    query = (
        select(entry.c.id, entry.c.hash)
        .join(table, table.c.entry_id == entry.c.id)
        .where(table.c.at < before, entry.c.sealed.is_not(None))
        .distinct()
        .order_by(entry.c.id)
    )
    with home.store.read() as connection:
        return [(row.id, row.hash) for row in connection.execute(query) if row.id not in waiting]
