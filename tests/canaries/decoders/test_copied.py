"""Bytes that came before."""

from __future__ import annotations

import pytest

from canaries.decoders._copied import repeat


@pytest.mark.parametrize(
    ("before", "back", "size", "after"),
    [(b"abcd", 4, 2, b"abcdab"), (b"ab", 1, 5, b"abbbbbb"), (b"abc", 2, 5, b"abcbcbcb"), (b"a", 1, 0, b"a")],
)
def test_they_may_overlap(before: bytes, back: int, size: int, after: bytes) -> None:
    given = bytearray(before)
    repeat(given, back, size)
    assert given == after


@pytest.mark.parametrize("back", [0, 4, -1])
def test_nothing_stands_so_far_back(back: int) -> None:
    with pytest.raises(ValueError, match=str(back)):
        repeat(bytearray(b"abc"), back, 1)
