"""What a stranger's table looks like: its columns, keys and references, as far as a row has to know them."""

from __future__ import annotations

import datetime as dt
import re
import uuid
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CHAR, Connection, Inspector, inspect, text
from sqlalchemy.exc import SAWarning

from canaries.core.errors import PlantError
from canaries.plant.rows.table import Address

_DRAWS = re.compile(r"nextval|uuid|random|gen_", re.IGNORECASE)
_SORTS: tuple[tuple[str, tuple[type, ...]], ...] = (
    ("truth", (bool,)),
    ("number", (int, float)),
    ("moment", (dt.datetime,)),
    ("day", (dt.date,)),
    ("json", (dict,)),
    ("list", (list,)),
    ("uuid", (uuid.UUID,)),
    ("bytes", (bytes,)),
    ("text", (str,)),
)


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a row may set."""

    name: str
    nullable: bool
    defaults: bool
    """Gets a value by itself."""
    draws: bool
    """That value is another one for each row: a sequence, a UUID."""
    sort: str
    """``truth``, ``number``, ``moment``, ``day``, ``json``, ``hstore``, ``list``, ``uuid``, ``bytes``, ``text``, or
    ``other``: a type of the database's own."""
    length: int | None
    """The longest text it takes, or None."""
    single: bool
    """Unique, alone: not to be copied from a neighbour."""
    padded: bool = False
    """A CHAR(n): the database fills texts with blanks."""

    @property
    def required(self) -> bool:
        """Somebody must say what goes in."""
        return not self.nullable and not self.defaults

    @property
    def numeric(self) -> bool:
        """Takes numbers only."""
        return self.sort in ("number", "truth")


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that names a row of a table."""

    column: str
    table: str
    schema: str | None
    target: str
    """The column there."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table looks like."""

    fields: tuple[Field, ...]
    key: tuple[str, ...]
    """Primary key columns; may be empty."""
    references: tuple[Reference, ...]
    unique: tuple[tuple[str, ...], ...] = ()
    """Sets of columns of which no two rows have the same values, as far as they are named: indexes of an expression are
    not."""

    def reference(self, column: str) -> Reference | None:
        """What ``column`` names, or None."""
        return next((one for one in self.references if one.column == column), None)


def layout(connection: Connection, where: Address) -> Layout:
    """Of the table at ``where``. Raises NoSuchTableError."""
    looked = inspect(connection)
    name, schema = where.table, where.schema
    _refuse_view(looked, where)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # a type that SQLAlchemy does not know is `other`
        columns = _read(looked.get_columns(name, schema=schema), where)
    _add_expressions(connection, where, columns)
    key = tuple(_read(looked.get_pk_constraint(name, schema=schema), where)["constrained_columns"])
    constraints = _read(looked.get_unique_constraints(name, schema=schema), where)
    sets = [key, *(tuple(one["column_names"]) for one in constraints)]
    indexes = _read(looked.get_indexes(name, schema=schema, include_auto_indexes=True), where)
    sets += (
        tuple(map(str, one["column_names"])) for one in indexes if one["unique"] and all(one["column_names"])
    )
    unique = tuple(dict.fromkeys(filter(None, sets)))
    single = {names[0] for names in unique if len(names) == 1}
    # SQLite numbers an INTEGER PRIMARY KEY itself (lang_createtable 5)
    numbered = key if where.url.get_backend_name() == "sqlite" and _is_rowid(columns, key) else ()
    references = tuple(
        Reference(
            one["constrained_columns"][0],
            one["referred_table"],
            one["referred_schema"],
            (one["referred_columns"] or [""])[0],
        )
        for one in _read(looked.get_foreign_keys(name, schema=schema), where)
        if len(one["constrained_columns"]) == 1
    )
    fields = tuple(_field(one, single, numbered) for one in columns if not _made_there(one))
    return Layout(fields, key, references, unique)


def _read(found: Any, where: Address) -> Any:
    """What SQLAlchemy read in ``SHOW CREATE TABLE``, where a backtick in a name stands twice."""
    if not _is_mysql(where):
        return found
    if isinstance(found, list):
        return [_read(one, where) for one in found]
    if isinstance(found, dict):
        return {key: value if key == "default" else _read(value, where) for key, value in found.items()}
    return found.replace("``", "`") if isinstance(found, str) else found


def _add_expressions(connection: Connection, where: Address, columns: list[Any]) -> None:
    """Defaults that MariaDB and MySQL compute: SQLAlchemy reads constants and a few functions only."""
    if not _is_mysql(where):
        return
    query = text(
        "SELECT COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE TABLE_NAME = :bare"
        " AND TABLE_SCHEMA = coalesce(:schema, database()) AND COLUMN_DEFAULT LIKE '%(%'"
    )
    said = connection.execute(query, {"bare": where.table, "schema": where.schema}).all()
    computed = {str(name): str(default) for name, default in said}
    for one in columns:
        if one["default"] is None and one["name"] in computed:
            one["default"] = computed[one["name"]]


def _is_mysql(where: Address) -> bool:
    return where.url.get_backend_name() in ("mysql", "mariadb")


def _refuse_view(looked: Inspector, where: Address) -> None:
    """What a view makes of a row is its own affair. Raises PlantError."""
    views = looked.get_view_names(where.schema)
    if where.url.get_backend_name() == "postgresql":
        views = [*views, *looked.get_materialized_view_names(where.schema)]
    if where.table in views:
        raise PlantError(f"{where.full_name!r} is a view", hint="name the table behind it")


def _is_rowid(columns: Sequence[Any], key: tuple[str, ...]) -> bool:
    return len(key) == 1 and any(
        one["name"] == key[0] and str(one["type"]).upper() == "INTEGER" for one in columns
    )


def _made_there(one: Any) -> bool:
    """Generated columns and identities: nobody else may set them."""
    return bool(one.get("computed") or one.get("identity"))


def _field(one: Any, single: set[str], numbered: tuple[str, ...]) -> Field:
    counts = one["name"] in numbered or one.get("autoincrement") is True
    return Field(
        name=one["name"],
        nullable=bool(one["nullable"]),
        defaults=one["default"] is not None or counts,
        draws=counts or bool(_DRAWS.search(str(one["default"] or ""))),
        sort=_sort(one["type"]),
        length=getattr(one["type"], "length", None),
        single=one["name"] in single,
        padded=isinstance(one["type"], CHAR),
    )


def _sort(kind: Any) -> str:
    for name in ("json", "hstore"):
        if name.upper() in str(type(kind)).upper():
            return name
    try:
        found = kind.python_type
    except NotImplementedError:
        return "other"
    return next((name for name, types in _SORTS if issubclass(found, types)), "other")
