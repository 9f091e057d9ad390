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

from canaries.core import store
from canaries.core.errors import TraplineError
from canaries.crypto.labels import CanaryLabel, open_label, open_place
from canaries.crypto.sealed_box import Locker
from canaries.mint import catalogue

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.installation.home import Home

PAGE = 50
LOOKED = 10_000
"""Canaries that one look goes through at most."""
MANY = 1_000
"""Hits of one canary that are counted; beyond that it has at least so many."""
_PLACES = 3
"""Places of one canary that are named."""
STATES = ("live", "expired", "retired")
_CURSOR = re.compile(r"(\d{4}-[0-9T:.-]{5,22}Z),([0-9a-f]{16})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for: all that is given must hold. Texts are compared without case."""

    words: str = ""
    """Each word must be in the id, the kind, the memo, the recipient or the owner."""
    kind: str = ""
    owner: str = ""
    recipient: str = ""
    tag: str = ""
    """The whole tag."""
    place: str = ""
    """A part of where it was planted."""
    state: str = ""
    """One of `STATES`."""
    expiring: str = ""
    """RFC 3339: live canaries that expire before then."""
    used: str = ""
    """``yes`` or ``no``: whether it has a hit."""
    account: str = ""
    """Id of the account that minted it."""
    planted: str = ""
    """``yes`` or ``no``: whether it is on record as planted."""


@dataclass(frozen=True, slots=True)
class PlaceOfCanary:
    """One placement of a listed canary."""

    where: str
    """In words; empty where it was planted by release 0.1."""
    state: str
    checked_at: str
    """RFC 3339, or empty."""


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
    """Up to ``page`` canaries that are ``wanted``, from behind ``after``. Raises TraplineError where that is none."""
    rows: list[tuple[Row[Any], CanaryLabel]] = []
    looked, last, full = 0, "", False
    with home.store.read() as connection:
        opened = _Opened(home, connection, wanted)
        for row in connection.execution_options(yield_per=200).execute(_query(home, wanted, after, most)):
            looked, last = looked + 1, f"{row.created_at},{row.id}"
            label = opened.matching(row)
            if label is None:
                continue
            if len(rows) == page:
                full = True
                break
            rows.append((row, label))
        if full:
            last = f"{rows[-1][0].created_at},{rows[-1][0].id}"
        found = tuple(_listed(connection, opened.locker, row, label) for row, label in rows)
    return Look(found, last if full or looked == most else "", looked - full)


def count(home: Home) -> int:
    """How many canaries there are, those erased left out."""
    with home.store.read() as connection:
        query = select(func.count()).where(store.canary.c.sealed.is_not(None))
        return int(connection.execute(query).scalar_one())


def kinds_of(home: Home) -> list[str]:
    """The kinds of which there is a canary, each found by one step in its index."""
    column, found = store.canary.c.kind, []
    with home.store.read() as connection:
        name = connection.execute(select(func.min(column))).scalar()
        while name is not None:
            found.append(str(name))
            name = connection.execute(select(func.min(column)).where(column > name)).scalar()
    return found


def _query(home: Home, wanted: Wanted, after: str, most: int) -> Select[Any]:
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


class _Opened:
    """Opens labels and judges them."""

    def __init__(self, home: Home, connection: Connection, wanted: Wanted) -> None:
        self._home, self._connection, self._wanted = home, connection, wanted
        self._words = wanted.words.casefold().split()
        self._now = home.now()
        self._texts = [
            (name, text.casefold())
            for name in ("owner", "recipient")
            if (text := getattr(wanted, name).strip())
        ]
        self.locker = Locker(home.keys.alerts)

    def matching(self, row: Row[Any]) -> CanaryLabel | None:
        """Its label, or None where it is not wanted."""
        wanted = self._wanted
        if not row.known or not self._in_state(row):
            return None
        if wanted.used and bool(row.used) != (wanted.used == "yes"):
            return None
        if wanted.planted and bool(row.planted) != (wanted.planted == "yes"):
            return None
        label = self._label(row)
        if wanted.tag and wanted.tag.strip() not in label.tags:
            return None
        if any(text not in getattr(label, name).casefold() for name, text in self._texts):
            return None
        if self._words:
            said = f"{row.id}\n{row.kind}\n{label.memo}\n{label.recipient}\n{label.owner}".casefold()
            if not all(word in said for word in self._words):
                return None
        return label if not wanted.place or (row.planted and self._lies(row.id)) else None

    def _in_state(self, row: Row[Any]) -> bool:
        wanted, state = self._wanted, state_of(row.retired_at, row.expires_at, self._now)
        if wanted.state and state != wanted.state:
            return False
        return not wanted.expiring or (state == "live" and "" < row.expires_at <= wanted.expiring)

    def _lies(self, canary_id: str) -> bool:
        text = self._wanted.place.strip().casefold()
        return any(
            text in one.where.casefold() for one in _places(self._connection, self.locker, canary_id, MANY)
        )

    def _label(self, row: Row[Any]) -> CanaryLabel:
        """Of a canary of release 0.1 the label has no owner: its record has."""
        label = open_label(self.locker, row.id, row.label)
        if label.owner:
            return label
        one = catalogue.summary(self._home, row.id)
        return CanaryLabel(memo=one.memo, recipient=one.recipient, owner=one.owner, tags=one.tags)


def state_of(retired_at: str, expires_at: str, now: str) -> str:
    """One of `STATES`."""
    if retired_at:
        return "retired"
    return "expired" if expires_at and expires_at <= now else "live"


def _places(
    connection: Connection, locker: Locker, canary_id: str, most: int = _PLACES
) -> Iterator[PlaceOfCanary]:
    table = store.placement
    query = select(table.c.id, table.c.state, table.c.checked_at, table.c.label).where(
        table.c.canary_id == canary_id, table.c.sealed.is_not(None)
    )
    for row in connection.execute(query.order_by(table.c.planted_at.desc()).limit(most)).all():
        yield PlaceOfCanary(open_place(locker, row.id, row.label), row.state, row.checked_at)


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
        tuple(_places(connection, locker, row.id)) if places else (),
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
