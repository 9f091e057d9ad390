"""Statements and portals by name."""

from __future__ import annotations

from listener.protocol.postgres_portals import BoundPortal, Portals, PreparedStatement
from listener.protocol.sql_answers import SqlDone


def refused_of(found: object) -> bytes:
    assert isinstance(found, bytes)
    return found


def test_each_name_stands_for_its_own_statement() -> None:
    portals, one, two = Portals(), SqlDone("SET"), SqlDone("BEGIN")
    portals.parse(b"a", one)
    portals.parse(b"b", two)
    assert portals.bind(b"", b"a", [(b"x", False)], [1]) == b""
    assert portals.executed(b"") == BoundPortal(PreparedStatement(one), [(b"x", False)], [1])
    assert portals.described(b"S", b"b") == BoundPortal(PreparedStatement(two))
    assert portals.described(b"P", b"") == portals.executed(b"")


def test_what_is_not_there_is_refused_by_name() -> None:
    portals = Portals()
    assert b'statement "a" does not exist' in portals.bind(b"", b"a", [], [])
    assert b"unnamed prepared statement" in portals.bind(b"", b"", [], [])
    assert b'portal "p" does not exist' in refused_of(portals.executed(b"p"))
    refused = portals.described(b"X", b"")
    assert isinstance(refused, bytes)
    assert b"DESCRIBE message subtype 88" in refused
    assert b"CLOSE message subtype 0" in portals.close(b"", b"")
    assert portals.close(b"S", b"a") == portals.close(b"P", b"a") == b""


def test_the_oldest_is_forgotten() -> None:
    portals = Portals()
    for number in range(300):
        portals.parse(b"%d" % number, None)
    assert portals.bind(b"", b"299", [], []) == b""
    assert b"does not exist" in portals.bind(b"", b"0", [], [])
