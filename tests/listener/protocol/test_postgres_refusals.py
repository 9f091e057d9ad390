"""Statements of an intruder: the trap says of each what a real PostgreSQL says to a user who owns nothing."""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator

import psycopg
import pytest

from listener.protocol import sql_answers, sql_sessions
from listener.protocol.conversation import Send
from listener.protocol.identity import Identity
from listener.protocol.postgres_refusals import answer
from listener.protocol.sql_answers import SqlAnswer, SqlDone, SqlRefused, SqlRows
from listener.traps.postgres import PostgresConversation
from tests import steady
from tests.beside.messages import postgres, startup
from tests.beside.statements import POSTGRES, POSTGRES_SESSIONS
from tests.postgres_cluster import PostgresCluster

Said = list[tuple[str, ...]]
_START = startup("user", "ann", "database", "crm")
_TABLES = "the trap knows no table, and denies every one: bait leads to a database, and the front does not know which"
_CATALOGUE = "the trap's catalogue has every table that is asked for, and no rows"
_FUNCTIONS = "the trap knows few functions"
_STATE = "the trap keeps no statements that are prepared in SQL, and drivers free them by name"
_SETTINGS = "a transaction has no settings in the trap, and it looks at no name of an encoding"
_VALUES = "the trap computes little"
DIFFERENCES = {
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO ann": _TABLES,
    "ALTER TABLE nosuch ADD COLUMN x int": _TABLES,
    "DROP TABLE nosuch": _TABLES,
    "DROP TABLE IF EXISTS nosuch": _TABLES,
    "VACUUM": _TABLES,
    "VACUUM FULL": _TABLES,
    "ANALYZE": _TABLES,
    "SELECT * FROM information_schema.nosuch": _CATALOGUE,
    "SELECT * FROM pg_catalog.nosuch": _CATALOGUE,
    "SELECT * FROM nosuch.members": _TABLES,
    "SELECT nosuch FROM pg_class": _CATALOGUE,
    "CREATE CAST (int AS text) WITH INOUT": _FUNCTIONS,
    "SELECT nosuch()": _FUNCTIONS,
    "SELECT pg_terminate_backend(1)": _FUNCTIONS,
    "SELECT current_setting('data_directory')": _FUNCTIONS,
    "SELECT current_setting('nosuch')": _FUNCTIONS,
    "PREPARE p AS SELECT 1": _STATE,
    "PREPARE p AS SELECT * FROM members": _STATE,
    "EXECUTE nosuch": _STATE,
    "DEALLOCATE nosuch": _STATE,
    "PREPARE TRANSACTION 'x'": _STATE,
    "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE": _SETTINGS,
    "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY": _SETTINGS,
    "SET CONSTRAINTS ALL DEFERRED": _SETTINGS,
    "SET client_encoding = 'nosuch'": _SETTINGS,
    "SELECT 'a'::int": _VALUES,
}
"""What the trap says otherwise, and why."""


def messages(data: bytes) -> Said:
    """Errors and notices by severity, code, text, detail and hint; tags of what was done; other messages by name."""
    found: Said = []
    at = 0
    while at + 5 <= len(data):
        kind, size = chr(data[at]), struct.unpack_from(">I", data, at + 1)[0]
        body = data[at + 5 : at + 1 + size]
        if kind in "EN":
            fields = {part[:1].decode(): part[1:].decode() for part in body.split(b"\0") if part}
            found.append((kind, *(fields.get(name, "") for name in "SCMDH")))
        elif kind in "CZ":
            found.append((kind, body.rstrip(b"\0").decode()))
        elif kind == "d":
            found.append((kind, body.decode()))
        else:
            found.append((kind,))
        at += 1 + size
    return found


def of_the_trap(*statements: str) -> Said:
    talk = PostgresConversation(Identity(steady.key("statements")), 1)
    said = b""
    for message in (
        _START,
        postgres(b"p", b"x\0"),
        *(postgres(b"Q", one.encode() + b"\0") for one in statements),
    ):
        said = b"".join(step.data for step in talk.feed(message) if isinstance(step, Send))
    return messages(said)


@pytest.fixture(scope="module")
def server(cluster: PostgresCluster) -> Iterator[int]:
    """The port of a PostgreSQL on which ann may connect to the database crm."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(cluster.database("crm"))
        with cluster.connect("crm") as connection:
            connection.execute("CREATE ROLE ann LOGIN")
            connection.execute("REVOKE TEMP ON DATABASE crm FROM public")
            connection.execute("CREATE TABLE members (id serial PRIMARY KEY, name text)")
            connection.execute("CREATE VIEW members_v AS SELECT * FROM members")
            connection.execute("CREATE MATERIALIZED VIEW members_m AS SELECT * FROM members")
        yield cluster.port
        with cluster.connect("crm") as connection:
            connection.execute("DROP OWNED BY ann")
            connection.execute("DROP ROLE ann")


def of_the_server(port: int, *statements: str) -> Said:
    """What it says to the last of these."""
    with socket.create_connection(("127.0.0.1", port), steady.PATIENCE) as sock:
        said = b""
        for message in (_START, *(postgres(b"Q", one.encode() + b"\0") for one in statements)):
            sock.sendall(message)
            said = b""
            while not messages(said)[-1:] or messages(said)[-1][0] not in "ZG":
                said += sock.recv(65_536)
        return messages(said)


def test_every_statement_is_answered_as_a_real_server_answers_it(server: int) -> None:
    strange = {}
    for statement in POSTGRES:
        ours, theirs = of_the_trap(statement), of_the_server(server, statement)
        if ours != theirs:
            strange[statement] = (ours, theirs)
    assert {one: said for one, said in strange.items() if one not in DIFFERENCES} == {}
    assert set(DIFFERENCES) == set(strange), "strike it off"


IN_A_TRANSACTION = [
    "CREATE DATABASE x",
    "DROP DATABASE crm",
    "VACUUM members",
    "REINDEX DATABASE crm",
    "ALTER SYSTEM SET work_mem = '1GB'",
    "CREATE TABLESPACE x LOCATION '/a'",
    "SAVEPOINT s",
    "LOCK TABLE members",
    "DECLARE c CURSOR FOR SELECT 1",
    "SELEC 1",
]


@pytest.mark.parametrize("statement", IN_A_TRANSACTION)
def test_in_a_transaction_too(server: int, statement: str) -> None:
    assert of_the_trap("BEGIN", statement) == of_the_server(server, "BEGIN", statement)


@pytest.mark.parametrize("statements", POSTGRES_SESSIONS, ids="; ".join)
def test_what_a_block_keeps_and_takes_back(server: int, statements: list[str]) -> None:
    """Each statement as the last of those before it, so that all of them are compared."""
    for count in range(1, len(statements) + 1):
        begun = statements[:count]
        assert of_the_trap(*begun) == of_the_server(server, *begun)


def test_a_savepoint_brings_a_failed_transaction_back(server: int) -> None:
    said = ("BEGIN", "SAVEPOINT s", "SELEC 1", "ROLLBACK TO s")
    assert of_the_trap(*said) == of_the_server(server, *said)


def test_drivers_get_the_error_when_they_run_it(server: int) -> None:
    url = f"postgresql://ann@127.0.0.1:{server}/crm"
    with (
        psycopg.connect(url, autocommit=True) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE DATABASE x", prepare=True)


def said_of(statement: str) -> SqlAnswer | None:
    session = sql_sessions.postgres("15.20", "gcc", "ann", "crm")
    return answer(statement, "ann", "crm", lambda text: next(sql_answers.answers(text, session)))


def test_what_is_no_business_of_it() -> None:
    assert said_of("SELECT * FROM members") is None
    assert said_of("UPDATE members SET name = 'x'") is None


def test_a_statement_about_another_one() -> None:
    assert said_of("COPY (SELECT 7) TO STDOUT") == SqlRows(("?column?",), ((7,),), "COPY")
    table = said_of("CREATE TABLE t AS SELECT * FROM members")
    assert isinstance(table, SqlRefused)
    assert table.table == "members"


def test_what_a_user_may_do_is_done() -> None:
    assert said_of("SET ROLE ann") == SqlDone("SET")
    assert said_of("ALTER USER ann PASSWORD 'x'") == SqlDone("ALTER ROLE")
    assert said_of("DISCARD ALL") == SqlDone("DISCARD ALL")


@pytest.mark.parametrize("begin", ["CREATE TABLE t", "SELECT 1", "COPY", "GRANT", "COMMENT ON", "EXPLAIN"])
def test_a_run_of_spaces_costs_little(begin: str) -> None:
    steps = said_of(begin + " " * 4000 + "x")
    assert steps is None or isinstance(steps, SqlDone | SqlRefused | SqlRows)
