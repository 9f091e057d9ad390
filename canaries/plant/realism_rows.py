"""The rows of a table, and which of them this installation planted there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import column, select

from canaries.plant import placements
from canaries.plant.planters import State
from canaries.plant.rows import layout, table

if TYPE_CHECKING:
    from sqlalchemy.sql.expression import ColumnElement

    from canaries.installation.home import Home

_MOST = 20_000
"""Rows that are looked at; a classifier learns no more from more."""


def of(home: Home, target: str, table_name: str = "") -> tuple[list[dict[str, Any]], list[bool]]:
    """The newest rows of the table, and for each whether it was planted. Raises PlantError."""
    where = table.address(target, table_name)
    planted = {
        frozenset((name, str(value)) for name, value in item.memory["key"].items())
        for placement in placements.listing(home)
        if placement.planter == "database" and placement.state is not State.REMOVED
        for item in placement.items
        if item.row.get("table") == where.full_name and item.where == where.public
    }
    with table.opened(where) as connection:
        found = layout.layout(connection, where)
        names = list(dict.fromkeys([*[one.name for one in found.fields], *found.key]))
        columns: list[ColumnElement[Any]] = [column(name) for name in names]
        order: list[ColumnElement[Any]] = [column(name).desc() for name in found.key]
        query = select(*columns).select_from(where.clause).order_by(*order).limit(_MOST)
        rows = [dict(row._mapping) for row in connection.execute(query)]
    named = {
        frozenset(name for name, _ in key) for key in planted
    }  # of a table without a key: whatever finds the row
    return rows, [
        any(frozenset((name, str(row.get(name))) for name in names) in planted for names in named)
        for row in rows
    ]
