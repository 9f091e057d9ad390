"""Rows of a stranger's table, looked at once: who the neighbours are, and what is usual in each column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, column, select
from sqlalchemy.sql.expression import ColumnElement

from canaries.plant.rows.columns import is_arrival
from canaries.plant.rows.layout import Layout
from canaries.plant.rows.table import Address

_ROWS = 1_000
_SHARED = 3
"""As many rows must have a value before it is nobody's own."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest rows of a table, newest first."""

    rows: tuple[Row, ...]
    _counts: dict[str, Counter[str]] = field(default_factory=dict)

    def counts(self, name: str) -> Counter[str]:
        """How often each value is in column ``name``, as text; NULL is left out."""
        if name not in self._counts:
            self._counts[name] = Counter(str(row[name]) for row in self.rows if row.get(name) is not None)
        return self._counts[name]

    def shared(self, name: str, value: Any) -> bool:
        """Whether so many rows have the value that it is nobody's own."""
        return self.counts(name)[str(value)] >= _SHARED

    def varied(self, name: str) -> bool:
        """Whether nearly every row has another value: a name, a number, a key of one's own."""
        counts = self.counts(name)
        return counts.total() >= _SHARED and len(counts) > 0.9 * counts.total()

    def blank(self, name: str) -> Any:
        """How rows say that there is nothing in ``name``: an empty text where any does, else None."""
        return "" if self.counts(name)[""] else None

    def common_start(self, name: str) -> int:
        """How many characters all values of the column begin with alike."""
        values = list(self.counts(name))
        alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*values, strict=False))
        return sum(1 for _ in alike) if len(values) > 1 else 0

    def largest(self, name: str) -> Any:
        """The largest value of a column of numbers or times, or None."""
        return max((row[name] for row in self.rows if row.get(name) is not None), default=None)


def take(connection: Connection, where: Address, layout: Layout) -> Sample:
    """The newest rows: by the date on which they came, else by key."""
    names = [one.name for one in layout.fields]
    arrivals = [one for one in names if is_arrival(one)][:1]
    order: list[ColumnElement[Any]] = [column(one).desc() for one in arrivals or layout.key]
    columns: list[ColumnElement[Any]] = [column(one) for one in _with_key(names, layout.key)]
    query = select(*columns).select_from(where.clause).order_by(*order).limit(_ROWS)
    padded = {one.name for one in layout.fields if one.padded}
    return Sample(tuple(_bare(dict(row._mapping), padded) for row in connection.execute(query)))


def _bare(row: dict[str, Any], padded: set[str]) -> dict[str, Any]:
    """Without the blanks that fill a CHAR(n): they are no part of the value (SQL:2016 4.2.1)."""
    return row | {name: row[name].rstrip(" ") for name in padded if isinstance(row[name], str)}


def _with_key(names: Sequence[str], key: Sequence[str]) -> list[str]:
    """Generated keys are read too, though no row may set them."""
    return list(dict.fromkeys((*names, *key)))
