"""What psql and people list first: the trap has the rows that a real server has."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Iterator

import psycopg
import pytest

from listener.protocol import sql_answers, sql_sessions
from listener.protocol.postgres_catalogue import answer
from listener.protocol.sql_answers import SqlRows
from tests.every import every
from tests.postgres_cluster import PostgresCluster, postgres_cluster
from tests.programs import require

LISTINGS = (r"\l", r"\l+", r"\du", r"\du+", r"\dg", r"\dn", r"\dn+", r"\dx", r"\db", r"\l crm", r"\dn public")
"""Commands of psql, which asks for them in SQL (``--echo-hidden``)."""
ASKED = (
    "SELECT datname FROM pg_database",
    "select datname from pg_database where datistemplate = false order by datname",
    "SELECT datname FROM pg_catalog.pg_database WHERE NOT datistemplate AND datallowconn ORDER BY 1",
    "SELECT DISTINCT(datname) FROM pg_database ORDER BY datname DESC",
    "SELECT count(*) FROM pg_database",
    "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0') ORDER BY datname LIMIT 1",
    "SELECT datname FROM pg_database ORDER BY datname OFFSET 1 LIMIT 1",
    "SELECT datname FROM pg_database WHERE datname LIKE 'temp%' ORDER BY 1",
    "SELECT datname FROM pg_database WHERE datname = 'nosuch'",
    "SELECT usename, usesuper FROM pg_user",
    "SELECT usename AS name, passwd FROM pg_catalog.pg_user u WHERE u.usesuper",
    "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname",
    "SELECT rolname, rolsuper, rolcreatedb, rolcanlogin FROM pg_roles",
    "SELECT groname FROM pg_group",
    "SELECT schema_name FROM information_schema.schemata ORDER BY 1",
    "SELECT nspname FROM pg_namespace",
    "SELECT extname, extversion FROM pg_extension",
    "SELECT spcname, pg_tablespace_location(oid) FROM pg_tablespace",
)
_VARIES = {"Size"}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresCluster]:
    """One of its own, without the roles of other tests. Ann may connect to the database crm, and owns nothing."""
    with postgres_cluster(logging=False) as cluster, cluster.database("crm"):
        with cluster.connect("crm") as connection:
            connection.execute("CREATE ROLE ann LOGIN")
            connection.execute("REVOKE TEMP ON DATABASE crm FROM public")
        yield cluster


def of_the_server(server: PostgresCluster, statement: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    with server.connect("crm", "ann") as connection:
        cursor = psycopg.RawCursor(connection)
        cursor.execute(statement.encode())
        assert cursor.description is not None
        result = cursor.pgresult
        assert result is not None
        rows = [
            tuple(
                "NULL" if value is None else value.decode()
                for value in (result.get_value(row, column) for column in range(result.nfields))
            )
            for row in range(result.ntuples)
        ]
        return tuple(column.name for column in cursor.description), rows


def of_the_trap(statement: str) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    found = next(sql_answers.answers(statement, sql_sessions.postgres("15.14 (x)", "gcc", "ann", "crm")))
    assert isinstance(found, SqlRows), found
    return found.columns, [
        tuple("NULL" if value is None else str(value) for value in row) for row in found.rows
    ]


def told(found: tuple[tuple[str, ...], list[tuple[str, ...]]]) -> list[dict[str, str]]:
    columns, rows = found
    return [
        {name: value for name, value in zip(columns, row, strict=True) if name not in _VARIES} for row in rows
    ]


def asked_by(server: PostgresCluster, command: str) -> list[str]:
    require("psql")
    done = subprocess.run(
        ["psql", "-X", "-E", "-h", "127.0.0.1", "-p", str(server.port), "-U", "ann", "-d", "crm", "-c", command],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return re.findall(r"QUERY \*+\n(.*?);?\n\*{10}", done.stdout, re.S)


@every("command", LISTINGS)
def test_psql_lists_the_same(server: PostgresCluster, command: str) -> None:
    asked = asked_by(server, command)
    assert asked
    for statement in asked:
        assert told(of_the_trap(statement)) == told(of_the_server(server, statement)), statement


@every("statement", ASKED)
def test_people_are_told_the_same(server: PostgresCluster, statement: str) -> None:
    assert of_the_trap(statement) == of_the_server(server, statement)


def test_the_size_is_of_the_database() -> None:
    def sizes(database: str) -> dict[str, int]:
        found = answer("SELECT datname, pg_database_size(datname) FROM pg_database", "ann", database)
        assert found is not None
        return {str(name): int(str(size)) for name, size in found.rows}

    assert sizes("crm")["postgres"] == sizes("billing")["postgres"]
    assert sizes("crm")["crm"] == sizes("crm")["crm"] != sizes("billing")["billing"]
    assert sizes("crm")["crm"] > sizes("crm")["postgres"]


def test_the_superusers_own_login_is_no_second_one() -> None:
    found = answer("SELECT usename FROM pg_user", "postgres", "postgres")
    assert found == SqlRows(("usename",), (("postgres",),))
    found = answer("SELECT count(*) FROM pg_database", "postgres", "postgres")
    assert found == SqlRows(("count",), ((3,),))


@every(
    "statement",
    [
        "SELECT * FROM members",
        "SELECT d.datname FROM pg_database d JOIN pg_stat_database s ON s.datid = d.oid",
        "SELECT datname FROM pg_database WHERE oid IN (SELECT 1)",
        "SELECT datname FROM pg_database WHERE datname ~ '(a+)+$'",
        "SELECT datname, count(*) FROM pg_database GROUP BY 1",
        "SELECT nosuch FROM pg_database",
        "SELECT CASE pg_database_size END FROM pg_roles",
        "SELECT datname FROM pg_database UNION SELECT 'a'",
        "INSERT INTO x SELECT datname FROM pg_database",
        "SELECT",
        "",
    ],
)
def test_what_it_does_not_understand_it_leaves_to_others(statement: str) -> None:
    assert answer(statement, "ann", "crm") is None


@every("piece", [" ", "a ", "and ", "in ('a'", "'", "(", ",", "a as ", "1 limit "])
def test_no_statement_costs_much(piece: str) -> None:
    """By the processor's time, and ten times of what any of them takes."""
    began = time.thread_time()
    for head in ("SELECT datname FROM pg_database WHERE ", "SELECT "):
        answer((head + piece * 5_000)[:1_999], "ann", "crm")
        answer(head + piece * 50_000, "ann", "crm")
    assert time.thread_time() - began < 2
