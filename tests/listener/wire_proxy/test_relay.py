"""A connection whose reads cannot be seen or kept: it goes on, or it is ended before a row has passed, as is set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import psycopg
import pytest

from listener.wire_proxy.known_rows import VERSION, KnownRows, name_hash
from tests import proxied, steady
from tests.postgres_cluster import PostgresCluster


@pytest.fixture
def database(cluster: PostgresCluster) -> Iterator[str]:
    with cluster.database("relayed") as name:
        with cluster.connect(name) as connection:
            connection.execute("CREATE TABLE honey AS SELECT n FROM generate_series(1, 9) n")
        yield name


def place(folder: Path, port: int, database: str, **more: str) -> str:
    known = KnownRows(VERSION, "s", [], [name_hash("s", "honey")])
    (folder / "rows.json").write_bytes(msgspec.json.encode(known))
    return f"host=127.0.0.1 port={port} user=postgres dbname={database}" + "".join(
        f" {name}={value}" for name, value in more.items()
    )


@pytest.mark.parametrize("unseen", ["pass", "end"])
@pytest.mark.parametrize("spool", ["spool", "no/such/folder/spool"])
def test_reports_that_cannot_be_kept(
    cluster: PostgresCluster, database: str, tmp_path: Path, unseen: str, spool: str
) -> None:
    place(tmp_path, 0, database)
    server, kept = f"127.0.0.1:{cluster.port}", spool == "spool"
    values = {"protocol": "postgresql", "server": server, "spool": spool, "unseen": unseen}
    with proxied.running(tmp_path, **values) as proxy:
        with psycopg.connect(place(tmp_path, proxy.port, database)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
            if kept or unseen == "pass":
                assert len(connection.execute("SELECT * FROM honey").fetchall()) == 9
            else:
                with pytest.raises(psycopg.OperationalError):
                    connection.execute("SELECT * FROM honey")
        if unseen == "end" and not kept:
            steady.until(lambda: "cannot be kept" in proxy.said, lambda: proxy.said)
        if kept:
            assert proxy.reports(1)[0]["found"]


@pytest.mark.parametrize("unseen", ["pass", "end"])
def test_a_connection_that_is_not_understood(
    cluster: PostgresCluster, database: str, tmp_path: Path, unseen: str
) -> None:
    """Replication carries rows that the proxy does not read."""
    place(tmp_path, 0, database)
    server = f"127.0.0.1:{cluster.port}"
    with proxied.running(tmp_path, protocol="postgresql", server=server, unseen=unseen) as proxy:
        where = place(tmp_path, proxy.port, database, replication="database")
        if unseen == "pass":
            with psycopg.connect(where, autocommit=True) as connection:
                row = connection.execute("IDENTIFY_SYSTEM").fetchone()
                assert row is not None
        else:
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(where)
        steady.until(lambda: "connection for replication" in proxy.said, lambda: proxy.said)


def test_a_statement_that_was_not_answered_is_told_when_its_client_leaves(
    cluster: PostgresCluster, database: str, tmp_path: Path
) -> None:
    place(tmp_path, 0, database)
    server = f"127.0.0.1:{cluster.port}"
    with proxied.running(tmp_path, protocol="postgresql", server=server) as proxy:
        connection = psycopg.connect(place(tmp_path, proxy.port, database), autocommit=True)
        connection.pgconn.send_query(b"SELECT pg_sleep(60) FROM honey")
        query = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'"
        with cluster.connect(database) as other:
            steady.until(lambda: other.execute(query.encode()).fetchone(), "it does not run")
        connection.close()
        assert proxy.reports(1)[0]["found"][0]["value"] == "honey"
