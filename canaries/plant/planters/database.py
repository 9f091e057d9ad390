"""Bait as a row in a table of an SQLite file or a PostgreSQL database."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from canaries.core.errors import PlantError
from canaries.ledger.entries import canonical
from canaries.plant.planters import Done, Item, Plan, Planter, PlantingRequest, State

if TYPE_CHECKING:
    from canaries.plant.rows.row_draft import RowDraft
    from canaries.plant.rows.table import Address

_MIND_URL = (
    "the password in the URL is not kept (and was visible in the process list): "
    "for 'placements --check' put it into ~/.pgpass or PGPASSWORD"
)


class DatabasePlanter(Planter):
    """Inserts one row: bait values by column name, dates and habits as the neighbours', the rest by default."""

    name = "database"
    title = "a database URL with its table (sqlite:///PATH?table=NAME, postgresql://USER@HOST/DATABASE?table=NAME)"
    rank = 10

    def accepts(self, target: str) -> bool:
        return "://" in target

    def plan(self, request: PlantingRequest) -> Plan:
        from canaries.plant.rows import row_draft, table

        if not request.bait.row:
            hint = "kinds such as 'user' have one; see: trapline kinds"
            raise PlantError("this bait has no row for a table", hint=hint)
        where = table.address(request.target, request.table)
        with table.opened(where) as connection:
            draft = row_draft.Drafter(connection, where, request).draft()
        item = _item(where, draft.found_by, draft.planted)
        warnings = (_MIND_URL,) if where.url.password or "password" in where.url.query else ()
        return Plan(where.public, _steps(where, draft), (item,), lambda: _insert(where, draft), warnings)

    def look(self, item: Item) -> tuple[State, str]:
        from canaries.plant.rows import table

        wanted: dict[str, str] = item.memory["values"]
        try:
            where = table.address(item.where)
            with table.opened(where) as connection:
                row = table.fetch(connection, where, list(wanted), item.memory["key"])
        except PlantError as error:
            return State.UNREACHABLE, error.sentence
        if row is None:
            return State.GONE, "the row is not there"
        others = [name for name, value in zip(wanted, row, strict=True) if str(value) != wanted[name]]
        if others:
            return State.CHANGED, f"the row reads otherwise in {', '.join(others)}"
        return State.THERE, ""


def _steps(where: Address, draft: RowDraft) -> tuple[str, ...]:
    said = [f"{name}: {source}" for name, source in draft.sources.items()]
    return (
        f"insert one row into {where.full_name}, in one transaction",
        *said,
        "every other column: its own default",
    )


def _item(where: Address, key: Mapping[str, Any], planted: Mapping[str, str]) -> Item:
    return Item(
        where=where.public,
        how="inserted",
        sha256=hashlib.sha256(canonical(planted)).hexdigest(),
        row={"table": where.full_name} | {name: str(value) for name, value in key.items()},
        memory={"key": dict(key), "values": dict(planted)},
    )


def _insert(where: Address, draft: RowDraft) -> Done:
    from canaries.plant.rows import table

    with table.opened(where, write=True) as connection:
        draft.refuse_twin(connection, where)
        key = table.add(connection, where, draft.values, draft.key) or draft.found_by

    def undo() -> None:
        with table.opened(where, write=True) as connection:
            table.remove(connection, where, {**key, **draft.found_by})

    return Done((_item(where, key, draft.planted),), undo)
