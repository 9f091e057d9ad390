"""Packed values are looked for wherever a word says that one may begin."""

from __future__ import annotations

from canaries.scan.containers._packed_values import PAGE, PackedValues, likely, plain_value, value_of

VALUE = bytes([0]) + b"a" * 8 + bytes([1, 0x0F, 1, 18])
"""pglz: eight letters as they are, then 36 more of what came before."""


def _value() -> bytes:
    size = 8 + 36
    return ((8 + len(VALUE)) << 2 | 2).to_bytes(4, "little") + size.to_bytes(4, "little") + VALUE


def test_a_value_is_found_and_unpacked() -> None:
    packed = _value()
    ((place, length, info),) = likely(bytes(16) + packed + bytes(40))
    assert (place, length) == (16, len(packed))
    assert value_of(packed[4:], info) == (b"a" * 44, 44)


def test_none_goes_over_the_end_of_a_page() -> None:
    late = bytes(PAGE - 8) + _value() + bytes(40)
    assert [place for place, _, _ in likely(late)] == [PAGE - 8]
    assert not list(likely(late, PAGE))


def test_values_are_members_of_some_megabytes() -> None:
    values = PackedValues("values")
    made = [one for _ in range(5) for one in values.add(bytes(2 << 20))]
    assert [one.name for one in (*made, *values.rest(), *values.rest())] == [
        "values 1",
        "values 2",
        "values 3",
    ]


def test_the_head_of_a_value_has_one_byte_or_four() -> None:
    assert plain_value(b"\x07ab", 0) == (1, 2)
    assert plain_value((6 << 2).to_bytes(4, "little") + b"ab", 0) == (4, 2)
