"""The database: SQLAlchemy Core over SQLite (the default) or PostgreSQL.

The ledger (`entry`, `leaf`, `checkpoint`) is the truth; every other table is an index over it. Whatever tells what is
bait or who was caught lies in a `sealed` column, a box for the vault's key. SQLite runs in WAL mode with
``synchronous=FULL``, one writer at a time; on PostgreSQL any number of processes write, seal and deliver.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError, ProgrammingError

from canaries.errors import StoreAwayError, StoreError

VERSION = 1
"""Of the schema; `MIGRATIONS` lead from one to the next."""

MIGRATIONS: Mapping[int, Sequence[str]] = {}
"""Version to the statements that lead from it to the next one."""

metadata = MetaData()

meta = Table(
    "meta", metadata, Column("name", String(32), primary_key=True), Column("value", Text, nullable=False)
)

entry = Table(
    "entry",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(24), nullable=False),
    Column("at", String(27), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("sealed", LargeBinary),
    sqlite_with_rowid=False,
)
"""`hash` is the RFC 9162 leaf hash of the exact line in the box; an erased entry keeps it and loses the box."""

unsealed = Table(
    "unsealed",
    metadata,
    Column("entry_id", String(32), primary_key=True),
    Column("hash", LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)
"""Entries that no sealer has ordered yet."""

leaf = Table(
    "leaf",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("entry_id", String(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
)
"""The log's order: sealing order, from 0, without gaps."""

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("note", Text, nullable=False),
)

raw = Table(
    "raw",
    metadata,
    Column("entry_id", String(32), primary_key=True),
    Column("sealed", LargeBinary),
    sqlite_with_rowid=False,
)
"""The raw bytes beside a hit's entry, which holds their SHA-256."""

canary = Table(
    "canary",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("entry_id", String(32), nullable=False),
    Column("kind", String(48), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("retired_at", String(27), nullable=False, default=""),
    Column("parent", String(16), nullable=False, default=""),
    Column("sealed", LargeBinary),
    Column("label", LargeBinary),
    sqlite_with_rowid=False,
)
"""`sealed` is the record whose SHA-256 the *minted* entry holds; `label` the memo, for alerts, under their key."""

token = Table(
    "token",
    metadata,
    Column("tag", LargeBinary(16), primary_key=True),
    Column("canary_id", String(16), nullable=False),
    Column("facet", String(32), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("epoch", BigInteger().with_variant(Integer, "sqlite"), nullable=False),
    Index("token_epoch", "epoch"),
    sqlite_with_rowid=False,
)
"""Keyed tags of the tokens. `epoch` counts minting transactions, so that a listener reads only what is new."""

placement = Table(
    "placement",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("entry_id", String(32), nullable=False),
    Column("canary_id", String(16), nullable=False),
    Column("planted_at", String(27), nullable=False),
    Column("checked_at", String(27), nullable=False, default=""),
    Column("state", String(16), nullable=False),
    Column("sealed", LargeBinary),
    Index("placement_canary", "canary_id"),
)

hit = Table(
    "hit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("canary_id", String(16), nullable=False),
    Column("facet", String(32), nullable=False),
    Column("trap", String(24), nullable=False),
    Column("observed_at", String(27), nullable=False),
    Column("sighting", String(32), nullable=False),
    Column("source_tag", LargeBinary(16), nullable=False),
    Column("incident_id", String(16), nullable=False),
    Column("derived_id", String(32), nullable=False),
    Index("hit_canary", "canary_id", "observed_at"),
    Index("hit_incident", "incident_id", "observed_at"),
    Index("hit_once", "sighting", "canary_id", unique=True),
)
"""`id` is the hit's entry; `derived_id` the entry of its facts. `source_tag` is a slow keyed hash: see
listener.sources."""

incident = Table(
    "incident",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("opened_at", String(27), nullable=False),
    Column("last_at", String(27), nullable=False),
    Column("hits", Integer, nullable=False),
    Column("state", String(16), nullable=False),
)

incident_key = Table(
    "incident_key",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("incident_id", String(16), nullable=False),
    Column("last_at", String(27), nullable=False),
)
"""What hits of an incident share: ``canary:ID``, ``source:TAG``."""

drained = Table(
    "drained",
    metadata,
    Column("segment", String(64), primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("done", Boolean, nullable=False, default=False),
)
"""How far each journal segment has been taken in: moved in the same transaction as its hits, hence exactly once."""

tally = Table(
    "tally",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("trap", String(24), primary_key=True),
    Column("sightings", BigInteger, nullable=False),
)
"""Sightings a day, bait or not. What held no token is forgotten, only counted."""

digest = Table(
    "digest",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("canary_id", String(16), nullable=False),
    Column("source_tag", LargeBinary(16), nullable=False),
    Column("level", Integer, nullable=False),
    Column("born_at", String(27), nullable=False),
    Column("due_at", String(27), nullable=False),
    Column("hits", BigInteger, nullable=False),
    Column("first_at", String(27), nullable=False),
    Column("last_at", String(27), nullable=False),
    Column("sealed", LargeBinary),
    Index("digest_due", "due_at"),
    Index("digest_born", "canary_id", "born_at"),
)
"""One row per canary and source: how many hits the next digest will tell of. No count is ever dropped: `listener.digest`."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("channel", String(48), nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("due_at", String(27), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_until", String(27), nullable=False, default=""),
    Column("done_at", String(27), nullable=False, default=""),
    Column("problem", Text, nullable=False, default=""),
    Column("sealed", LargeBinary),
    Index("outbox_due", "channel", "state", "due_at"),
)
"""Alerts to deliver: ``waiting``, ``delivered`` or ``failed``. The content goes once it is delivered or given up."""


class Store:
    """One database. Engines are cheap to keep and pool their connections; share one per process."""

    def __init__(self, url: str) -> None:
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise StoreError(
                "store.url is not a database URL", hint="write sqlite:///PATH or postgresql://USER@HOST/NAME"
            ) from None
        self.dialect = self.url.get_backend_name()
        if self.dialect == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        elif self.dialect != "sqlite":
            raise StoreError(
                f"store.url names {self.dialect!r}", hint="use sqlite:///PATH or postgresql://USER@HOST/NAME"
            )
        self.engine = self._engine()
        self._turn = threading.Lock()

    @classmethod
    def sqlite(cls, path: Path) -> Store:
        """The embedded database in this file."""
        return cls(f"sqlite:///{path}")

    def _engine(self) -> Engine:
        if self.dialect == "postgresql":
            return create_engine(self.url, pool_pre_ping=True, connect_args={"connect_timeout": 5})
        engine = create_engine(self.url, connect_args={"timeout": 30, "check_same_thread": False})

        @event.listens_for(engine, "connect")
        def _connected(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # we say BEGIN ourselves, see `write`
            cursor = connection.cursor()
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
                cursor.execute(f"PRAGMA {pragma}")
            cursor.close()

        return engine

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view. Raises StoreError where the database cannot be reached."""
        with self._guard(), self.engine.connect() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN")
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
            raise StoreAwayError(_sentence(error)) from error
        except ProgrammingError as error:
            raise StoreError(_sentence(error)) from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise StoreAwayError("the database connection was lost") from error
            raise

    def bulk(self, connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
        """Insert many rows, each a tuple in the order of the table's columns: no per-row Python in between."""
        if not rows:
            return
        mark = "?" if self.dialect == "sqlite" else "%s"
        columns = ", ".join(f'"{column.name}"' for column in table.columns)
        marks = ", ".join([mark] * len(table.columns))
        # identifiers come from our own Table objects, values are bound
        connection.exec_driver_sql(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', list(rows))  # noqa: S608

    def lock(self, connection: Connection, name: str) -> bool:
        """Take the named lock for this transaction, at once or not at all. SQLite: the write lock is enough."""
        if self.dialect == "sqlite":
            return True
        number = int.from_bytes(name.encode()[:8].ljust(8), "big", signed=True)
        return bool(
            connection.execute(text("SELECT pg_try_advisory_xact_lock(:n)"), {"n": number}).scalar_one()
        )

    def create(self, home_id: str) -> None:
        """Make the tables of a new installation. Raises StoreError where another one lives here."""
        with self.write() as connection:
            if self.engine.dialect.has_table(connection, "meta"):
                raise StoreError(
                    "this database already belongs to an installation", hint="give a fresh one as store.url"
                )
            metadata.create_all(connection)
            for name, value in (
                ("version", str(VERSION)),
                ("home", home_id),
                ("epoch", "0"),
                ("heartbeat", "0"),
            ):
                connection.execute(insert(meta).values(name=name, value=value))

    def check(self, home_id: str) -> None:
        """Refuse a database that is empty, of another installation or of a newer version; migrate an older one."""
        with self.write() as connection:
            if not self.engine.dialect.has_table(connection, "meta"):
                raise StoreError("the database holds no installation", hint="run: trapline init")
            values = {row.name: row.value for row in connection.execute(select(meta))}
            if values.get("home") != home_id:
                raise StoreError(
                    "the database belongs to another installation", hint="check store.url and the home folder"
                )
            version = int(values.get("version", "0"))
            if version > VERSION:
                raise StoreError(
                    f"the database is of version {version}, this Trapline knows {VERSION}",
                    hint="install the newer Trapline",
                )
            while version < VERSION:
                for statement in MIGRATIONS[version]:
                    connection.exec_driver_sql(statement)
                version += 1
                connection.execute(update(meta).where(meta.c.name == "version").values(value=str(version)))

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], change: Mapping[str, Any]) -> None:
    """Insert ``row``; where its primary key exists, apply ``change`` instead, atomically."""
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(**row)
    key = [column.name for column in table.primary_key]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=dict(change)))


def _sentence(error: DBAPIError) -> str:
    cause = (
        str(error.orig).strip().splitlines()[0]
        if error.orig and str(error.orig).strip()
        else type(error).__name__
    )
    return f"the database refuses: {cause}"
