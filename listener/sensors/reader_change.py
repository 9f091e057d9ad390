"""A sensor in a database put there anew, with other rows, in one transaction: what it knew already, and what is new.

The keys of real rows that are watched are nowhere but in the sensor's own table, so they are read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from canaries.core.text import counted
from canaries.plant.rows import table
from canaries.plant.rows.table import Address
from listener.readers import DatabaseReader, ReaderError, ReaderRequest, WatchedRow
from listener.sensors import database_readers, installed, watches
from listener.sensors.installed import InstalledReader
from listener.sensors.planted_rows import index_marks, planted_rows
from listener.sensors.table_keys import KeyColumn
from listener.sensors.watches import WatchedRecord

if TYPE_CHECKING:
    from canaries.installation.home import Home
    from canaries.ledger.entries import Draft

_AGAIN = "end these watches, then watch the rows again: trapline sensors unwatch DATABASE --all"


class ReaderChange:
    """The sensor put there anew with other rows: all of it or nothing."""

    def __init__(
        self,
        home: Home,
        where: Address,
        chosen: DatabaseReader,
        before: Sequence[WatchedRecord],
        kept: Collection[str],
        fresh: Mapping[str, str],
        accepted: Sequence[str],
    ) -> None:
        """``before``: what was watched when this began; ``kept``: marks of it that stay; ``fresh``: mark to key."""
        self._home, self._where, self._chosen = home, where, chosen
        self._before, self._kept, self._fresh, self._accepted = before, kept, fresh, accepted
        self.written = False
        """Whether it is written down here, whatever the database said afterwards."""
        self.warnings: tuple[str, ...] = ()
        self.record: InstalledReader | None = None

    def run(self, said: Draft, write: Callable[[Connection], None]) -> None:
        """Raises ReaderError, PlantError, StoreError."""
        home, where, old = self._home, self._where, None
        try:
            with table.opened(where, write=True) as connection:
                database_readers.impatient(connection)
                column = KeyColumn(connection, where)
                connection.exec_driver_sql(f"LOCK TABLE {column.table} IN ACCESS EXCLUSIVE MODE")
                old = installed_reader(
                    home, where, self._chosen
                )  # behind the lock: nobody else changes it now
                self._refuse_changed()
                planted = planted_rows(home, where)
                self.record = self._replaced(connection, column, old, planted)
                if self.record is not None:
                    installed.keep(home, self.record)
                with home.store.write() as writing:
                    index_marks(home, writing, planted)
                    write(writing)
                    home.writer.put(writing, said)
                self.written = True
        except BaseException:
            if old is not None:
                installed.keep(home, old)
            elif self.record is not None:
                installed.forget(home, self.record)
            raise
        if self.record is None and old is not None:
            installed.forget(home, old)

    def _refuse_changed(self) -> None:
        with self._home.store.read() as reading:
            now = watches.of_table(self._home, reading, self._where)
        if {one.id for one in now if not one.words.proxied} != {one.id for one in self._before}:
            raise ReaderError("what is watched there was changed meanwhile", hint="run the command again")

    def _replaced(
        self,
        connection: Connection,
        column: KeyColumn,
        old: InstalledReader | None,
        planted: Sequence[WatchedRow],
    ) -> InstalledReader | None:
        if old is None and not self._kept and not self._fresh:
            return None  # a command that ends something puts no sensor there
        if any(set(row.key) != {column.name} for row in planted):
            raise ReaderError("the planted rows of that table are known by another key than its primary one")
        items = _items(connection, old, self._kept)
        plain = connection.execution_options(no_parameters=True)
        for statement in old.down if old else ():
            plain.exec_driver_sql(statement)
        real = [
            WatchedRow("", {column.name: item}, mark)
            for mark, item in sorted((items | dict(self._fresh)).items())
        ]
        rows = (*planted, *real)
        if not rows:
            return None
        names = database_readers.names_for(self._home, self._where)
        plan = self._chosen.plan(
            ReaderRequest(connection, self._where, rows, names, frozenset(self._accepted))
        )
        if old is None:
            database_readers.refuse(plan, self._accepted)
            self.warnings = plan.warnings
        parts = database_readers.carry_out(connection, plan)
        target = old.target if old else self._where.public
        record = database_readers.record_of(self._home, self._chosen.name, target, plan, rows)
        return installed.with_parts(record, parts)


def _items(connection: Connection, old: InstalledReader | None, kept: Collection[str]) -> dict[str, str]:
    """Mark to key of the rows that stay watched, out of the sensor's own table. Raises ReaderError."""
    if not kept:
        return {}
    there = old is not None and bool(old.marks_table)
    if old is None or not there or not _is_there(connection, old.marks_table):
        raise ReaderError(
            "the sensor's table of marks is gone, and with it which rows were watched", hint=_AGAIN
        )
    rows = connection.exec_driver_sql(f"SELECT mark, item::text FROM {old.marks_table}")  # noqa: S608  its own name
    found = {str(mark): str(item) for mark, item in rows if mark in kept}
    if len(found) < len(kept):
        lost = counted(len(kept) - len(found), "watched row")
        raise ReaderError(f"the sensor's table of marks lacks {lost}", hint=_AGAIN)
    return found


def _is_there(connection: Connection, name: str) -> bool:
    return bool(connection.execute(text("SELECT to_regclass(:n) IS NOT NULL"), {"n": name}).scalar())


def installed_reader(home: Home, where: Address, chosen: DatabaseReader) -> InstalledReader | None:
    """The record of this sort of sensor on the table, or None."""
    found = installed.of_table(home, where).values()
    return next((one for one in found if one.reader == chosen.name), None)
