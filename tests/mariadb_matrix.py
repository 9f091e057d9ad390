"""The rows of the matrix of readers (`tests.reading_matrix`) that a real MariaDB gives: a honey table, an audit log."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.facts.derive import load
from listener.following.log_reader import LogReader
from listener.following.log_settings import FollowedLog
from listener.incidents import queries
from listener.ingest.intake import Intake
from listener.logs import source
from listener.sensors import database_readers, installed
from tests import steady
from tests.conftest import mariadb_database
from tests.reading_matrix import PEOPLE, MatrixRow

_SETUP = (
    "CREATE TABLE subscribers (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80), email VARCHAR(120) UNIQUE)",
    "INSERT INTO subscribers (name, email) VALUES ('June', 'june@neighbours.test'), ('Tomas', 'tomas@neighbours.test')",
)


@dataclass(frozen=True, slots=True)
class MariadbShop:
    """A table of subscribers on MariaDB with phony ones in it, and a server that writes its audit log."""

    url: str
    home: Home
    audit: Path

    @property
    def target(self) -> str:
        return f"{self.url}?table=subscribers"

    def engine(self) -> Engine:
        return create_engine(make_url(self.url).set(drivername="mariadb+pymysql"))

    def run(self, *statements: str) -> list[object]:
        """In one connection; the rows of the last."""
        engine, found = self.engine(), list[object]()
        with engine.begin() as connection:
            for statement in statements:
                done = connection.exec_driver_sql(statement)
                found = list(done) if done.returns_rows else []
        engine.dispose()
        return found

    def program(self, name: str, *words: str) -> str:
        """One of MariaDB's programs, or what MySQL calls it."""
        where, known = make_url(self.url), {"mariadb": "mysql", "mariadb-dump": "mysqldump"}
        path = shutil.which(name) or shutil.which(known[name]) or pytest.skip(f"no {name}")
        place = (path, "-h", str(where.host), "-P", str(where.port), "-u", "root")
        done = subprocess.run([*place, *words], capture_output=True, text=True, check=True)
        return done.stdout

    def dump(self, *words: str) -> str:
        """The database, without the counters of keys."""
        text = self.program("mariadb-dump", "--skip-comments", *words, str(make_url(self.url).database))
        return re.sub(r"AUTO_INCREMENT=\d+ ", "", text)


@contextlib.contextmanager
def mariadb_shop(server: str, folder: Path, people: int = PEOPLE) -> Iterator[MariadbShop]:
    """A new database with ``people`` planted, and a home of its own; skips where there is no server_audit."""
    home = steady.installation(folder / "home", '[bait]\ndomain = "alerts.test"\n', "home")
    folder.chmod(0o777)
    with mariadb_database(server) as url:
        shop = MariadbShop(url, home, folder / "audit.log")
        if not shop.run("SHOW GLOBAL VARIABLES LIKE 'server_audit_logging'"):
            pytest.skip("no server_audit")
        shop.run(*_SETUP)
        for one in mint(home, "user", count=people, draw=steady.draw("shop")):
            plant(home, one.canary.id, shop.target)
        shop.run(
            f"SET GLOBAL server_audit_file_path = '{shop.audit}'",
            "SET GLOBAL server_audit_events = 'TABLE'",
            "SET GLOBAL server_audit_logging = ON",
        )
        try:
            yield shop
        finally:
            shop.run("SET GLOBAL server_audit_logging = OFF")
    home.store.close()


Act = Callable[[MariadbShop, str], object]
"""(where, the honey table)."""


def sql(*statements: str) -> Act:
    """Statements of one connection; ``{table}`` is the honey table."""
    return lambda shop, name: shop.run(*(one.format(table=name) for one in statements))


def client(statement: str) -> Act:
    """The server's own client."""
    return lambda shop, name: shop.program(
        "mariadb", "-e", statement.format(table=name), str(make_url(shop.url).database)
    )


def dump(*words: str) -> Act:
    """The whole database."""

    def act(shop: MariadbShop, name: str) -> str:
        database = make_url(shop.url).database
        return shop.dump(*(word.format(table=f"{database}.{name}") for word in words))

    return act


def orm(shop: MariadbShop, name: str) -> None:
    """As SQLAlchemy's session asks."""

    class Base(DeclarativeBase):
        pass

    class Row(Base):
        __tablename__ = name
        id: Mapped[int] = mapped_column(primary_key=True)
        email: Mapped[str]

    engine = shop.engine()
    with Session(engine) as session:
        assert len(session.query(Row).all()) == PEOPLE
    engine.dispose()


MARIADB: Mapping[str, tuple[int, Act]] = {
    "SELECT of all rows of the table": (3, sql("SELECT * FROM {table}")),
    "one row of it": (1, sql("SELECT * FROM {table} LIMIT 1")),
    "count(*) of it": (3, sql("SELECT COUNT(*) FROM {table}")),
    "an index-only scan of it": (3, sql("SELECT id FROM {table} FORCE INDEX (PRIMARY) WHERE id > 0")),
    "through a view": (3, sql("CREATE VIEW v AS SELECT * FROM {table}", "SELECT * FROM v", "DROP VIEW v")),
    "in a sub-query": (3, sql("SELECT * FROM subscribers WHERE email IN (SELECT email FROM {table})")),
    "CREATE TABLE ... AS SELECT": (3, sql("CREATE TABLE c AS SELECT * FROM {table}", "DROP TABLE c")),
    "a prepared statement": (3, sql("PREPARE p FROM 'SELECT * FROM {table}'", "EXECUTE p")),
    "a READ ONLY transaction": (3, sql("START TRANSACTION READ ONLY", "SELECT * FROM {table}", "COMMIT")),
    "a transaction that is rolled back": (3, sql("START TRANSACTION", "SELECT * FROM {table}", "ROLLBACK")),
    "the server's own client": (3, client("SELECT * FROM {table}")),
    "an ORM, all objects": (3, orm),
    "mariadb-dump": (3, dump()),
    "mariadb-dump --ignore-table": (0, dump("--ignore-table={table}")),
    "mariadb-dump --no-data": (0, dump("--no-data")),
    "EXPLAIN": (0, sql("EXPLAIN SELECT * FROM {table}")),
    "metadata (DESCRIBE, information_schema)": (
        0,
        sql("DESCRIBE {table}", "SELECT * FROM information_schema.TABLES WHERE TABLE_NAME = '{table}'"),
    ),
    "ANALYZE TABLE": (0, sql("ANALYZE TABLE {table}")),
    "CHECKSUM TABLE": (0, sql("CHECKSUM TABLE {table}")),
    "the table of real rows": (3, sql("SELECT * FROM subscribers")),
}
"""What is done: (planted rows that the client gets, or that it learns of, how)."""


def mariadb_rows(shop: MariadbShop) -> Iterator[MatrixRow]:
    """Every way on MariaDB. The log names the table: where it does, all rows of it count as told."""
    [(_, name)] = database_readers.install(shop.home, shop.target).plan.tokens
    names = [one.encode() for record in installed.read_all(shop.home).values() for one in record.names]
    log = FollowedLog("audit", source("mariadb-audit"), str(shop.audit), from_start=False)
    reader = LogReader(
        log,
        shop.home.store,
        Intake(shop.home, load(shop.home)),
        lambda block: (
            (found.start(), len(one)) for one in names for found in re.finditer(re.escape(one), block)
        ),
    )
    reader.look()
    for action, (returned, act) in MARIADB.items():
        before = {hit.id for hit in queries.hits(shop.home)}
        act(shop, name)
        reader.look()
        told = any(hit.id not in before for hit in queries.hits(shop.home))
        yield MatrixRow("MariaDB", "honey-table", action, returned, PEOPLE if told else 0)
    database_readers.uninstall(shop.home, shop.target)
