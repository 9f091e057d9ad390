"""Statements and portals by name."""

from __future__ import annotations

from listener.protocol.postgres_portals import BoundPortal, Portals, PreparedStatement
from listener.protocol.sql_answers import SqlDone


def refused_of(found: object) -> bytes:
    assert isinstance(found, bytes)
    return found


def test_each_name_stands_for_its_own_statement() -> None:
    portals, one, two = Portals(), PreparedStatement(SqlDone("SET")), PreparedStatement(SqlDone("BEGIN"))
    portals.parse(b"a", one)
    portals.parse(b"b", two)
    bound = BoundPortal(one, [(b"x", False)], [1])
    portals.bind(b"", bound)
    assert portals.executed(b"") == bound
    assert portals.described(b"S", b"b") == BoundPortal(two)
    assert portals.described(b"P", b"") == bound
    assert portals.prepared(b"a") == one


def test_what_is_not_there_is_refused_by_name() -> None:
    portals = Portals()
    assert portals.prepared(b"a") is None
    assert b'portal "p" does not exist' in refused_of(portals.executed(b"p"))
    refused = portals.described(b"X", b"")
    assert isinstance(refused, bytes)
    assert b"DESCRIBE message subtype 88" in refused
    assert b"CLOSE message subtype 0" in portals.close(b"", b"")
    assert portals.close(b"S", b"a") == portals.close(b"P", b"a") == b""


def test_the_oldest_is_forgotten() -> None:
    portals = Portals()
    for number in range(300):
        portals.parse(b"%d" % number, PreparedStatement(None))
    assert portals.prepared(b"299") is not None
    assert portals.prepared(b"0") is None


def test_the_first_bytes_of_a_name_tell_and_a_portal_ends_with_its_transaction() -> None:
    portals = Portals()
    portals.parse(b"a" * 63 + b"b", PreparedStatement(None))
    assert portals.prepared(b"a" * 63 + b"c") is not None
    portals.bind(b"p", BoundPortal(PreparedStatement(None)))
    portals.end()
    assert isinstance(portals.executed(b"p"), bytes)
    assert portals.prepared(b"a" * 63) is not None
