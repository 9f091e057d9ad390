"""A result on two wires, byte by byte."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import sql_rows
from listener.protocol.sql_answers import SqlRows
from listener.protocol.sql_values import SqlBound, SqlMoment, SqlParameter

FOUND = SqlRows(("n", "t"), ((1, "ab"), (2, None)))
CELLS = st.none() | st.integers(-(10**9), 10**9) | st.text(max_size=300)


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


MOMENT = SqlMoment("2026-11-28 21:50:38", 1_795_902_638_000_000)


def test_a_moment_is_one_for_mysqls_clients() -> None:
    found = SqlRows(("now",), ((MOMENT,),))
    text = sql_rows.mysql_packets(found, status=2, plain_end=True)
    assert text[1][-6:-5] == b"\x0c"  # MYSQL_TYPE_DATETIME
    assert text[2] == b"\x132026-11-28 21:50:38"
    binary = sql_rows.mysql_packets(found, status=2, plain_end=True, binary=True)
    assert binary[2] == b"\0\0" + struct.pack("<BHBBBBB", 7, 2026, 11, 28, 21, 50, 38)


def test_a_moment_is_one_for_sql_servers_clients() -> None:
    out = sql_rows.tds_tokens(SqlRows(("",), ((SqlMoment("", 2_000_000),),)))
    assert out.endswith(b"\x6f\x08\0\xd1\x08" + struct.pack("<iI", 25_567, 600))


def test_what_was_bound_comes_back_in_its_own_type() -> None:
    mysql = SqlBound(-1, b"\x08\x20", struct.pack("<q", -1))
    found = SqlRows(
        ("?", "n"), ((SqlParameter(1, given=mysql), SqlParameter(2, given=SqlBound(None, b"\x06"))),)
    )
    packets = sql_rows.mysql_packets(found, status=2, plain_end=True, binary=True)
    assert packets[1].endswith(b"\x08\x20\0\0\0\0")
    assert packets[3] == b"\0\x08" + struct.pack("<q", -1)
    tds = SqlParameter(1, given=SqlBound("a", b"\xe7\x02\0" + bytes(5), b"\2\0a\0"))
    assert sql_rows.tds_tokens(SqlRows(("",), ((tds,),))).endswith(
        b"\xe7\2\0" + bytes(5) + b"\0" + b"\xd1\2\0a\0"
    )
    cast = SqlParameter(1, "varchar", SqlBound("a"))
    assert sql_rows.tds_tokens(SqlRows(("",), ((cast,),))).endswith(b"\2\0a\0")


def test_a_place_to_which_nothing_is_bound_is_null() -> None:
    found = SqlRows(("?",), ((SqlParameter(1),),))
    assert sql_rows.mysql_packets(found, status=2, plain_end=True)[2] == b"\xfb"
    assert sql_rows.tds_tokens(found).endswith(b"\xff\xff")


def test_tds_of_old_has_types_of_users_in_two_bytes() -> None:
    assert sql_rows.tds_tokens(FOUND, old=True).startswith(
        b"\x81\x02\0" + bytes(2) + b"\x09\0\x26\x04\x01n\0"
    )


def test_tds_describes_its_columns() -> None:
    out = sql_rows.tds_tokens(FOUND)
    assert out.startswith(b"\x81\x02\0" + bytes(4) + b"\x09\0\x26\x04\x01n\0")
    assert out.endswith(b"\xd1\x04" + struct.pack("<i", 2) + b"\xff\xff")


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4))
def test_any_result_can_be_sent(rows: list[tuple[str | int | None, str | int | None]]) -> None:
    found = SqlRows(("a", "b"), tuple(rows))
    assert len(sql_rows.mysql_packets(found, status=2, plain_end=True)) == len(rows) + 4
    assert sql_rows.tds_tokens(found).startswith(b"\x81")
