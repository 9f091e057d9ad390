"""Which reads of planted rows the sensors in databases tell of: every way to read, on real servers.

``python -m tests.reading_matrix`` writes what it sees to ``tests/data/reading_matrix.json``, from which the site's page
is made; a test compares that file with a run. The rows of MariaDB are in `tests.mariadb_matrix`.
"""

from __future__ import annotations

import dataclasses
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from listener.sensors import database_readers
from tests import steady
from tests.postgres_cluster import postgres_cluster
from tests.subscribers import Subscribers, subscribers

DATA = Path(__file__).parent / "data" / "reading_matrix.json"
PEOPLE = 3


class Base(DeclarativeBase):
    """What SQLAlchemy's ORM maps."""


class Subscriber(Base):
    """A row as an object."""

    __tablename__ = "subscribers"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One way to read, and what came of it."""

    engine: str
    sensor: str
    action: str
    returned: int
    """Planted rows that the client got, of three."""
    told: int
    """Planted rows that the log told of."""

    @property
    def verdict(self) -> str:
        """``fires``, ``silent``, ``false alarm`` or ``quiet`` (nothing to tell, nothing told)."""
        if self.told:
            return "fires" if self.returned else "false alarm"
        return "silent" if self.returned else "quiet"


Act = Callable[[Subscribers, str], object]
"""(where, the table or view that is read)."""


def sql(query: str, user: str = "analyst") -> Act:
    """A statement; ``{table}`` is what is read, ``{first}`` to ``{last}`` are the planted keys."""
    return lambda shop, name: shop.say(
        query.format(table=name, first=shop.first, last=shop.first + PEOPLE - 1), user
    )


def psql(command: str, user: str = "analyst") -> Act:
    """A command of PostgreSQL's own client."""
    return lambda shop, name: shop.cluster.run(
        "psql", "-X", shop.cluster.url(shop.database, user), "-c", command.format(table=name)
    )


def dump(user: str) -> Act:
    """The whole database."""
    return lambda shop, name: shop.cluster.run("pg_dump", shop.cluster.url(shop.database, user))


def orm(count: int) -> Act:
    """As SQLAlchemy's session asks: bound values, a connection of a pool."""

    def act(shop: Subscribers, name: str) -> None:
        url = shop.cluster.url(shop.database, "analyst").replace("postgresql:", "postgresql+psycopg:")
        engine = create_engine(url)
        with Session(engine) as session:
            if count == 1:
                assert session.get(Subscriber, shop.first) is not None
            else:
                assert len(session.query(Subscriber).all()) >= count
        engine.dispose()

    return act


def replicated(role: str) -> Act:
    """The initial copy of a logical replication, into another database of the server, as ``role``."""

    def act(shop: Subscribers, name: str) -> None:
        copy = f"{shop.database}_copy"
        with shop.cluster.database(copy), shop.cluster.connect(copy) as connection:
            shop.say("CREATE PUBLICATION everything FOR TABLE subscribers", "postgres")
            shop.say(f"SELECT pg_create_logical_replication_slot('{copy}', 'pgoutput')", "postgres")
            connection.execute(
                b"CREATE TABLE subscribers"
                b" (id bigint PRIMARY KEY, name text, email text, phone text, created_at timestamptz)"
            )
            source = f"host=127.0.0.1 port={shop.cluster.port} dbname={shop.database} user={role}"
            connection.execute(
                f"CREATE SUBSCRIPTION everything CONNECTION '{source}' PUBLICATION everything"
                f" WITH (create_slot = false, slot_name = '{copy}')".encode()
            )

            def arrived() -> bool:
                row = connection.execute(b"SELECT count(*) FROM subscribers").fetchone()
                return row is not None and row[0] > PEOPLE

            try:
                steady.until(arrived, "the copy did not arrive")
            finally:
                connection.execute(b"DROP SUBSCRIPTION everything")
                shop.say("DROP PUBLICATION everything", "postgres")

    return act


_FUNCTION = "CREATE FUNCTION pg_temp.f() RETURNS SETOF {table} LANGUAGE sql AS 'SELECT * FROM {table}'"
_STATISTICS = "SELECT most_common_vals, histogram_bounds FROM pg_stats WHERE tablename = '{table}'"

POSTGRES: Mapping[str, tuple[int, Act]] = {
    "SELECT of a planted row by its key": (1, sql("SELECT * FROM {table} WHERE id = {first}")),
    "SELECT of another row by its key": (0, sql("SELECT * FROM {table} WHERE id = 7")),
    "the key hidden in an expression": (1, sql("SELECT * FROM {table} WHERE id = {first} - 1 + 1 * 1")),
    "SELECT of all rows": (3, sql("SELECT * FROM {table}")),
    "COPY ... TO STDOUT": (3, psql("COPY {table} TO STDOUT")),
    "psql \\copy": (3, psql("\\copy {table} to /dev/null")),
    "a transaction that is rolled back": (3, sql("BEGIN; TABLE {table}; ROLLBACK")),
    "a READ ONLY transaction": (3, sql("BEGIN READ ONLY; TABLE {table}; COMMIT")),
    "an index-only scan": (
        3,
        sql("SET enable_seqscan = off; SELECT id FROM {table} WHERE id BETWEEN {first} AND {last}"),
    ),
    "count(*)": (0, sql("SELECT count(*) FROM {table}")),
    "a search (LIKE) that finds others": (0, sql("SELECT * FROM {table} WHERE name LIKE 'Neighbour 1%'")),
    "the first ten rows": (0, sql("SELECT * FROM {table} ORDER BY id LIMIT 10")),
    "EXPLAIN": (0, sql("EXPLAIN SELECT * FROM {table}")),
    "through a view": (3, sql("CREATE TEMP VIEW v AS SELECT * FROM {table}; SELECT * FROM v")),
    "through a function": (3, sql(_FUNCTION + "; SELECT * FROM pg_temp.f()")),
    "as the table's owner": (3, sql("SELECT * FROM {table}", "owner")),
    "as a superuser": (3, sql("SELECT * FROM {table}", "postgres")),
    "an ORM, one object": (1, orm(1)),
    "an ORM, all objects": (3, orm(PEOPLE)),
    "UPDATE of another row": (0, sql("UPDATE {table} SET phone = NULL WHERE id = 7", "owner")),
    "metadata (\\d, information_schema)": (0, psql("\\d+ {table}")),
    "statistics (pg_stats)": (0, sql(_STATISTICS)),
    "VACUUM ANALYZE": (0, psql("VACUUM ANALYZE {table}", "owner")),
    "pg_dump as a superuser": (3, dump("postgres")),
    "pg_dump as the table's owner (fails)": (0, dump("owner")),
    "logical replication as a superuser": (3, replicated("postgres")),
    "logical replication as another role": (3, replicated("replicator")),
}
"""What is done to the table: (planted rows that the client gets, how)."""

VIEW: Mapping[str, tuple[int, Act]] = {
    "SELECT of all rows of the view": (3, sql("SELECT * FROM {table}")),
    "count(*) of the view": (3, sql("SELECT count(*) FROM {table}")),
    "the view, as a superuser": (3, sql("SELECT * FROM {table}", "postgres")),
    "the view's metadata": (0, psql("\\d+ {table}")),
    "the table itself": (3, sql("SELECT * FROM subscribers")),
    "pg_dump as a superuser": (3, dump("postgres")),
}
"""The same for the honey view."""


def postgres_rows(shop: Subscribers) -> Iterator[MatrixRow]:
    """Every way on PostgreSQL, with each sensor on its own. The table is as it was afterwards."""
    with shop.cluster.connect(shop.database) as connection:
        connection.execute(
            b"DO $$ BEGIN CREATE ROLE replicator LOGIN REPLICATION; EXCEPTION WHEN duplicate_object THEN END $$"
        )
        connection.execute(b"GRANT SELECT ON subscribers TO replicator")
    database_readers.install(shop.home, shop.url, accepted=("dumps",))
    for action, (returned, act) in POSTGRES.items():
        act(shop, "subscribers")
        yield MatrixRow("PostgreSQL", "row-policy", action, returned, len(_told(shop)))
    shop.restore()
    found = database_readers.install(shop.home, shop.url, name="honey-view", accepted=("dumps",))
    [view] = [one.split()[-1] for one in found.plan.down if "VIEW" in one]
    for action, (returned, act) in VIEW.items():
        act(shop, view)
        yield MatrixRow("PostgreSQL", "honey-view", action, returned, len(_told(shop)))
    shop.restore()


def _told(shop: Subscribers) -> set[str]:
    return {hit.canary for hit in shop.seen()}


def page(rows: list[MatrixRow]) -> str:
    """The matrix as Markdown."""
    text = "| engine | sensor | what was done | planted rows the client got | told | so it |\n"
    text += "| --- | --- | --- | --- | --- | --- |\n"
    for one in rows:
        text += f"| {one.engine} | `{one.sensor}` | {one.action} | {one.returned} | {one.told} | {one.verdict} |\n"
    return text


def load() -> list[MatrixRow]:
    """What is committed."""
    return [MatrixRow(**row) for row in json.loads(DATA.read_text("utf-8"))]


def dumped(rows: list[MatrixRow]) -> str:
    """As the file holds them."""
    return "[\n" + ",\n".join(json.dumps(dataclasses.asdict(row)) for row in rows) + "\n]\n"


def main() -> None:
    """Write the file anew."""
    from tests.conftest import running_mariadb
    from tests.mariadb_matrix import mariadb_rows, mariadb_shop

    with (
        tempfile.TemporaryDirectory() as folder,
        postgres_cluster() as cluster,
        subscribers(cluster, Path(folder), people=PEOPLE) as shop,
    ):
        rows = list(postgres_rows(shop))
    with (
        tempfile.TemporaryDirectory() as folder,
        running_mariadb() as server,
        mariadb_shop(server, Path(folder)) as other,
    ):
        rows += mariadb_rows(other)
    DATA.write_text(dumped(rows), "utf-8")


if __name__ == "__main__":
    main()
