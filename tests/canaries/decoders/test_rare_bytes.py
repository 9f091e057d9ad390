"""Byte strings in groups that share a byte."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders._rare_bytes import by_rare_byte


@given(st.dictionaries(st.binary(min_size=1, max_size=6), st.integers(), max_size=30))
def test_each_is_in_one_group_whose_byte_it_has(strings: dict[bytes, int]) -> None:
    groups = by_rare_byte(strings)
    assert sorted(pair for _, group in groups for pair in group) == sorted(strings.items())
    assert all(code in string for code, group in groups for string, _ in group)
    assert len({code for code, _ in groups}) == len(groups)


def test_it_is_the_one_that_stands_in_the_fewest_texts() -> None:
    assert by_rare_byte({b"e\x1b[": 1, b"\x1b": 2, b"e=": 3}) == (
        (0x1B, ((b"e\x1b[", 1), (b"\x1b", 2))),
        (0x3D, ((b"e=", 3),)),
    )
