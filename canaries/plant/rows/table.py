"""A stranger's table: opened by URL, its columns read, its habits asked for.

Statements are built from reflected names, quoted by SQLAlchemy, with bound values; what the database says in errors is
cut to what holds no values.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    BindParameter,
    Connection,
    Engine,
    and_,
    bindparam,
    column,
    create_engine,
    delete,
    event,
    func,
    insert,
    inspect,
    make_url,
    select,
    table,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import ColumnElement, TableClause
from sqlalchemy.types import NullType

from canaries.core import extras
from canaries.core.errors import PlantError

_FORM = "write sqlite:///PATH?table=NAME or postgresql://USER@HOST/DATABASE?table=NAME"
_SAMPLE = 10_000
"""Rows looked at to learn what is usual."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a table is."""

    url: URL
    """Of the database, without ``table``; with the password, if the operator gave one."""
    table: str
    schema: str | None

    @property
    def public(self) -> str:
        """As it may be written down: no password, absolute path."""
        url = self.url
        query = {name: value for name, value in url.query.items() if name not in ("password", "sslpassword")}
        query["table"] = self.full_name
        # `URL.set` takes None for "leave as it is"
        bare = URL.create(url.drivername, url.username, None, url.host, url.port, url.database, query)
        return bare.render_as_string(hide_password=False)

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.table}" if self.schema else self.table

    @property
    def clause(self) -> TableClause:
        return table(self.table, schema=self.schema)


def address(target: str, table_name: str = "") -> Address:
    """Of a target URL; ``table_name`` is ``--table``. Raises PlantError, without repeating the URL's password."""
    try:
        url = make_url(target)
    except (ArgumentError, ValueError):
        raise PlantError("the target is not a database URL", hint=_FORM) from None
    named = url.query.get("table", "")
    name = table_name or (named if isinstance(named, str) else "")
    url = url.set(query={key: value for key, value in url.query.items() if key != "table"})
    backend = {"postgres": "postgresql"}.get(url.get_backend_name(), url.get_backend_name())
    if backend == "sqlite":
        if not url.database or url.database == ":memory:":
            raise PlantError("the target URL names no SQLite file", hint=_FORM)
        url = url.set(drivername="sqlite", database=str(Path(url.database).expanduser().absolute()))
    elif backend == "postgresql":
        url = url.set(drivername="postgresql")
    else:
        raise PlantError(f"bait cannot be planted into {backend!r} databases", hint=_FORM)
    if not name:
        raise PlantError(
            "the target does not name a table", hint="add ?table=NAME to the URL, or --table NAME"
        )
    schema, _, bare = name.rpartition(".") if backend == "postgresql" else ("", "", name)
    return Address(url, bare, schema or None)


def _engine(where: Address) -> Engine:
    if where.url.get_backend_name() == "postgresql":
        extras.require("psycopg", "postgres", "planting into PostgreSQL")
        return create_engine(
            where.url.set(drivername="postgresql+psycopg"),
            poolclass=NullPool,
            connect_args={"connect_timeout": 5},
        )
    if not Path(where.url.database or "").is_file():  # SQLite would make an empty one
        raise PlantError(f"there is no SQLite file {where.url.database}")
    engine = create_engine(where.url, poolclass=NullPool, connect_args={"timeout": 5})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is sent explicitly: sqlite3 would begin too late
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


@contextlib.contextmanager
def opened(where: Address, *, write: bool = False) -> Iterator[Connection]:
    """A transaction on the target; committed at the end where ``write``. Raises PlantError."""
    engine = _engine(where)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            yield connection
            if write:
                connection.commit()
            else:
                connection.rollback()
    except NoSuchTableError:
        raise PlantError(
            f"there is no table {where.full_name!r} there", hint="see the name's spelling"
        ) from None
    except SQLAlchemyError as error:
        raise PlantError(
            f"the target database refuses: {_reason(error)}", hint="nothing was planted"
        ) from None
    finally:
        engine.dispose()


def _reason(error: SQLAlchemyError) -> str:
    """The first line of what it says: PostgreSQL repeats values in DETAIL lines only, SQLite never."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    diagnosis = getattr(getattr(origin, "diag", None), "message_primary", None)
    said = str(diagnosis or origin or "").strip().splitlines()
    return said[0] if said else type(error).__name__


@dataclass(frozen=True, slots=True)
class Field:
    """A column that a row may set."""

    name: str
    nullable: bool
    defaults: bool
    """Gets a value by itself."""
    numeric: bool
    """Takes numbers only."""
    length: int | None
    """The longest text it takes, or None."""
    single: bool
    """Unique, or a reference: not to be copied from a neighbour."""

    @property
    def required(self) -> bool:
        """Somebody must say what goes in."""
        return not self.nullable and not self.defaults


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table looks like."""

    fields: tuple[Field, ...]
    key: tuple[str, ...]
    """Primary key columns; may be empty."""


def layout(connection: Connection, where: Address) -> Layout:
    """Of the table at ``where``. Raises NoSuchTableError."""
    looked = inspect(connection)
    name, schema = where.table, where.schema
    columns = looked.get_columns(name, schema=schema)
    key = tuple(looked.get_pk_constraint(name, schema=schema)["constrained_columns"])
    single = set(key)
    for unique in looked.get_unique_constraints(name, schema=schema):
        single.update(unique["column_names"])
    for index in looked.get_indexes(name, schema=schema, include_auto_indexes=True):
        single.update(str(one) for one in index["column_names"] if index["unique"])
    for reference in looked.get_foreign_keys(name, schema=schema):
        single.update(reference["constrained_columns"])
    # SQLite numbers an INTEGER PRIMARY KEY itself (lang_createtable 5)
    numbered = key if where.url.get_backend_name() == "sqlite" and _is_rowid(columns, key) else ()
    return Layout(tuple(_field(one, single, numbered) for one in columns if not _made_there(one)), key)


def _is_rowid(columns: Sequence[Any], key: tuple[str, ...]) -> bool:
    return len(key) == 1 and any(
        one["name"] == key[0] and str(one["type"]).upper() == "INTEGER" for one in columns
    )


def _made_there(one: Any) -> bool:
    """Generated columns and identities: nobody else may set them."""
    return bool(one.get("computed") or one.get("identity"))


def _field(one: Any, single: set[str], numbered: tuple[str, ...]) -> Field:
    return Field(
        name=one["name"],
        nullable=bool(one["nullable"]),
        defaults=one["default"] is not None or one["name"] in numbered,
        numeric=_python_type(one["type"]) in (int, float, bool),
        length=getattr(one["type"], "length", None),
        single=one["name"] in single,
    )


def _python_type(kind: Any) -> type | None:
    try:
        found: type = kind.python_type
    except NotImplementedError:
        return None
    return found


def _bound(value: Any) -> BindParameter[Any]:
    """A value without a type: PostgreSQL then reads text as whatever the column is (UUID, date, citext)."""
    return bindparam(None, value, type_=NullType(), unique=True)


def _matches(values: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*[column(name) == _bound(value) for name, value in values.items()])


def fetch(connection: Connection, where: Address, names: Sequence[str], key: Mapping[str, Any]) -> Any:
    """The columns ``names`` of the first row that has the values of ``key``, or None."""
    columns: list[ColumnElement[Any]] = [column(name) for name in names]
    return connection.execute(
        select(*columns).select_from(where.clause).where(_matches(key)).limit(1)
    ).first()


def add(
    connection: Connection, where: Address, values: Mapping[str, Any], key: Sequence[str]
) -> dict[str, Any]:
    """Insert one row; the values of its ``key`` columns come back."""
    clause = where.clause
    for name in {**values, **dict.fromkeys(key)}:
        clause.append_column(column(name))
    statement = insert(clause).values(dict(values))
    if not key:
        connection.execute(statement)
        return {}
    row = connection.execute(statement.returning(*[clause.c[name] for name in key])).one()
    return {name: _plain(value) for name, value in zip(key, row, strict=True)}


def _plain(value: Any) -> Any:
    """A key as JSON can hold it."""
    return value if isinstance(value, int | str) else str(value)


def remove(connection: Connection, where: Address, key: Mapping[str, Any]) -> None:
    """Delete the row with these values."""
    connection.execute(delete(where.clause).where(_matches(key)))


def newest(connection: Connection, where: Address, name: str, key: Sequence[str]) -> Any:
    """The value of ``name`` in the row that came last (highest key; without key, the highest value), or None."""
    order: list[ColumnElement[Any]] = [column(one).desc() for one in key] or [column(name).desc()]
    value: ColumnElement[Any] = column(name)
    query = select(value).select_from(where.clause).where(value.is_not(None)).order_by(*order).limit(1)
    return connection.execute(query).scalar()


def usual(connection: Connection, where: Address, name: str) -> Any:
    """The value that more than half of the rows (at least three) share in ``name``, or None."""
    sample = select(column(name).label("value")).select_from(where.clause).limit(_SAMPLE).subquery()
    count = func.count()
    query = select(sample.c.value, count).group_by(sample.c.value).order_by(count.desc()).limit(1)
    first = connection.execute(query).first()
    total = connection.execute(select(func.count()).select_from(sample)).scalar_one()
    return first[0] if first and total >= 3 and first[1] * 2 > total else None
