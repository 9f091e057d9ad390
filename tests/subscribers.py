"""A table of subscribers on a real PostgreSQL server, with phony ones among them, for tests of sensors in databases."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from canaries.core.clock import rfc3339
from canaries.core.errors import NotFoundError
from canaries.installation.home import Home
from canaries.mint.minting import mint
from canaries.plant.planting import plant
from listener.facts.derive import load
from listener.following.log_reader import LogReader
from listener.following.log_settings import FollowedLog
from listener.incidents import queries
from listener.incidents.model import Hit
from listener.ingest.intake import Intake
from listener.logs import source
from listener.sensors import database_readers, watching
from listener.sensors.watching import Watching, WatchOrder
from tests import steady
from tests.postgres_cluster import PostgresCluster

ROWS = 2_000
TOML = '[bait]\ndomain = "alerts.test"\n'

_SETUP = f"""
CREATE TABLE subscribers (id bigserial PRIMARY KEY, name text, email text UNIQUE, phone text, created_at timestamptz);
INSERT INTO subscribers (name, email, created_at)
  SELECT 'Neighbour ' || n, 'n' || n || '@neighbours.test', '2026-01-01'::timestamptz + n * interval '1 hour'
  FROM generate_series(1, {ROWS}) n;
ALTER TABLE subscribers OWNER TO owner;
GRANT SELECT ON subscribers TO analyst;
GRANT CREATE ON SCHEMA public TO owner;
ANALYZE subscribers;
"""


@dataclass(frozen=True, slots=True)
class Subscribers:
    """The table, the home, and who is nobody."""

    cluster: PostgresCluster
    database: str
    home: Home
    people: tuple[str, ...]
    """Canary ids, by the order of their rows."""
    first: int
    """The key of the first of them."""
    reader: LogReader
    """Follows the server's log for ``home``."""

    @property
    def url(self) -> str:
        return f"{self.cluster.url(self.database)}?table=subscribers"

    def say(self, query: str, user: str = "analyst") -> list[tuple[object, ...]]:
        """One statement, as ``user``."""
        with self.cluster.connect(self.database, user) as connection:
            done = connection.execute(query.encode())
            return done.fetchall() if done.description else []

    def watch(self, *keys: int, person: str = "", why: str = "threats against the person") -> Watching:
        """Real rows, until long after the end of the test."""
        until = rfc3339(self.home.clock.now() + timedelta(days=300))
        names = tuple(map(str, keys))
        order = WatchOrder(
            "the data protection officer", why, until, names, person=person, accepted=("dumps",)
        )
        return watching.watch(self.home, self.url, order)

    def restore(self) -> None:
        """Take away what a test installed."""
        with contextlib.suppress(NotFoundError):
            watching.unwatch(self.home, self.url, everything=True)
        with contextlib.suppress(NotFoundError):
            database_readers.uninstall(self.home, self.url)
        self.say("ALTER TABLE subscribers DISABLE ROW LEVEL SECURITY", "owner")
        self.seen()

    def seen(self) -> list[Hit]:
        """What the log says that was not taken in before, as hits. The server has written by then what ``say`` did."""
        with self.cluster.connect(self.database) as connection:
            end = f"end of statement {secrets.token_hex(8)}"
            connection.execute(f"DO $$ BEGIN RAISE LOG '{end}'; END $$".encode())
        steady.until(lambda: end in self.cluster.log.read_text(), "the log does not grow")
        before = {hit.id for hit in queries.hits(self.home)}
        self.reader.look()
        return [hit for hit in queries.hits(self.home) if hit.id not in before]


@contextlib.contextmanager
def subscribers(cluster: PostgresCluster, folder: Path, people: int = 4) -> Iterator[Subscribers]:
    """A new database with a home of its own; the log's reader stands at the log's end."""
    with cluster.connect("postgres") as connection:
        for role in ("owner", "analyst"):
            connection.execute(
                f"DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$".encode()
            )
    home = steady.installation(folder / "home", TOML, "home")
    with cluster.database(f"shop_{secrets.token_hex(4)}") as name:
        with cluster.connect(name) as connection:
            connection.execute(_SETUP.encode())
        url = f"{cluster.url(name)}?table=subscribers"
        draw = steady.draw("subscribers")  # two of one name in a table are refused
        order = mint(home, "user", memo="row of subscribers", count=people, draw=draw)
        minted = [one.canary.id for one in order]
        for canary in minted:
            plant(home, canary, url)
        log = FollowedLog("shop", source("postgresql"), str(cluster.log), from_start=False)
        reader = LogReader(log, home.store, Intake(home, load(home)), lambda block: ())
        found = Subscribers(cluster, name, home, tuple(minted), ROWS + 1, reader)
        found.seen()
        yield found
    home.store.close()
