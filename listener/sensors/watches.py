"""Watched records: real rows of people whose look-up must have a reason, as this installation knows them.

Nothing of the record is here, not even its key: a mark, which is a keyed hash of table and key and is what the sensor
writes into the server's log; who asked for the watch, why, and until when. Those words are sealed under ``alerts``.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from canaries.core.store import watch as table
from canaries.crypto.sealed_box import Locker
from canaries.plant.rows.table import Address
from listener.sensors.planted_rows import table_name
from listener.wire_proxy.known_rows import key_hash

if TYPE_CHECKING:
    from canaries.installation.home import Home


class WatchWords(msgspec.Struct, frozen=True):
    """What is sealed of a watch."""

    target: str
    """URL of the table, without passwords."""
    table: str
    """DATABASE.TABLE, for lists."""
    place: str
    """What makes it this table, however its URL is written."""
    owner: str
    """Who answers for the watch."""
    why: str
    person: str = ""
    """Whose record it is, in the words of the mapping file (`listener.lookups.people`); empty: nobody of the staff."""
    proxied: bool = False
    """Whether only a proxy in front of the database tells of it: no sensor in the database knows it."""


@dataclass(frozen=True, slots=True)
class WatchedRecord:
    """One row of the table `watch`."""

    id: str
    mark: str
    since: str
    """RFC 3339, as all times here."""
    until: str
    """From then on no look-up is recorded."""
    ended_at: str
    """Empty: nobody has ended it."""
    words: WatchWords

    def state(self, now: str) -> str:
        """``watched``, ``past its end`` (the sensor still knows it) or ``ended``."""
        return "ended" if self.ended_at else "watched" if now < self.until else "past its end"


def place(where: Address) -> str:
    """What `WatchWords.place` says of a table."""
    return json.dumps(table_name(where))


def table_secret(home: Home, where: Address) -> bytes:
    """The key of a table's marks, which says nothing of other tables'."""
    return hmac.digest(home.keys.lookup, f"watched {place(where)}".encode(), "sha256")


def mark(home: Home, where: Address, key: str) -> str:
    """Of the row with this key: 32 hexadecimal digits, the same each time, for nobody without the table's secret."""
    return key_hash(table_secret(home, where), key)


def every(home: Home, connection: Connection) -> list[WatchedRecord]:
    """All that ever were, oldest first."""
    query = select(table).where(table.c.sealed.is_not(None)).order_by(table.c.since, table.c.id)
    return [_opened(home, row) for row in connection.execute(query)]


def of_table(home: Home, connection: Connection, where: Address) -> list[WatchedRecord]:
    """Those of one table that nobody has ended."""
    query = select(table).where(table.c.ended_at == "").order_by(table.c.since, table.c.id)
    found, wanted = (_opened(home, row) for row in connection.execute(query)), place(where)
    return [one for one in found if one.words.place == wanted]


def with_marks(
    home: Home, connection: Connection, marks: Collection[str], now: str
) -> dict[str, WatchedRecord]:
    """By mark: those that are watched now."""
    query = select(table).where(table.c.mark.in_(marks), table.c.ended_at == "", table.c.until_at > now)
    return {row.mark: _opened(home, row) for row in connection.execute(query)}


def count_in(home: Home, connection: Connection, where: str, now: str) -> int:
    """How many are watched now in the table of this `place`."""
    query = select(table).where(table.c.ended_at == "", table.c.until_at > now)
    return sum(_opened(home, row).words.place == where for row in connection.execute(query))


def begin(
    home: Home, connection: Connection, marks: Iterable[str], until: str, words: WatchWords
) -> list[WatchedRecord]:
    """Write new ones, in the caller's transaction."""
    made = [WatchedRecord(secrets.token_hex(8), one, home.now(), until, "", words) for one in marks]
    for one in made:
        sealed = _sealed(home, one.id, words)
        row = {"id": one.id, "mark": one.mark, "since": one.since, "until_at": until, "ended_at": ""}
        connection.execute(insert(table).values(**row, sealed=sealed))
    return made


def change(
    home: Home, connection: Connection, found: Iterable[WatchedRecord], until: str, words: WatchWords
) -> None:
    """Give them another end and other words, in the caller's transaction."""
    for one in found:
        sealed = _sealed(home, one.id, words)
        connection.execute(update(table).where(table.c.id == one.id).values(until_at=until, sealed=sealed))


def end(connection: Connection, found: Iterable[WatchedRecord], now: str) -> None:
    """In the caller's transaction."""
    ids = [one.id for one in found]
    connection.execute(update(table).where(table.c.id.in_(ids), table.c.ended_at == "").values(ended_at=now))


def _opened(home: Home, row: Any) -> WatchedRecord:
    plain = Locker(home.keys.alerts).open(row.sealed, row.id.encode())
    words = msgspec.msgpack.decode(plain, type=WatchWords)
    return WatchedRecord(row.id, row.mark, row.since, row.until_at, row.ended_at, words)


def _sealed(home: Home, watch_id: str, words: WatchWords) -> bytes:
    return Locker(home.keys.alerts).seal(msgspec.msgpack.encode(words), watch_id.encode())
