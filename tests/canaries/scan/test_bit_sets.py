"""Sets of places: what is done to 64 of them at once is what would be done to each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.scan import bit_sets
from canaries.scan.bit_sets import Bits, all_but, before, behind, numbers, runs, where

TEXTS = st.lists(st.sampled_from([b"a", b"b", b"a" * 31, b"a" * 64, b"b" * 65]), max_size=12).map(b"".join)


def a_bits(content: bytes) -> Bits:
    return where(content, lambda codes: codes == ord("a"))


def places(content: bytes) -> set[int]:
    return {at for at, code in enumerate(content) if code == ord("a")}


@given(TEXTS, st.sampled_from([8, 64, 1 << 18]))
def test_a_place_is_in_it_or_not(content: bytes, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bit_sets, "_BLOCK", block)
        bits = a_bits(content)
    assert numbers(bits).tolist() == sorted(places(content))
    others = numbers(all_but(bits, len(content))).tolist()
    assert others == sorted(set(range(len(content))) - places(content))


@given(TEXTS, st.integers(1, 63))
def test_it_moves_to_either_side(content: bytes, count: int) -> None:
    bits, size = a_bits(content), len(content)
    assert set(numbers(before(bits, count)).tolist()) == {at - count for at in places(content) if at >= count}
    moved = {at for at in numbers(behind(bits, count)).tolist() if at < size}
    assert moved == {at + count for at in places(content) if at + count < size}


@given(TEXTS, st.sampled_from([1, 2, 32, 64]))
def test_runs_are_as_long_as_they_are(content: bytes, shortest: int) -> None:
    naive, start = [], None
    for at, code in enumerate(content + b"b"):
        if code == ord("a"):
            start = at if start is None else start
        elif start is not None:
            naive += [(start, at)] if at - start >= shortest else []
            start = None
    starts, ends = runs(a_bits(content), shortest)
    assert list(zip(starts.tolist(), ends.tolist(), strict=True)) == naive


def test_all_bytes_of_a_large_text_are_asked_about() -> None:
    content = bytes(range(256)) * 3_000
    assert np.array_equal(numbers(where(content, lambda codes: codes == 9)), np.arange(9, len(content), 256))
