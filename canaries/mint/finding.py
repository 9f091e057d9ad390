"""Looking through canaries a page at a time, newest first, by keyset: each look reads a bounded number of rows.

What operators wrote is sealed and stands in no index, on purpose. A look therefore opens the labels of the next
`LOOKED` canaries, which are under the ``alerts`` key and cheap to open, and says where it stopped, so that the next one
goes on from there. Kind, state and the times are in clear and are asked of the database.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, Select, func, select, tuple_

from canaries.core import counting, store
from canaries.core.errors import TraplineError
from canaries.crypto.labels import CanaryLabel
from canaries.crypto.sealed_box import Locker
from canaries.mint import catalogue, few_ids
from canaries.mint.matching import CanaryMatcher, PlaceOfCanary, Wanted, places_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

PAGE = 50
LOOKED = 10_000
"""Canaries that one look goes through at most."""
_PLACES = 3
"""Places of one canary that are named."""
MANY = 1_000
"""Hits of one canary that are counted; beyond that it has at least so many."""
_CURSOR = re.compile(r"(\d{4}-[0-9T:.-]{5,22}Z),([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class ListedCanary:
    """One line of the inventory. No bait is in it."""

    id: str
    kind: str
    memo: str
    recipient: str
    owner: str
    tags: tuple[str, ...]
    created_at: str
    expires_at: str
    """RFC 3339, or empty."""
    retired_at: str
    """RFC 3339, or empty."""
    parent: str
    hits: int
    """At most `MANY`."""
    last_hit_at: str
    """RFC 3339, or empty."""
    placements: int
    places: tuple[PlaceOfCanary, ...]
    """The first few."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look found, and where the next one goes on."""

    found: tuple[ListedCanary, ...]
    after: str
    """Position behind what was looked through; empty: that was all."""
    looked: int
    """Canaries that were looked through."""


def look(home: Home, wanted: Wanted, after: str = "", *, page: int = PAGE, most: int = LOOKED) -> Look:
    """Up to ``page`` canaries that are ``wanted``, from behind ``after``; before the first page those whose id begins
    with a word that is looked for, however old they are. Raises TraplineError where ``after`` is no position."""
    rows: list[tuple[Row[Any], CanaryLabel]] = []
    looked, last, full = 0, None, False
    with home.store.read() as connection:
        opened = CanaryMatcher(home, connection, wanted)
        among = _among(connection, wanted)
        named = [] if after else list(_named(connection, wanted, among, opened))
        for row in connection.execution_options(yield_per=200).execute(_query(wanted, among, after, most)):
            looked, last = looked + 1, row
            if opened.ids and row.id.startswith(opened.ids):  # shown on the first page already
                continue
            label = opened.matching(row)
            if label is None:
                continue
            if len(rows) == page:
                full = True
                break
            rows.append((row, label))
        if full:
            last = rows[-1][0]
        found = tuple(_listed(connection, opened.locker, row, label) for row, label in (*named, *rows))
    behind = f"{last.created_at},{last.id}" if last and (full or looked == most) else ""
    return Look(found, behind, looked - full)


def count(home: Home) -> int:
    """How many canaries there are, those erased left out; as far as `counting.MANY`, and one more."""
    with home.store.read() as connection:
        return counting.up_to(connection, select(store.canary.c.id).where(store.canary.c.sealed.is_not(None)))


def kinds_of(home: Home) -> list[str]:
    """The kinds of which there is a canary, each found by one step in its index."""
    column, found = store.canary.c.kind, []
    with home.store.read() as connection:
        name = connection.execute(select(func.min(column))).scalar()
        while name is not None:
            found.append(str(name))
            name = connection.execute(select(func.min(column)).where(column > name)).scalar()
    return found


def _among(connection: Connection, wanted: Wanted) -> list[str] | None:
    """The only ids that can be wanted, where the database knows them; None: any."""
    found = None
    if wanted.planted == "yes" or wanted.place:
        found = few_ids.ids_in(connection, store.placement.c.canary_id)
    if found is None and wanted.used == "yes":
        found = few_ids.ids_in(connection, store.hit.c.canary_id)
    return found


def _named(
    connection: Connection, wanted: Wanted, among: list[str] | None, opened: CanaryMatcher
) -> Iterator[tuple[Row[Any], CanaryLabel]]:
    """Those whose id begins with a word that is looked for."""
    for begin in opened.ids:
        column = store.canary.c.id
        query = _query(wanted, among, "", PAGE).where(column >= begin, column < begin + "g")
        for row in connection.execute(query):
            if label := opened.matching(row):
                yield row, label


def _query(wanted: Wanted, among: list[str] | None, after: str, most: int) -> Select[Any]:
    table, hit, place = store.canary, store.hit, store.placement
    used = select(hit.c.id).where(hit.c.canary_id == table.c.id, hit.c.part == "").exists()
    planted = select(place.c.id).where(place.c.canary_id == table.c.id).exists()
    columns: list[Any] = [
        *(table.c.id, table.c.kind, table.c.created_at, table.c.expires_at, table.c.retired_at),
        *(table.c.parent, table.c.label),
    ]
    if wanted.used:
        columns.append(used.label("used"))
    if wanted.planted or wanted.place:
        columns.append(planted.label("planted"))
    few = wanted.state in ("retired", "expired") or bool(wanted.expiring)
    query = select(*columns, table.c.sealed.is_not(None).label("known"))
    if among is not None:
        query = query.where(table.c.id.in_(among))
    if not few:  # else the index of the whole list would be as good to SQLite as that of the few
        query = query.where(table.c.sealed.is_not(None))
    if wanted.account:
        query = query.where(table.c.account == wanted.account)
    if wanted.kind:
        query = query.where(table.c.kind == wanted.kind)
    if wanted.state == "retired":
        query = query.where(store.RETIRED)
    if wanted.state == "expired" or wanted.expiring:
        query = query.where(store.EXPIRES)
    if after:
        parsed = _CURSOR.fullmatch(after)
        if parsed is None:
            raise TraplineError("this is no place in the list", hint="begin at its first page")
        query = query.where(tuple_(table.c.created_at, table.c.id) < tuple_(*parsed.groups()))
    return query.order_by(table.c.created_at.desc(), table.c.id.desc()).limit(most)


def _listed(connection: Connection, locker: Locker, row: Row[Any], label: CanaryLabel) -> ListedCanary:
    hit, place = store.hit, store.placement
    mine = (hit.c.canary_id == row.id, hit.c.part == "")
    some = select(hit.c.id).where(*mine).limit(MANY).subquery()
    hits = connection.execute(select(func.count()).select_from(some)).scalar_one()
    newest = select(hit.c.observed_at).where(*mine).order_by(hit.c.id.desc()).limit(1)
    last = connection.execute(newest).scalar() if hits else ""
    places = connection.execute(select(func.count()).where(place.c.canary_id == row.id)).scalar_one()
    return ListedCanary(
        row.id,
        row.kind,
        label.memo,
        label.recipient,
        label.owner,
        label.tags,
        row.created_at,
        row.expires_at,
        row.retired_at,
        row.parent,
        int(hits),
        str(last or ""),
        int(places),
        tuple(places_of(connection, locker, row.id, _PLACES)) if places else (),
    )


def all_of(home: Home, ids: Sequence[str]) -> list[str]:
    """The same ids without repetitions. Raises TraplineError where there is none, and NotFoundError where one is
    no canary's: what is done to many is done to all of them or to none."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise TraplineError("no canary is chosen", hint="go back and tick some")
    for one in wanted:
        catalogue.find(home, one)
    return wanted
