"""A stranger's table: opened by URL, its columns read, its habits asked for.

Statements are built from reflected names, quoted by SQLAlchemy, with bound values; what the database says in errors is
cut to what holds no values.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

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
    insert,
    make_url,
    select,
    table,
    update,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchTableError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import ColumnElement, TableClause
from sqlalchemy.types import NullType

from canaries.core import extras
from canaries.core.errors import PlantError

_FORM = (
    "write sqlite:///PATH?table=NAME, postgresql://USER@HOST/DATABASE?table=NAME or "
    "mysql://USER@HOST/DATABASE?table=NAME"
)
_DRIVERS = {
    "postgresql": ("postgresql+psycopg", "psycopg", "postgres", "planting into PostgreSQL"),
    "mysql": ("mysql+pymysql", "pymysql", "mysql", "planting into MySQL"),
    "mariadb": ("mariadb+pymysql", "pymysql", "mysql", "planting into MariaDB"),
}
"""What SQLAlchemy calls each, the package that speaks to it, and the extra that brings it."""
_SQLITE_OPTIONS = {"mode": "ro|rw", "timeout": r"\d{1,4}"}
"""Options of an SQLite URL, and what their values look like (sqlite.org/uri.html; seconds)."""


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
        _refuse_unknown(url, _SQLITE_OPTIONS)
    elif backend in _DRIVERS:
        url = url.set(drivername=backend)
        if backend != "postgresql":  # libpq refuses by itself what it does not know
            _refuse_unknown(url, _mysql_options())
    else:
        raise PlantError(f"bait cannot be planted into {backend!r} databases", hint=_FORM)
    if not name:
        raise PlantError(
            "the target does not name a table", hint="add ?table=NAME to the URL, or --table NAME"
        )
    schema, _, bare = name.rpartition(".") if backend in _DRIVERS else ("", "", name)
    return Address(url, bare, schema or None)


def _refuse_unknown(url: URL, known: Mapping[str, str]) -> None:
    """An option that is dropped in silence is one that somebody relies on. Raises PlantError; values are not said."""
    for name, value in url.query.items():
        if name not in known:
            raise PlantError(
                f"the target URL has an option {name!r} that {url.get_backend_name()} does not take",
                hint=f"it takes: table, {', '.join(sorted(known))}",
            )
        if not isinstance(value, str) or not re.fullmatch(known[name], value):
            raise PlantError(f"the option {name!r} of the target URL is not {known[name]}")


def _mysql_options() -> Mapping[str, str]:
    """What PyMySQL takes by name, and SQLAlchemy's names for its TLS files."""
    import importlib
    import inspect

    extras.require("pymysql", "mysql", "planting into MySQL")
    driver = importlib.import_module("pymysql")
    taken = set(inspect.signature(driver.Connection.__init__).parameters) - {"self", "db", "passwd"}
    return dict.fromkeys(taken, ".*")


def _engine(where: Address) -> Engine:
    if known := _DRIVERS.get(where.url.get_backend_name()):
        driver, package, extra, purpose = known
        extras.require(package, extra, purpose)
        waits = {"connect_timeout": 5}
        return create_engine(where.url.set(drivername=driver), poolclass=NullPool, connect_args=waits)
    if not Path(where.url.database or "").is_file():  # SQLite would make an empty one
        raise PlantError(f"there is no SQLite file {where.url.database}")
    patience = {"timeout": int(str(where.url.query.get("timeout", 5)))}
    engine = create_engine(_sqlite_url(where.url), poolclass=NullPool, connect_args=patience)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is sent explicitly: sqlite3 would begin too late
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _sqlite_url(url: URL) -> URL:
    """As a URI for SQLite itself where the mode is said: otherwise it would be dropped in silence."""
    mode = url.query.get("mode")
    if mode is None:
        return url.set(query={})
    return url.set(database=f"file:{quote(url.database or '')}", query={"mode": mode, "uri": "true"})


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
    """The first line of what it says: PostgreSQL repeats values in DETAIL lines only, SQLite never. MariaDB quotes
    them within the sentence: there they are left out."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    if origin is not None and type(origin).__module__.startswith("pymysql"):
        number, text = (*origin.args, "", "")[:2]
        # an apostrophe within a word ("Can't", O'Brien) neither opens nor closes a quotation
        unquoted = re.sub(r"(?<!\w)'.*?'(?!\w)", "'...'", str(text), flags=re.DOTALL)
        return f"{unquoted} (error {number})"
    diagnosis = getattr(getattr(origin, "diag", None), "message_primary", None)
    said = str(diagnosis or origin or "").strip().splitlines()
    if said and str(getattr(origin, "sqlstate", None) or "").startswith(
        "22"
    ):  # of data: the sentence quotes them
        return re.sub(r'".*"', '"..."', said[0])
    return said[0] if said else type(error).__name__


def _bound(value: Any) -> BindParameter[Any]:
    """A value without a type: PostgreSQL then reads text as whatever the column is (UUID, date, citext)."""
    return bindparam(None, written(value), type_=NullType(), unique=True)


def written(value: Any) -> Any:
    """A value as drivers take it: documents (json, jsonb) as their text; a list may be an array."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value


def pairs(value: Mapping[str, str | None]) -> str:
    """A value of PostgreSQL's hstore, which drivers give as a mapping, as its text (PostgreSQL F.17)."""

    def quoted(text: str | None) -> str:
        return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    return ", ".join(f"{quoted(name)}=>{quoted(text)}" for name, text in value.items())


def _matches(values: Mapping[str, Any]) -> ColumnElement[bool]:
    return and_(*[column(name) == _bound(_of_key(value)) for name, value in values.items()])


def _of_key(value: Any) -> Any:
    """What `_plain` wrote down, as the database has it."""
    return bytes.fromhex(value["bytes"]) if isinstance(value, dict) and value.keys() == {"bytes"} else value


def fetch(connection: Connection, where: Address, names: Sequence[str], key: Mapping[str, Any]) -> Any:
    """The columns ``names`` of the first row that has the values of ``key``, or None."""
    columns: list[ColumnElement[Any]] = [column(name) for name in names]
    return connection.execute(
        select(*columns).select_from(where.clause).where(_matches(key)).limit(1)
    ).first()


def rows_with(
    connection: Connection, where: Address, names: Sequence[str], key: Mapping[str, Any], most: int
) -> list[dict[str, Any]]:
    """The columns ``names`` of at most ``most`` rows that have the values of ``key``."""
    columns: list[ColumnElement[Any]] = [column(name) for name in names]
    query = select(*columns).select_from(where.clause).where(_matches(key)).limit(most)
    return [dict(row._mapping) for row in connection.execute(query)]


def add(
    connection: Connection, where: Address, values: Mapping[str, Any], key: Sequence[str]
) -> dict[str, Any]:
    """Insert one row; the values of its ``key`` columns come back."""
    clause = where.clause
    for name in {**values, **dict.fromkeys(key)}:
        clause.append_column(column(name))
    statement = insert(clause).values({name: written(value) for name, value in values.items()})
    if not key:
        connection.execute(statement)
        return {}
    if not connection.dialect.insert_returning:  # MySQL, which says what it counted and nothing else
        number = connection.execute(statement).lastrowid
        unknown = [name for name in key if name not in values]
        if len(unknown) > 1 or (unknown and not number):
            raise PlantError(
                f"the database draws {' and '.join(unknown)} of {where.full_name!r} by itself and does not say what",
                hint=f"say what goes in: --set {unknown[0]}=VALUE",
            )
        return {name: _plain(values.get(name, number)) for name in key}
    row = connection.execute(statement.returning(*[clause.c[name] for name in key])).one()
    return {name: _plain(value) for name, value in zip(key, row, strict=True)}


def _plain(value: Any) -> Any:
    """A key as JSON can hold it: bytes as ``{"bytes": HEXADECIMAL}``."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    return value if isinstance(value, int | str) else str(value)


def change(connection: Connection, where: Address, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Set these columns of the row with these values."""
    clause = where.clause
    for name in values:
        clause.append_column(column(name))
    connection.execute(update(clause).where(_matches(key)).values(dict(values)))


def remove(connection: Connection, where: Address, key: Mapping[str, Any]) -> int:
    """Delete the row with these values; how many there were."""
    return connection.execute(delete(where.clause).where(_matches(key))).rowcount
