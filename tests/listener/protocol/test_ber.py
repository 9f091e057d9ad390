"""BER, both ways, and bytes that are none."""

from __future__ import annotations

import contextlib
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.protocol import ber
from listener.protocol.ber import BerError, Element


@given(st.integers(-(1 << 63), (1 << 63) - 1))
def test_integers_come_back(number: int) -> None:
    found = ber.first(ber.integer(number), 100)
    assert found is not None
    assert found[0].number() == number


@pytest.mark.parametrize(
    ("number", "encoded"), [(0, "020100"), (127, "02017f"), (128, "02020080"), (-1, "0201ff")]
)
def test_integers_are_written_as_x690_does(number: int, encoded: str) -> None:
    assert ber.integer(number).hex() == encoded


@given(st.binary(max_size=70_000), st.integers(0, 40))
def test_values_come_back_whatever_follows(content: bytes, more: int) -> None:
    data = ber.octets(content) + bytes(more)
    assert ber.first(data, len(data)) == (Element(ber.OCTETS, content), len(data) - more)


@given(st.binary(max_size=300), st.integers(0, 304))
def test_what_is_not_complete_is_waited_for(content: bytes, cut: int) -> None:
    data = ber.encode(ber.SEQUENCE, content)
    if cut < len(data):
        assert ber.first(data[:cut], 1000) is None


def test_values_within_values() -> None:
    found = ber.first(ber.encode(ber.SEQUENCE, ber.integer(7), ber.octets(b"x")), 100)
    assert found is not None
    assert found[0].elements() == [Element(ber.INTEGER, b"\x07"), Element(ber.OCTETS, b"x")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x30\x80", "indefinite"),
        (b"\x30\x85\0\0\0\0\1", "too many octets"),
        (b"\x30\x84\x7f\xff\xff\xff", "too many"),
        (b"\x1f\x81\x00", "several octets"),
    ],
)
def test_what_ldap_does_not_use_is_refused_at_once(data: bytes, why: str) -> None:
    with pytest.raises(BerError, match=why):
        ber.first(data, 1 << 20)


def test_a_value_that_is_cut_within_is_an_error() -> None:
    with pytest.raises(BerError, match="ends before"):
        Element(ber.SEQUENCE, b"\x04\x05ab").elements()


def test_many_tiny_values_are_refused_before_they_fill_the_memory() -> None:
    with pytest.raises(BerError, match="too many values"):
        Element(ber.SEQUENCE, b"\x05\x00" * 100_000).elements()


@given(st.binary(max_size=200))
def test_any_bytes_give_values_or_one_error(data: bytes) -> None:
    with contextlib.suppress(BerError):
        found = ber.first(data, 1000)
        if found is not None:
            found[0].elements()


@given(st.binary(min_size=8, max_size=300), st.integers(0, 5))
def test_each_value_is_given_by_itself_however_deep_it_stands(value: bytes, depth: int) -> None:
    said = ber.octets(value)
    for _ in range(depth):
        said = ber.encode(ber.SEQUENCE, ber.integer(7), said)
    assert ber.texts(said, 1000) == [value]


@given(st.binary(max_size=400))
def test_no_bytes_raise_in_looking_for_values(data: bytes) -> None:
    assert sum(map(len, ber.texts(data, 1000))) <= len(data)


def nested(levels: int) -> bytes:
    heads, size = [], 0
    for _ in range(levels):
        octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
        heads.append(bytes([0x30, size]) if size < 0x80 else bytes([0x30, 0x80 | len(octets)]) + octets)
        size += len(heads[-1])
    return b"".join(reversed(heads))


def test_no_level_of_values_in_values_is_copied() -> None:
    """What is copied is seen by how much memory is held at once, for each level waits while it is looked at."""
    data = nested(30_000)
    assert len(data) > 100_000
    tracemalloc.start()
    try:
        assert ber.texts(data, 262_144) == []
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < len(data)
