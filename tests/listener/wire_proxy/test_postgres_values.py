"""Values as the documentation has them on the wire; what is cut off is no error."""

from __future__ import annotations

import struct
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.wire_proxy import postgres_values as values


def field(raw: bytes | None) -> bytes:
    return b"\xff\xff\xff\xff" if raw is None else struct.pack(">I", len(raw)) + raw


@pytest.mark.parametrize(
    ("kind", "form", "raw", "text"),
    [
        (23, 1, b"\0\0\x12\x67", "4711"),
        (21, 1, b"\xff\xfe", "-2"),
        (20, 1, b"\0\0\0\0\0\0\0\7", "7"),
        (23, 0, b"4711", "4711"),
        (25, 1, b"t\xc3\xa9xt", "téxt"),
        (2950, 1, uuid.UUID(int=7).bytes, str(uuid.UUID(int=7))),
        (23, 1, b"\0", None),
        (2950, 1, b"\0", None),
    ],
)
def test_a_value_of_a_type(kind: int, form: int, raw: bytes, text: str | None) -> None:
    assert values.column("c", "", kind, form).read(raw) == text


def test_which_columns_may_hold_bait() -> None:
    texts = [kind for kind in (25, 1043, 19, 114, 16_385) if values.column("c", "", kind, 0).text]
    assert len(texts) == 5
    assert not any(values.column("c", "", kind, 0).text for kind in (16, 20, 23, 1184, 1700))


def test_rows_and_what_is_cut_off() -> None:
    body = b"\0\3" + field(b"7") + field(None) + field(b"")
    assert values.row(body) == [b"7", None, b""]
    assert values.row(body[:-4]) == [b"7", None]
    assert values.row(body[:6]) == [b""]


def test_columns_and_parameters() -> None:
    body = b"\0\1id\0" + struct.pack(">IHIHIH", 16_390, 1, 23, 4, 0xFFFFFFFF, 1)
    assert values.described(body, "shop") == [("id", "shop/16390/1", 23, 1)]
    assert values.described(b"\0\1n\0" + bytes(18), "shop")[0][1] == ""
    bound = b"portal\0name\0\0\2\0\0\0\1\0\2" + field(b"text") + field(b"\0\0\x12\x67") + b"\0\1\0\1"
    assert values.parameters(bound) == ("portal", "name", ["text", "4711"], [1])
    assert values.parameters(b"\0\0\0\1\0\1\0\1" + field(b"plain") + b"\0\0")[2] == ["plain"]
    assert values.parameters(b"\0\0\0\0\0\1" + field(None) + b"\0\0")[2] == [None]


def test_rows_of_copy() -> None:
    assert list(values.copied_rows(b"7\ta\\\\b\t\\N\n8\t\t")) == [[b"7", b"a\\b", None], [b"8", b"", b""]]
    assert list(values.copied_rows(b'7,"a, ""b""",\n8,\xff,')) == [
        [b"7", b'a, "b"', b""],
        [b"8", b"\xff", b""],
    ]
    head = values.COPY_HEAD + bytes(8)
    one = b"\0\1" + field(b"\0\0\0\7")
    assert list(values.binary_rows(head + one)) == [[b"\0\0\0\7"]]
    assert list(values.binary_rows(one)) == [[b"\0\0\0\7"]]
    assert list(values.binary_rows(head)) == list(values.binary_rows(b"\xff\xff")) == []
    assert values.as_copied(b"\0\0\0\7") == "7"
    assert values.as_copied(b"name") == "name"


def test_the_start_and_the_end_of_a_statement() -> None:
    assert values.startup(b"user\0anna\0database\0shop\0\0") == {"user": "anna", "database": "shop"}
    assert [values.tag_rows(tag) for tag in (b"SELECT 12\0", b"INSERT 0 3\0", b"BEGIN\0", b"")] == [
        12,
        3,
        0,
        0,
    ]


@given(st.binary(max_size=200))
def test_anything_at_all_is_values_or_an_error(body: bytes) -> None:
    values.row(body)
    list(values.copied_rows(body))
    list(values.binary_rows(body))
    values.startup(body)
    values.tag_rows(body)
    for read in (lambda: values.described(body, "d"), lambda: values.parameters(body)):
        try:
            read()
        except ValueError:
            continue
