"""Which hits are told of, and when. No count is ever dropped.

* A source's first hit on a canary is told at once: a thief must not hide behind somebody's flood of noise.
* Its further hits are counted and told when a window has passed; the windows grow (15 minutes, 1, 6, 24 hours). A hit
  that comes after its window has passed quietly is told at once. After a quiet time as long as the longest window the
  windows start small again; after `FORGET_DAYS` the source is forgotten, and would be a first one again.
* Of one canary, no more than ``new_sources_an_hour`` new sources are told of one by one. The rest are summed up once a
  minute (``flood``): how many sources, how many hits.

State is one `digest` row per canary and source, two special levels for floods. What a row knows of the source, beyond
its keyed tag, is sealed under the ``alerts`` key and goes with the message.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, func, select, text, update

from canaries.core.store import digest
from canaries.ledger.entries import new_id
from listener.notify.channels import Alert
from listener.notify.outbox import enqueue, later
from listener.notify.payload import HitGroup, Noted, PayloadCodec, grouped, together

if TYPE_CHECKING:
    from canaries.installation.home import Home

__all__ = ["Noted", "due", "note", "waiting"]

FLOOD_SECONDS = 60
FORGET_DAYS = 30
_HOUR, _DAY = 3600, 86400
_BATCH = 500

_FLOODED = -1
"""Level of a source that was only counted in a flood: not yet told of by itself."""
_FLOOD = -2
"""Level of the row that counts one canary's flood."""


@dataclass(slots=True)
class _Changes:
    """What one batch does to the tables: gathered first, then written in few statements."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    updates: dict[str, dict[str, Any]] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)


def note(connection: Connection, home: Home, items: Sequence[Noted], now: str) -> None:
    """Take in the hits of one batch, in the caller's transaction; what must be told at once goes into the outbox.

    Call it last in the transaction: on PostgreSQL it holds a lock on the digests until the end.
    """
    if items:
        _alone(connection)
        _DigestBatch(connection, home, now).take(items)


def waiting(connection: Connection, now: str) -> bool:
    """Whether a digest is due: a look that takes no lock."""
    return connection.execute(select(digest.c.key).where(_due(now)).limit(1)).first() is not None


def due(connection: Connection, home: Home, now: str) -> int:
    """Move digests whose window has passed into the outbox, at most `_BATCH`; how many there were."""
    _alone(connection)
    desk = _DigestBatch(connection, home, now)
    found = connection.execute(select(digest).where(_due(now)).order_by(digest.c.due_at).limit(_BATCH)).all()
    for row in found:
        desk.tell_flood(row) if row.level == _FLOOD else desk.tell_digest(row)
    desk.write()
    forgotten = later(now, -FORGET_DAYS * _DAY)
    connection.execute(
        delete(digest).where(digest.c.hits == 0, digest.c.due_at < forgotten, digest.c.level >= 0)
    )
    return len(found)


def _due(now: str) -> Any:
    return (digest.c.due_at <= now) & (digest.c.hits > 0)


def _alone(connection: Connection) -> None:
    """One desk at a time: two batches must not both find a source new. On SQLite the write lock says so already."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(b"digest".ljust(8), "big")
        connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": number})


class _DigestBatch:
    """Decides for one transaction."""

    def __init__(self, connection: Connection, home: Home, now: str) -> None:
        self._connection, self._home, self._now = connection, home, now
        self._settings = home.settings.alerts
        self._windows = [minutes * 60 for minutes in self._settings.digest_minutes] or [_DAY]
        self._details = PayloadCodec(home.keys.alerts, memo=self._settings.memo)
        self._room: dict[str, int] = {}
        self._changes = _Changes()

    def take(self, items: Iterable[Noted]) -> None:
        """Decide about a batch and write."""
        groups = grouped(items)
        canaries = {group.first.canary for group in groups.values()}
        known = self._rows([*groups, *map(_flood_key, canaries)])
        self._count_new({group.first.canary for key, group in groups.items() if key not in known})
        floods: dict[str, list[HitGroup]] = {}
        for key, group in groups.items():
            row = known.get(key)
            if row is not None and row.level >= 0:
                self._again(row, group)
            elif row is None and self._has_room(group.first.canary):
                self._first(group)
            else:
                floods.setdefault(group.first.canary, []).append(group)
                if row is None:
                    self._changes.rows.append(self._row(group, _FLOODED, self._now, 0, None))
        for canary_id, some in floods.items():
            self._flood(known.get(_flood_key(canary_id)), canary_id, some)
        self.write()

    def write(self) -> None:
        """Put the decisions into the tables, a few statements whatever their number."""
        changes, self._changes = self._changes, _Changes()
        self._home.store.bulk(self._connection, digest, changes.rows)
        if changes.updates:
            names = ("level", "due_at", "hits", "first_at", "last_at", "sealed")
            statement = update(digest).where(digest.c.key == bindparam("at"))
            values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
            self._connection.execute(
                statement.values(**values),
                [
                    {"at": key, **{f"new_{name}": row[name] for name in names}}
                    for key, row in changes.updates.items()
                ],
            )
        enqueue(self._connection, self._home, changes.alerts, self._now)

    def tell_digest(self, row: Any) -> None:
        """The window of a source has passed with hits in it."""
        self._say("digest", self._known(row), row.hits, row.first_at, row.last_at, sources=1)
        self._rest(row, row.level)

    def tell_flood(self, row: Any) -> None:
        """The minute of a flood is over: name the numbers, forget the sources in it."""
        flooded = (digest.c.canary_id == row.canary_id) & (digest.c.level == _FLOODED)
        sources = self._connection.scalar(select(func.count()).select_from(digest).where(flooded))
        details = self._known(row) | {"source": "", "port": 0, "client": "", "facts": {}}
        self._say("flood", details, row.hits, row.first_at, row.last_at, sources=sources or 0)
        self._connection.execute(delete(digest).where(flooded))
        self._connection.execute(delete(digest).where(digest.c.key == row.key))

    def _first(self, group: HitGroup) -> None:
        details = self._details.of(group.first)
        self._say("first", details, group.hits, group.first_at, group.last_at, sources=1)
        self._changes.rows.append(self._row(group, 0, later(self._now, self._windows[0]), 0, None))

    def _again(self, row: Any, group: HitGroup) -> None:
        if row.due_at > self._now or row.hits:
            self._count(row, group)
            return
        self._say(
            "digest", self._details.of(group.last), group.hits, group.first_at, group.last_at, sources=1
        )
        quiet_long = later(row.due_at, self._windows[-1]) <= self._now
        self._rest(row, -1 if quiet_long else row.level)

    def _flood(self, row: Any, canary_id: str, groups: list[HitGroup]) -> None:
        whole = together(_flood_key(canary_id), groups)
        if row is not None:
            self._count(row, whole)
            return
        sealed = self._details.seal(whole.key, whole.last)
        self._changes.rows.append(
            self._row(whole, _FLOOD, later(self._now, FLOOD_SECONDS), whole.hits, sealed)
        )

    def _count(self, row: Any, group: HitGroup) -> None:
        self._changes.updates[row.key] = {
            "level": row.level,
            "due_at": row.due_at,
            "hits": row.hits + group.hits,
            "first_at": min(row.first_at, group.first_at) if row.hits else group.first_at,
            "last_at": max(row.last_at, group.last_at),
            "sealed": self._details.seal(row.key, group.last),
        }

    def _rest(self, row: Any, level: int) -> None:
        """Told: start the next window, with nothing known of the source any more."""
        level = min(level + 1, len(self._windows) - 1)
        self._changes.updates[row.key] = {
            "level": level,
            "due_at": later(self._now, self._windows[level]),
            "hits": 0,
            "first_at": "",
            "last_at": "",
            "sealed": None,
        }

    def _has_room(self, canary_id: str) -> bool:
        """Whether another new source of this canary may still be told of by itself in this hour."""
        self._room[canary_id] -= 1
        return self._room[canary_id] >= 0

    def _count_new(self, canaries: Collection[str]) -> None:
        """How many more new sources of each canary may be told of."""
        self._room = dict.fromkeys(canaries, self._settings.new_sources_an_hour)
        recent = (digest.c.born_at > later(self._now, -_HOUR)) & (digest.c.level >= 0)
        query = select(digest.c.canary_id, func.count()).where(recent).group_by(digest.c.canary_id)
        for part in _portions(canaries):
            for canary_id, count in self._connection.execute(query.where(digest.c.canary_id.in_(part))):
                self._room[canary_id] -= count

    def _rows(self, keys: Collection[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for part in _portions(keys):
            rows = self._connection.execute(select(digest).where(digest.c.key.in_(part)))
            found.update({row.key: row for row in rows})
        return found

    def _row(
        self, group: HitGroup, level: int, due_at: str, hits: int, sealed: bytes | None
    ) -> tuple[Any, ...]:
        first_at, last_at = (group.first_at, group.last_at) if hits else ("", "")
        tag = b"" if level == _FLOOD else group.first.source_tag
        canary_id = group.first.canary
        return (group.key, canary_id, tag, level, self._now, due_at, hits, first_at, last_at, sealed)

    def _known(self, row: Any) -> dict[str, Any]:
        return self._details.open(row.key, row.canary_id, row.sealed)

    def _say(
        self, event: str, details: dict[str, Any], hits: int, first_at: str, last_at: str, *, sources: int
    ) -> None:
        told = Alert(
            id=new_id(),
            event=event,
            at=self._now,
            organisation=self._home.settings.operator.organisation,
            hits=hits,
            first_at=first_at,
            last_at=last_at,
            sources=sources,
            **details,
        )
        self._changes.alerts.append(told)


def _portions(keys: Collection[str]) -> Iterator[list[str]]:
    """Few enough at a time for one statement."""
    listed = list(keys)
    for start in range(0, len(listed), _BATCH):
        yield listed[start : start + _BATCH]


def _flood_key(canary_id: str) -> str:
    return f"flood:{canary_id}"
