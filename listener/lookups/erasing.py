"""Old look-ups erased: their contents go, an entry says so, and their places and hashes in the log stay.

What stays beside the hashes: how many there were and when, and which watches were touched, without who looked, from
where, why and how (the table ``looked_up``). Asking for it is an operator's act, and with two operators a proposal to
the other one, as every erasure is. ``[retention] lookups_days`` does it each day (`listener.ingest.retention`), unless
operators sign with keys of their own: then one of them does, by ``trapline retention``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from canaries.core import store
from canaries.core.clock import rfc3339
from canaries.core.errors import TraplineError
from canaries.ledger.entries import draft
from canaries.operators import erasure, proposals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from canaries.installation.home import Home

_AT_ONCE = 500
"""Look-ups an entry."""


@dataclass(frozen=True, slots=True)
class LookupEntry:
    """An entry of a look-up that is to be erased."""

    id: str
    leaf: bytes
    """Its leaf hash."""
    statement: str
    """The look-up: what one statement says may be several entries."""


def erase_before(home: Home, before: str, reason: str) -> tuple[int, list[str]]:
    """Erase the look-ups of before then (RFC 3339, the database's clock): (how many entries, ids of proposals).

    What waits for another operator already is not proposed twice. Raises TraplineError without a reason.
    """
    if not reason.strip():
        raise TraplineError("erasing needs a reason", hint="add: --reason 'kept for half a year, as agreed'")
    found = _fresh(home, _found(home, store.looked_up.c.at < before))
    return len(found), _erased(home, found, reason)


def due(home: Home, late: timedelta = timedelta(0)) -> list[LookupEntry]:
    """What ``[retention] lookups_days`` says is to go now, or should have gone ``late`` ago, oldest first.

    By the database's clock or by this listener's, whichever is earlier: a wrong clock there keeps nothing for longer.
    """
    days = home.settings.retention.lookups_days
    if not days:
        return []
    before = rfc3339(home.clock.now() - late - timedelta(days=days))
    return _found(home, or_(store.looked_up.c.at < before, store.entry.c.at < before))


def apply(home: Home, by: str) -> list[LookupEntry]:
    """Erase what is due, in the name of ``by``, which signs nothing. Raises StoreError."""
    found = due(home)
    for start in range(0, len(found), _AT_ONCE):
        body = _body(found[start : start + _AT_ONCE], _term(home))
        said = draft("erased", home.now(), by, body)
        with home.store.write() as connection:
            erasure.carry_out(home, connection, said, body)
    return found


def apply_signed(home: Home) -> tuple[list[LookupEntry], list[str]]:
    """The same as the operator's own act: (what is due and was not proposed yet, ids of proposals)."""
    found = _fresh(home, due(home))
    return found, _erased(home, found, _term(home))


def count(found: Sequence[LookupEntry]) -> int:
    """How many look-ups these entries are of."""
    return len({one.statement for one in found})


def _term(home: Home) -> str:
    return f"retention: what look-ups say is kept {home.settings.retention.lookups_days} days"


def _erased(home: Home, found: Sequence[LookupEntry], reason: str) -> list[str]:
    """Ids of proposals; none: it is done."""
    proposed = []
    for start in range(0, len(found), _AT_ONCE):
        body = _body(found[start : start + _AT_ONCE], reason)
        if proposals.count_operators(home) >= 2:
            proposed.append(proposals.propose(home, body))
            continue
        said = home.act("erased", body)
        with home.store.write() as connection:
            erasure.carry_out(home, connection, said, body)
    return proposed


def _body(found: Sequence[LookupEntry], reason: str) -> dict[str, Any]:
    return {
        "what": "record",
        "entries": [one.id for one in found],
        "leaves": [one.leaf.hex() for one in found],
        "incident": "",
        "lookups": count(found),
        "reason": reason.strip(),
    }


def _fresh(home: Home, found: list[LookupEntry]) -> list[LookupEntry]:
    """Without what waits for another operator's approval."""
    waiting = {name for one in proposals.pending(home) for name in one.body.get("entries", ())}
    return [one for one in found if one.id not in waiting]


def _found(home: Home, old: Any) -> list[LookupEntry]:
    entry, table = store.entry, store.looked_up
    query = (
        select(entry.c.id, entry.c.hash, table.c.statement)
        .join(table, table.c.entry_id == entry.c.id)
        .where(old, entry.c.sealed.is_not(None))
        .distinct()
        .order_by(entry.c.id)
    )
    with home.store.read() as connection:
        return [LookupEntry(row.id, row.hash, row.statement) for row in connection.execute(query)]
