"""Bait as a row in a table, with its rows in the tables beside: SQLite, PostgreSQL, MySQL, MariaDB."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from canaries.core.errors import PlantError
from canaries.core.text import counted
from canaries.ledger.entries import canonical
from canaries.plant.planters import Done, Item, Plan, Planter, PlantingRequest, Removal, State

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from canaries.core.model import Canary
    from canaries.plant.rows.row_draft import IdentityDraft, RowDraft
    from canaries.plant.rows.table import Address

_MIND_URL = (
    "the password in the URL is not kept (and was visible in the process list): for 'placements --check' put it into "
    "~/.pgpass or PGPASSWORD, or for MySQL into an option file that the URL names (?read_default_file=PATH)"
)
_REMAINS = "backups, replicas, logs and audit tables of the database keep what was planted"


class DatabasePlanter(Planter):
    """Inserts one person: bait values by column name, the rest as a neighbour's row has it, in all tables it is in."""

    name = "database"
    title = (
        "a database URL with its table (sqlite:///PATH?table=NAME, postgresql://USER@HOST/DATABASE?table=NAME, "
        "mysql://USER@HOST/DATABASE?table=NAME)"
    )
    rank = 10

    def accepts(self, target: str) -> bool:
        return "://" in target

    def plan(self, request: PlantingRequest) -> Plan:
        from canaries.plant.rows import counters, row_draft, table

        if not request.bait.row:
            hint = "kinds such as 'user' have one; see: trapline kinds"
            raise PlantError("this bait has no row for a table", hint=hint)
        where = table.address(request.target, request.table)
        with table.opened(where) as connection:
            draft = row_draft.Drafter(connection, where, request).draft()
            fired = {row.where.full_name: counters.triggers(connection, row.where) for row in draft.rows}
        strongest = draft.rows[draft.strongest]
        item = _item(strongest.where, draft.found_by, strongest.planted)
        warnings = [_MIND_URL] if where.url.password or "password" in where.url.query else []
        warnings += [
            f"an insert into {name} fires {', '.join(found)}" for name, found in fired.items() if found
        ]
        steps, shown = tuple(_steps(draft)), _as_it_would_read(draft, request)
        return Plan(where.public, steps, (item,), lambda: _insert(where, draft), tuple(warnings), shown)

    def look(self, item: Item) -> tuple[State, str]:
        from canaries.plant.rows import table

        wanted: dict[str, str] = item.memory["values"]
        try:
            where = table.address(item.where)
            with table.opened(where) as connection:
                row = table.fetch(
                    connection, where, list(wanted) or list(item.memory["key"]), item.memory["key"]
                )
        except PlantError as error:
            return State.UNREACHABLE, error.sentence
        if row is None:
            return State.GONE, "the row is not there"
        others = [name for name, value in zip(wanted, row, strict=False) if str(value) != wanted[name]]
        if others:
            return State.CHANGED, f"the row reads otherwise in {', '.join(others)}"
        return State.THERE, ""

    def take_back(self, items: Sequence[Item], canary: Canary, planted_at: str) -> Removal:
        for item in items:
            state, reason = self.look(item)
            if state is not State.THERE:
                hint = "look at it and take it out by hand"
                raise PlantError(
                    f"what was planted in {item.row['table']} is not as it was: {reason}", hint=hint
                )
        kept: list[dict[str, Any]] = []
        steps = tuple(f"delete one row of {item.row['table']}" for item in reversed(items))
        return Removal(steps, lambda: kept.extend(_delete(items)), lambda: _restore(items, kept), (_REMAINS,))


def _steps(draft: IdentityDraft) -> list[str]:
    tables = [row.where.full_name for row in draft.rows]
    said = [f"insert {counted(len(tables), 'row')} into {', '.join(tables)}, in one transaction"]
    said[0] = said[0].replace("insert 1 row into", "insert one row into")
    for row in draft.rows:
        lead = f"{row.where.full_name}." if len(tables) > 1 else ""
        said += [f"{lead}{name}: {source}" for name, source in row.sources.items()]
        said += [f"{lead}{name}: the row in {tables[number]}" for name, number, _ in row.links]
    return [*said, "every other column: its own default"]


def _as_it_would_read(draft: IdentityDraft, request: PlantingRequest) -> str:
    """Every value that is set, a line each; of passwords, hashes and addresses at a trap the beginning."""
    from canaries.plant.files.preview import veiled

    secrets = tuple(one.value for one in request.bait.tokens if not one.weak and one.facet != "email")
    lines = []
    for row in draft.rows:
        lines.append(f"+++ {row.where.full_name}")
        lines += [f"+{name} = {_shown(name, value, secrets, veiled)}" for name, value in row.values.items()]
    return "\n".join(lines) + "\n"


def _shown(
    name: str, value: Any, secrets: tuple[str, ...], veiled: Callable[[str, tuple[str, ...]], str]
) -> str:
    from canaries.plant.rows.columns import is_clear_password, says_hash

    if value is None:
        return "NULL"
    text = str(value)
    if says_hash(name) or is_clear_password(name):
        return f"{text[:4]}…"
    return text if "@" in text and "/" not in text else veiled(text, secrets)


def _item(
    where: Address, key: Mapping[str, Any], planted: Mapping[str, str], counter: dict[str, Any] | None = None
) -> Item:
    return Item(
        where=where.public,
        how="inserted",
        sha256=hashlib.sha256(canonical(planted)).hexdigest(),
        row={"table": where.full_name, **{name: _key_said(value) for name, value in key.items()}},
        memory={"key": dict(key), "values": dict(planted)} | ({"counter": counter} if counter else {}),
    )


def _key_said(value: Any) -> str:
    """A key for people; bytes in hexadecimal."""
    return value["bytes"] if isinstance(value, dict) else str(value)


def _insert(where: Address, draft: IdentityDraft) -> Done:
    from canaries.plant.rows import counters, table

    items: list[Item] = []
    with table.opened(where, write=True) as connection:
        draft.refuse_twin(connection)
        found: list[dict[str, Any]] = []
        for row in draft.rows:
            before = counters.state(connection, row.where, row.key)
            values = {**row.values, **{name: found[at][to] for name, at, to in row.links if at < len(found)}}
            key = table.add(connection, row.where, values, row.key) or _mark(draft, row)
            names = list(
                dict.fromkeys([*key, *(name for one in draft.rows for name in _named(one, draft, row))])
            )
            found.append(
                {**values, **dict(zip(names, table.fetch(connection, row.where, names, key), strict=True))}
            )
            items.append(_item(row.where, key, _as_stored(connection, row, key), before))
        for number, row in enumerate(draft.rows):  # rows that name each other: the second is known by now
            late = {name: found[at][to] for name, at, to in row.links if at >= number}
            if late:
                table.change(connection, row.where, items[number].memory["key"], late)

    def undo() -> None:
        _delete(items)

    return Done(tuple(items), undo)


def _as_stored(connection: Connection, row: RowDraft, key: Mapping[str, Any]) -> dict[str, str]:
    """What is the bait's in a row as the database has it: other letters or blanks at the end are the same value. Raises
    PlantError where a trigger or a type has made another one of it."""
    from canaries.plant.rows import table

    if not row.planted:
        return {}
    stored = table.fetch(connection, row.where, list(row.planted), key)
    for (name, value), text in zip(row.planted.items(), stored, strict=True):
        if str(text).rstrip().casefold() != value.casefold():
            raise PlantError(
                f"the database makes something else of {name!r} in {row.where.full_name}, which nobody would find",
                hint="a trigger may do that; plant into another table, or see: --dry-run",
            )
    return {name: str(text) for name, text in zip(row.planted, stored, strict=True)}


def _mark(draft: IdentityDraft, row: RowDraft) -> dict[str, Any]:
    """What finds a row without a key again: all that is the bait's in it, else all of it."""
    return dict(
        row.planted or {name: str(value) for name, value in row.values.items() if isinstance(value, str)}
    )


def _named(one: RowDraft, draft: IdentityDraft, row: RowDraft) -> list[str]:
    """Columns of ``row`` that ``one`` names it by."""
    return [target for _, number, target in one.links if draft.rows[number] is row]


def _delete(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Delete the rows, last inserted first, and set the counters back; the whole rows, in the order of ``items``."""
    from canaries.plant.rows import counters, layout, table

    whole: list[dict[str, Any]] = []
    with table.opened(table.address(items[0].where), write=True) as connection:
        for item in reversed(items):
            where, key = table.address(item.where), item.memory["key"]
            fields = layout.layout(connection, where).fields
            names = [one.name for one in fields]
            documents = [one.name for one in fields if one.sort == "json"]
            rows = table.rows_with(connection, where, list(dict.fromkeys([*names, *key])), key, 2)
            if table.remove(connection, where, key) != 1 or len(rows) != 1:
                raise PlantError(
                    f"more than one row of {where.full_name} reads like the planted one, or none does"
                )
            lists = {name: json.dumps(rows[0][name]) for name in documents if isinstance(rows[0][name], list)}
            mapped = [one.name for one in fields if one.sort == "hstore" and rows[0][one.name] is not None]
            whole.insert(0, rows[0] | lists | {name: table.pairs(rows[0][name]) for name in mapped})
            counter = item.memory.get("counter", {})
            if len(key) == 1 or "column" in counter:
                counted_key = key[counter["column"]] if "column" in counter else next(iter(key.values()))
                counters.set_back(connection, where, counter, counted_key)
    return whole


def _restore(items: Sequence[Item], whole: list[dict[str, Any]]) -> None:
    from canaries.plant.rows import table

    with table.opened(table.address(items[0].where), write=True) as connection:
        for item, row in zip(items, whole, strict=True):
            table.add(connection, table.address(item.where), row, ())
