"""A block gives back what was packed, as far as it is whole, and never more than was asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canaries.decoders._snappy_block import plain_length, unpacked
from tests.canaries.decoders.test_snappy_frames import block

TEXTS = st.lists(st.sampled_from([b"key=Zk39aXQ7vT2m;", b"a", b"\0\xff", b"id,name\n"]), max_size=60).map(
    b"".join
)


@given(TEXTS, st.integers(0, 400))
def test_what_was_packed_comes_out_as_far_as_it_is_whole(text: bytes, cut: int) -> None:
    packed = block(text)
    assert plain_length(packed)[0] == len(text)
    assert unpacked(packed, 1 << 20) == text
    assert text.startswith(unpacked(packed[:cut], 1 << 20))


@given(st.binary(max_size=300))
def test_rubbish_gives_little_and_raises_nothing(data: bytes) -> None:
    assert len(unpacked(data, 1000)) < 1000 + 300 + 64


def test_without_work_left_nothing_is_unpacked() -> None:
    assert unpacked(block(b"some text"), 1000, lambda _: False) == b""


def test_a_length_that_does_not_end_is_none() -> None:
    with pytest.raises(ValueError, match="length"):
        plain_length(b"\xff" * 6)
