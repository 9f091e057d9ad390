"""Real clients at a real PostgreSQL through the proxy: each read of honey or a watched row is told, nothing else."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from canaries.core.clock import rfc3339
from canaries.core.errors import HomeError, SettingsError
from canaries.mint.minting import mint
from listener.incidents import queries
from listener.lookups.listing import LookupFilter, lookups
from listener.lookups.people import PeopleMap
from listener.sensors import database_readers, filter_keeping, installed, proxied_rows, watching
from listener.sensors.watching import WatchOrder
from listener.wire_proxy import proxy_server
from listener.wire_proxy.proxy_settings import read_settings
from tests import proxied, steady
from tests.postgres_cluster import PostgresCluster
from tests.programs import needs
from tests.proxied import RunningProxy, counts, facts, take_in
from tests.subscribers import Subscribers, subscribers


@pytest.fixture(scope="module")
def own_table(cluster: PostgresCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Subscribers]:
    """With a home of its own: look-ups are recorded."""
    with subscribers(cluster, tmp_path_factory.mktemp("shop")) as found:
        yield found


@pytest.fixture(scope="module")
def proxy(own_table: Subscribers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningProxy]:
    """Rows 7 and 8 are watched, four people are planted, and a honey view is there."""
    shop, folder = own_table, tmp_path_factory.mktemp("proxy")
    until = rfc3339(shop.home.clock.now() + timedelta(days=300))
    watching.watch(shop.home, shop.url, WatchOrder("owner", "threats", until, ("7", "8"), proxied=True))
    database_readers.install(shop.home, shop.url, name="honey-view", accepted=["dumps"])
    made = proxied_rows.prepare(shop.home, [shop.url], folder / "rows.json")
    assert (made.tables, made.planted, made.watched, made.honey) == (1, 4, 2, 1)
    filter_keeping.keep(shop.home, folder / "filter.bin")
    server = f"127.0.0.1:{shop.cluster.port}"
    with proxied.running(folder, protocol="postgresql", server=server, filter="filter.bin") as running:
        yield running


@pytest.fixture
def url(proxy: RunningProxy, own_table: Subscribers) -> str:
    """As an analyst reaches it."""
    return f"postgresql://analyst@127.0.0.1:{proxy.port}/{own_table.database}"


def psql(url: str, *statements: str) -> str:
    words = [word for one in statements for word in ("-c", one)]
    done = subprocess.run(
        ["psql", url, "-X", "-q", *words], capture_output=True, text=True, timeout=steady.PATIENCE, check=True
    )
    return done.stdout


MATRIX = {
    "all columns": ("SELECT * FROM subscribers WHERE id IN (7, 2001, 2002)", (3, 0)),
    "a watched row without its key": ("SELECT name FROM subscribers WHERE id = 8", (1, 0)),
    "bait without its key": ("SELECT email FROM subscribers WHERE id > 2000", (0, 4)),
    "COPY of the table": ("COPY subscribers TO STDOUT", (6, 0)),
    "COPY of some columns": ("COPY subscribers (name, id) TO STDOUT WITH (FORMAT csv)", (6, 0)),
    "COPY of a query": ("COPY (SELECT id FROM subscribers WHERE id < 8) TO STDOUT", (1, 0)),
    "binary COPY": ("\\copy subscribers (id, email) TO PROGRAM 'cat >/dev/null' WITH (FORMAT binary)", (6, 0)),
    "a cursor": ("BEGIN; DECLARE c CURSOR FOR SELECT * FROM subscribers; FETCH ALL FROM c; COMMIT", (6, 0)),
    "a sub-query": ("SELECT * FROM (SELECT * FROM subscribers ORDER BY id LIMIT 8) s", (2, 0)),
    "a statement prepared by SQL": (
        "PREPARE p AS SELECT name FROM subscribers WHERE id = $1; EXECUTE p(7); DEALLOCATE p", (1, 0),
    ),
}  # fmt: skip
SILENT = (
    "SELECT 1",
    "SELECT * FROM subscribers WHERE id = 9",
    "SELECT * FROM subscribers WHERE id = 900000007",
    "SELECT count(*) FROM subscribers",
    "SELECT 7 AS answer",
    "SELECT name FROM subscribers WHERE id = 7 AND false",
)


@needs("psql")
@pytest.mark.parametrize("name", MATRIX)
def test_what_psql_reads_is_told(proxy: RunningProxy, url: str, name: str) -> None:
    statement, wanted = MATRIX[name]
    psql(url, statement)
    [report] = proxy.reports(1)
    assert counts([report]) == [wanted]
    assert facts(report, "database", "client", "application", "login") == [
        url.rpartition("/")[2],
        *("127.0.0.1", "psql", "none"),
    ]


@needs("psql")
def test_a_change_of_a_watched_row_is_told(proxy: RunningProxy, url: str) -> None:
    psql(url.replace("analyst", "owner"), "BEGIN; UPDATE subscribers SET phone = NULL WHERE id = 7; ROLLBACK")
    assert counts(proxy.reports(1)) == [(1, 0)]


@needs("psql")
def test_other_reads_are_not(proxy: RunningProxy, url: str) -> None:
    psql(url, *SILENT)
    psql(url, "\\d", "\\d subscribers", "\\l", "\\du")  # what a database tool asks first
    psql(url, "SELECT id FROM subscribers WHERE id = 7")  # so that there is something to wait for
    assert counts(proxy.reports(1)) == [(1, 0)]


def test_drivers_with_parameters_and_binary_rows(proxy: RunningProxy, url: str) -> None:
    with psycopg.connect(url, application_name="crm") as connection:
        connection.execute("SELECT set_config('trapline.reason', %s, false)", ("case 7",))
        for _ in range(2):
            connection.execute("SELECT * FROM subscribers WHERE id = %s", (7,), prepare=True)
        with connection.cursor(binary=True) as cursor:
            cursor.execute("SELECT id FROM subscribers WHERE id = ANY(%s)", ([8, 9],))
        with connection.cursor("on the server") as server:
            server.itersize = 2_003
            server.execute("SELECT * FROM subscribers ORDER BY id")
            assert len(list(server)) == 2_004
        connection.execute("RESET trapline.reason")
        connection.commit()
        with connection.transaction():
            connection.execute("SET LOCAL trapline.reason = 'for now'")
            connection.execute("SELECT name FROM subscribers WHERE id = %s", (7,))
        connection.execute("SELECT name FROM subscribers WHERE id = %s /*reason='case%%209'*/", (8,))
        with connection.pipeline():
            first = connection.execute("SELECT 1")
            second = connection.execute("SELECT id FROM subscribers WHERE id = %s", (8,))
            third = connection.execute("SELECT 2")
        assert (first.fetchone(), second.fetchone(), third.fetchone()) == ((1,), (8,), (2,))
    found = proxy.reports(8)
    assert [len(one["rows"]) for one in found] == [1, 1, 1, 5, 1, 1, 1, 1]
    assert [facts(one, "reason")[0] for one in found] == [*["case 7"] * 5, "for now", None, None]
    assert {facts(one, "application")[0] for one in found} == {"crm"}
    assert facts(found[3], "query")[0].startswith("FETCH FORWARD 2003")
    assert "of: DECLARE" in facts(found[3], "query")[0]


@needs("pg_dump")
def test_a_dump_names_every_row_and_the_honey_view_is_a_hit(
    proxy: RunningProxy, url: str, own_table: Subscribers
) -> None:
    shop = own_table
    owner = url.replace("analyst", "postgres")
    words = ["pg_dump", owner, "--data-only", "--table", "subscribers", "--file", "/dev/null"]
    subprocess.run(words, check=True, timeout=steady.PATIENCE)
    [dumped] = proxy.reports(1)
    assert len(dumped["rows"]) == 6
    [view] = [name for one in installed.read_all(shop.home).values() for name in one.names]
    with psycopg.connect(url) as connection:
        connection.execute(f"SELECT count(*) FROM {view.upper()}".encode())
    [read] = proxy.reports(1)
    assert read["found"] == [{"where": "table in the statement", "value": view}]
    before = {hit.id for hit in queries.hits(shop.home)}
    assert take_in(shop.home, [dumped, read]) == 5
    hits = [hit for hit in queries.hits(shop.home) if hit.id not in before]
    assert sorted(hit.facet for hit in hits) == [*["row"] * 4, "table"]
    looked = lookups(shop.home, LookupFilter(), PeopleMap({}))
    assert [(one.rows, one.of, one.body["user"], one.body["application"]) for one in looked][-1] == (
        *(2, 2, "postgres", "pg_dump"),
    )


def test_a_look_up_is_recorded_as_the_database_would_tell_it(
    proxy: RunningProxy, url: str, own_table: Subscribers
) -> None:
    with psycopg.connect(url, application_name="crm") as connection:
        connection.execute("SET trapline.reason = 'case 11'")
        connection.execute("SET app.actor = 'anna'")
        connection.execute("SELECT * FROM subscribers WHERE id IN (7, 8)")
    before = len(lookups(own_table.home, LookupFilter(), PeopleMap({})))
    assert take_in(own_table.home, proxy.reports(1)) == 0
    known = PeopleMap({"anna": "staff-3"}, shared=frozenset({"analyst"}))
    [*rest, one] = lookups(own_table.home, LookupFilter(), known)
    assert len(rest) == before
    assert (one.person, one.rows, one.of) == ("staff-3", 2, 2)
    said = one.as_dict(full=True)
    assert [said[name] for name in ("user", "client", "application", "actor", "reason", "reason_from")] == [
        *("analyst", "127.0.0.1", "crm", "anna", "case 11", "setting"),
    ]
    assert said["port"] > 0
    assert said["query"] == "SELECT * FROM subscribers WHERE id IN (7, 8)"


def test_an_attempt_is_told_and_what_it_came_to(
    proxy: RunningProxy, url: str, own_table: Subscribers
) -> None:
    [one] = mint(own_table.home, "user")
    filter_keeping.keep(own_table.home, proxy.folder / "filter.bin")
    steady.until(lambda: "new files of rows and bait are in use" in proxy.said, "no new filter")
    email = next(token.value for token in one.canary.tokens if token.facet == "email")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.UndefinedTable):
        connection.execute("SELECT * FROM no_such_table WHERE email = %s", (email.upper(),))
    [report] = proxy.reports(1)
    assert report["found"] == [{"where": "value in the statement", "value": email.upper()}]
    assert facts(report, "failed") == ["42P01"]


def test_no_password_is_in_what_is_told(proxy: RunningProxy, url: str) -> None:
    word = secrets.token_hex(8)
    with psycopg.connect(url, autocommit=True) as connection:
        text = f"SELECT id /* ALTER ROLE x PASSWORD '{word}' */ FROM subscribers WHERE id = 7"
        connection.execute(text.encode())
    [report] = proxy.reports(1)
    assert "PASSWORD '***'" in facts(report, "query")[0]
    assert word not in json.dumps(report) + proxy.said


def test_what_cannot_be_read_at_the_start_is_one_sentence(tmp_path: Path) -> None:
    made = read_settings(proxied.settings(tmp_path, protocol="postgresql", server="127.0.0.1:1"))
    (tmp_path / "rows.json").write_text("{}")
    with pytest.raises(HomeError, match=r"rows\.json cannot be read"):
        proxy_server.WireProxy(made, print)
    (tmp_path / "sensor.json").write_text("[]")
    with pytest.raises(SettingsError, match="sensor's file cannot be read"):
        proxy_server.WireProxy(made, print)
