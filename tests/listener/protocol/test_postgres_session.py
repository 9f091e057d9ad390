"""A session keeps the state of its transaction as PostgreSQL tells it. `tests/beside` holds it beside a server."""

from __future__ import annotations

from listener.protocol import sql_sessions
from listener.protocol.postgres_session import PostgresSession


def session() -> PostgresSession:
    return PostgresSession(lambda: sql_sessions.postgres("15.20", "gcc", "ann", "ann"))


def query(one: PostgresSession, text: str) -> bytes:
    return one.query(text.encode() + b"\0")


def test_a_transaction_that_failed_takes_nothing_but_its_end() -> None:
    one = session()
    assert query(one, "BEGIN").endswith(b"T")
    assert query(one, "SELECT * FROM users").endswith(b"E")
    assert b"current transaction is aborted" in query(one, "SELECT 1")
    assert b"ROLLBACK" in query(one, "COMMIT")
    assert query(one, "SELECT 1").endswith(b"I")


def test_an_end_without_a_beginning_is_a_warning() -> None:
    one = session()
    assert b"there is no transaction in progress" in query(one, "COMMIT")
    query(one, "BEGIN")
    assert b"there is already a transaction in progress" in query(one, "BEGIN")


def test_after_an_error_all_is_skipped_until_sync() -> None:
    one = session()
    assert one.bind(b"", b"nope", [], []).startswith(b"E")
    assert one.parse(b"", b"SELECT 1") == one.extended(b"E", b"\0" + bytes(4)) == b""
    assert one.sync() == b"Z\0\0\0\5I"
    assert one.parse(b"", b"SELECT 1") == b"1\0\0\0\4"


def test_a_query_of_no_form() -> None:
    assert b"invalid string in message" in session().query(b"SELECT 1")
    assert b"invalid message format" in session().query(b"SELECT 1\0x")
    assert b"function with OID 7 does not exist" in session().function(7)
