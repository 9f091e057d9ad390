"""The rows that one identity has in other tables: users with their account, addresses and profile.

They are found by foreign keys, and where a schema declares none by a column called ``user_id`` in a table beside
``users``. A table belongs to an identity where it has one row for each person, or holds a mark of the person; orders,
posts and sessions do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, column, distinct, func, inspect, select

from canaries.plant.rows import layout as layouts
from canaries.plant.rows.columns import match
from canaries.plant.rows.layout import Layout
from canaries.plant.rows.sample import Row, Sample, take
from canaries.plant.rows.table import Address, rows_with

_MOST_ROWS = 3
"""Of one person in a table beside; who has more keeps something there that is no part of who they are."""
_MOST_TABLES = 12
_USUAL = 0.8
"""So many of the neighbours have a row there: one without would stand out."""
_MARKS = ("email", "phone", "first_name", "last_name", "name", "user_name", "password_hash")


@dataclass(frozen=True, slots=True)
class Link:
    """A column of one table that names rows of another."""

    holder: Address
    column: str
    named: Address
    target: str


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One row of the donor's identity."""

    where: Address
    layout: Layout
    sample: Sample
    row: Row
    links: tuple[tuple[str, int, str], ...]
    """Column, which member's row it names, and by which of that row's columns."""


class Family:
    """The tables around one, and a donor's rows in them."""

    def __init__(self, connection: Connection, where: Address) -> None:
        self._connection, self._where = connection, where
        self._layouts: dict[str, Layout] = {}
        self._samples: dict[str, Sample] = {}
        self._links = list(_links(connection, where))
        self._usual: dict[Link, bool] = {}

    def layout(self, where: Address) -> Layout:
        """Of one of the tables. Raises NoSuchTableError."""
        if where.full_name not in self._layouts:
            self._layouts[where.full_name] = layouts.layout(self._connection, where)
        return self._layouts[where.full_name]

    def sample(self, where: Address) -> Sample:
        """Of one of the tables."""
        if where.full_name not in self._samples:
            self._samples[where.full_name] = take(self._connection, where, self.layout(where))
        return self._samples[where.full_name]

    def of(self, donor: Row) -> list[FamilyRow]:
        """The donor's rows, each behind those that it names; the table's own row is among them."""
        found = [FamilyRow(self._where, self.layout(self._where), self.sample(self._where), donor, ())]
        for turn in range(_MOST_TABLES):
            if turn >= len(found):
                break
            for member in self._around(found[turn]):
                if len(found) < _MOST_TABLES and not any(_same(member, one) for one in found):
                    found.append(member)
        return _in_order(self._linked(found))

    def _around(self, member: FamilyRow) -> Iterator[FamilyRow]:
        for link in self._links:
            if link.holder == member.where and link.named != member.where:
                value = member.row.get(link.column)
                if value is not None and self._alone(link):
                    yield from self._members(link.named, {link.target: value})
            elif link.named == member.where and link.holder != member.where:
                value = member.row.get(link.target)
                if value is not None and self._belongs(link, member):
                    yield from self._members(link.holder, {link.column: value})

    def _members(self, where: Address, key: dict[str, Any]) -> Iterator[FamilyRow]:
        layout = self.layout(where)
        names = list(dict.fromkeys((*[one.name for one in layout.fields], *layout.key)))
        rows = rows_with(self._connection, where, names, key, _MOST_ROWS + 1)
        if len(rows) <= _MOST_ROWS:
            for row in rows:
                yield FamilyRow(where, layout, self.sample(where), row, ())

    def _alone(self, link: Link) -> bool:
        """Whether each row names a row of its own."""
        field = next((one for one in self.layout(link.holder).fields if one.name == link.column), None)
        return field is not None and (field.single or self.sample(link.holder).varied(link.column))

    def _belongs(self, link: Link, member: FamilyRow) -> bool:
        fields = self.layout(link.holder).fields
        if any(one.name == link.column and one.single for one in fields):
            return True
        columns = [one.name for one in fields if one.name != link.column]
        if match(_MARKS, columns) and self.sample(link.holder).varied(link.column):
            return True
        if link not in self._usual:
            keys = [row[link.target] for row in member.sample.rows[:200] if row.get(link.target) is not None]
            named = select(func.count(distinct(column(link.column)))).select_from(link.holder.clause)
            count = self._connection.execute(named.where(column(link.column).in_(keys))).scalar_one()
            self._usual[link] = len(keys) >= 3 and count >= _USUAL * len(keys)
        return self._usual[link]

    def _linked(self, found: list[FamilyRow]) -> list[FamilyRow]:
        """With every reference from one of the rows to another."""
        made = []
        for member in found:
            links = [
                (link.column, number, link.target)
                for link in self._links
                for number, other in enumerate(found)
                if link.holder == member.where
                and link.named == other.where
                and member.row.get(link.column) is not None
                and member.row.get(link.column) == other.row.get(link.target)
            ]
            made.append(replace(member, links=tuple(links)))
        return made


def _same(one: FamilyRow, other: FamilyRow) -> bool:
    return one.where == other.where and one.row == other.row


def _in_order(found: list[FamilyRow]) -> list[FamilyRow]:
    """Each behind those that it names; where two name each other, as they were found."""
    order: list[int] = []
    while len(order) < len(found):
        left = [number for number in range(len(found)) if number not in order]
        ready = (one for one in left if all(to in order or to == one for _, to, _ in found[one].links))
        order.append(next(ready, left[0]))
    place = {old: new for new, old in enumerate(order)}
    return [
        replace(found[old], links=tuple((name, place[to], target) for name, to, target in found[old].links))
        for old in order
    ]


def _links(connection: Connection, where: Address) -> Iterator[Link]:
    """All references of the schema: declared ones, then those that only the names say."""
    looked = inspect(connection)
    declared: set[tuple[str, str]] = set()
    keys = looked.get_multi_foreign_keys(schema=where.schema)
    for (schema, name), references in keys.items():
        for one in references:
            if len(one["constrained_columns"]) == 1 and one["referred_columns"]:
                holder = replace(where, table=name, schema=schema)
                named = replace(where, table=one["referred_table"], schema=one["referred_schema"])
                declared.add((name, one["constrained_columns"][0]))
                yield Link(holder, one["constrained_columns"][0], named, one["referred_columns"][0])
    key = looked.get_pk_constraint(where.table, schema=where.schema)["constrained_columns"]
    if len(key) != 1:
        return
    called = {f"{one}_id" for one in _singular(where.table)}
    for (schema, name), columns in looked.get_multi_columns(schema=where.schema).items():
        for called_so in (str(one["name"]) for one in columns if name != where.table):
            if called_so.lower() in called and (name, called_so) not in declared:
                yield Link(replace(where, table=name, schema=schema), called_so, where, str(key[0]))


def _singular(table: str) -> Iterable[str]:
    """``users`` and ``wp_users`` are about a ``user``."""
    last = table.lower().rpartition("_")[2]
    return {last.removesuffix("s"), table.lower().removesuffix("s"), last}
