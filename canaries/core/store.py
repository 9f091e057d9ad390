"""The database: SQLAlchemy Core over SQLite (the default) or PostgreSQL.

The tables are in `canaries.core.schema` and can be named from here. SQLite runs in WAL mode with ``synchronous=FULL``,
one writer at a time; on PostgreSQL any number of processes write, seal and deliver.
"""

from __future__ import annotations

import contextlib
import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, OperationalError, ProgrammingError

from canaries.core import extras
from canaries.core.errors import StoreAwayError, StoreError
from canaries.core.migrations import VERSION, upgrade
from canaries.core.schema import (
    canary,
    checkpoint,
    conversation,
    digest,
    drained,
    entry,
    front,
    hit,
    incident,
    incident_key,
    leaf,
    meta,
    metadata,
    notice,
    operator,
    outage,
    outbox,
    placement,
    raw,
    rule,
    stamp,
    tally,
    thread,
    token,
    unsealed,
)
from canaries.core.schema_accounts import account, account_session, api_token, mint_request, sign_in_failure
from canaries.core.schema_lists import ACTED, EXPIRES, NOT_ACTS, RETIRED
from canaries.core.schema_lookups import looked_up, watch
from canaries.core.schema_sends import send
from canaries.core.schema_tables import create_tables
from canaries.core.store_failures import words
from canaries.core.store_rows import insert_rows, upsert, upsert_many

__all__ = [
    "ACTED",
    "EXPIRES",
    "NOT_ACTS",
    "RETIRED",
    "Store",
    "account",
    "account_session",
    "api_token",
    "canary",
    "checkpoint",
    "conversation",
    "digest",
    "drained",
    "entry",
    "front",
    "hit",
    "incident",
    "incident_key",
    "leaf",
    "looked_up",
    "meta",
    "metadata",
    "mint_request",
    "notice",
    "operator",
    "outage",
    "outbox",
    "placement",
    "raw",
    "rule",
    "send",
    "sign_in_failure",
    "stamp",
    "tally",
    "thread",
    "token",
    "unsealed",
    "upsert",
    "upsert_many",
    "watch",
]

_PRAGMAS = (
    "page_size=8192",
    "journal_mode=WAL",
    "synchronous=FULL",
    "cache_size=-65536",
    "wal_autocheckpoint=4000",
)
"""Pages of 8 KB in a new file: two thirds of the writes. 64 MB of cache; the log is folded in every 32 MB."""


class Store:
    """One database. Engines are cheap to keep and pool their connections; share one per process."""

    def __init__(self, url: str | URL) -> None:
        try:
            self.url = make_url(url)
        except (ArgumentError, ValueError):  # the latter for a port
            raise StoreError(
                "store.url is not a database URL", hint="write sqlite:///PATH or postgresql://USER@HOST/NAME"
            ) from None
        self.dialect = self.url.get_backend_name()
        if self.dialect == "postgresql":
            extras.require("psycopg", "postgres", "a PostgreSQL database")
            self.url = self.url.set(drivername="postgresql+psycopg")
        elif self.dialect != "sqlite":
            raise StoreError(
                f"store.url names {self.dialect!r}", hint="use sqlite:///PATH or postgresql://USER@HOST/NAME"
            )
        if self.dialect == "sqlite" and self.url.query:  # SQLAlchemy would drop what it does not know
            named = ", ".join(sorted(self.url.query))
            raise StoreError(f"store.url has options that do nothing: {named}", hint="write sqlite:///PATH")
        self.engine = self._engine()
        self._turn = threading.Lock()
        # one that was never closed gives its connections back with itself; at the exit of the process, the system does
        weakref.finalize(self, self.engine.dispose).atexit = False

    @classmethod
    def sqlite(cls, path: Path) -> Store:
        """The embedded database in this file, which nobody else may read; its log inherits that."""
        with contextlib.suppress(FileExistsError, FileNotFoundError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return cls(URL.create("sqlite", database=str(path.absolute())))

    def _engine(self) -> Engine:
        if self.dialect == "postgresql":
            return create_engine(self.url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
        engine = create_engine(self.url, connect_args={"timeout": 30, "check_same_thread": False})

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # BEGIN is sent explicitly, see `write`
            cursor = connection.cursor()
            for pragma in _PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view: all its queries see one moment. Raises StoreError where the database cannot be reached."""
        with self._guard(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.execution_options(isolation_level="REPEATABLE READ")
            try:
                yield connection
            finally:
                connection.rollback()

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction: all of it on disk when the block is left, or none. Raises StoreError."""
        with self._turns(), self._guard(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    def _turns(self) -> contextlib.AbstractContextManager[object]:
        """SQLite has one writer: threads of one process queue here, fairly, not in its busy handler's sleeps."""
        return self._turn if self.dialect == "sqlite" else contextlib.nullcontext()

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            sentence, hint = words(error, self.url)
            raise StoreAwayError(sentence, hint=hint) from error
        except ProgrammingError as error:
            raise StoreError(words(error, self.url)[0]) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreAwayError("the database connection was lost") from error
            if type(error) is DatabaseError:  # SQLite's, of a file that is none or damaged
                raise StoreError(words(error, self.url)[0], hint="restore a backup") from error
            raise

    def bulk(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows, each a tuple in the order of the table's columns: no per-row Python in between.

        Columns at the end that the tuples leave out keep their defaults.
        """
        insert_rows(connection, table, rows)

    def lock(self, connection: Connection, name: str) -> bool:
        """Take the named lock for this transaction, at once or not at all. SQLite: the write lock is enough."""
        if self.dialect == "sqlite":
            return True
        return bool(
            connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": _number(name)}
            ).scalar_one()
        )

    def create(self, home_id: str) -> None:
        """Make the tables of a new installation. Raises StoreError where another one lives here."""
        with self.write() as connection:
            if self.engine.dialect.has_table(connection, "meta"):
                raise StoreError(
                    "this database already belongs to an installation", hint="give a fresh one as store.url"
                )
            create_tables(connection)
            first = {"version": str(VERSION), "home": home_id, "epoch": "0", "heartbeat": "0"}
            for name, value in first.items():
                connection.execute(insert(meta).values(name=name, value=value))

    def check(self, home_id: str) -> None:
        """Refuse a database that is empty, of another installation or of a newer version; migrate an older one."""
        with self.read() as connection:
            if self._version(connection, home_id) == VERSION:
                return
        with self.write() as connection:
            if self.dialect == "postgresql":  # whoever comes second waits, and finds it done
                connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _number("migrate")})
            version = self._version(connection, home_id)
            if version != VERSION:
                upgrade(connection, version)
                connection.execute(update(meta).where(meta.c.name == "version").values(value=str(VERSION)))

    def _version(self, connection: Connection, home_id: str) -> int:
        if not self.engine.dialect.has_table(connection, "meta"):
            raise StoreError(
                "the database holds no installation", hint="check store.url, or restore a backup"
            )
        values = {row.name: row.value for row in connection.execute(select(meta))}
        if values.get("home") != home_id:
            raise StoreError(
                "the database belongs to another installation", hint="check store.url and the home folder"
            )
        return int(values.get("version", "0"))

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _number(name: str) -> int:
    """PostgreSQL's advisory locks have 64-bit numbers for names."""
    return int.from_bytes(name.encode()[:8].ljust(8), "big", signed=True)
