"""What cannot be read is said once, and is not asked again; what is told is told once."""

from __future__ import annotations

import pytest

from listener.wire_proxy.known_rows import VERSION, KnownRows, name_hash
from listener.wire_proxy.mysql_reader import MysqlReader
from listener.wire_proxy.postgres_reader import PostgresReader
from listener.wire_proxy.recogniser import Recogniser
from listener.wire_proxy.session import WireSession
from listener.wire_proxy.wire_reader import WireReader

KNOWN = KnownRows(VERSION, "s", [], [name_hash("s", "honey")])


def postgres() -> PostgresReader:
    return PostgresReader(Recogniser("postgresql", KNOWN, None), WireSession("", 0), lambda: "now")


def test_a_stream_of_another_protocol_is_unread_and_harmless() -> None:
    reader = postgres()
    reader.client(b"GET / HTTP/1.1\r\n\r\n" * 10)
    reader.server(b"Q\0\0\0\0")
    assert reader.unread == "it is not understood: WireError"
    reader.client(b"Q\0\0\0\x0eSELECT 1;\0")
    assert reader.take(now=True) == []


@pytest.mark.parametrize("kind", [PostgresReader, MysqlReader])
def test_new_files_hold_from_the_next_statement_on(kind: type[WireReader]) -> None:
    dialect = "postgresql" if kind is PostgresReader else "mysql"
    empty = KnownRows(VERSION, "s", [], [])
    reader = kind(Recogniser(dialect, empty, None), WireSession("", 0), lambda: "now")  # type: ignore[arg-type]
    assert reader.unread == ""
    reader.use(Recogniser(dialect, KNOWN, None))  # type: ignore[arg-type]
    if isinstance(reader, PostgresReader):
        reader.client(b"Q\0\0\0\x18SELECT * FROM honey\0")
        assert [one.found[0][1] for one in reader.take(now=True)] == ["honey"]


def test_an_attempt_is_told_before_it_is_answered_where_that_is_asked_and_not_again() -> None:
    reader = postgres()
    reader.client(b"Q\0\0\0\x18SELECT * FROM honey\0")
    assert reader.take(now=False) == []
    [told] = reader.take(now=True)
    assert told.found == [("table in the statement", "honey")]
    reader.server(b"C\0\0\0\x0dSELECT 1\0Z\0\0\0\5I")
    assert reader.take(now=True) == []
