"""Values of SQL Server's protocol, as clients bind them."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol.octets import Octets
from listener.protocol.tds_values import value_of

_COLLATION = b"\x09\x04\xd0\0\x34"
_NULL = b"\xff" * 8


@pytest.mark.parametrize(
    ("described", "data", "value"),
    [
        (b"\x26\4", b"\4" + struct.pack("<i", -7), -7),
        (b"\x26\1", b"\1\xff", 255),
        (b"\x26\4", b"\0", None),
        (b"\x38", struct.pack("<i", 7), 7),
        (b"\x68\1", b"\1\1", 1),
        (b"\x6d\x08", b"\x08" + struct.pack("<d", 1.5), "1.5"),
        (b"\x6a\x05\x03\x02", b"\5\0" + struct.pack("<I", 250), "-2.50"),
        (b"\x6e\x08", b"\x08" + struct.pack("<iI", 0, 15_000), "1.5000"),
        (b"\x6f\x08", b"\x08" + struct.pack("<iI", 43_830, 300), "2020-01-02 00:00:01.000"),
        (b"\x6f\x04", b"\4" + struct.pack("<HH", 43_830, 61), "2020-01-02 01:01:00"),
        (b"\x28", b"\3" + (737_425).to_bytes(3, "little"), "2020-01-02"),
        (b"\x29\0", b"\3" + (3661).to_bytes(3, "little"), "01:01:01"),
        (b"\x2a\1", b"\6" + (36_615).to_bytes(3, "little") + (737_425).to_bytes(3, "little"), "2020-01-02 01:01:01.5"),
        (b"\x2b\0", b"\x08" + bytes(3) + (737_425).to_bytes(3, "little") + struct.pack("<h", -90),
         "2020-01-02 00:00:00 -01:30"),
        (b"\x24\x10", b"\x10" + bytes(range(16)), "03020100-0504-0706-0809-0A0B0C0D0E0F"),
        (b"\xe7\x08\0" + _COLLATION, b"\4\0a\0b\0", "ab"),
        (b"\xe7\x08\0" + _COLLATION, b"\xff\xff", None),
        (b"\xa7\x08\0" + _COLLATION, b"\2\0ab", "ab"),
        (b"\xe7\xff\xff" + _COLLATION, struct.pack("<QI", 4, 4) + b"a\0b\0" + bytes(4), "ab"),
        (b"\xe7\xff\xff" + _COLLATION, _NULL, None),
        (b"\xa5\x08\0", b"\2\0\0\xff", "0x00FF"),
        (b"\xf1\0", struct.pack("<QI", 4, 4) + b"<\0a\0" + bytes(4), "<a"),
    ],
)  # fmt: skip
def test_each_type_is_read_and_kept_as_it_came(
    described: bytes, data: bytes, value: str | int | None
) -> None:
    source = Octets(described + data + b"next")
    found = value_of(source)
    assert (found.value, found.kind, found.data) == (value, described, data)
    assert source.rest() == b"next"


def test_a_large_text_is_read_and_returned_as_a_short_one() -> None:
    found = value_of(Octets(b"\x63" + bytes(4) + _COLLATION + struct.pack("<i", 2) + b"a\0"))
    assert (found.value, found.kind) == ("a", b"")


@pytest.mark.parametrize("data", [b"\x99", b"\xf1\1", b"\x26\4\4\1", b""])
def test_what_is_no_value_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        value_of(Octets(data))


@given(
    st.sampled_from(b"\x1f\x24\x26\x28\x29\x2a\x2b\x3a\x3d\x68\x6a\x6d\x6e\x6f\xa5\xe7\xf1"),
    st.binary(max_size=60),
)
def test_rubbish_is_a_value_or_a_value_error(kind: int, data: bytes) -> None:
    with contextlib.suppress(ValueError):
        value_of(Octets(bytes([kind]) + data))
