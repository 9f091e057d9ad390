"""Which rows of an answer, and which words of a statement, are bait or watched: by `KnownRows` and the hook's filter.

What is told of a row: its mark, where the answer has the key column of a table that is known; else each value that is
bait on its own. Of a statement: names of honey tables, bait that is written into it, and keys of rows of a table that
it names, which count where the answer does not show the key.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from listener.hook.filter_file import Filter
from listener.hook.values import LONGEST, SHORTEST, forms
from listener.wire_proxy.known_rows import KnownRows, ProxiedTable, key_hash, name_hash
from listener.wire_proxy.session import SeenStatement
from listener.wire_proxy.sql_text import Dialect, SqlText, read_sql, without_secrets

_MOST_TEXTS = 256
_LONGEST_KEPT = 8_192
Reading = Callable[[bytes], str | None]
"""A value as it is on the wire to its text; None where it cannot be read."""


@dataclass(frozen=True, slots=True)
class WireColumn:
    """A column of an answer."""

    name: str
    place: str
    """As in `ProxiedTable.places`; empty for an expression."""
    text: bool
    """Whether its values may be bait: no numbers, no times."""
    read: Reading


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What is looked at in each row of an answer."""

    keys: tuple[tuple[int, Reading, ProxiedTable], ...]
    texts: tuple[tuple[int, str, Reading], ...]
    loose: tuple[tuple[ProxiedTable, ...], Reading] | None = None
    """Of COPY without known columns: tables whose keys any field may hold."""


class Recogniser:
    """For all connections of a proxy; holds no state of any."""

    def __init__(self, dialect: Dialect, known: KnownRows, tokens: Filter | None) -> None:
        self._dialect, self._known, self._tokens = dialect, known, tokens
        self._weak = tokens.weak if tokens is not None else False
        self._honey = frozenset(known.honey)
        self._places = {place: one for one in known.tables for place in one.places}
        self._secrets = {id(one): bytes.fromhex(one.secret) for one in known.tables}
        self._texts: OrderedDict[str, SqlText] = OrderedDict()

    def read(self, text: str) -> SqlText:
        """Of a statement; what comes again is not read again."""
        found = self._texts.get(text)
        if found is None:
            found = read_sql(text, self._dialect)
            if len(text) <= _LONGEST_KEPT and without_secrets(text) == text:  # no password stays in memory
                self._texts[text] = found
                if len(self._texts) > _MOST_TEXTS:
                    self._texts.popitem(last=False)
        return found

    def look(self, statement: SeenStatement, parameters: Sequence[str | None] = ()) -> None:
        """What the statement itself says: before it is answered, so that an attempt is told as well."""
        for name in statement.sql.names:
            if self._honey and name_hash(self._known.salt, name) in self._honey:
                statement.bait("table in the statement", name)
        if self._tokens is not None:
            for value in (*statement.sql.values, *parameters):
                if value is not None and self._is_bait(value):
                    statement.bait("value in the statement", value)

    def end(self, statement: SeenStatement, parameters: Sequence[str | None]) -> None:
        """Keys that the statement names, where it found something and its answer did not show them."""
        if not statement.affected and not statement.rows:
            return
        for one in self._named(statement.sql):
            if one.name in statement.showed:
                continue
            for value in (*statement.sql.values, *parameters):
                if value is not None and (mark := self._mark(one, value)):
                    statement.mark(mark)

    def plan(self, columns: Sequence[WireColumn]) -> RowPlan | None:
        """For an answer with these columns; None: none of it is looked at."""
        keys = tuple(
            (number, one.read, table)
            for number, one in enumerate(columns)
            if one.place and (table := self._places.get(one.place)) is not None
        )
        texts: tuple[tuple[int, str, Reading], ...] = ()
        if self._tokens is not None and len(self._tokens):
            texts = tuple((number, one.name, one.read) for number, one in enumerate(columns) if one.text)
        return RowPlan(keys, texts) if keys or texts else None

    def copy_plan(self, statement: SeenStatement, count: int, read: Reading) -> RowPlan | None:
        """For COPY, whose rows have ``count`` columns without names."""
        copied = statement.sql.copied
        known = tuple(self._named(statement.sql))
        keys: list[tuple[int, Reading, ProxiedTable]] = []
        loose = known
        if copied is not None and copied.name:
            loose = ()
            for one in known:
                columns = [name.lower() for name in (copied.columns or one.columns)]
                if one.name.lower() == copied.name and one.key.lower() in columns:
                    keys.append((columns.index(one.key.lower()), read, one))
        texts: tuple[tuple[int, str, Reading], ...] = ()
        if self._tokens is not None and len(self._tokens):
            texts = tuple((number, f"column {number + 1}", read) for number in range(count))
        if not keys and not texts and not loose:
            return None
        return RowPlan(tuple(keys), texts, (loose, read) if loose else None)

    def row(self, plan: RowPlan, values: Sequence[bytes | None], statement: SeenStatement) -> None:
        """One row of an answer; a value that is not there is NULL."""
        marked = False
        for number, read, table in plan.keys:
            statement.showed.add(table.name)
            raw = values[number] if number < len(values) else None
            key = read(raw) if raw is not None else None
            if key is not None and (mark := self._mark(table, key)):
                statement.mark(mark)
                marked = True
        if plan.loose is not None:
            tables, read = plan.loose
            for table in tables:
                statement.showed.add(table.name)
                for raw in values:
                    key = read(raw) if raw is not None else None
                    if key is not None and (mark := self._mark(table, key)):
                        statement.mark(mark)
                        marked = True
        if marked:
            return
        for number, name, read in plan.texts:
            raw = values[number] if number < len(values) else None
            if raw is None or not SHORTEST <= len(raw) <= 4 * LONGEST:
                continue
            value = read(raw)
            if value is not None and self._is_bait(value):
                statement.bait(f"row {name}"[:128], value)

    def _is_bait(self, value: str) -> bool:
        tokens = self._tokens
        return tokens is not None and any(form in tokens for form in forms(value, guessable=self._weak))

    def _mark(self, table: ProxiedTable, key: str) -> str:
        return table.marks.get(key_hash(self._secrets[id(table)], key), "") if len(key) <= LONGEST else ""

    def _named(self, sql: SqlText) -> Iterable[ProxiedTable]:
        """Tables with rows that a statement names."""
        return (one for one in self._known.tables if one.name.lower() in sql.names)
