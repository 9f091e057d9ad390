"""Legal holds: what must not be erased, on whose order, why, and when that is looked at again.

Each step is an entry *held*: ``{"what": "hold", "act": "placed", "incident" or "canary": id, "owner", "reason",
"review"}``; ``reviewed`` and ``released`` name the first one as ``hold``. The `meta` row ``holds`` is the index that
retention reads, which has no key to open entries; whoever takes a hold away there is named by `ledger verify` as soon
as something held is erased (`canaries.ledger.oddities`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from canaries.core import store
from canaries.core.errors import NotFoundError, TraplineError
from canaries.ledger.parts import Noun

if TYPE_CHECKING:
    from canaries.installation.home import Home

_ROW = "holds"


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold that stands, without who and why: these are in its entry."""

    id: str
    """Of the entry that placed it."""
    noun: Noun
    """``incident`` or ``canary``."""
    name: str
    """Id of that."""
    placed_at: str
    """RFC 3339."""
    review: str
    """Date, ISO 8601: by when its owner looks at it again."""


def standing(connection: Connection) -> list[Hold]:
    """Holds that were not released, oldest first."""
    stored = connection.scalar(select(store.meta.c.value).where(store.meta.c.name == _ROW))
    return [Hold(**one) for one in json.loads(stored)] if stored else []


def covering(connection: Connection, ids: Sequence[str]) -> Hold | None:
    """The first hold on one of these incidents or canaries."""
    return next((one for one in standing(connection) if one.name in ids), None)


def refuse(connection: Connection, body: dict[str, Any]) -> None:
    """Raise TraplineError where an erasure of this body is of something held."""
    named = [str(body[noun]) for noun in ("incident", "canary") if body.get(noun)]
    table = store.hit
    query = select(table.c.incident_id, table.c.canary_id).where(table.c.id.in_(body.get("entries", ())))
    for row in connection.execute(query):
        named += [row.incident_id, row.canary_id]
    found = covering(connection, named)
    if found:
        raise TraplineError(
            f"the {found.noun} {found.name} is under legal hold since {found.placed_at}",
            hint=f"its owner decides: trapline hold list; trapline hold release {found.id}",
        )


def place(home: Home, noun: Noun, name: str, *, owner: str, reason: str, review: date) -> Hold:
    """Hold an incident or a canary. Raises TraplineError where owner or reason is missing, or it is held already."""
    words = {"owner": owner.strip(), "reason": reason.strip()}
    if not all(words.values()):
        raise TraplineError("a hold has an owner and a reason", hint="add: --owner NAME --reason WORDS")
    _future(home, review)
    with home.store.read() as connection:
        if (known := covering(connection, [name])) is not None:
            raise TraplineError(
                f"the {noun} {name} is held already",
                hint=f"another date for it: trapline hold review {known.id} --until DATE",
            )
    body = {"what": "hold", "act": "placed", noun: name, **words, "review": review.isoformat()}
    said = home.act("held", body)
    made = Hold(said.id, noun, name, said.at, review.isoformat())
    with home.store.write() as connection:
        home.writer.put(connection, said)
        _keep(connection, [*standing(connection), made])
    return made


def review(home: Home, prefix: str, until: date, reason: str) -> Hold:
    """Keep a hold until another date. Raises NotFoundError, TraplineError."""
    _future(home, until)
    old = find(home, prefix)
    body = {"what": "hold", "act": "reviewed", old.noun: old.name, "hold": old.id}
    said = home.act("held", {**body, "reason": reason.strip(), "review": until.isoformat()})
    made = Hold(old.id, old.noun, old.name, old.placed_at, until.isoformat())
    with home.store.write() as connection:
        home.writer.put(connection, said)
        _keep(connection, [made if one.id == old.id else one for one in standing(connection)])
    return made


def release(home: Home, prefix: str, reason: str) -> Hold:
    """Lift a hold. Raises NotFoundError; TraplineError where no reason is given."""
    if not reason.strip():
        raise TraplineError("lifting a hold needs a reason", hint="add: --reason WORDS")
    old = find(home, prefix)
    body = {"what": "hold", "act": "released", old.noun: old.name, "hold": old.id}
    said = home.act("held", {**body, "reason": reason.strip()})
    with home.store.write() as connection:
        home.writer.put(connection, said)
        _keep(connection, [one for one in standing(connection) if one.id != old.id])
    return old


def find(home: Home, prefix: str) -> Hold:
    """The standing hold whose id, incident or canary begins with ``prefix``. Raises NotFoundError."""
    clean = prefix.strip().lower()
    with home.store.read() as connection:
        every = standing(connection)
    found = [one for one in every if clean and (one.id.startswith(clean) or one.name.startswith(clean))]
    if len(found) != 1:
        many = "more than one hold begins" if found else "no hold that stands begins"
        raise NotFoundError(f"{many} with {clean or 'nothing'}", hint="see: trapline hold list")
    return found[0]


def words(home: Home, hold: Hold) -> dict[str, str]:
    """Who placed it (``by``), its ``owner`` and ``reason``. Raises LedgerError where the vault's key is not here."""
    with home.store.read() as connection:
        entry = home.reader.fetch(connection, [hold.id]).get(hold.id)
    body = entry.body if entry else {}
    return {
        "by": entry.by if entry else "",
        "owner": str(body.get("owner", "")),
        "reason": str(body.get("reason", "")),
    }


def _keep(connection: Connection, every: list[Hold]) -> None:
    value = json.dumps([asdict(one) for one in every])
    store.upsert(connection, store.meta, {"name": _ROW, "value": value}, {"value": value})


def _future(home: Home, day: date) -> None:
    if day <= home.clock.now().date():
        raise TraplineError(
            f"{day} has passed: a hold is looked at again at a later date", hint="give another --until DATE"
        )
