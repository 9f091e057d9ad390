"""Values as MySQL's documentation has them; what is no such packet is an error, never another one."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import sql_rows
from listener.protocol.sql_answers import SqlRows
from listener.wire_proxy import mysql_values as values


def counted(text: bytes) -> bytes:
    return bytes([len(text)]) + text


def described(kind: int, flags: int = 0) -> bytes:
    names = b"".join(map(counted, (b"def", b"Shop", b"p", b"People", b"key", b"Id")))
    return names + b"\x0c\x21\0\xff\0\0\0" + bytes([kind]) + struct.pack("<H", flags) + b"\0\0\0"


def test_a_column_is_known_by_where_it_comes_from() -> None:
    found = values.column(described(3, 0x20))
    assert (found.shown.name, found.shown.place, found.shown.text, found.unsigned) == (
        *("key", "shop.people.id", False, True),
    )
    assert values.column(described(253)).shown.text


def test_rows_as_the_projects_own_server_writes_them() -> None:
    rows = SqlRows(("id", "name"), (("7", "Anna"), ("8", None)))
    packets = sql_rows.mysql_packets(rows, status=2, plain_end=True, binary=False)
    assert [values.text_row(one, 2) for one in packets[3:5]] == [[b"7", b"Anna"], [b"8", None]]
    assert values.text_row(b"\xfc\x04\x00long\x01", 2) == [b"long", b""]


def test_binary_rows_of_every_width() -> None:
    kinds = ((1, 0), (2, 0), (3, 0x20), (8, 0), (5, 0), (12, 0), (253, 0), (3, 0))
    columns = [values.column(described(kind, flags)) for kind, flags in kinds]
    nulls = bytes([0, 1 << 1])  # the eighth column: bit 9
    body = b"\0" + nulls + b"\xff" + b"\xfe\xff" + b"\xff\xff\xff\xff" + struct.pack("<q", -7)
    body += struct.pack("<d", 1.5) + b"\x04\xea\x07\x0b\x1b" + counted(b"text")
    assert values.binary_row(body, columns) == [
        *(b"-1", b"-2", b"4294967295", b"-7", None, None, b"text", None),
    ]


def test_parameters_and_types_that_are_sent_once() -> None:
    types: list[tuple[int, bool]] = []
    head = b"\0" + b"\1\0\0\0"
    first = head + b"\x02" + b"\1" + b"\x08\0\xfd\0\xfd\0" + struct.pack("<q", 4711) + counted(b"x@y")
    assert values.parameters(first, 3, types) == ["4711", None, "x@y"]
    again = head + b"\x04" + b"\0" + struct.pack("<q", 7) + counted(b"b")
    assert values.parameters(again, 3, types) == ["7", "b", None]
    assert values.parameters(head, 0, []) == []


def test_how_a_statement_ended() -> None:
    assert (values.affected(b"\0\x03\0\x02\0\0\0"), values.status(b"\0\x03\0\x0a\0\0\0")) == (3, 10)
    assert values.affected(b"\0\xfc\x2c\x01\0\x02\0\0\0") == 300
    assert values.status(b"\xfe\0\0\x22\0") == 0x22
    assert values.status(b"\xfe\0\0\x22\0\0\0") == 0x22


@given(st.binary(max_size=120))
def test_anything_at_all_is_values_or_an_error(body: bytes) -> None:
    values.text_row(body, 5)
    columns = [values.column(described(kind)) for kind in (1, 8, 12, 253, 4, 6)]
    reads = (
        lambda: values.column(body), lambda: values.binary_row(body, columns), lambda: values.affected(body),
        lambda: values.parameters(body, 3, []), lambda: values.status(body),
    )  # fmt: skip
    for read in reads:
        try:
            read()
        except ValueError:
            continue
