"""What has been minted: canaries looked up, listed, shown again, retired. Needs the vault's key."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Row, func, select, update

from canaries.core import store
from canaries.core.errors import MintError, NotFoundError
from canaries.core.model import Bait, Canary
from canaries.mint import amending, live_kinds, minting

if TYPE_CHECKING:
    from canaries.installation.home import Home

SHORTEST_PREFIX = 6

_record = msgspec.json.Decoder(Canary)


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of ``trapline list``."""

    id: str
    kind: str
    memo: str
    recipient: str
    owner: str
    created_at: str
    expires_at: str
    retired_at: str
    """RFC 3339, or empty while it is live."""
    parent: str
    hits: int
    placements: int
    tags: tuple[str, ...] = ()


def open_record(home: Home, row: Row[Any]) -> Canary:
    """The canary in a row of `store.canary`. Raises LedgerError where the record was changed."""
    return _record.decode(home.reader.open(row.sealed, row.id))


def find(home: Home, canary_id: str) -> Canary:
    """The canary of this id, or of this unambiguous beginning of one. Raises NotFoundError."""
    table = store.canary
    with home.store.read() as connection:
        query = select(table).where(table.c.id == canary_id)
        rows = connection.execute(query).all()
        if not rows and len(canary_id) >= SHORTEST_PREFIX and canary_id.isalnum():
            rows = connection.execute(select(table).where(table.c.id.startswith(canary_id)).limit(2)).all()
    if len(rows) > 1:
        raise NotFoundError(f"more than one canary's id begins with {canary_id}", hint="give more of it")
    if not rows:
        raise NotFoundError(f"there is no canary {canary_id}", hint="see: trapline list")
    if rows[0].sealed is None:
        raise NotFoundError(f"the record of canary {canary_id} was erased")
    return open_record(home, rows[0])


def summary(home: Home, canary_id: str) -> Summary:
    """The line of one canary. Raises NotFoundError."""
    for found in list(listing(home, only=find(home, canary_id).id)):  # all of it: a cursor must not stay open
        return found
    raise NotFoundError(f"there is no canary {canary_id}")


def require_kind(home: Home, name: str) -> None:
    """Refuse the name of a kind that does not exist, and of which there is no canary. Raises NotFoundError."""
    from canaries.core import plugins
    from canaries.kinds import FOLDER, Kind

    known = plugins.classes(FOLDER, Kind)  # type: ignore[type-abstract]
    if name in known or any(one.kind == name for one in listing(home)):
        return
    plugins.pick(FOLDER, Kind, name, "kind")  # type: ignore[type-abstract]


def listing(
    home: Home, *, only: str | None = None, among: Collection[str] | None = None
) -> Iterator[Summary]:
    """Every canary, oldest first, or only those ``among`` these ids; erased ones are left out."""
    table = store.canary
    uses = (store.hit.c.canary_id == table.c.id) & (store.hit.c.part == "")
    hits = select(func.count()).where(uses).scalar_subquery()
    places = select(func.count()).where(store.placement.c.canary_id == table.c.id).scalar_subquery()
    query = (
        select(table, hits.label("hits"), places.label("places"))
        .where(table.c.sealed.is_not(None))
        .order_by(table.c.created_at, table.c.id)
    )
    if only is not None:
        query = query.where(table.c.id == only)
    if among is not None:
        query = query.where(table.c.id.in_(among))
    with home.store.read() as connection:
        for row in connection.execution_options(yield_per=1000).execute(query):
            canary, now = open_record(home, row), amending.opened(home, row.id, row.amended)
            yield Summary(
                canary.id,
                canary.kind,
                canary.memo if now.memo is None else now.memo,
                canary.recipient if now.recipient is None else now.recipient,
                canary.owner if now.owner is None else now.owner,
                canary.created_at,
                row.expires_at,
                row.retired_at,
                canary.parent,
                row.hits,
                row.places,
                now.tags,
            )


def placed_at(home: Home, words: str) -> set[str]:
    """Ids of the canaries with a placement whose target holds these words, upper or lower case."""
    table, wanted = store.placement, words.casefold()
    with home.store.read() as connection:
        rows = connection.execute(select(table.c.id, table.c.canary_id, table.c.sealed)).all()
    return {
        row.canary_id
        for row in rows
        if row.sealed is not None and wanted in _target(home.reader.open(row.sealed, row.id)).casefold()
    }


def _target(details: bytes) -> str:
    return str(msgspec.json.decode(details).get("target", ""))


def bait(home: Home, canary: Canary) -> Bait:
    """The bait made again, byte for byte. Raises MintError where this version of the kind would make another one."""
    if canary.parent:
        siblings = bait(home, find(home, canary.parent))
        for name, part in siblings.parts:
            if name == canary.kind and part.tokens == canary.tokens:
                return part
        raise MintError(f"canary {canary.id} is no part of {canary.parent} any more")
    if canary.source:
        raise MintError(
            f"canary {canary.id} was made from a file of yours, which is not kept",
            hint=f"that file had SHA-256 {canary.source}; the bait is where it was planted",
        )
    chosen = minting.kind(canary.kind)
    seed = bytes.fromhex(canary.seed)
    now, earlier = canary.options, {**chosen.earlier_defaults, **canary.options}
    for given, place, sieved in (
        (now, chosen.place, True),
        (now, "", True),
        (earlier, "", True),
        (earlier, "", False),
    ):
        options, said = minting.options_of(chosen, given), (canary.created_at, canary.memo, canary.recipient)
        order = minting.order(home, seed, *said, place=place, sieved=sieved)
        made = chosen.mint(order, options)
        files = tuple((file.path, file.sha256) for file in made.files)
        if (made.tokens, made.text, files) == (canary.tokens, canary.text, canary.files):
            return made
    raise MintError(
        f"this installation would now make another bait than canary {canary.id} has",
        hint="its text is in the record, its files where it was planted (was bait.base_url changed?)",
    )


def retire(home: Home, canary_id: str, reason: str = "") -> Canary:
    """Take a canary out of service: its hits are recorded while its trap is open. Raises NotFoundError."""
    canary = find(home, canary_id)
    now = home.now()
    said = home.act("retired", {"canary": canary.id, "reason": reason}, now)
    with home.store.write() as connection:
        table = store.canary
        done = connection.execute(
            update(table).where(table.c.id == canary.id, table.c.retired_at == "").values(retired_at=now)
        )
        if done.rowcount == 0:
            raise NotFoundError(f"canary {canary.id} was already retired")
        live_kinds.retired(connection, canary.kind)
        home.writer.put(connection, said)
    return canary


def reveal(home: Home, canary_id: str, reason: str) -> Canary:
    """The canary with its bait in clear; that somebody looked is an entry. Raises MintError without a reason."""
    if not reason.strip():
        raise MintError("revealing a bait needs a reason", hint="add: --reason 'why you look'")
    canary = find(home, canary_id)
    said = home.act("revealed", {"canary": canary.id, "reason": reason.strip()})
    with home.store.write() as connection:
        home.writer.put(connection, said)
    return canary
