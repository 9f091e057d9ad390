"""Real rows taken up by the sensor in a database, and given up again.

The keys of watched rows are in the sensor's own table alone; here each is a mark. What is watched is written down
before the database commits, and is ended again where that fails.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from canaries.core.clock import rfc3339
from canaries.core.errors import NotFoundError, TraplineError
from canaries.core.text import counted
from canaries.plant.rows import table
from canaries.plant.rows.table import Address
from listener.readers import ReaderError, watching_reader
from listener.sensors import watches
from listener.sensors.installed import InstalledReader
from listener.sensors.planted_rows import planted_rows
from listener.sensors.reader_change import ReaderChange, installed_reader
from listener.sensors.table_keys import key_column
from listener.sensors.watches import WatchedRecord, WatchWords

if TYPE_CHECKING:
    from canaries.installation.home import Home

LONGEST_DAYS = 3 * 366
_LONGEST_WORDS = 400
_LONGEST_PERSON = 64


@dataclass(frozen=True, slots=True)
class WatchOrder:
    """What is to be watched, and why."""

    owner: str
    why: str
    until: str
    """RFC 3339."""
    keys: tuple[str, ...] = ()
    where: str = ""
    """A condition of SQL, beside or in place of keys."""
    person: str = ""
    """Whose record it is; only for a single one."""
    accepted: tuple[str, ...] = ()
    """Words of `listener.readers.Refusal`, where no sensor is on the table yet."""
    proxied: bool = False
    """A proxy in front of the database tells of it: nothing is put into the database."""


@dataclass(frozen=True, slots=True)
class Watching:
    """What came of an order."""

    begun: tuple[WatchedRecord, ...]
    changed: tuple[WatchedRecord, ...]
    """Watched before, now with this owner, reason and end."""
    warnings: tuple[str, ...]
    """What passes unseen on that server."""


def watch(home: Home, target: str, order: WatchOrder, *, table_name: str = "") -> Watching:
    """Watch rows from now on; an entry says so. Raises ReaderError, PlantError, TraplineError; then nothing changed."""
    where = table.address(target, table_name)
    chosen = None if order.proxied else watching_reader(where.url.get_backend_name())
    words = _words(home, where, order)
    with table.opened(where) as connection:
        found = _keys(connection, home, where, order)
    fresh = {watches.mark(home, where, key): key for key in found}
    with home.store.read() as reading:
        before = watches.of_table(home, reading, where)
    changed = tuple(one for one in before if one.mark in fresh)
    _refuse_mixed(changed, proxied=order.proxied)
    for one in changed:
        del fresh[one.mark]
    body = _body(where, {"watched": len(fresh), "changed": [one.id for one in changed]}) | {
        "owner": words.owner,
        "why": words.why,
        "person": words.person,
        "until": order.until,
    }
    said = home.act("setting", body)
    made: list[WatchedRecord] = []

    def write(home_connection: Connection) -> None:
        watches.change(home, home_connection, changed, order.until, words)
        made.extend(watches.begin(home, home_connection, fresh, order.until, words))

    if not fresh or chosen is None:
        with home.store.write() as writing:
            write(writing)
            home.writer.put(writing, said)
        return Watching(tuple(made), changed, ())
    sensed = [one for one in before if not one.words.proxied]
    change = ReaderChange(home, where, chosen, sensed, {one.mark for one in sensed}, fresh, order.accepted)
    try:
        change.run(said, write)
    except BaseException:
        if change.written:
            _end(home, where, made, "the database did not commit")
        raise
    return Watching(tuple(made), changed, change.warnings)


def unwatch(
    home: Home,
    target: str,
    *,
    keys: Sequence[str] = (),
    ids: Sequence[str] = (),
    everything: bool = False,
    reason: str = "",
    table_name: str = "",
) -> list[WatchedRecord]:
    """Watch these rows no more; an entry says so. The sensor goes where it knows nothing else. Raises NotFoundError,
    ReaderError, PlantError."""
    where = table.address(target, table_name)
    with home.store.read() as reading:
        before = watches.of_table(home, reading, where)
    marks = {watches.mark(home, where, key) for key in keys}
    ended = [
        one
        for one in before
        if everything or one.mark in marks or any(len(name) >= 4 and one.id.startswith(name) for name in ids)
    ]
    if not ended:
        raise NotFoundError(
            f"none of these rows of {where.full_name} is watched", hint="see: trapline sensors watched"
        )
    said = home.act("setting", _body(where, {"unwatched": [one.id for one in ended]}) | {"reason": reason})
    if all(one.words.proxied for one in ended):
        with home.store.write() as writing:
            watches.end(writing, ended, home.now())
            home.writer.put(writing, said)
        return ended
    chosen = watching_reader(where.url.get_backend_name())
    sensed = [one for one in before if not one.words.proxied]
    kept = {one.mark for one in sensed} - {one.mark for one in ended}
    ReaderChange(home, where, chosen, sensed, kept, {}, ()).run(
        said, lambda writing: watches.end(writing, ended, home.now())
    )
    return ended


def refresh(home: Home, target: str, *, table_name: str = "") -> InstalledReader | None:
    """Put the sensor there anew, with what was planted since; an entry says so. None: it knew nothing and is gone.

    Raises NotFoundError where there is none, ReaderError, PlantError.
    """
    where = table.address(target, table_name)
    chosen = watching_reader(where.url.get_backend_name())
    if installed_reader(home, where, chosen) is None:
        raise NotFoundError(
            f"no {chosen.name} is installed on {where.full_name}", hint="see: trapline sensors check"
        )
    with home.store.read() as reading:
        before = [one for one in watches.of_table(home, reading, where) if not one.words.proxied]
    said = home.act("setting", _body(where, {"refreshed": chosen.name}))
    change = ReaderChange(home, where, chosen, before, {one.mark for one in before}, {}, ())
    change.run(said, lambda _: None)
    return change.record


def _keys(connection: Connection, home: Home, where: Address, order: WatchOrder) -> list[str]:
    """The keys of the rows that the order names, each once. Raises ReaderError, PlantError."""
    column = key_column(connection, where)
    planted = {str(row.key.get(column.name)) for row in planted_rows(home, where)}
    column.say_why("trapline sensors watch")
    found = [column.key_of(key) for key in order.keys]
    found += column.keys_where(order.where) if order.where else []
    keys = list(dict.fromkeys(found))
    if not keys:
        raise ReaderError(f"no row of {where.full_name} is like that", hint="give --key or --where")
    if bait := planted & set(keys):
        raise ReaderError(
            f"{counted(len(bait), 'of these rows is', 'of these rows are')} planted: reads of those are hits already",
            hint="leave them out",
        )
    if order.person and len(keys) > 1:
        raise ReaderError("--person says whose record it is: name one row", hint="watch each row by itself")
    return keys


def _words(home: Home, where: Address, order: WatchOrder) -> WatchWords:
    """Raises TraplineError."""
    owner, why, person = order.owner.strip(), order.why.strip(), order.person.strip()
    if not owner or not why or max(len(owner), len(why)) > _LONGEST_WORDS or len(person) > _LONGEST_PERSON:
        raise TraplineError(
            f"a watch needs an owner and a reason, of {_LONGEST_WORDS} characters at most each",
            hint="as in: --owner 'data protection officer' --why 'threats against the person'",
        )
    now = home.clock.now()
    if not rfc3339(now) < order.until <= rfc3339(now + timedelta(days=LONGEST_DAYS)):
        raise TraplineError(
            f"a watch ends between now and {LONGEST_DAYS} days from now", hint="as in: --until 2027-06-30"
        )
    shown = f"{where.url.database}.{where.full_name}"
    return WatchWords(where.public, shown, watches.place(where), owner, why, person, order.proxied)


def _refuse_mixed(changed: Sequence[WatchedRecord], *, proxied: bool) -> None:
    """Raises ReaderError where rows are watched already in the other way."""
    if any(one.words.proxied != proxied for one in changed):
        raise ReaderError(
            "some of these rows are watched already, "
            + ("by a sensor in the database" if proxied else "by a proxy alone"),
            hint="unwatch them first: trapline sensors unwatch",
        )


def _end(home: Home, where: Address, made: Sequence[WatchedRecord], reason: str) -> None:
    said = home.act("setting", _body(where, {"unwatched": [one.id for one in made]}) | {"reason": reason})
    with home.store.write() as writing:
        watches.end(writing, made, home.now())
        home.writer.put(writing, said)


def _body(where: Address, done: Mapping[str, object]) -> dict[str, object]:
    return {"section": "watches", **done, "target": where.public}
