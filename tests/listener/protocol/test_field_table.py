"""AMQP field tables: every type, and hostile ones."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.field_table import read_field_table
from listener.protocol.octets import Octets


def long(data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + data


def table(**values: bytes) -> bytes:
    return long(b"".join(bytes((len(name),)) + name.encode() + value for name, value in values.items()))


def test_every_type_becomes_what_an_entry_can_hold() -> None:
    whole = table(
        truth=b"t\x01",
        text=b"S" + long("Grüße".encode()),
        small=b"b\xff",
        number=b"I\xff\xff\xff\xff",
        big=b"l" + b"\x7f" + b"\xff" * 7,
        time=b"T" + bytes(7) + b"\x09",
        nothing=b"V",
        half=b"d" + struct.pack(">d", 0.5),
        bytes=b"x" + long(b"\xff\0"),
        list=b"A" + long(b"t\x00S" + long(b"x")),
        inner=b"F" + table(basic=b"t\x01"),
    )
    assert read_field_table(Octets(whole, "big")) == {
        "truth": True,
        "text": "Grüße",
        "small": -1,
        "number": -1,
        "big": (1 << 63) - 1,
        "time": 9,
        "nothing": None,
        "half": "3fe0000000000000",
        "bytes": "\\xff\0",
        "list": [False, "x"],
        "inner": {"basic": True},
    }


def test_only_the_table_is_read() -> None:
    body = Octets(table(a=b"t\x01") + b"rest", "big")
    read_field_table(body)
    assert body.rest() == b"rest"


def nested(depth: int) -> bytes:
    whole = table(a=b"V")
    for _ in range(depth):
        whole = table(a=b"F" + whole)
    return whole


def test_depth_and_length_are_bounded() -> None:
    assert read_field_table(Octets(nested(4), "big"))
    with pytest.raises(ValueError, match="deep"):
        read_field_table(Octets(nested(5), "big"))
    with pytest.raises(ValueError, match="long"):
        read_field_table(Octets(table(**{f"a{n}": b"V" for n in range(100)}), "big"))


@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_field_table(Octets(long(data), "big"))
