"""Nothing is nested so deeply that a trap stops over it: every SQL dialect, and JSON in the bodies that personas read.

A parser that calls itself ends in Python's RecursionError, and the connection then closes without a word, which no
real server does. BER and BSON have bounds of their own, in the tests of `listener.protocol.ldap` and `bson`.
"""

from __future__ import annotations

import pytest

from listener.personas import Request
from listener.protocol import mssql_releases, postgres_grammar, sql_answers, sql_sessions, sql_syntax
from listener.protocol.identity import Identity
from listener.protocol.sql_answers import LONGEST, SqlSession
from tests.beside import CLOSED, secret, talk
from tests.beside.messages import postgres, startup
from tests.every import in_part_and_whole
from tests.listener.personas.conftest import KEY, NOW, personas_of

BEGINS = (
    "EXPLAIN ", "EXPLAIN ANALYZE ", "EXPLAIN (VERBOSE) ", "DESCRIBE ", "EXPLAIN FORMAT=JSON ", "COPY (", "EXEC ",
    "PREPARE s AS ", "PREPARE s FROM ", "CREATE TABLE a AS ", "DECLARE c CURSOR FOR ", "(", "SELECT (", "SELECT -",
    "SELECT * FROM (", "WITH a AS (", "SELECT NOT ", "SELECT CASE WHEN ", "SELECT COALESCE(", "SELECT 1+(", "VALUES (",
    "SELECT ARRAY[", "SELECT 1 UNION ", "SELECT EXISTS (", "SELECT CAST(", "SELECT IF(", "SELECT 1 IN (", "SELECT !",
    "EXPLAIN SELECT a INTO b FROM ", "COPY (VALUES (",
)  # fmt: skip
"""Each begins a statement, or an expression, that another one ends."""
SESSIONS = {
    "postgres": lambda: sql_sessions.postgres("15.20", "gcc", "app", "crm"),
    "mysql": lambda: sql_sessions.mysql("8.0.43", ("app", "192.0.2.7"), "", 9),
    "mssql": lambda: sql_sessions.mssql(mssql_releases.RELEASES[-1], "SQL01", {"user": "app"}, 51),
    "clickhouse": lambda: sql_sessions.clickhouse("20.3.21", ("app", "crm"), "db1", "UTC"),
}


def nested(begin: str) -> list[str]:
    """As deep as a batch that is looked at can be, once with all of it repeated and once behind one SELECT."""
    found = []
    for head, each in {("", begin), ("SELECT ", begin.removeprefix("SELECT ")), ("EXPLAIN ", begin)}:
        brackets = each.count("(")
        count = (LONGEST - 20) // (len(each) + brackets)
        found += [head + each * count + "SELECT 1" + ")" * brackets * count, head + each * count + "1"]
    return found


@in_part_and_whole
@pytest.mark.parametrize("server", SESSIONS)
def test_statements_within_statements_have_an_end(server: str, whole: bool) -> None:
    for begin in BEGINS if whole else BEGINS[list(SESSIONS).index(server) % 3 :: 3]:
        for text in nested(begin):
            session: SqlSession = SESSIONS[server]()
            assert len(list(sql_answers.answers(text, session))) >= 1, text[:60]
            sql_syntax.fault(text, postgres_grammar.GRAMMAR)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("EXPLAIN " * 500, 9),
        ("EXPLAIN ANALYZE " * 200, 17),
        ("EXPLAIN (VERBOSE, COSTS OFF) EXPLAIN SELECT 1", 30),
        ("EXPLAIN VERBOSE", 16),
    ],
)
def test_an_explanation_of_an_explanation_is_a_syntax_error(text: str, at: int) -> None:
    login = [startup("user", "ann"), postgres(b"p", secret(KEY) + b"\0")]
    *_, said = talk("postgres", KEY, [*login, postgres(b"Q", text.encode() + b"\0")])
    assert CLOSED not in said
    assert "C42601\0Msyntax error at" in said
    assert f"\0P{at}\0" in said


@pytest.mark.parametrize("piece", [b"[", b'{"a":', b'{"query":"{', b"{a", b"((", b"<a>"])
def test_bodies_within_bodies_have_an_end(piece: bytes) -> None:
    places = Identity(KEY).places
    for body in (piece * 20_000, b'{"query": "' + piece.replace(b'"', b"") * 20_000 + b'"}'):
        for persona in personas_of(KEY):
            for path in (
                b"/graphql",
                b"/api/graphql",
                b"/v1/chat/completions",
                b"/v3/auth/tokens",
                b"/api/v1",
            ):
                sent = [(b"Content-Type", b"application/json"), (b"Authorization", b"Bearer x")]
                request = Request("POST", path, sent, body, tls=False, at=NOW, places=places)
                if persona.claims(request):
                    assert persona.answer(request).status
