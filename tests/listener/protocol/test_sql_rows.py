"""A result on three wires, byte by byte."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import sql_rows
from listener.protocol.octets import Octets
from listener.protocol.sql_answers import SqlRows

FOUND = SqlRows(("n", "t"), ((1, "ab"), (2, None)))
CELLS = st.none() | st.integers(-(10**9), 10**9) | st.text(max_size=300)


def test_postgres_sends_texts_and_on_demand_binary_integers() -> None:
    assert sql_rows.postgres_description(FOUND) == (
        b"\0\x02n\0"
        + struct.pack(">IHIhih", 0, 0, 23, 4, -1, 0)
        + b"t\0"
        + struct.pack(">IHIhih", 0, 0, 25, -1, -1, 0)
    )
    first, second = sql_rows.postgres_rows(FOUND)
    assert first == b"\0\x02\0\0\0\x01" + b"1" + b"\0\0\0\x02ab"
    assert second == b"\0\x02\0\0\0\x01" + b"2" + b"\xff\xff\xff\xff"
    assert next(sql_rows.postgres_rows(FOUND, [1])) == b"\0\x02\0\0\0\x04\0\0\0\x01\0\0\0\x02ab"


def test_a_bind_shows_values_and_formats() -> None:
    body = b"\0\0" + b"\0\0" + b"\0\x01" + b"\0\0\0\x02hi" + b"\0\x01\0\x01"
    assert sql_rows.postgres_bound(Octets(body, "big"), 8, 100) == (["hi"], [1])


def test_mysql_ends_as_the_client_wants_it() -> None:
    old = sql_rows.mysql_packets(FOUND, status=2, plain_end=False)
    assert old[0] == b"\x02"
    assert old[1].startswith(b"\x03def\0\0\0\x01n\0\x0c")
    assert old[3] == old[-1] == b"\xfe\0\0\x02\0"
    assert old[4:6] == [b"\x011\x02ab", b"\x012\xfb"]
    assert sql_rows.mysql_packets(FOUND, status=2, plain_end=True)[3:] == [
        b"\x011\x02ab",
        b"\x012\xfb",
        b"\xfe\0\0\x02\0\0\0",
    ]


def test_tds_describes_its_columns() -> None:
    out = sql_rows.tds_tokens(FOUND)
    assert out.startswith(b"\x81\x02\0" + bytes(4) + b"\x09\0\x26\x08\x01n\0")
    assert out.endswith(b"\xd1\x08" + struct.pack("<q", 2) + b"\xff\xff")


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_any_result_can_be_sent(rows: list[tuple[str | int | None, str | int | None]]) -> None:
    found = SqlRows(("a", "b"), tuple(rows))
    assert sql_rows.postgres_description(found)
    assert len(list(sql_rows.postgres_rows(found))) == len(rows)
    assert len(sql_rows.mysql_packets(found, status=2, plain_end=True)) == len(rows) + 4
    assert sql_rows.tds_tokens(found).startswith(b"\x81")
